"""Items and parts that a supplier has: who pays, and the clock of the case that stands still."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.outbox.models import OutboxMessage
from portal.domain.repairs import sending
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import S
from portal.domain.repairs.sending import Sending
from portal.domain.workflows.engine import Who
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories, factories_parts
from tests.browser import Browser
from tests.factories_bench import go, order_of


@pytest.fixture
def order(claim: Case, agent: Browser) -> WorkOrder:
    factories.decide(agent.actor, claim)
    return order_of(claim)


def test_away_at_a_supplier_and_back(order: WorkOrder, technician: Browser) -> None:
    supplier, today = factories_parts.supplier(), clock.day_in("Asia/Jakarta", clock.now())
    go(technician.actor, order, S.DIAGNOSING)
    for bad, field in (
        (Sending(None, "", today, today, None), "supplier"),
        (Sending(supplier.id, "", today + timedelta(days=1), today, None), "sent_on"),
        (Sending(supplier.id, "", today, today - timedelta(days=1), None), "due_on"),
        (Sending(supplier.id, "", today, today, False), "reason"),
    ):
        with pytest.raises(Refused) as refusal:
            sending.send(technician.actor, order, bad, version=None, now=clock.now())
        assert refusal.value.field == field
    told = Sending(supplier.id, "RMA-7", today, today + timedelta(days=7), False, "Segel rusak")
    sending.send(technician.actor, order, told, version=None, now=clock.now())
    factories.settle()
    assert (order.state, order.supplier_pays, order.case.acts) == (S.AT_SUPPLIER, False, Who.SUPPLIER)
    go(technician.actor, order, S.DONE)
    assert (order.case.state, order.supplier_back_on) == ("ready", today)
    told_of = set(
        db.session.scalars(select(OutboxMessage.template).where(OutboxMessage.about == order.case.code))
    )
    assert "ordered" in told_of and "ready" in told_of
    assert "arrived" not in told_of  # it was ready at once


@pytest.mark.parametrize("away", [S.WAITING_PARTS, S.AT_SUPPLIER])
def test_the_clock_of_the_case_stands_still_at_a_supplier(
    order: WorkOrder, technician: Browser, now: datetime, away: str
) -> None:
    order.supplier_id = factories_parts.supplier().id
    go(technician.actor, order, S.DIAGNOSING)
    promised = order.case.resolve_by
    assert promised is not None
    go(technician.actor, order, away)
    assert (order.case.state, order.case.paused_since is None) == ("waiting_supplier", False)
    with time_machine.travel(now + timedelta(days=10), tick=True):
        go(technician.actor, order, S.IN_PROGRESS)
    assert (order.case.state, order.case.acts) == ("fulfilling", Who.TECHNICIAN)
    assert order.case.paused_since is None and order.case.resolve_by is not None
    assert timedelta(days=7) < order.case.resolve_by - promised < timedelta(days=14)
