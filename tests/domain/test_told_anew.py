"""A till corrects itself: whose the receipt is, what it is called."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases import actions as purchases
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.purchases.rules import Sale
from portal.kernel import clock
from tests import factories
from tests.domain.test_taking_back import tv
from tests.domain.test_writer import bring, sale


def test_a_corrected_buyer(outlet: Outlet, product: Product) -> None:
    told = sale(outlet, "1", tv(product), buyer_name="Siti", buyer_phone="+6281234567890")
    (brought,) = bring(told)
    bring(replace(told, buyer_name="Budi", buyer_phone="+6281298765432"))
    made = db.session.get_one(Purchase, brought.purchase_id, populate_existing=True)
    first = made.customer
    assert first and first.name == "Budi" and factories.units_of(made)[0].holder_id == first.id
    owner = factories.customer("Tono", "tono@contoh.id")
    made.customer_id = owner.id
    bring(replace(told, buyer_name="Rudi", buyer_phone="+6281211112222"))
    db.session.refresh(made)
    assert made.customer_id == owner.id and made.buyer_name == "Rudi", "whoever took it keeps it"


def test_a_doubt_goes_when_the_till_says_more(outlet: Outlet, product: Product) -> None:
    phone = "+6281234567890"
    bring(sale(outlet, "1", buyer_name="Siti Rahma", buyer_phone=phone))
    told = sale(outlet, "2", tv(product), buyer_name="Budi Santoso", buyer_phone=phone)
    bring(told)
    (doubt,) = db.session.scalars(select(PurchaseDoubt))
    assert doubt.reason == "other_name" and doubt.purchase.customer_id is None
    first = doubt.candidates[0]
    bring(replace(told, cashier="Ani"))
    doubt = db.session.scalars(select(PurchaseDoubt)).one()
    doubt.settled_at, doubt.purchase.customer_id = clock.now(), first
    bring(replace(told, buyer_name="Budi S."))
    assert doubt.purchase.customer_id == first, "what a person said counts"
    doubt.settled_at, doubt.purchase.customer_id = None, None
    bring(replace(told, buyer_phone="+6281298765432"))
    assert not db.session.scalars(select(PurchaseDoubt)).all()
    assert db.session.scalars(select(Customer.name).order_by(Customer.id)).all() == [
        "Siti Rahma",
        "Budi Santoso",
    ]


def test_a_taken_receipt_keeps_its_account_when_its_lines_change(outlet: Outlet, product: Product) -> None:
    made = factories.purchase(outlet, [(product, 1)])
    owner = factories.customer("Tono")
    purchases.give_to(made, owner)
    factories.settle()
    told = Sale(outlet.code, made.number, made.bought_at, (tv(product, 2),), buyer_name="Tono")
    bring(told)
    db.session.expire_all()
    assert {unit.holder_id for unit in factories.units_of(made)} == {owner.id}


@pytest.mark.parametrize("way", ["number", "external"])
def test_a_till_may_rename_its_receipt(outlet: Outlet, product: Product, way: str) -> None:
    told = sale(outlet, "#1001", tv(product), external_id="820982911946154508")
    (first,) = bring(told, source="shopify:X")
    changed = (
        replace(told, number="#1002") if way == "number" else replace(told, external_id=None, cashier="Ani")
    )
    (second,) = bring(changed, source="shopify:X")
    assert (second.fate, second.purchase_id, second.code) == ("changed", first.purchase_id, first.code)
    db.session.expire_all()
    assert db.session.get_one(Purchase, first.purchase_id).external_id == "820982911946154508"
