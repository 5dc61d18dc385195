"""Filing a claim, deciding on it, appealing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog import queries as catalog
from portal.domain.claims import queries, verdicts
from portal.domain.claims.facts import ClaimDecided
from portal.domain.claims.models import Claim, Decision, PartOwed
from portal.domain.claims.outcomes import NO_DETAILS, OUTCOMES, Details
from portal.domain.claims.rules import Debt, Outcome, Payment
from portal.domain.files import actions as files
from portal.domain.news import announce
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category, Who
from portal.domain.workflows.warranty import E, S
from portal.kernel.errors import Refused
from portal.kernel.text import _

SHORTEST_STORY = 10


def draft(
    actor: Actor,
    unit: Unit,
    *,
    symptom: str,
    story: str,
    photos: Sequence[str],
    now: datetime,
    claim: Claim | None = None,
) -> Claim:
    """Keep what has been written so far; staff do not see it. One draft a unit. Raises Refused."""
    _check_unit(unit)
    if len(story) > cases.BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=cases.BODY_LIMIT), "story")
    claim = claim or draft_of(unit.id)
    if claim is None:
        customer = db.session.get_one(Customer, actor.id)
        case = cases.open_case("warranty", customer, unit, title=unit.product.name, story=story, now=now)
        claim = Claim(case_id=case.id, case=case, symptom="")
        db.session.add(claim)
    claim.symptom, claim.story, claim.draft_photos = symptom, story, files.keep(actor, photos)
    claim.case.touched_at = now
    db.session.flush()
    return claim


def submit(actor: Actor, claim: Claim, now: datetime) -> Case:
    """Send a draft to the shop, with the verdict of this moment. Raises Refused."""
    case, unit = claim.case, claim.case.unit
    assert unit is not None
    _check_unit(unit)
    symptom = next((s for s in catalog.symptoms(unit.product) if s.code == claim.symptom), None)
    if symptom is None:
        raise Refused(_("Choose what is wrong."), "symptom")
    if len(claim.story.strip()) < SHORTEST_STORY:
        raise Refused(_("Tell in a sentence or two what happens and since when."), "story")
    open_case = db.session.scalar(
        select(Case.code).where(
            Case.unit_id == unit.id,
            Case.kind == "warranty",
            Case.category.in_([Category.OPEN, Category.PAUSED]),
        )
    )
    if open_case:
        raise Refused(
            _("There is an open claim for this already: %(code)s. Please write there.", code=open_case)
        )
    claim.component = symptom.component
    claim.verdict = verdicts.to_json(units.verdict(unit, now, symptom.component))
    case.title, case.title_en = symptom.name_id, symptom.name_en
    cases.refresh_search(case, claim.story)
    cases.move(actor, case, E.SUBMIT, now, body=claim.story, photos=claim.draft_photos)
    claim.draft_photos = []
    return case


def draft_of(unit_id: int) -> Claim | None:
    """The unit's unsent claim, if there is one."""
    return db.session.scalar(
        select(Claim)
        .join(Case, Case.id == Claim.case_id)
        .where(Case.unit_id == unit_id, Case.state == S.DRAFT)
    )


@dataclass(frozen=True)
class Ruling:
    """What a member of staff decided. `outcome` None is a rejection."""

    payment: Payment
    outcome: Outcome | None
    reason: str
    clause: int | None = None
    evidence: str = ""
    alternative: str = ""
    override_reason: str = ""
    details: Details = NO_DETAILS


