"""Nobody forgets what stands on the shelf, at a supplier or with a customer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.outbox.models import OutboxMessage
from portal.domain.repairs import handing, intake, loans, sending, settings, watching
from portal.domain.repairs.handing import Handing
from portal.domain.repairs.loans import Lending
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import Proof, S
from portal.domain.repairs.sending import Sending
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories, factories_parts
from tests.browser import Browser
from tests.factories_bench import go, order_of


@pytest.fixture
def order(claim: Case, agent: Browser, technician: Browser) -> WorkOrder:
    factories.decide(agent.actor, claim)
    order = order_of(claim)
    go(technician.actor, order, S.DIAGNOSING)
    return order


@pytest.fixture
def ready(order: WorkOrder, technician: Browser) -> WorkOrder:
    go(technician.actor, order, S.IN_PROGRESS, S.DONE)
    return order


def look(now: datetime) -> None:
    while watching.remind(now):
        factories.settle(now)
    factories.settle(now)


def told(template: str) -> list[OutboxMessage]:
    return db.session.query(OutboxMessage).filter_by(template=template).order_by(OutboxMessage.id).all()


def test_the_first_reminder_comes_at_nine_on_the_third_day(ready: WorkOrder) -> None:
    assert ready.ready_at and ready.remind_at
    local = ready.remind_at.astimezone(ZoneInfo(ready.case.outlet.timezone))
    days = local.date() - clock.day_in(ready.case.outlet.timezone, ready.ready_at)
    assert (days, local.hour, local.minute) == (timedelta(days=3), 9, 0)


def test_whoever_does_not_come_is_reminded_and_then_left_alone(ready: WorkOrder) -> None:
    begin = ready.ready_at
    assert begin is not None
    for day in range(1, 45):
        look(begin + timedelta(days=day))
    assert [message.values["days"] for message in told("collect")] == [3, 7, 14, 30]
    assert (ready.state, ready.remind_at, ready.reminded) == (S.UNCOLLECTED, None, 4)
    assert told("collect")[0].values["collect"] == ready.id


def test_after_a_long_sleep_one_reminder_is_enough(ready: WorkOrder) -> None:
    assert ready.ready_at
    look(ready.ready_at + timedelta(days=10))
    assert len(told("collect")) == 1
    look(ready.ready_at + timedelta(days=15))
    assert len(told("collect")) == 2


def test_without_days_nobody_is_reminded(order: WorkOrder, manager: Browser, technician: Browser) -> None:
    settings.save(manager.actor, [], version=None)
    go(technician.actor, order, S.IN_PROGRESS, S.DONE)
    assert order.remind_at is None
    for days in ([0], [400], list(range(1, 20))):
        with pytest.raises(Refused):
            settings.save(manager.actor, days, version=None)


def test_what_was_collected_or_taken_up_again_reminds_nobody(
    ready: WorkOrder, technician: Browser, agent: Browser
) -> None:
    go(technician.actor, ready, S.IN_PROGRESS)
    assert (ready.ready_at, ready.remind_at, ready.case.state) == (None, None, "fulfilling")
    go(technician.actor, ready, S.DONE)
    handing.hand_over(agent.actor, ready, Handing("Siti", Proof.PAPER), version=None, now=clock.now())
    factories.settle()
    look(clock.now() + timedelta(days=40))
    assert told("collect") == []


def test_a_late_supplier_is_asked_about_every_three_days(order: WorkOrder, technician: Browser) -> None:
    today = clock.day_in("Asia/Jakarta", clock.now())
    away = Sending(factories_parts.supplier().id, "R1", today, today + timedelta(days=2), None)
    sending.send(technician.actor, order, away, version=None, now=clock.now())
    factories.settle()
    for day in range(12):
        look(datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=day, hours=12))
    assert len(told("staff_supplier_late")) == 3
    assert {message.address for message in told("staff_supplier_late")} == {technician.person.email}


def test_a_late_loan_is_asked_back(order: WorkOrder, agent: Browser, technician: Browser) -> None:
    today = clock.day_in("Asia/Jakarta", clock.now())
    out = loans.lend(agent.actor, order, Lending("TV 24", "", "", today), clock.now())
    factories.settle()
    look(clock.now())
    assert told("loan_due") == []
    for day in range(2, 7):
        look(clock.now() + timedelta(days=day))
    assert (len(told("loan_due")), len(told("staff_loan_late"))) == (2, 2)
    loans.take_back(agent.actor, out, "Baik", version=None, now=clock.now())
    look(clock.now() + timedelta(days=40))
    assert len(told("loan_due")) == 2


def test_an_irreparable_service_goes_back_to_its_customer(
    agent: Browser, technician: Browser, outlet: object
) -> None:
    from_counter = walked_in(agent, outlet)
    go(technician.actor, from_counter, S.DIAGNOSING, S.UNREPAIRABLE)
    assert (from_counter.case.state, bool(from_counter.remind_at)) == ("ready", True)
    look(clock.now() + timedelta(days=4))
    assert from_counter.state == S.UNREPAIRABLE, "it is not repaired because nobody came"


def walked_in(agent: Browser, outlet: object) -> WorkOrder:
    told_there = intake.WalkIn("Ani", "+6281234500001", "Kipas", "Mati")
    order = intake.walk_in(agent.actor, told_there, outlet, clock.now())  # type: ignore[arg-type]
    factories.settle()
    return order
