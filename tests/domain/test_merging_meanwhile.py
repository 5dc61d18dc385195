"""Records that become one and two again while sales come in, drafts exist and others do the same."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import merging, queries
from portal.domain.accounts.models import Customer, CustomerMerge
from portal.domain.accounts.rules import Role
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.intake import writer
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser
from tests.threads import at_once

PHONE, OTHER = "+6281355557890", "+6281355551234"
FIXED = datetime(2024, 2, 29, tzinfo=UTC)


def merge(agent: Browser, kept: Customer, merged: Customer) -> CustomerMerge:
    made = merging.merge(agent.actor, kept, merged, clock.now())
    factories.settle()
    return made


def undo(agent: Browser, made: CustomerMerge) -> None:
    merging.undo(agent.actor, made, clock.now())
    factories.settle()


def sale(outlet: Any, number: str, **buyer: Any) -> Sale:
    return replace(Sale(outlet.code, number, FIXED, (SaleLine("Kabel", 1, Decimal(1)),)), **buyer)


def test_each_into_the_other_at_the_same_moment(both: Flask) -> None:
    agent = Browser(both, factories.staff(Role.AGENT))
    for _pair in range(6):
        ids = [accounts.new_customer(clock.now(), name=name).id for name in "AB"]

        def join(n: int, ids: list[int] = ids) -> None:
            kept, merged = (db.session.get_one(Customer, ids[(n + k) % 2]) for k in range(2))
            merging.merge(agent.actor, kept, merged, clock.now())

        answers = at_once(both, 2, join)
        assert sum(isinstance(answer, Refused) for answer in answers) == 1
        db.session.expire_all()
        leads = [db.session.get_one(Customer, number).merged_into_id for number in ids]
        assert leads.count(None) == 1, "no circle"


def test_a_sale_that_comes_in_while_its_buyer_is_merged(both: Flask) -> None:
    agent, outlet = Browser(both, factories.staff(Role.AGENT)), factories.outlet()
    kept = accounts.new_customer(clock.now(), name="Siti", phone=PHONE)
    for n in range(4):
        merged = accounts.new_customer(clock.now(), name=f"Siti {n}", phone=f"{OTHER}{n}")
        told, (kept_id, merged_id) = sale(outlet, f"N{n}", buyer_phone=merged.phone), (kept.id, merged.id)
        db.session.commit()

        def act(k: int, told: Sale = told, ids: tuple[int, int] = (kept_id, merged_id)) -> None:
            if k:
                writer.bring([told], clock.now(), source="api")
            else:
                one, other = (db.session.get_one(Customer, number) for number in ids)
                merging.merge(agent.actor, one, other, clock.now())
                factories.settle()

        at_once(both, 2, act)
        db.session.expire_all()
    assert set(db.session.scalars(db.select(Purchase.customer_id))) == {kept.id}


def test_what_the_merged_one_bought_meanwhile_goes_back_along(agent, outlet, product):
    told = (("Siti", PHONE), ("Budi", OTHER))
    siti, budi = (accounts.new_customer(clock.now(), name=name, phone=phone) for name, phone in told)
    made = merge(agent, siti, budi)
    his = factories.purchase(outlet, [(product, 1)], buyer_name="Budi", buyer_phone=OTHER)
    mine = factories.purchase(outlet, [(product, 1)], buyer_name="Siti", buyer_phone=PHONE)
    assert his.customer_id == mine.customer_id == siti.id
    undo(agent, made)
    db.session.expire_all()
    assert (his.customer_id, mine.customer_id) == (budi.id, siti.id)
    assert factories.units_of(his)[0].holder_id == budi.id


def test_drafts_of_the_same_item_do_not_collide(agent, owner, outlet, product):
    twin = factories.customer("Siti R.")
    bought = factories.purchase(outlet, [(product, 1)], buyer=twin)
    item = factories.units_of(bought)[0]

    def draft(browser: Browser) -> None:
        claims.draft(browser.actor, item, symptom="tv_no_power", story="x", photos=[], now=clock.now())
        factories.settle()

    for _again in range(2):
        made = merge(agent, owner.person, twin)
        draft(owner)
        undo(agent, made)
        db.session.expire_all()
        assert item.holder_id == twin.id
        assert {case.customer_id for case in db.session.scalars(db.select(Case))} == {twin.id}
        draft(Browser(agent.app, twin))


def test_a_claim_filed_while_they_were_one_goes_with_its_item(agent, owner, outlet, product):
    twin = factories.customer("Siti R.")
    item = factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=twin))[0]
    made = merge(agent, owner.person, twin)
    case = factories.claim(owner.actor, item)
    undo(agent, made)
    db.session.expire_all()
    assert case.customer_id == twin.id == item.holder_id
    assert queries.living(twin) is twin
