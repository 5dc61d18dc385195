"""Returns on both sides of the counter: three steps of the customer, three of the desk."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.claims.models import Refund
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.returns import queries
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from tests import factories


@pytest.fixture
def bought(owner, outlet, returns_for):
    """Two receipts of Siti: two shirts of today and one that is late."""
    shirt = returns_for(7)

    def sell(days, pieces):
        line = SaleLine(shirt.name, pieces, Decimal(100_000), shirt.sku)
        n = next(factories.number)
        made = factories.sold(Sale(outlet.code, f"R{n}", clock.now() - timedelta(days=days), (line,)))
        made.customer_id = owner.person.id
        factories.settle()
        return made

    return sell(0, 2), sell(9, 1)


def wanted(bought, wish="money", **changes):
    """What the address holds when everything is chosen."""
    fresh, late = (f"{purchase.code}-1" for purchase in bought)
    values = {"receipt": [purchase.code for purchase in bought], f"pieces-{fresh}": 2, f"pieces-{late}": 1}
    for key in (fresh, late):
        values |= {f"reason-{key}": "size", f"condition-{key}": "unused", f"wish-{key}": wish}
    return values | changes


def ask(owner, bought, **changes):
    there = owner.post("/returns/new", **wanted(bought, **changes)).location
    return db.session.scalars(select(Case).where(Case.code == there.rsplit("/", 1)[1])).one()


def steps(owner, bought, step, **changes):
    query = urlencode({**wanted(bought, **changes), "step": step}, doseq=True)
    return owner.get(f"/returns/new?{query}", expect=422 if changes.pop("wrong", None) else 200)


def test_three_steps_lead_to_a_return_and_nothing_is_written_before(owner, bought):
    assert bought[0].number in owner.get("/returns/new").text
    lines = steps(owner, bought, "lines").text
    assert "Until" in lines and "Returning it was possible until" in lines
    assert "Choose …" in steps(owner, bought, "wishes").text
    review = steps(owner, bought, "review").text
    assert "Rp200.000" in review and "Rp300.000" in review and "after its return period" in review
    assert not db.session.scalars(select(Case)).all()
    case = ask(owner, bought)
    assert (case.kind, case.state, len(queries.rows(case.id))) == ("return", S.SUBMITTED, 2)
    assert "What you return" in owner.get(f"/cases/{case.code}").text


def test_what_is_wrong_stands_beside_its_field_and_what_was_chosen_stays(owner, bought):
    key = f"{bought[0].code}-1"
    said = steps(owner, bought, "wishes", **{f"pieces-{key}": 3, "wrong": 1}).text
    assert "Of this, 2 can still come back." in said and 'value="3"' in said
    said = steps(owner, bought, "review", **{f"wish-{key}": "exchange", "wrong": 1}).text
    assert "Choose what you want instead." in said
    assert owner.post("/returns/new", expect=422, **wanted(bought, **{f"pieces-{key}": 3}))
    assert not db.session.scalars(select(Case)).all()


def test_asking_twice_and_for_what_is_another_ones(owner, stranger, bought):
    form = {**wanted(bought), "_key": "einmal"}
    assert owner.post("/returns/new", **form).location == owner.post("/returns/new", **form).location
    assert len(db.session.scalars(select(Case)).all()) == 1
    said = owner.post("/returns/new", expect=422, **{**form, "_key": "zweimal"}).text
    assert "A return of it is under way already." in said
    assert bought[0].number not in stranger.post("/returns/new", expect=200, **wanted(bought)).text


def decision(case, reason="", **changes):
    lines = queries.rows(case.id)
    said = {f"approved_{line.id}": "yes" for line in lines} | {f"reason_{line.id}": reason for line in lines}
    return {"version": case.version, "outcome": "approve", "reason": "Boleh.", **said, **changes}


def test_the_desk_answers_counts_and_pays_back(owner, agent, bought):
    case = ask(owner, bought)
    way = f"/desk/cases/{case.code}/goods"
    assert agent.get(f"/desk/cases/{case.code}").text.count(way) == 2
    said = agent.post(f"{way}/decide", expect=422, **decision(case)).text
    assert "Its window is over. Say why you allow it; the reason is kept." in said
    agent.post(f"{way}/decide", **decision(case, "Sakit."))
    db.session.refresh(case)
    assert case.state == S.WAITING_ITEM
    first, second = queries.rows(case.id)
    come = {f"pieces_{first.id}": 1, f"pieces_{second.id}": 1, "version": case.version}
    assert agent.post(f"{way}/count", expect=422, **{**come, f"pieces_{first.id}": 9})
    agent.post(f"{way}/count", **come)
    db.session.refresh(case)
    page = agent.get(way).text
    assert "1 of 2 counted" in page and "Rp200.000" in page
    given = {f"amount_{first.id}": "100.000", f"amount_{second.id}": "90.000", "version": case.version}
    assert "Say why less is given back" in agent.post(f"{way}/settle", expect=422, **given).text
    agent.post(f"{way}/settle", **given, **{f"why_{second.id}": "Noda."})
    assert db.session.scalars(select(Refund.amount)).all() == [190_000]
    assert agent.post(f"{way}/settle", expect=409, **given), "twice is harmless"
    assert db.session.scalars(select(Refund.amount)).all() == [190_000]
    said = owner.get(f"/cases/{case.code}").text
    assert "1 of 2 counted by the shop" in said and "Noda." in said


def test_all_lines_rejected_is_a_rejection_with_its_evidence(owner, agent, bought):
    case = ask(owner, bought)
    lines = queries.rows(case.id)
    refused = {f"approved_{line.id}": "no" for line in lines}
    form = decision(case, "Sudah dicuci.", outcome="refuse", **refused)
    way = f"/desk/cases/{case.code}/goods/decide"
    assert "A rejection names its evidence." in agent.post(way, expect=422, **form).text
    agent.post(way, **form, evidence="Foto", alternative="Jahit ulang")
    db.session.refresh(case)
    assert case.state == S.DECIDED


def test_store_credit_is_on_the_account_and_the_record(owner, agent, bought):
    case = ask(owner, bought, wish="credit")
    way = f"/desk/cases/{case.code}/goods"
    agent.post(f"{way}/decide", **decision(case, "Sakit.", outcome="keep"))
    db.session.refresh(case)
    assert case.state == S.CLOSED
    for page in (owner.get("/account"), agent.get(f"/desk/customers/{owner.person.code}")):
        assert re.search(r"Store credit.{0,80}Rp300\.000", page.text, re.DOTALL)


def test_who_may_do_what(owner, stranger, agent, technician, bought, claim):
    case = ask(owner, bought)
    way = f"/desk/cases/{case.code}/goods"
    for name in ("decide", "settle"):
        technician.post(f"{way}/{name}", expect=403)
        owner.post(f"{way}/{name}", expect=403)
        agent.get(f"{way}/{name}", expect=405)
    technician.get(way)
    agent.get(f"/desk/cases/{claim.code}/goods", expect=404)
    agent.post(f"/desk/cases/{claim.code}/goods/decide", expect=404)
    stranger.get(f"/cases/{case.code}", expect=404)
    agent.get("/returns/new", expect=403)
