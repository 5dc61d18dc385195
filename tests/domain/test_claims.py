"""Filing and deciding: what is refused, and what each outcome causes."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.claims import actions as claims
from portal.domain.claims import queries
from portal.domain.claims.models import PartOwed, Refund, ReplacementUnit
from portal.domain.claims.outcomes import OUTCOMES, Details
from portal.domain.claims.rules import Debt, Outcome, Payment
from portal.domain.files.models import FileState, StoredFile
from portal.domain.repairs.models import WorkOrder
from portal.domain.units import actions as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.browser import Browser


def performed(case: Case, outcome: Outcome) -> bool:
    """Whether the consequence of an outcome is there, and the others' are not."""
    there = {
        Outcome.REPAIR: db.session.scalar(select(WorkOrder.id).where(WorkOrder.case_id == case.id)),
        Outcome.REPLACE: db.session.scalar(
            select(ReplacementUnit.unit_id).where(ReplacementUnit.case_id == case.id)
        ),
        Outcome.REFUND: db.session.scalar(select(Refund.amount).where(Refund.case_id == case.id)),
        Outcome.PART: db.session.scalar(select(PartOwed.description).where(PartOwed.case_id == case.id)),
    }
    assert set(there) == set(Outcome), "a new outcome needs its consequence here"
    return {name for name, found in there.items() if found} == {outcome}


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_performs_its_consequence(claim: Case, agent: Browser, outcome: Outcome) -> None:
    factories.decide(agent.actor, claim, outcome=outcome)
    assert claim.state == "fulfilling"
    assert performed(claim, outcome)


@pytest.mark.parametrize("outcome", [o for o, row in OUTCOMES.items() if row.needs])
def test_an_outcome_asks_for_what_it_needs(claim: Case, agent: Browser, outcome: Outcome) -> None:
    with pytest.raises(Refused) as refusal:
        factories.decide(agent.actor, claim, outcome=outcome, details=Details())
    assert refusal.value.field == OUTCOMES[outcome].needs


def test_a_replacement_has_its_predecessor_and_ends_it(claim: Case, agent: Browser) -> None:
    old = claim.unit
    assert old is not None
    factories.decide(agent.actor, claim, outcome=Outcome.REPLACE, details=Details(serial="baru 1"))
    new = db.session.scalars(select(Unit).where(Unit.predecessor_id == old.id)).one()
    assert (new.serial, new.holder_id, new.registration) == ("BARU1", old.holder_id, Registration.VALID)
    assert old.registration == Registration.VOID and new.code in old.reason


@pytest.mark.parametrize("amount", [None, 0, -5, 10**12])
def test_a_refund_is_no_more_than_was_paid(claim: Case, agent: Browser, amount: int | None) -> None:
    with pytest.raises(Refused) as refusal:
        factories.decide(agent.actor, claim, outcome=Outcome.REFUND, details=Details(amount=amount))
    assert refusal.value.field == "amount"


def test_what_is_owed_is_settled_once(claim: Case, agent: Browser) -> None:
    factories.decide(agent.actor, claim, outcome=Outcome.REFUND)
    assert [debt.state for debt in queries.debts(claim.id)] == [Debt.OWED]
    claims.settle(agent.actor, claim, clock.now())
    assert not queries.debts(claim.id)
    assert claim.state == "closed"
    with pytest.raises(Refused):
        claims.settle(agent.actor, claim, clock.now())


