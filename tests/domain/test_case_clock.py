"""The clock of a case: targets in service time, stopped while the customer has to act."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.claims.rules import Payment
from portal.domain.workflows.calendar import calendar
from portal.domain.workflows.vocabulary import E
from tests import factories
from tests.browser import Browser

WIB = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    """A moment in November 2025: the 24th is a Monday."""
    return datetime.fromisoformat(f"2025-11-{text}").replace(tzinfo=WIB)


@pytest.fixture
def claim(owner: Browser) -> Case:
    return factories.claim(owner.actor, owner.unit, now=at("24 09:00"))


def test_targets_count_from_filing(claim: Case) -> None:
    """Seven hours a day, five hours and three on Saturday: eight hours end on the second day."""
    assert claim.respond_by == claim.due_at == at("25 10:00")
    assert claim.created_at == at("24 09:00")


def test_the_first_answer_is_noted_once(claim: Case, agent: Browser) -> None:
    cases.say(agent.actor, claim, "catatan", at("24 09:30"), internal=True)
    assert claim.first_responded_at is None, "an internal note answers nobody"
    cases.say(agent.actor, claim, "Halo", at("24 10:00"))
    cases.say(agent.actor, claim, "Halo lagi", at("24 11:00"))
    assert claim.first_responded_at == at("24 10:00")


def test_a_pause_costs_no_service_time(claim: Case, owner: Browser, agent: Browser) -> None:
    before = claim.resolve_by
    cases.move(agent.actor, claim, E.ASK, at("24 10:00"), body="Nomor seri?")
    assert claim.paused_since == at("24 10:00")
    assert claim.due_at == at("24 10:00") + timedelta(days=7), "the customer has a week"
    cases.move(owner.actor, claim, E.ANSWER, at("24 20:00"), body="Ini")
    assert claim.paused_since is None
    assert before is not None and claim.resolve_by is not None
    assert claim.resolve_by.astimezone(WIB).hour in range(9, 17), "it lies within opening hours"
    cases.move(agent.actor, claim, E.ASK, at("25 09:00"), body="Lagi?")
    first = claim.resolve_by
    cases.move(owner.actor, claim, E.ANSWER, at("25 09:00"), body="Ini")
    assert claim.resolve_by == first, "no pause, no change"


def test_a_night_without_an_answer_costs_the_evening_only(
    claim: Case, owner: Browser, agent: Browser
) -> None:
    """Asked an hour before closing, answered when it opens: one hour later, not sixteen."""
    before = claim.resolve_by
    cases.move(agent.actor, claim, E.ASK, at("24 16:00"), body="?")
    cases.move(owner.actor, claim, E.ANSWER, at("25 09:00"), body="!")
    assert before is not None and claim.resolve_by is not None
    place = calendar(claim.outlet.hours, claim.outlet.timezone)
    assert place.between(before, claim.resolve_by) == timedelta(hours=1)


def test_a_reopened_case_has_a_target_of_its_own(owner: Browser, agent: Browser, claim: Case) -> None:
    factories.decide(agent.actor, claim, now=at("24 10:00"))
    cases.move(agent.actor, claim, E.READY, at("24 11:00"))
    cases.move(agent.actor, claim, E.HAND_OVER, at("24 12:00"))
    assert claim.closed_at == at("24 12:00")
    later = datetime(2026, 2, 2, 9, tzinfo=WIB)
    cases.move(owner.actor, claim, E.REOPEN, later, body="Rusak lagi")
    assert claim.closed_at is None
    assert claim.resolve_by is not None and claim.resolve_by > later


def test_an_item_that_is_ready_waits_for_its_owner(claim: Case, agent: Browser) -> None:
    factories.decide(agent.actor, claim, now=at("24 10:00"))
    cases.move(agent.actor, claim, E.READY, at("24 11:00"))
    assert claim.paused_since == at("24 11:00")
    assert claim.due_at == claim.step_by
    cases.move(agent.actor, claim, E.HAND_OVER, at("29 11:00"))
    assert claim.closed_at == at("29 11:00") and claim.resolve_by is not None
    assert claim.closed_at < claim.resolve_by, "the owner's days are not the shop's"


def test_an_appeal_is_promised_another_decision(claim: Case, owner: Browser, agent: Browser) -> None:
    factories.decide(agent.actor, claim, Payment.REJECTED, None, now=at("24 10:00"))
    before = claim.resolve_by
    claims.appeal(owner.actor, claim, "Tidak setuju", photos=(), now=at("26 10:00"))
    assert before and claim.resolve_by and claim.resolve_by > before
    assert claim.reply_by == claim.due_at


def test_a_silent_move_answers_nobody_and_what_an_ended_case_owes_is_nothing(
    claim: Case, owner: Browser, agent: Browser
) -> None:
    cases.move(agent.actor, claim, E.REVIEW, at("24 10:00"))
    assert claim.first_responded_at is None
    cases.move(agent.actor, claim, E.ASK, at("24 11:00"), body="Nomor seri?")
    assert claim.first_responded_at == at("24 11:00") and claim.alarm_at is None
    cases.say(owner.actor, claim, "Sebentar", at("24 12:00"))
    assert claim.reply_by is not None and claim.due_at == claim.reply_by, "who writes in a pause is answered"
    cases.move(owner.actor, claim, E.CANCEL, at("24 13:00"))
    assert (claim.reply_by, claim.due_at, claim.alarm_at, claim.paused_since) == (None, None, None, None)


def test_a_case_of_another_kind_has_that_kinds_promise(claim: Case, agent: Browser) -> None:
    cases.refile(agent.actor, claim, "question", at("24 10:00"))
    assert claim.respond_by == at("24 14:00"), "four hours, and lunch"
    assert claim.resolve_by is not None and claim.resolve_by < at("28 17:00")


def test_each_entry_knows_the_version_after_it(claim: Case, agent: Browser) -> None:
    versions: list[Any] = []
    for n in range(3):
        versions.append(cases.say(agent.actor, claim, f"{n}", at(f"24 10:0{n}")).version)
    assert versions == sorted(set(versions))
    assert versions[-1] == claim.version
