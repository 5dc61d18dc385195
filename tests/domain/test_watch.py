"""Warnings before a promise is broken, and when it is: once, to who can act, while the shop is open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.cases import targets, watch
from portal.domain.cases.models import Case, CaseAlarm, CaseEvent
from portal.domain.catalog import holidays
from portal.domain.outbox.models import OutboxMessage
from portal.domain.workflows.vocabulary import E
from tests import factories
from tests.browser import Browser
from tests.domain.test_case_clock import at


@pytest.fixture
def claim(owner: Browser, manager: Browser) -> Case:
    """Sent on a Monday at nine; the first answer is due on Tuesday at ten."""
    return factories.claim(owner.actor, owner.unit, now=at("24 09:00"))


def look(now: datetime) -> None:
    """What the worker does each minute."""
    for step in (watch.reckon, watch.ring, watch.tell):
        while step(now):
            factories.settle(now)


def told() -> list[tuple[str, int, int]]:
    """(to whom, how many are over, how many nearly) of each message."""
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "staff_clock"))
    return [(m.address.split("@")[0].rstrip("0123456789"), m.values["over"], m.values["soon"]) for m in found]


def noted(case: Case) -> list[tuple[str, bool]]:
    rows = db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.event == "clock")
    )
    return [(row.data["promise"], row.data["over"]) for row in rows if row.data]


def test_a_quarter_before_the_end_its_outlet_is_warned_and_at_the_end_managers_too(claim: Case) -> None:
    look(at("24 15:59"))
    assert told() == []
    look(at("24 16:00"))
    assert told() == [("toko", 0, 1)]
    look(at("24 16:01"))
    look(at("25 09:59"))
    assert noted(claim) == [("first", False)]
    look(at("25 10:00"))
    assert sorted(told()[1:]) == [("manager", 1, 0), ("toko", 1, 0)]
    assert noted(claim) == [("first", False), ("first", True)]


def test_whoever_has_the_case_is_told(claim: Case, agent: Browser) -> None:
    cases.assign(agent.actor, claim, agent.actor.id, "Rizky", at("24 10:00"))
    look(at("24 16:00"))
    assert told() == [("agent", 0, 1)]


def test_nobody_is_disturbed_by_what_was_answered(claim: Case, agent: Browser) -> None:
    cases.say(agent.actor, claim, "Halo", at("24 10:00"))
    look(at("25 12:00"))
    assert told() == [] and noted(claim) == []


def test_an_entry_of_the_clock_moves_nothing(claim: Case) -> None:
    """Whoever is writing in the case is not disturbed, and the queue keeps its order."""
    before = (claim.version, claim.touched_at)
    look(at("25 10:00"))
    db.session.expire_all()
    assert (claim.version, claim.touched_at) == before
    assert all(
        entry.internal for entry in db.session.scalars(select(CaseEvent).where(CaseEvent.event == "clock"))
    )


def test_at_night_messages_wait_until_the_outlet_opens(claim: Case) -> None:
    look(at("25 23:00"))
    assert noted(claim) == [("first", True)] and told() == []
    look(at("26 08:59"))
    assert told() == []
    look(at("26 09:00"))
    assert sorted(told()) == [("manager", 1, 0), ("toko", 1, 0)]


def test_on_a_holiday_nothing_is_due_and_nobody_is_told(claim: Case) -> None:
    holidays.save(None, None, day=at("25 00:00").date(), outlet_id=None, name="Libur", hours="")
    factories.settle()
    look(at("24 12:00"))
    assert claim.respond_by == at("26 10:00")
    look(at("25 12:00"))
    assert told() == []
    look(at("26 10:00"))
    assert noted(claim)[-1] == ("first", True)


def test_after_a_day_without_a_worker_everybody_gets_one_message(
    owner: Browser, manager: Browser, product: Any, outlet: Any
) -> None:
    for n in range(12):
        bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
        factories.claim(owner.actor, factories.units_of(bought)[0], now=at(f"24 09:{n:02}"))
    look(at("26 11:00"))
    assert sorted(told()) == [("manager", 12, 0), ("toko", 12, 0)]
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "staff_clock")).first()
    assert message and len(message.values["rows"]) == 10 and message.values["path"] == "/desk?sort=due"
    look(at("26 11:01"))
    assert len(told()) == 2, "doing it twice is harmless"


def test_what_was_done_before_anybody_could_be_told_is_not_told(claim: Case, agent: Browser) -> None:
    look(at("25 23:00"))
    cases.say(agent.actor, claim, "Halo", at("25 23:30"))
    look(at("26 09:00"))
    assert told() == []
    assert not list(db.session.scalars(select(CaseAlarm).where(CaseAlarm.told_at.is_(None))))


def test_a_worker_killed_between_its_steps_goes_on(claim: Case) -> None:
    assert watch.ring(at("25 10:00"))
    db.session.rollback()
    assert noted(claim) == []
    watch.ring(at("25 10:00"))
    db.session.commit()
    look(at("25 10:01"))
    assert noted(claim) == [("first", True)] and len(told()) == 2


def test_urgent_is_reckoned_from_the_beginning_of_the_case(claim: Case, manager: Browser) -> None:
    cases.prioritise(manager.actor, claim, "urgent", at("24 10:00"))
    assert claim.respond_by == claim.due_at == at("24 11:00"), "a quarter of eight hours"
    cases.prioritise(manager.actor, claim, "low", at("24 10:30"))
    assert claim.respond_by is not None and claim.respond_by > at("25 16:00")


def test_a_longer_target_puts_no_promise_off_and_a_shorter_one_counts(claim: Case) -> None:
    promised = claim.respond_by
    targets.save("normal", {"warranty": (24 * 60, None, None)})
    factories.settle()
    look(at("24 10:00"))
    assert claim.respond_by == promised
    targets.save("normal", {"warranty": (30, None, None)})
    factories.settle()
    look(at("24 10:00"))
    assert claim.respond_by == at("24 09:30")
    assert noted(claim) == [("first", True)], "what is over by the new target is told once"


def test_pauses_and_answers_are_reckoned_again_as_they_were(
    claim: Case, owner: Browser, agent: Browser
) -> None:
    cases.move(agent.actor, claim, E.ASK, at("24 10:00"), body="Nomor seri?")
    cases.move(owner.actor, claim, E.ANSWER, at("26 10:00"), body="Ini")
    before = (claim.reply_by, claim.resolve_by, claim.paused_minutes, claim.due_at, claim.alarm_at)
    assert claim.paused_minutes == 2 * 7 * 60
    assert claim.reply_by == claim.due_at
    watch.note()
    look(at("26 10:00"))
    db.session.expire_all()
    assert (claim.reply_by, claim.resolve_by, claim.paused_minutes, claim.due_at, claim.alarm_at) == before


def test_a_technician_sees_who_waits(staff: Any, claim: Case) -> None:
    """Without managers, admins are told of what is over."""
    for person in db.session.scalars(select(type(staff(Role.ADMIN).person)).filter_by(role="manager")):
        person.disabled_at = at("24 09:00")
    db.session.commit()
    look(at("25 10:00"))
    assert sorted(who for who, _over, _soon in told()) == ["admin", "toko"]


def test_nothing_is_rung_for_a_case_that_stands_still(claim: Case, agent: Browser) -> None:
    cases.move(agent.actor, claim, E.ASK, at("24 10:00"), body="Nomor seri?")
    assert claim.alarm_at is None
    look(at("24 10:00") + timedelta(days=30))
    assert noted(claim) == []
