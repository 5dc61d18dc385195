"""Who is told what at each step of a claim."""

from datetime import datetime
from typing import Any

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import actions as claims
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.outbox.models import OutboxMessage
from portal.domain.units import actions as units
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

SITI, SHOP = "siti@contoh.id", "toko@contoh.id"


@pytest.fixture
def told() -> Any:
    """`told()`: the (template, address) owed since the last call."""
    last = 0

    def since() -> list[tuple[str, str]]:
        nonlocal last
        factories.settle()
        found = (
            db.session.query(OutboxMessage).filter(OutboxMessage.id > last).order_by(OutboxMessage.id).all()
        )
        last = found[-1].id if found else last
        return sorted((m.template, m.address) for m in found)

    return since


def test_a_claim_from_end_to_end(owner: Browser, agent: Browser, technician: Browser, told: Any) -> None:
    told()
    case = factories.claim(owner.actor, owner.unit)
    assert told() == [("received", SITI), ("staff_new", SHOP)]
    cases.move(agent.actor, case, E.ASK, clock.now(), body="Nomor seri?")
    assert told() == [("question_asked", SITI)]
    cases.assign(agent.actor, case, agent.person.id, agent.person.name, clock.now())
    cases.move(owner.actor, case, E.ANSWER, clock.now(), body="Ini")
    assert told() == [("staff_answer", agent.person.email)], "the one who has the case"
    cases.move(agent.actor, case, E.REQUEST_ITEM, clock.now())
    assert told() == [("item_requested", SITI)]
    cases.move(agent.actor, case, E.RECEIVE, clock.now())
    assert told() == [("item_received", SITI)]
    cases.move(technician.actor, case, E.INSPECT, clock.now())
    assert told() == [("inspection_began", SITI)]
    factories.decide(agent.actor, case, outcome=Outcome.PART)
    assert told() == [("decision_accepted", SITI)]
    cases.move(agent.actor, case, E.READY, clock.now())
    assert told() == [("ready", SITI)]
    cases.move(agent.actor, case, E.HAND_OVER, clock.now())
    assert told() == [("closed", SITI)]
    cases.move(owner.actor, case, E.REOPEN, clock.now(), body="Rusak lagi")
    assert told() == [("staff_reopened", agent.person.email)]


def test_a_rejection_and_its_appeal(
    claim: Case, owner: Browser, agent: Browser, manager: Browser, told: Any
) -> None:
    told()
    factories.decide(agent.actor, claim, Payment.REJECTED)
    assert told() == [("decision_rejected", SITI)]
    claims.appeal(owner.actor, claim, "Tidak setuju", photos=[], now=clock.now())
    assert told() == [("appeal_received", SITI), ("staff_appeal", SHOP)]
    factories.decide(manager.actor, claim, Payment.REJECTED)
    assert told() == [("decision_rejected", SITI)]


def test_messages_go_to_the_other_side_and_notes_to_nobody(
    claim: Case, owner: Browser, agent: Browser, told: Any
) -> None:
    told()
    cases.say(owner.actor, claim, "Kapan?", clock.now())
    assert told() == [("staff_answer", SHOP)]
    cases.say(agent.actor, claim, "Besok.", clock.now())
    assert told() == [("message", SITI)]
    cases.say(agent.actor, claim, "Pelanggan sulit", clock.now(), internal=True)
    assert told() == []


def test_registrations(
    stranger: Browser, agent: Browser, product: Product, outlet: Outlet, told: Any
) -> None:
    told()
    for approve, template in ((False, "registration_rejected"), (True, "registration_approved")):
        unit = factories.registration(stranger.actor, product, outlet)
        assert told() == [("staff_registration", SHOP)]
        units.decide_registration(
            agent.actor, unit, approve=approve, reason="x", version=unit.version, now=clock.now()
        )
        assert told() == [(template, "budi@contoh.id")]


def test_an_unproven_address_gets_nothing(claim: Case, owner: Browser, agent: Browser, told: Any) -> None:
    owner.person.email_verified_at = None
    told()
    cases.say(agent.actor, claim, "Besok.", clock.now())
    assert told() == [("message", "+6281234567890")] or told() == []


def test_the_link_of_a_message_is_not_in_the_database(claim: Case, told: Any) -> None:
    """Only the seed is; the token is made when the message is written."""
    from_outbox = [m.values for m in db.session.query(OutboxMessage)]
    assert not [v for v in from_outbox if "/c/" in str(v)]
    assert [v for v in from_outbox if "case_link" in v]


def test_what_the_shop_promises_stands_in_the_message(claim: Case) -> None:
    received = next(m.values for m in db.session.query(OutboxMessage) if m.template == "received")
    assert claim.due_at and datetime.fromisoformat(received["due"]) == claim.due_at
    assert received["by"] == "By %(moment)s at the latest." and received["zone"] == claim.outlet.timezone
