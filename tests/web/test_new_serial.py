"""Another serial number after a repair: the unit, its warranty and its card go on with it."""

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.repairs.models import WorkOrder
from portal.domain.units.actions import replace
from portal.domain.units.models import Unit
from portal.domain.units.numbers import former, serial_holder
from portal.kernel import clock
from tests import factories
from tests.factories_bench import go, order_of


@pytest.fixture
def order(agent, technician, claim) -> WorkOrder:
    factories.decide(agent.actor, claim)
    order = order_of(claim)
    order.case.unit.serial = "LAMA-1"
    go(technician.actor, order, "diagnosing", "in_progress")
    db.session.commit()
    return order


def path(order, way="serial"):
    return f"/desk/work-orders/{order.code}/{way}"


def unit_of(order) -> Unit:
    db.session.expire_all()
    return db.session.get(WorkOrder, order.id).case.unit


def test_the_new_number_counts_and_the_old_one_is_kept(technician, agent, owner, order):
    assert "LAMA-1" in technician.get(path(order, "diagnosis")).text
    bought = unit_of(order).bought_on
    technician.post(path(order), serial=" baru 2 ", version=order.version)
    unit = unit_of(order)
    assert (unit.serial, former(unit.id), unit.bought_on) == ("BARU2", ["LAMA-1"], bought)
    assert unit.registration == "valid"
    for browser, page in (
        (owner, f"/units/{unit.code}"),
        (owner, f"/cases/{order.case.code}"),
        (agent, f"/desk/units/{unit.code}"),
        (agent, f"/desk/cases/{order.case.code}"),
        (technician, f"/desk/work-orders/{order.code}"),
    ):
        text = browser.get(page).text
        assert "LAMA-1" in text and "BARU2" in text, page


@pytest.mark.parametrize("typed", ["", "   ", "lama-1", "TETANGGA", "X" * 61])
def test_it_has_to_be_another_one_that_is_free(technician, owner, order, typed):
    product = order.case.unit.product
    other = factories.units_of(factories.purchase(order.case.outlet, [(product, 1)], buyer=owner.person))[0]
    other.serial = "TETANGGA"
    db.session.commit()
    page = technician.post(path(order), expect=422, serial=typed, version=order.version).text
    assert 'aria-invalid="true"' in page and unit_of(order).serial == "LAMA-1"
    assert not typed.strip() or f'value="{typed.strip()}"' in page


@pytest.mark.parametrize("typed", ["LAMA-1", "BARU2", "ARU2"])
def test_both_numbers_find_the_case(technician, agent, order, typed):
    cases.refresh_search(order.case, "")
    db.session.commit()
    technician.post(path(order), serial="BARU2", version=order.version)
    assert f"/desk/cases/{order.case.code}" in agent.get(f"/desk?q={typed}").text
    cases.refresh_search(order.case, "")  # as in a case that is opened later
    db.session.commit()
    assert f"/desk/cases/{order.case.code}" in agent.get(f"/desk?q={typed}").text


def test_the_old_number_gives_nobody_a_second_warranty(technician, agent, order):
    technician.post(path(order), serial="BARU2", version=order.version)
    unit = unit_of(order)
    assert serial_holder(unit.product_id, "LAMA-1") == unit.id
    assert serial_holder(unit.product_id, "LAMA") is None
    new = replace(agent.actor, unit, serial="BARU3", now=clock.now())
    assert serial_holder(unit.product_id, "BARU3") == new.id


def test_who_may_and_when(technician, agent, owner, client, order):
    agent.post(path(order), expect=403, serial="BARU2")
    owner.post(path(order), expect=403, serial="BARU2")
    technician.post("/desk/work-orders/NOTHERE0/serial", expect=404, serial="BARU2")
    technician.get(path(order), expect=405)
    technician.post(path(order), expect=409, serial="BARU2", version=order.version - 1)
    technician.post(path(order), serial="BARU2", version=order.version)
    technician.post(path(order), expect=422, serial="BARU2")
    go(technician.actor, db.session.get(WorkOrder, order.id), "done", "handed_over")
    db.session.commit()
    technician.post(path(order), expect=422, serial="BARU4")
    assert unit_of(order).serial == "BARU2"
    assert "another serial number" not in technician.get(path(order, "diagnosis")).text