REJECTION: dict[str, Any] = {"payment": Payment.REJECTED}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({**REJECTION, "evidence": ""}, "evidence"),
        ({**REJECTION, "alternative": " "}, "alternative"),
        ({**REJECTION, "override_reason": ""}, "override_reason"),
        ({"payment": Payment.PAID, "override_reason": ""}, "override_reason"),
        ({"outcome": None}, "outcome"),
    ],
)
def test_a_decision_says_why(claim: Case, agent: Browser, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        factories.decide(agent.actor, claim, **wrong)
    assert refusal.value.field == field
    db.session.rollback()
    assert claim.state == "submitted"


def test_a_rejection_has_no_outcome(claim: Case, agent: Browser) -> None:
    ruling = claims.Ruling(
        Payment.REJECTED, Outcome.REPAIR, "x", evidence="x", alternative="x", override_reason="x"
    )
    with pytest.raises(Refused):
        claims.decide(agent.actor, claim, ruling, version=None, now=clock.now())


def test_an_override_is_kept_and_internal(claim: Case, agent: Browser) -> None:
    factories.decide(agent.actor, claim, Payment.REJECTED, override_reason="Bekas air")
    entry = db.session.scalars(select(CaseEvent).where(CaseEvent.event == "override")).one()
    assert (entry.internal, entry.body, entry.staff_id) == (True, "Bekas air", agent.person.id)


def test_what_the_cover_advises_needs_no_override(claim: Case, agent: Browser) -> None:
    factories.decide(agent.actor, claim, Payment.FREE, override_reason="")
    assert claim.state == "fulfilling"


def test_the_second_of_two_editors_is_stale(claim: Case, agent: Browser) -> None:
    with pytest.raises(Stale):
        claims.decide(agent.actor, claim, factories.ruling(), version=claim.version - 1, now=clock.now())


def test_a_technician_does_not_decide(claim: Case, technician: Browser) -> None:
    with pytest.raises(Refused):
        factories.decide(technician.actor, claim)


@pytest.mark.parametrize(
    ("symptom", "story", "field"), [("nothing", factories.STORY, "symptom"), ("tv_lines", "rusak", "story")]
)
def test_a_claim_says_what_is_wrong(owner: Browser, symptom: str, story: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        factories.claim(owner.actor, owner.unit, symptom=symptom, story=story)
    assert refusal.value.field == field


def test_long_and_foreign_stories(owner: Browser) -> None:
    story = "😀 العربية " * 400
    assert len(story) < 5000
    assert factories.claim(owner.actor, owner.unit, story=story).state == "submitted"
    with pytest.raises(Refused):
        claims.draft(owner.actor, owner.unit, symptom="", story="x" * 5001, photos=[], now=clock.now())


def test_one_open_claim_a_unit(claim: Case, owner: Browser) -> None:
    with pytest.raises(Refused, match="open claim"):
        factories.claim(owner.actor, owner.unit)


def test_a_draft_is_kept_and_shown_to_nobody_else(owner: Browser) -> None:
    one, two = factories.photo(owner.actor), factories.photo(owner.actor)
    first = claims.draft(owner.actor, owner.unit, symptom="tv_lines", story="", photos=[one], now=clock.now())
    again = claims.draft(
        owner.actor,
        owner.unit,
        symptom="tv_lines",
        story="Garis",
        photos=[one, two, "FOREIGN"],
        now=clock.now(),
    )
    assert again is first
    assert (again.draft_photos, again.case.on_desk) == ([one, two], False)
    claims.draft(owner.actor, owner.unit, removed=[one], now=clock.now())
    assert (again.symptom, again.story, again.draft_photos) == ("tv_lines", "Garis", [two])
    assert db.session.scalar(select(StoredFile.state).where(StoredFile.code == one)) == FileState.PENDING


def test_a_draft_holds_twenty_photos(owner: Browser) -> None:
    many = [factories.photo(owner.actor) for _n in range(21)]
    claims.draft(owner.actor, owner.unit, photos=many[:20], now=clock.now())
    with pytest.raises(Refused, match="at most"):
        claims.draft(owner.actor, owner.unit, photos=many[20:], now=clock.now())
    claims.draft(owner.actor, owner.unit, photos=many[20:], removed=many[:1], now=clock.now())


def test_the_next_holder_of_an_item_does_not_read_the_draft(owner: Browser, stranger: Browser) -> None:
    claims.draft(owner.actor, owner.unit, story="Rahasia", now=clock.now())
    owner.unit.holder_id = stranger.person.id
    assert claims.draft_of(stranger.actor, owner.unit.id) is None


def test_a_unit_voided_after_the_draft(owner: Browser, manager: Browser) -> None:
    claim = claims.draft(
        owner.actor, owner.unit, symptom="tv_lines", story=factories.STORY, photos=[], now=clock.now()
    )
    units.void(manager.actor, owner.unit, reason="Dibongkar", now=clock.now())
    with pytest.raises(Refused, match="ended"):
        claims.submit(owner.actor, claim, clock.now())


def test_the_verdict_of_the_moment_is_kept(claim: Case, owner: Browser, manager: Browser) -> None:
    kept = queries.of_case(claim.id).verdict
    units.void(manager.actor, owner.unit, reason="Dibongkar", now=clock.now())
    assert kept is not None and kept["parts"]["covered"]
