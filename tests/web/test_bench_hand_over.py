"""Lending and handing over: who may, what blocks it, how it is proven."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.repairs import handing
from portal.domain.repairs.models import Loan, WorkOrder
from portal.kernel import clock
from tests import factories
from tests.factories_bench import go, order_of, taken_in

DRAWN = " ".join(f"{n * 20},{100 + n * 7}" for n in range(1, 12))


@pytest.fixture
def order(agent, technician, claim) -> WorkOrder:
    taken_in(agent.actor, claim)
    factories.decide(agent.actor, claim)
    order = order_of(claim)
    go(technician.actor, order, "diagnosing", "in_progress")
    return order


@pytest.fixture
def done(technician, order) -> WorkOrder:
    go(technician.actor, order, "done")
    return order


def path(order, way):
    return f"/desk/work-orders/{order.code}/{way}"


def again(row):
    db.session.expire_all()
    return db.session.get(type(row), row.id)


def test_by_signature(agent, owner, done):
    agent.get(path(done, "hand-over"))
    agent.post(path(done, "hand-over"), to="Ibu Siti", proof="signature", drawn=DRAWN, version=done.version)
    done = again(done)
    assert (done.state, done.handed_to, done.case.state) == ("handed_over", "Ibu Siti", "closed")
    page = agent.get(f"/desk/work-orders/{done.code}").text
    assert "<polyline" in page and "Ibu Siti" in page
    assert "polyline" not in owner.get(f"/cases/{done.case.code}").text


def test_by_the_code_that_only_the_customer_reads(agent, owner, stranger, done):
    code = handing.code_of(done.id)
    assert f"{code[:3]} {code[3:]}" in owner.get(f"/cases/{done.case.code}").text
    assert code not in agent.get(f"/desk/work-orders/{done.code}").text
    assert code not in agent.get(f"/desk/cases/{done.case.code}").text
    agent.post(path(done, "hand-over"), to="Siti", proof="code", code=f"{code[:3]} {code[3:]}")
    assert again(done).handed_proof == "code"
    assert code not in owner.get(f"/cases/{done.case.code}").text


def test_a_wrong_code_can_be_tried_five_times(agent, done):
    right = handing.code_of(done.id)
    wrong = "000000" if right != "000000" else "111111"
    for said in ("tried 4 more", "tried 3 more", "tried 2 more", "tried 1 more", "wrong too often"):
        page = agent.post(path(done, "hand-over"), expect=422, to="x", proof="code", code=wrong).text
        assert said in page
    page = agent.post(path(done, "hand-over"), expect=422, to="x", proof="code", code=right).text
    assert "wrong too often" in page and again(done).state == "done"
    agent.post(path(done, "hand-over"), to="Siti", proof="paper")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"to": ""}, "who collects it"),
        ({"proof": ""}, "Choose how they show"),
        ({"proof": "smile"}, "not available"),
        ({"proof": "signature", "drawn": "1,1"}, "Please sign"),
        ({"proof": "signature", "drawn": "<svg onload=x>"}, "Please sign"),
    ],
)
def test_what_is_no_proof(agent, done, form, said):
    page = agent.post(path(done, "hand-over"), expect=422, **{"to": "Siti", "proof": "paper", **form}).text
    assert said in page and again(done).state == "done"


def test_not_before_it_is_ready_and_only_once(agent, order, technician):
    page = agent.post(path(order, "hand-over"), expect=422, to="Siti", proof="paper").text
    assert "not ready yet" in page
    go(technician.actor, order, "done")
    form = {"to": "Siti", "proof": "paper", "_key": "sekali", "version": order.version}
    first = agent.post(path(order, "hand-over"), **form)
    assert agent.post(path(order, "hand-over"), **form).headers["Location"] == first.headers["Location"]
    agent.post(path(order, "hand-over"), expect=409, to="Lain", proof="paper", version=form["version"])
    assert again(order).handed_to == "Siti"


def test_customers_cannot(owner, client, agent, done):
    for way in ("hand-over", "loan", "loan/back"):
        owner.post(path(done, way), expect=403)
        client.post(path(done, way))  # to sign in
        agent.post(f"/desk/work-orders/NOTHERE0/{way}", expect=404)


def test_a_loan_blocks_everything_until_it_is_back(agent, owner, technician, order):
    today = clock.day_in("Asia/Jakarta", clock.now())
    form = {
        "product": "TV 24 inci",
        "serial": "PNJ-1",
        "condition": "Mulus",
        "due_on": today + timedelta(days=5),
    }
    agent.get(path(order, "loan"))
    assert "until when" in agent.post(path(order, "loan"), expect=422, **{**form, "due_on": ""}).text
    assert "what is lent" in agent.post(path(order, "loan"), expect=422, **{**form, "product": ""}).text
    agent.post(path(order, "loan"), **form)
    assert "not back yet" in agent.post(path(order, "loan"), expect=422, **form).text
    assert "TV 24 inci" in agent.get("/desk/work-orders?whose=lent").text
    assert "Loan out" in agent.get("/desk/work-orders?whose=all").text
    assert "has a loaned unit" in agent.get(f"/desk/cases/{order.case.code}").text
    assert "TV 24 inci" in owner.get(f"/cases/{order.case.code}").text
    go(technician.actor, order, "done")
    page = agent.post(path(order, "hand-over"), expect=422, to="Siti", proof="paper").text
    assert "loaned unit (TV 24 inci) is not back yet" in page
    case = again(order).case
    page = agent.post(
        f"/desk/cases/{case.code}/moves", expect=422, event="hand_over", version=case.version
    ).text
    assert "lent is not back yet" in page
    loan = db.session.query(Loan).one()
    assert "how it came back" in agent.post(path(order, "loan/back"), expect=422, condition_back="").text
    agent.post(path(order, "loan/back"), condition_back="Baik", version=loan.version)
    agent.post(path(order, "loan/back"), condition_back="Lain", version=loan.version)
    assert again(loan).condition_back == "Baik"
    agent.post(path(order, "hand-over"), to="Siti", proof="paper")
    assert again(order).case.state == "closed"
