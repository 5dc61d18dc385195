"""The courier's deadline moves the clock of its case: reminders before it, and at it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.damage import actions as damage
from portal.domain.damage import queries
from portal.domain.outbox.models import OutboxMessage
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Ruling, Subject
from portal.domain.workflows.vocabulary import E
from tests import factories
from tests.browser import Browser
from tests.domain.test_case_clock import WIB, at
from tests.domain.test_watch import look, noted

LAST = datetime(2025, 11, 27, 23, 59, 59, 999_999, WIB)  # a Thursday: three days after the parcel came


@pytest.fixture
def case(owner: Browser, agent: Browser, manager: Browser) -> Case:
    """Arrived damaged by AnterAja on Monday, told the same morning; the first answer was given."""
    answers = {
        "peril": "damaged", "courier": "anteraja", "waybill": "A1", "story": "Penyok",
        "arrived": date(2025, 11, 24),
    }  # fmt: skip
    made = requests.ask(
        owner.actor, owner.person, "damage", Subject(purchase=owner.purchase), answers, now=at("24 09:00")
    )
    factories.settle(at("24 09:00"))
    cases.say(agent.actor, made, "Kami siapkan klaimnya.", at("24 09:30"))
    return made


def told() -> list[Any]:
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "staff_clock"))
    return [m.values["rows"][0] for m in found if m.values["rows"][0]["promise"] == "outside"]


def test_the_case_is_due_by_the_couriers_last_day_at_the_latest(case: Case) -> None:
    assert case.outside_by == LAST
    case.step_by = case.resolve_by = None
    damage.keep_time(case, at("24 10:00"))
    assert case.due_at is not None and case.due_at <= LAST


def test_reminded_the_day_before_that_morning_and_when_it_is_over(case: Case, agent: Browser) -> None:
    cases.move(agent.actor, case, E.ASK, at("24 10:00"), body="Foto kemasannya?")
    factories.settle(at("24 10:00"))
    assert case.due_at == LAST, "also while the customer has to answer, who would have a week"
    look(at("25 14:59"))
    assert noted(case) == []
    for moment, outcome in (("26 09:00", [False]), ("27 09:00", [False, False])):
        look(at(moment))
        assert [over for promise, over in noted(case) if promise == "outside"] == outcome
    assert len(told()) == 2 and not any(row["over"] for row in told())
    look(at("28 09:00"))
    assert noted(case)[-1] == ("outside", True)
    assert sum(row["over"] for row in told()) == 2, "the outlet and the manager"
    look(at("28 09:01"))
    assert len(told()) == 4, "once"


def test_what_was_claimed_or_decided_is_due_no_more(case: Case, agent: Browser) -> None:
    damage.claim(agent.actor, case, 100_000, at("24 11:00"))
    factories.settle(at("24 11:00"))
    assert case.outside_by is None and (case.due_at is None or case.due_at != LAST)
    look(at("28 09:00"))
    assert "outside" not in dict(noted(case))
    damage.hear(agent.actor, case, 0, "Ditolak", at("28 10:00"))
    factories.settle(at("28 10:00"))
    assert case.outside_by is None, "it was claimed in time"


def test_a_decision_without_a_claim_ends_it(case: Case, manager: Browser) -> None:
    requests.decide(
        manager.actor, case, Ruling("replace", "Kami kirim lagi."), version=None, now=at("24 11:00")
    )
    factories.settle(at("24 11:00"))
    assert case.outside_by is None


def test_another_kind_has_no_courier(case: Case, agent: Browser) -> None:
    cases.refile(agent.actor, case, "return", at("24 11:00"))
    factories.settle(at("24 11:00"))
    assert case.outside_by is None
    cases.refile(agent.actor, case, "damage", at("24 12:00"))
    factories.settle(at("24 12:00"))
    assert case.outside_by == LAST


def test_open_cases_go_by_changed_rules_at_once(case: Case) -> None:
    rule = next(rule for rule in queries.rules() if rule.name == "AnterAja")
    fields = {
        "name": rule.name, "code": rule.code, "source": rule.source, "damage_days": 5, "claimant": "either",
    }  # fmt: skip
    damage.save_rule(rule, rule.version, at("24 11:00"), **fields)
    assert case.outside_by == LAST + timedelta(days=2)


def test_a_deadline_that_was_over_before_anybody_knew_disturbs_nobody(case: Case, owner: Browser) -> None:
    late = requests.ask(
        owner.actor, owner.person, "damage", Subject(purchase=owner.purchase),
        {"peril": "damaged", "courier": "anteraja", "story": "Penyok", "arrived": date(2025, 11, 10)},
        now=at("24 09:00"),
    )  # fmt: skip
    factories.settle(at("24 09:00"))
    assert late.outside_by is None and queries.parcel(late.id, at("24 09:00")).left < 0  # type: ignore[union-attr,operator]


def test_a_clock_that_is_reckoned_anew_keeps_it(case: Case, agent: Browser) -> None:
    cases.prioritise(agent.actor, case, "urgent", at("24 11:00"))
    assert case.outside_by == LAST
