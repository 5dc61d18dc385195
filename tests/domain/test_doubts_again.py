"""A doubt that a person has settled is not asked again: contacts, names and earlier answers tell."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.purchases import doubts
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from tests import factories

PHONE = "+6281355557890"
SITI = {"buyer_name": "Siti Rahma", "buyer_phone": PHONE}
BUDI = {"buyer_name": "Budi Santoso", "buyer_phone": PHONE}
FIXED = datetime(2024, 2, 29, tzinfo=UTC)


@pytest.fixture
def sell(app: Flask, outlet: Any) -> Any:
    """`sell(**SITI)`: one more sale; its receipt."""
    numbers = count(1)

    def sold(**buyer: Any) -> Purchase:
        line = SaleLine("Kabel", 1, Decimal(1000))
        made = factories.sold(replace(Sale(outlet.code, f"N{next(numbers)}", FIXED, (line,)), **buyer))
        factories.settle()
        return made

    return sold


def settle(agent: Any, made: Purchase, customer: Customer | None) -> None:
    doubt = db.session.scalars(db.select(PurchaseDoubt).where(PurchaseDoubt.purchase_id == made.id)).one()
    doubts.settle(agent.actor, doubt, customer, clock.now())
    factories.settle()


def test_none_of_them_and_from_then_on_the_name_tells(sell, agent):
    siti = sell(**SITI)
    budi = sell(**BUDI)
    settle(agent, budi, None)
    assert budi.customer_id not in (None, siti.customer_id)
    assert sell(**BUDI).customer_id == budi.customer_id
    assert sell(**SITI).customer_id == siti.customer_id
    assert sell(buyer_phone=PHONE).customer_id is None, "without a name nobody can say"
    assert sell(buyer_name="Tono", buyer_phone=PHONE).customer_id is None


def test_the_same_buyer_told_in_the_same_words_goes_where_a_person_said(sell, agent):
    siti, husband = sell(**SITI), sell(**BUDI)
    settle(agent, husband, siti.customer)
    assert sell(**BUDI).customer_id == siti.customer_id
    assert sell(buyer_name="Tono", buyer_phone=PHONE).customer_id is None
    siti.customer.disabled_at = clock.now()
    db.session.commit()
    assert sell(**BUDI).customer_id != siti.customer_id


def test_what_a_person_said_last_counts(sell, agent):
    siti, one, two = sell(**SITI), sell(**BUDI), sell(**BUDI)
    settle(agent, one, siti.customer)
    settle(agent, two, None)
    assert sell(**BUDI).customer_id == two.customer_id


def test_both_contacts_tell_more_than_one(sell, agent):
    siti = sell(**SITI, buyer_email="siti@contoh.id")
    other = sell(**SITI, buyer_email="lain@contoh.id")
    settle(agent, other, None)
    assert sell(buyer_phone=PHONE, buyer_email="lain@contoh.id").customer_id == other.customer_id
    assert sell(buyer_phone=PHONE, buyer_email="siti@contoh.id").customer_id == siti.customer_id


def test_what_its_buyer_took_is_no_answer_of_the_shops(sell, agent, stranger):
    sell(**SITI)
    taken = sell(**BUDI)
    taken.customer_id = stranger.person.id
    doubts.settle_claimed(taken.id, clock.now())
    factories.settle()
    assert sell(**BUDI).customer_id is None


def test_a_phone_alone_is_asked_about_once(sell, agent):
    siti, budi = sell(**SITI), sell(**BUDI)
    settle(agent, budi, None)
    alone = sell(buyer_phone=PHONE)
    settle(agent, alone, siti.customer)
    assert sell(buyer_phone=PHONE).customer_id == siti.customer_id
    assert sell(**BUDI).customer_id == budi.customer_id
