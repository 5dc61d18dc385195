"""The technician's pages: diagnosis, lines, time, the next one, suppliers."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.repairs.models import WorkLine, WorkOrder, WorkTime
from portal.kernel import clock
from tests import factories, factories_parts
from tests.factories_bench import go, line, order_of


@pytest.fixture
def order(agent, claim) -> WorkOrder:
    factories.decide(agent.actor, claim)
    return order_of(claim)


def path(order, way):
    return f"/desk/work-orders/{order.code}/{way}"


def again(row):
    db.session.expire_all()
    return db.session.get(type(row), row.id)


def test_only_the_bench_writes(agent, owner, technician, client, order):
    number = line(order).id
    ways = (
        "diagnosis",
        "lines",
        "lines/stock",
        f"lines/{number}",
        "supplier",
        "supplier/back",
        "time",
        "move",
        "notes",
        "take",
    )
    for way in ways:
        agent.post(path(order, way), expect=403)
        owner.post(path(order, way), expect=403)
        client.post(path(order, way))  # to sign in
        technician.post(f"/desk/work-orders/NOTHERE0/{way}", expect=404)
    agent.post("/desk/work-orders/mine/next", expect=403)


def test_a_diagnosis_is_kept_and_proposed_again(technician, agent, owner, order):
    form = {"symptom": "Mati", "finding": "Kapasitor bocor", "cause": "Panas", "component": ""}
    assert (
        "what you found"
        in technician.post(path(order, "diagnosis"), expect=422, **{**form, "finding": ""}).text
    )
    technician.post(path(order, "diagnosis"), version=order.version, **form)
    stale = technician.post(path(order, "diagnosis"), expect=409, version=1, **{**form, "cause": "Lembap"})
    assert "Lembap" in stale.text and again(order).cause == "Panas"
    product = again(order).case.unit.product
    unit = factories.units_of(factories.purchase(order.case.outlet, [(product, 1)], buyer=owner.person))[0]
    factories.decide(agent.actor, other := factories.claim(owner.actor, unit))
    new = order_of(other)
    assert "Kapasitor bocor" in technician.get(path(new, "diagnosis")).text
    assert 'value="Panas"' in technician.get(path(new, f"diagnosis?like={order.code}")).text


def test_lines_are_added_billed_and_removed(technician, manager, order):
    form = {"kind": "labour", "minutes": 40, "description": "", "pieces": 1, "price": "80.000", "billing": ""}
    technician.post(path(order, "lines"), **form)
    page = technician.get(path(order, "lines")).text
    assert "Labour" in page and ("80,000" in page or "80.000" in page)
    row = db.session.query(WorkLine).one()
    where, version = path(order, f"lines/{row.id}"), row.version
    bad = technician.post(where, expect=422, billing="billable", reason="", version=version)
    assert "coverage says otherwise" in bad.text
    technician.post(where, billing="billable", reason="Jatuh dari meja", version=version)
    assert "Jatuh dari meja" in technician.get(path(order, "lines")).text
    technician.post(where, expect=409, billing="warranty", reason="", version=version)
    technician.post(where, remove="1")
    technician.post(where, remove="1")
    assert "Nothing is written yet" in technician.get(path(order, "lines")).text


def test_a_line_of_another_work_order_is_not_there(technician, agent, owner, order):
    foreign = line(order)
    unit = factories.units_of(
        factories.purchase(order.case.outlet, [(order.case.unit.product, 1)], buyer=owner.person)
    )[0]
    factories.decide(agent.actor, other := factories.claim(owner.actor, unit))
    technician.post(path(order_of(other), f"lines/{foreign.id}"), expect=404, remove="1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": ""}, "Write the price"),
        ({"price": "banyak"}, "amount in digits"),
        ({"pieces": 0}, "number from 1"),
        ({"pieces": 1000}, "number from 1"),
        ({"kind": "part", "description": ""}, "Write what it is"),
        ({"kind": "gift"}, "not available"),
        ({"billing": "billable"}, "coverage says otherwise"),
    ],
)
def test_lines_that_cannot_be(technician, order, change, said):
    form = {
        "kind": "labour",
        "minutes": 40,
        "description": "Kerja",
        "pieces": 1,
        "price": "1000",
        "billing": "",
    }
    page = technician.post(path(order, "lines"), expect=422, **{**form, **change}).text
    assert said in page and ("Kerja" in page or "description" in change)
    assert db.session.query(WorkLine).count() == 0


def test_a_part_comes_with_its_price_and_waits_for_stock(technician, order):
    product, outlet = order.case.unit.product, order.case.outlet
    part = factories_parts.part(product, at=outlet, on_hand=0, price=85_000)
    other = factories_parts.part("Lain: ZZ-1")
    technician.post(path(order, "lines"), kind="part", part=part.id, pieces=1)
    assert "not in stock" in technician.get(path(order, "lines")).text
    assert (
        "does not fit"
        in technician.post(path(order, "lines"), expect=422, kind="part", part=other.id, pieces=1).text
    )
    assert "Still missing" in technician.follow(technician.post(path(order, "lines/stock"))).text
    go(technician.actor, order, "diagnosing", "waiting_parts")
    assert "The part is here" not in technician.get("/desk/work-orders").text
    factories_parts.stock.count(technician.actor, part.id, outlet.id, 4, "Datang", clock.now())
    assert "The part is here: go on" in technician.get("/desk/work-orders").text
    assert "Everything is set aside" in technician.follow(technician.post(path(order, "lines/stock"))).text


def test_the_clock(technician, order):
    for _again in range(2):
        technician.post(path(order, "time"), what="start")
    assert again(order).state == "diagnosing"
    assert "Stop" in technician.get(f"/desk/work-orders/{order.code}").text
    assert "Your clock runs on" in technician.get("/desk/work-orders").text
    for _again in range(2):
        technician.post(path(order, "time"), what="stop")
    technician.post(path(order, "time"), what="add", minutes=25, note="Uji coba")
    assert "number from 1" in technician.post(path(order, "time"), expect=422, what="add", minutes=0).text
    assert again(order).minutes >= 25
    assert db.session.query(WorkTime).count() == 2


def test_two_technicians_get_two_different_ones(staff, agent, owner, order):
    one, two = staff(Role.TECHNICIAN, "Satu"), staff(Role.TECHNICIAN, "Dua")
    first = one.post("/desk/work-orders/mine/next").headers["Location"]
    assert first.endswith(order.code) and again(order).technician_id == one.person.id
    assert "Nothing waits" in two.follow(two.post("/desk/work-orders/mine/next")).text
    assert again(order).technician_id == one.person.id


def test_what_is_scanned_opens(technician, order):
    for words in (
        order.code.lower(),
        f"http://127.0.0.1:8000/desk/work-orders/{order.code}",
        order.case.code,
        order.case.unit.serial,
    ):
        assert (
            technician.get(f"/desk/work-orders?q={words}", expect=303)
            .headers["Location"]
            .endswith(order.code)
        )
    assert "No work order fits" in technician.get("/desk/work-orders?q=tidak+ada").text
    for name in ("mine", "all", "ready", "shelf", "away", "lent", "nonsense"):
        technician.get(f"/desk/work-orders?whose={name}")
        technician.get(f"/desk/work-orders?whose={name}&after=bogus")


def test_away_and_back(technician, owner, order):
    go(technician.actor, order, "diagnosing", note="")
    supplier, today = (
        factories_parts.supplier(name="Servis Pabrik"),
        clock.day_in("Asia/Jakarta", clock.now()),
    )
    technician.get(path(order, "supplier"))
    form = {
        "supplier": supplier.id,
        "reference": "RMA-1",
        "sent_on": today,
        "due_on": today + timedelta(days=9),
        "pays": "",
    }
    assert (
        "Choose the supplier"
        in technician.post(path(order, "supplier"), expect=422, **{**form, "supplier": ""}).text
    )
    assert (
        "RMA-1"
        in technician.post(path(order, "supplier"), expect=422, **{**form, "due_on": "2001-01-01"}).text
    )
    technician.post(path(order, "supplier"), version=again(order).version, **form)
    technician.post(path(order, "supplier"), expect=409, version=1, **form)
    assert "Servis Pabrik" in technician.get("/desk/work-orders?whose=away").text
    page = owner.get(f"/cases/{order.case.code}").text
    assert "expected back" in page and "Servis Pabrik" not in page and "RMA-1" not in page
    assert (
        "Choose how it came back"
        in technician.post(path(order, "supplier/back"), expect=422, to="cancelled", note="x").text
    )
    assert "what was found" in technician.post(path(order, "supplier/back"), expect=422, to="done").text
    technician.post(path(order, "supplier/back"), to="done", note="Modul diganti")
    assert again(order).state == "done"
