"""Returns at the desk: goods written down, items told apart, rejected after a look, opened again."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims.models import Refund
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Subject
from portal.domain.returns import credit, queries
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from tests import factories
from tests.returning import approve, ask, asked, come

NEVER = "A return is answered line by line"


@pytest.fixture
def buy(owner, outlet, returns_for):
    shirt = returns_for(7)

    def sell(pieces=2, serials=(), what=None):
        thing = what or shirt
        line = SaleLine(thing.name, pieces, Decimal(100_000), thing.sku, serials=tuple(serials))
        made = factories.sold(Sale(outlet.code, f"R{next(factories.number)}", clock.now(), (line,)))
        made.customer_id = owner.person.id
        factories.settle()
        return made

    return sell


def wanted(purchase, pieces=1, wish="money"):
    key = f"{purchase.code}-1"
    return {
        "receipt": purchase.code, f"pieces-{key}": pieces, f"reason-{key}": "size",
        f"condition-{key}": "unused", f"wish-{key}": wish,
    }  # fmt: skip


def test_a_case_that_became_a_return_gets_its_goods_at_the_desk(owner, agent, buy):
    purchase = buy()
    case = requests.ask(
        owner.actor, owner.person, "question", Subject(purchase=purchase, outlet=purchase.outlet),
        {"story": "Boleh tukar?", "way": "message"}, now=clock.now(),
    )  # fmt: skip
    factories.settle()
    agent.post(f"/desk/cases/{case.code}/kind?to=return")
    way = f"/desk/cases/{case.code}/goods"
    assert f"{way}/add" in agent.get(way).text
    assert purchase.number in agent.get(f"{way}/add").text
    assert "What comes back?" in agent.get(f"{way}/add?receipt={purchase.code}").text
    form = {**wanted(purchase), "_key": "einmal"}
    agent.post(f"{way}/add", **form)
    agent.post(f"{way}/add", **form)
    [line] = queries.rows(case.id)
    assert (line.asked, line.receipt) == (1, purchase.number), "twice is harmless"
    said = agent.post(f"{way}/add", expect=422, **wanted(purchase)).text
    assert "This line is in the case already." in said
    assert "What you return" in owner.get(f"/cases/{case.code}").text
    approve(agent, case)
    db.session.commit()
    agent.post(f"{way}/add", expect=422, **wanted(buy()))
    assert f"{way}/add" not in agent.get(way).text


def test_a_claim_that_is_at_the_shop_is_looked_at_again_as_a_return(owner, agent, claim):
    for event in (E.REVIEW, E.REQUEST_ITEM, E.RECEIVE):
        cases.move(agent.actor, claim, event, clock.now())
    cases.refile(agent.actor, claim, "return", clock.now())
    assert claim.state == S.UNDER_REVIEW


def test_an_answer_after_the_kind_changed_brings_the_case_back_to_the_desk(owner, agent, claim):
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Foto?")
    cases.refile(agent.actor, claim, "return", clock.now())
    cases.move(owner.actor, claim, E.ANSWER, clock.now(), body="Ini")
    assert claim.state == S.SUBMITTED


def test_a_return_is_opened_at_the_counter(owner, agent, technician, buy):
    purchase, here = buy(), f"/desk/customers/{owner.person.code}/ask"
    assert f"{here}/return" in agent.get(here).text
    there = agent.post(f"{here}/return", **wanted(purchase), story="Di toko").location
    case = db.session.scalars(select(Case).where(Case.code == there.rsplit("/", 1)[1])).one()
    assert (case.customer_id, case.state) == (owner.person.id, S.SUBMITTED)
    assert "Di toko" in owner.get(f"/cases/{case.code}").text
    technician.post(f"{here}/return", expect=403, **wanted(purchase))


def test_the_item_that_came_is_the_shops_and_the_other_stays(owner, agent, buy, product):
    purchase = buy(2, ("SN-A", "SN-B"), product)
    first, second = factories.units_of(purchase)
    case = ask(owner, asked(purchase, 1))
    approve(agent, case, reason="Boleh.")
    [line] = queries.rows(case.id)
    way = f"/desk/cases/{case.code}/goods"
    page = agent.get(way).text
    assert "Which of them came?" in page and "SN-A" in page
    form = {"version": case.version, f"pieces_{line.id}": 1}
    said = agent.post(f"{way}/count", expect=422, **form).text
    assert "Tick as many items as came: 1." in said
    agent.post(f"{way}/count", expect=422, **form, **{f"units_{line.id}": [first.id, second.id]})
    agent.post(f"{way}/count", expect=422, **form, **{f"units_{line.id}": owner.unit.id})
    agent.post(f"{way}/count", **form, **{f"units_{line.id}": first.id})
    db.session.refresh(case)
    agent.post(f"{way}/settle", version=case.version)
    db.session.expire_all()
    assert [unit.registration for unit in (first, second)] == ["returned", "valid"]


@pytest.fixture
def counted(owner, agent, buy):
    """A return of two lines that was approved and counted."""
    case = ask(owner, asked(buy(1)), asked(buy(1), key="y"))
    approve(agent, case)
    come(agent, case, 1, 1)
    db.session.commit()
    return case


def test_all_is_rejected_after_a_look_and_goes_back(owner, agent, technician, counted):
    way = f"/desk/cases/{counted.code}/goods/back"
    form = {"back-version": counted.version, "back-reason": "Ada noda.", "back-alternative": "Cuci"}
    assert "A rejection names its evidence." in agent.post(way, expect=422, **form).text
    form |= {"back-evidence": "Foto 1"}
    technician.post(way, expect=403, **form)
    agent.get(way, expect=405)
    agent.post(way, **form)
    agent.post(way, expect=409, **form)
    db.session.refresh(counted)
    assert counted.state == S.GOING_BACK and not db.session.scalars(select(Refund)).all()
    said = owner.get(f"/cases/{counted.code}").text
    assert "Rejected: you get the goods back" in said and "Foto 1" in said and "Appeal" in said
    agent.post(f"/desk/cases/{counted.code}/moves", event=E.HAND_OVER, version=counted.version)
    db.session.refresh(counted)
    assert counted.state == S.CLOSED
    owner.post(f"/cases/{counted.code}/appeal", body="Noda itu sudah ada.")
    db.session.refresh(counted)
    assert counted.state == S.APPEALED


def test_one_line_goes_back_and_the_other_is_paid(owner, agent, counted):
    first, second = queries.rows(counted.id)
    way = f"/desk/cases/{counted.code}/goods/settle"
    form = {"version": counted.version, f"rejected_{first.id}": "y", f"amount_{second.id}": "100.000"}
    assert "Say why, so that the customer understands it." in agent.post(way, expect=422, **form).text
    every = {f"rejected_{n.id}": "y" for n in (first, second)} | {f"why_{n.id}": "x" for n in (first, second)}
    said = agent.post(way, expect=422, version=counted.version, **every).text
    assert "then reject the return below" in said
    agent.post(way, **form, **{f"why_{first.id}": "Sudah dipakai."})
    db.session.expire_all()
    assert (first.ruling, first.paid, second.paid) == ("refused", None, 100_000)
    assert db.session.scalars(select(Refund.amount)).all() == [100_000]
    assert [line.brought_back for line in (first.line, second.line)] == [0, 1]
    assert "Sudah dipakai." in owner.get(f"/cases/{counted.code}").text


@pytest.mark.parametrize("outcome", ["approve", "keep", "refuse"])
def test_no_return_is_decided_past_its_lines(owner, agent, buy, outcome):
    case = ask(owner, asked(buy()))
    form = {"version": case.version, "outcome": outcome, "reason": "Ya", "evidence": "x", "alternative": "y"}
    assert NEVER in agent.post(f"/desk/cases/{case.code}/resolve", expect=422, **form).text
    db.session.refresh(case)
    assert case.state == S.SUBMITTED and queries.rows(case.id)[0].ruling == "open"


def test_what_was_settled_is_not_paid_again_when_the_case_is_opened_again(owner, agent, buy):
    case = ask(owner, asked(buy(3), 1, "credit"))
    way = f"/desk/cases/{case.code}/goods"

    def keeps(line):
        form = {"version": case.version, "outcome": "keep", "reason": "Ya", f"approved_{line.id}": "yes"}
        agent.post(f"{way}/decide", **form)
        db.session.refresh(case)
        return credit.balance(owner.person.id, "IDR")

    [line] = queries.rows(case.id)
    assert (keeps(line), case.state) == (100_000, S.CLOSED)
    cases.move(owner.actor, case, E.REOPEN, clock.now(), body="Masih ada satu")
    db.session.commit()
    page = agent.get(way).text
    assert "goods/decide" not in page and f"{way}/add" in page
    said = agent.post(f"{way}/decide", expect=422, version=case.version, outcome="keep", reason="Ya").text
    assert "Write down first what comes back." in said
    agent.post(f"{way}/add", **wanted(buy(), wish="credit"))
    db.session.refresh(case)
    assert not re.search(rf"approved_{line.id}\b", agent.get(way).text)
    assert keeps(queries.to_settle(case.id)[0]) == 200_000


def test_a_step_that_is_over_meanwhile_says_so(owner, agent, counted):
    """Somebody settled it while somebody else was still counting."""
    way = f"/desk/cases/{counted.code}/goods"
    old = {"version": counted.version, **{f"pieces_{n.id}": 1 for n in queries.rows(counted.id)}}
    agent.post(f"{way}/settle", version=counted.version)
    for name in ("count", "settle", "back"):
        form = {**old, "back-version": old["version"], "back-reason": "x"}
        assert "Somebody else changed this case" in agent.post(f"{way}/{name}", expect=409, **form).text
