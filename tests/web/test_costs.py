"""What warranty work costs: known to managers alone, right to the last rupiah, also as a file."""

from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.costs import actions as costs
from portal.domain.costs import queries
from portal.domain.costs.models import Recovery
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs import settings
from portal.domain.repairs.rules import LineKind, S
from portal.domain.suppliers.models import Supplier
from portal.kernel import clock
from tests import factories

PANEL, TIME, HELP, FREIGHT = 800_000, 3_334, 50_000, 25_000


@pytest.fixture
def order(claim, agent, manager):
    """A repair under warranty that is done: a panel, foreign help, and 40 minutes at Rp5.001 an hour."""
    factories.decide(agent.actor, claim)
    factories.settle()
    settings.load().hour_cost = 5_001
    made = repairs.open_for(SYSTEM, claim, clock.now())
    for kind, what, cost in (
        (LineKind.PART, "Panel", PANEL), (LineKind.LABOUR, "Tukang las", HELP), (LineKind.FEE, "Antar", None),
    ):  # fmt: skip
        work_lines.add(SYSTEM, made, work_lines.NewLine(kind, what, 1_000_000, cost=cost), clock.now())
    for line in work_lines.of_order(made.id):
        line.billing = "warranty"
    made.minutes = 40
    for state in (S.IN_PROGRESS, S.DONE):
        repairs.move(SYSTEM, made, state, note="Selesai", now=clock.now())
    factories.settle()
    db.session.add(Supplier(code="NUSA", name="Nusa Servis", kind="maker"))
    db.session.commit()
    return made


def page(order, tail=""):
    return f"/desk/work-orders/{order.code}/costs{tail}"


def sums_of(order):
    hour_cost, recovery = queries.beside(order.id)
    lines, legs = work_lines.of_order(order.id), costs.legs_of(order)
    return queries.of_order(order, lines, legs, hour_cost, recovery.paid if recovery else 0)


def supplier():
    return str(db.session.query(Supplier).one().id)


def test_what_one_repair_cost(order, manager):
    sums = sums_of(order)
    assert (sums.parts, sums.labour, sums.spent) == (PANEL, HELP + TIME, PANEL + HELP + TIME)
    fee = work_lines.of_order(order.id)[2]
    assert "Write an amount" in manager.post(page(order), expect=422, **{f"line_{fee.id}": "banyak"}).text
    kept = {
        f"line_{line.id}": f"{line.cost or FREIGHT:,}".replace(",", ".")
        for line in work_lines.of_order(order.id)
    }
    manager.post(page(order), **kept)
    manager.post(page(order), **kept)
    db.session.rollback()
    assert sums_of(order).net == PANEL + HELP + TIME + FREIGHT


def test_the_supplier_is_asked_and_answers(order, manager):
    assert (
        "Choose the supplier"
        in manager.post(page(order, "/ask"), expect=422, **{"ask-supplier": "", "ask-asked": "5"}).text
    )
    asked = {"ask-supplier": supplier(), "ask-asked": "800.000", "ask-reference": "RMA-7"}
    manager.post(page(order, "/ask"), **asked)
    manager.post(page(order, "/ask"), **{**asked, "ask-asked": "790.000"})
    assert "RMA-7" in manager.get(page(order)).text
    version = str(db.session.query(Recovery).one().version)
    db.session.rollback()
    answer = {"answer-paid": "700.000", "answer-note": "Dipotong", "answer-version": version}
    assert manager.post(page(order, "/answer"), expect=409, **{**answer, "answer-version": "99"})
    assert "why" in manager.post(page(order, "/answer"), expect=422, **{"answer-paid": "0"}).text
    manager.post(page(order, "/answer"), **answer)
    made = db.session.query(Recovery).one()
    assert (made.asked, made.paid, made.answer) == (790_000, 700_000, "paid")
    db.session.rollback()
    assert "answered already" in manager.post(page(order, "/ask"), expect=422, **asked).text
    assert sums_of(order).net == PANEL + HELP + TIME - 700_000


def test_nothing_is_heard_before_it_was_asked(order, manager):
    manager.post(page(order, "/answer"), expect=422, **{"answer-paid": "1"})


@pytest.mark.parametrize("by", ["product", "unit", "supplier"])
def test_added_up_on_the_page_and_in_the_file(order, manager, by):
    manager.post(page(order, "/ask"), **{"ask-supplier": supplier(), "ask-asked": "800.000"})
    assert "Rp853.334" in manager.get(f"/desk/costs?by={by}").text
    answer = manager.get(f"/desk/costs.xlsx?by={by}")
    head, row = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert (told["Work orders"], told["Spent"], told["Asked of suppliers"]) == (1, 853_334, 800_000)
    assert told["Lines without a cost"] == 1
    assert told["Code"] == {"product": order.case.unit.product.sku, "unit": order.case.unit.code}.get(
        by, "NUSA"
    )


def test_only_what_was_done_in_the_time_asked_for(order, manager):
    before = (clock.now() - timedelta(days=2)).date().isoformat()
    assert "No warranty work" in manager.get(f"/desk/costs?since=2001-01-01&until={before}").text
    manager.get("/desk/costs?since=gestern&until=&by=nobody")
    manager.get("/desk/costs?since=0001-01-01&until=9999-12-31")


def test_costs_are_nobody_elses_business(order, agent, technician, owner, client):
    for browser in (agent, technician):
        for path in (page(order), "/desk/costs", "/desk/costs.xlsx"):
            browser.get(path, expect=403)
        browser.post(page(order), expect=403)
        assert "/costs" not in browser.get(f"/desk/work-orders/{order.code}").text
    owner.get(page(order), expect=403)
    client.get("/desk/costs", expect=303)
