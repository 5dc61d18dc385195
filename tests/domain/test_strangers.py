"""What one customer could learn of another: by records that lead together and numbers given to new people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from portal.db import db
from portal.domain.accounts import merging
from portal.domain.outbox.models import OutboxMessage
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

PHONE, LATER = "+6281355557890", "+6281355551234"
FIXED = datetime(2024, 2, 29, tzinfo=UTC)
TOLD = {"name": "buyer_name", "phone": "buyer_phone", "email": "buyer_email", "ref": "customer_ref"}


@pytest.fixture
def sell(outlet) -> Callable[..., Purchase]:
    """`sell("1", name=…, phone=…, email=…, ref=…)`: what a till tells of a buyer; the receipt."""

    def sold(number: str, **buyer: Any) -> Purchase:
        sale = Sale(outlet.code, number, FIXED, (SaleLine("Kabel", 1, Decimal(1000), "K-1"),))
        made = factories.sold(replace(sale, **{TOLD[name]: value for name, value in buyer.items()}))
        factories.settle()
        return made

    return sold


def by_digits(app, made: Purchase) -> Browser:
    browser = Browser(app)
    browser.post(f"/q/{queries.token_of(made.id)}/phone", digits=made.buyer_phone[-4:])
    return browser


def asks(app, made: Purchase) -> tuple[Browser, str]:
    """A browser that asked for a code for this receipt, and the code."""
    browser = Browser(app)
    browser.post(f"/q/{queries.token_of(made.id)}/code")
    db.session.expire_all()
    sent = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return browser, sent.values["code"]


def by_code(app, made: Purchase) -> Browser:
    browser, code = asks(app, made)
    browser.post(f"/q/{queries.token_of(made.id)}/code/check", code=code)
    return browser


def sees(browser: Browser, *all_made: Purchase) -> list[bool]:
    """Of each receipt, whether its page opens."""
    paths = [f"/purchases/{made.code}" for made in all_made]
    return [browser.client.get(path, base_url=browser._host()).status_code == 200 for path in paths]


def test_a_number_that_was_given_to_somebody_else_opens_one_receipt(app, sell):
    first = sell("1", phone=PHONE)
    earlier = by_digits(app, first)
    second = sell("2", phone=PHONE)
    assert sees(by_digits(app, second), first, second) == [False, True]
    assert sees(earlier, first) == [True]


def test_a_corrected_contact_opens_nothing_of_whoever_has_the_receipt(app, sell):
    first, wrong = (sell(number, name="Siti", phone=PHONE) for number in "12")
    first.customer.opened_at = clock.now()
    db.session.commit()
    corrected = sell("2", name="Budi", phone=LATER, email="budi@contoh.id")
    assert corrected.id == wrong.id
    for budi in (by_digits(app, corrected), by_code(app, corrected)):
        assert sees(budi, first, corrected) == [False, True]
        assert "Siti" not in budi.get("/home").text
    assert not first.customer.proven


def test_a_corrected_number_opens_no_record_of_one_receipt(app, sell):
    wrong = sell("1", name="Siti", phone=PHONE)
    by_digits(app, wrong)
    corrected = sell("1", name="Budi", phone=LATER)
    browser = by_digits(app, corrected)
    assert "Siti" not in browser.get("/home").text
    browser.post("/account", name="Budi", language="id", expect=409)


def test_a_tills_name_for_everybody_is_nobodys_account(app, sell):
    """Some tills call all who come by "1", cash customer."""
    one = sell("1", name="Umum", phone=PHONE, ref="1")
    by_digits(app, one)
    assert sell("2", name="Umum", phone=LATER, ref="1").customer_id != one.customer_id
    assert sell("3", name="Umum", phone=PHONE, ref="1").customer_id == one.customer_id


def test_an_address_opens_a_record_only_when_the_record_knows_it(app, sell):
    one = sell("1", name="Siti", phone=PHONE, email="siti@contoh.id")
    other, third = (sell(number, name="Dua", email="dua@contoh.id") for number in "23")
    other.customer_id = one.customer_id  # a person was wrong at a doubt
    db.session.commit()
    assert sees(by_code(app, other), one, other, third) == [False, True, True]
    assert sees(by_code(app, one), one, other) == [True, False]


def test_paper_without_a_contact_opens_no_record_of_those_to_come(app, sell):
    one = sell("1", name="Umum", ref="1")
    browser = Browser(app)
    browser.post(f"/q/{queries.token_of(one.id)}/keep")
    assert sees(browser, one, sell("2", name="Umum", ref="1")) == [True, False]


def test_a_code_that_was_asked_for_before_the_receipt_went_elsewhere(app, sell, owner):
    made = sell("1", name="Budi", phone=PHONE, email="budi@contoh.id")
    budi, code = asks(app, made)
    owner.post(f"/q/{queries.token_of(made.id)}/phone", digits=PHONE[-4:])
    budi.post(f"/q/{queries.token_of(made.id)}/code/check", code=code)
    assert sees(budi, owner.purchase) == [False]
    assert "Siti" not in budi.get("/home").text


def test_what_was_opened_while_two_records_were_one_ends_with_it(app, sell, agent):
    siti, budi = sell("1", name="Siti", phone=PHONE), sell("2", name="Budi", phone=LATER)
    more = sell("3", name="Siti", phone=PHONE)
    made = merging.merge(agent.actor, siti.customer, budi.customer, clock.now())
    factories.settle()
    siti.customer.opened_at = clock.now()
    db.session.commit()
    browser = Browser(app, siti.customer)
    assert sees(browser, siti, budi, more) == [True, True, True]
    merging.undo(agent.actor, made, clock.now())
    factories.settle()
    assert sees(browser, siti, budi) == [False, False]


def test_a_contact_proven_while_two_records_were_one_goes_with_its_record(app, sell, agent):
    siti, budi = sell("1", name="Siti", phone=PHONE), sell("2", name="Budi", email="budi@contoh.id")
    kept, merged = siti.customer, budi.customer
    made = merging.merge(agent.actor, kept, merged, clock.now())
    factories.settle()
    by_code(app, budi)
    merging.undo(agent.actor, made, clock.now())
    factories.settle()
    assert (kept.email, kept.proven, merged.email, merged.proven) == (None, False, "budi@contoh.id", True)
    assert sees(by_code(app, budi), siti, budi) == [False, True]
