"""The workshop on each database: every list and page, a part that arrives, reminders, the next one."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases.models import Case
from portal.domain.repairs import loans, stock, watching
from portal.domain.repairs.loans import Lending
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import LineKind
from portal.kernel import clock
from tests import factories, factories_parts
from tests.browser import Browser
from tests.factories_bench import go, line, taken_in


@pytest.fixture
def technician(both: Flask) -> Browser:
    return Browser(both, factories.staff(Role.TECHNICIAN))


@pytest.fixture
def order(both: Flask, technician: Browser) -> WorkOrder:
    """Taken in, decided, its part missing."""
    outlet, product, agent = (
        factories.outlet(),
        factories.product(),
        Browser(both, factories.staff(Role.AGENT)),
    )
    owner = factories.customer("Siti Rahma", "siti@contoh.id", "+6281234567890")
    unit = factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner))[0]
    case: Case = factories.claim(Browser(both, owner).actor, unit)
    order = taken_in(agent.actor, case)
    factories.decide(agent.actor, case)
    part = factories_parts.part(product, at=outlet, on_hand=0)
    line(order, kind=LineKind.PART, part_id=part.id, minutes=None)
    go(technician.actor, order, "diagnosing", "waiting_parts")
    assert [row.part_id for row in db.session.execute(stock.missing())] == [part.id]
    factories_parts.stock.count(technician.actor, part.id, outlet.id, 1, "Datang", clock.now())
    return order


def test_every_page_and_list(technician: Browser, order: WorkOrder) -> None:
    today = clock.day_in("Asia/Jakarta", clock.now())
    loans.lend(technician.actor, order, Lending("TV 24", "", "", today), clock.now())
    factories.settle()
    for name in ("mine", "all", "ready", "shelf", "away", "lent"):
        technician.get(f"/desk/work-orders?whose={name}")
    assert "The part is here" in technician.get("/desk/work-orders?whose=mine").text
    for words in ("rahma", "67890", "A1"):
        technician.get(f"/desk/work-orders?q={words}", expect=303)
    for way in ("", "/intake", "/diagnosis", "/lines", "/supplier", "/loan", "/hand-over"):
        technician.get(f"/desk/work-orders/{order.code}{way}")
    technician.post("/desk/work-orders/mine/next")
    technician.post(f"/desk/work-orders/{order.code}/time", what="start")


def test_what_is_late_is_told(technician: Browser, order: WorkOrder) -> None:
    go(technician.actor, order, "in_progress", "done")
    later = clock.now() + timedelta(days=4)
    assert watching.remind(later) is False
    factories.settle(later)
    assert (order.state, order.reminded) == ("uncollected", 1)