def decide(actor: Actor, case: Case, ruling: Ruling, *, version: int | None, now: datetime) -> Decision:
    """Decide on a claim or on the appeal against its rejection, and perform what the outcome causes.

    Raises Refused, Stale.
    """
    cases.check_version(case, version)
    claim = queries.of_case(case.id)
    earlier = queries.decisions(case.id)
    if earlier and earlier[-1].appeal and earlier[-1].staff_id == actor.id:
        raise Refused(_("You decided before; somebody else has to decide on the appeal."))
    _check_ruling(claim, ruling)
    decision = Decision(
        case_id=case.id,
        at=now,
        staff_id=actor.id,
        payment=ruling.payment,
        outcome=ruling.outcome,
        reason=ruling.reason.strip(),
        clause=ruling.clause,
        evidence=ruling.evidence,
        alternative=ruling.alternative,
        override_reason=ruling.override_reason,
    )
    db.session.add(decision)
    claim.payment, claim.outcome = ruling.payment, ruling.outcome
    cases.move(
        actor, case, E.DECIDE, now, body=decision.reason,
        data={
            "payment": ruling.payment, "outcome": ruling.outcome, "clause": ruling.clause,
            "evidence": ruling.evidence, "alternative": ruling.alternative,
        },
    )  # fmt: skip
    if ruling.override_reason:
        cases.note(actor, case, "override", now, internal=True, body=ruling.override_reason)
    if ruling.outcome is not None:
        cases.move(SYSTEM, case, E.FULFIL, now)
        if ruling.outcome != Outcome.REPAIR:  # nothing for a technician to do
            case.acts = Who.AGENT
        OUTCOMES[ruling.outcome].perform(actor, case, ruling.details, now)
    db.session.flush()
    announce(ClaimDecided(case.id, ruling.payment, ruling.outcome, ruling.reason, actor.id or 0))
    return decision


def appeal(actor: Actor, case: Case, text: str, *, photos: Sequence[str], now: datetime) -> None:
    """Ask another person to decide. Once a case; only against a rejection. Raises Refused."""
    earlier = queries.decisions(case.id)
    if any(decision.appeal for decision in earlier):
        raise Refused(
            _("You appealed already; the second decision is the shop's last. BPSK can help you further.")
        )
    if not earlier or earlier[-1].payment != Payment.REJECTED:
        raise Refused(_("Only a rejection can be appealed."))
    cases.check_body(text)
    earlier[-1].appeal = text
    cases.move(actor, case, E.APPEAL, now, body=text, photos=photos)


def settle(actor: Actor, case: Case, now: datetime) -> CaseEvent:
    """Note that what was owed (money, a part) has been handed out, and close the case. Raises Refused."""
    for debt in queries.debts(case.id):
        debt.state, debt.settled_at = Debt.DONE, now
    return cases.move(actor, case, E.SETTLE, now)


def parts_handed_out(case_id: int, now: datetime) -> None:
    """The customer has what was sent or collected; money is settled by hand."""
    db.session.execute(
        update(PartOwed)
        .where(PartOwed.case_id == case_id, PartOwed.state == Debt.OWED)
        .values(state=Debt.DONE, settled_at=now)
    )


def _check_unit(unit: Unit) -> None:
    refusals = {
        Registration.VOID: _("The warranty of this unit has ended: %(reason)s", reason=unit.reason),
        Registration.PENDING: _(
            "The shop has not confirmed this registration yet. You can file a claim afterwards."
        ),
        Registration.REJECTED: _("This registration was rejected. Correct it and send it again first."),
    }
    refusal = refusals.get(Registration(unit.registration))
    if refusal:
        raise Refused(refusal)


def _check_ruling(claim: Claim, ruling: Ruling) -> None:
    if not ruling.reason.strip():
        raise Refused(_("Give a reason; the customer reads it."), "reason")
    if (ruling.payment == Payment.REJECTED) != (ruling.outcome is None):
        raise Refused(_("Choose what is done."), "outcome")
    if ruling.payment == Payment.REJECTED:
        if not ruling.evidence.strip():
            raise Refused(_("A rejection names its evidence."), "evidence")
        if not ruling.alternative.strip():
            raise Refused(_("A rejection offers a paid alternative."), "alternative")
    verdict = verdicts.from_json(claim.verdict or {})
    if ruling.payment not in verdicts.advised(verdict) and not ruling.override_reason.strip():
        raise Refused(
            _("The coverage says otherwise. Give the reason why you decide differently; it is kept."),
            "override_reason",
        )
