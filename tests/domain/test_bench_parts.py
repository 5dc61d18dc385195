"""Parts that repairs wait for: ordered, come, handed to whoever waits longest."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import SYSTEM, Role
from portal.domain.cases import actions as cases
from portal.domain.catalog.models import Outlet
from portal.domain.outbox.models import OutboxMessage
from portal.domain.parts import orders, supply
from portal.domain.parts import stock as shelf
from portal.domain.parts.models import Part, PartLevel
from portal.domain.repairs import stock
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import LineKind
from portal.domain.workflows.engine import Who
from portal.kernel import clock
from tests import factories, factories_parts
from tests.browser import Browser
from tests.factories_bench import go, line, taken_in


@pytest.fixture
def outlet(both: Flask) -> Outlet:
    return factories.outlet()


@pytest.fixture
def owner(both: Flask) -> Browser:
    return Browser(both, factories.customer("Siti Rahma", "siti@contoh.id", "+6281234567890"))


@pytest.fixture
def technician(both: Flask) -> Browser:
    return Browser(both, factories.staff(Role.TECHNICIAN))


@pytest.fixture
def manager(both: Flask) -> Browser:
    return Browser(both, factories.staff(Role.MANAGER))


@pytest.fixture
def part(outlet: Outlet) -> Part:
    return factories_parts.part(supplier_id=factories_parts.supplier().id, at=outlet)


@pytest.fixture
def repair(outlet: Outlet, owner: Browser, technician: Browser, manager: Browser, part: Part) -> WorkOrder:
    """A decided repair that waits for one piece."""
    return waiting(outlet, owner, technician, manager, part)


def waiting(
    outlet: Outlet, owner: Browser, technician: Browser, manager: Browser, part: Part, pieces: int = 1
) -> WorkOrder:
    bought = factories.purchase(outlet, [(factories.product(), 1)], buyer=owner.person)
    case = factories.claim(owner.actor, factories.units_of(bought)[0])
    order = taken_in(manager.actor, case)
    factories.decide(manager.actor, case)
    line(order, kind=LineKind.PART, part_id=part.id, minutes=None, pieces=pieces)
    go(technician.actor, order, "diagnosing", "waiting_parts")
    return order


def test_what_repairs_wait_for_is_to_be_ordered(manager: Browser, repair: WorkOrder, part: Part) -> None:
    [short] = supply.short(manager.actor, stock.missing())
    assert (short.part.id, short.wanted, short.pieces) == (part.id, 1, 1)
    assert f"order_{short.key}" in manager.get("/desk/parts/reorder").text
    manager.post("/desk/parts/reorder", **{f"order_{short.key}": 1})
    assert supply.short(manager.actor, stock.missing()) == []


def test_what_comes_is_set_aside_for_the_repair_and_its_technician_goes_on(
    technician: Browser, manager: Browser, repair: WorkOrder, part: Part
) -> None:
    assert repair.case.state == "waiting_supplier"
    ordered = supply.order(
        manager.actor, part.supplier, repair.case.outlet, {part.id: 2}, clock.now()
    )  # fmt: skip
    db.session.commit()
    path = f"/desk/work-orders/{repair.code}"
    assert "The part is here" not in technician.get(path).text
    manager.post(f"/desk/parts/orders/{ordered.code}", **{f"came_{ordered.lines[0].id}": 2})
    db.session.expire_all()
    level = db.session.get_one(PartLevel, (part.id, repair.case.outlet_id))
    assert (level.on_hand, level.reserved) == (2, 1)
    assert (repair.case.state, repair.case.acts) == ("fulfilling", Who.TECHNICIAN)
    told = manager.get(f"/desk/parts/orders/{ordered.code}").text
    assert f'href="/desk/cases/{repair.case.code}"' in told
    page = technician.get(path).text
    assert "The part is here" in page and "Part set aside" in page and part.number in page
    assert "The part is here" in technician.get("/desk/work-orders?whose=mine").text
    go(technician.actor, repair, "in_progress", "done")
    db.session.refresh(level)
    assert (level.on_hand, level.reserved) == (1, 0)


def test_who_waits_longest_is_served_first_and_customers_before_keep_theirs(
    owner: Browser, technician: Browser, manager: Browser, outlet: Outlet, part: Part
) -> None:
    asked = factories_parts.order(owner.person, part, outlet)
    whose = (outlet, owner, technician, manager, part)
    large, first, second = waiting(*whose, pieces=3), waiting(*whose), waiting(*whose)

    def comes(count: int) -> list[bool]:
        level = db.session.get_one(PartLevel, (part.id, outlet.id), populate_existing=True)
        shelf.count(SYSTEM, part.id, outlet.id, level.on_hand + count, "Datang", clock.now())
        factories.settle()
        return [not stock.lacks(order) for order in (large, first, second)]

    assert comes(1) == [False, False, False], "the customer asked before"
    assert comes(1) == [False, True, False]
    orders.give_up(manager.actor, asked, asked_line(asked.id), clock.now())
    assert comes(0) == [False, True, False], "nothing came"
    assert comes(1) == [False, True, True]
    go(manager.actor, first, "cancelled")  # what it had is free again, and too little for the large one
    assert comes(1) == [True, False, True]


def test_a_customers_order_that_waits_for_the_supplier_gets_its_piece(
    owner: Browser, technician: Browser, manager: Browser, outlet: Outlet, part: Part
) -> None:
    whose = (outlet, owner, technician, manager, part)
    before = waiting(*whose)
    asked = factories_parts.order(owner.person, part, outlet)
    after = waiting(*whose)
    cases.move(manager.actor, asked, "order", clock.now())
    factories.settle()
    for count, state in ((1, "waiting_supplier"), (2, "fulfilling"), (3, "fulfilling")):
        shelf.count(SYSTEM, part.id, outlet.id, count, "Datang", clock.now())
        factories.settle()
        assert (asked.state, [stock.lacks(order) for order in (before, after)]) == (state, [False, count < 3])
    assert asked_line(asked.id).state == "held"
    told = db.session.scalars(select(OutboxMessage.template).where(OutboxMessage.about == asked.code))
    assert "arrived" in list(told)


def asked_line(case_id: int) -> orders.PartLine:
    return db.session.query(orders.PartLine).filter_by(case_id=case_id).one()
