"""Receipts: recorded once, opened by the buyer, their links revoked and reissued."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet
from portal.domain.links import actions as links
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser
from tests.conftest import KEYS
from tests.threads import at_once

WRONG, RIGHT = "0000", "2222"  # of the factory's +6281211112222


def sale(outlet: Outlet, **changes: object) -> Sale:
    line = SaleLine("Kabel", 3, Decimal("3333.3333"))
    made = Sale(outlet.code, "N-1", clock.now() - timedelta(hours=1), (line,))
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_receipt_is_recorded_once(outlet: Outlet) -> None:
    first = factories.sold(sale(outlet))
    assert factories.sold(sale(outlet)) is first
    assert (first.total, first.lines[0].amount) == (10_000, 10_000)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"outlet_code": "NONE"}, "outlet_code"),
        ({"lines": ()}, "lines"),
        ({"bought_at": timedelta(hours=1)}, "bought_at"),
    ],
)
def test_what_a_receipt_needs(outlet: Outlet, wrong: dict[str, object], field: str) -> None:
    if isinstance(wrong.get("bought_at"), timedelta):
        wrong = {"bought_at": clock.now() + timedelta(hours=1)}
    with pytest.raises(Refused) as refusal:
        factories.sold(sale(outlet, **wrong))
    assert refusal.value.field == field


def test_the_digits_open_it_and_cost_no_try(purchase: Purchase) -> None:
    for _n in range(12):
        purchases.prove_by_phone(purchase, RIGHT)
    assert purchase.wrong_tries == 0


def test_ten_wrong_tries_then_only_a_code(purchase: Purchase) -> None:
    for n in range(10):
        with pytest.raises(Refused, match="left" if n < 9 else "Too many"):
            purchases.prove_by_phone(purchase, WRONG)
    with pytest.raises(Refused, match="Too many"):
        purchases.prove_by_phone(purchase, RIGHT)


def test_wrong_tries_count_at_the_same_moment(both: Flask) -> None:
    made = factories.purchase(factories.outlet(), [(factories.product(), 1)])
    code = made.code

    def guess(_n: int) -> None:
        found = purchases.find_by_code(code)
        assert found
        purchases.prove_by_phone(found, WRONG)

    assert all(isinstance(r, Refused) for r in at_once(both, 8, guess))
    db.session.refresh(made)
    assert made.wrong_tries == 8


def test_a_receipt_goes_to_one_of_many(both: Flask) -> None:
    made = factories.purchase(factories.outlet(), [(factories.product(), 1)])
    people = [factories.customer().id for _n in range(6)]
    code = made.code

    def take(n: int) -> bool:
        found = purchases.find_by_code(code)
        assert found
        return purchases.give_to(found, db.session.get_one(Customer, people[n]))

    assert sorted(at_once(both, 6, take)) == [False] * 5 + [True]


def test_the_units_go_with_the_receipt(purchase: Purchase, stranger: Browser) -> None:
    assert purchases.give_to(purchase, stranger.person)
    factories.settle()
    assert {unit.holder_id for unit in factories.units_of(purchase)} == {stranger.person.id}
    assert purchases.give_to(purchase, stranger.person), "twice is harmless"


def test_a_proven_address_gathers_and_a_phone_does_not(outlet: Outlet) -> None:
    kinds = [
        {"buyer_email": "tia@contoh.id"},
        {"buyer_email": "tia@contoh.id"},
        {"buyer_phone": "+6281277778888"},
    ]
    made = [factories.sold(sale(outlet, number=f"G{n}", **kind)) for n, kind in enumerate(kinds)]
    tia = accounts.new_customer(clock.now(), name="Tia")
    accounts.verify_contact(tia, "tia@contoh.id", None, clock.now())
    accounts.verify_contact(tia, None, "+6281277778888", clock.now())
    factories.settle()
    assert [purchase.customer_id == tia.id for purchase in made] == [True, True, False]


def test_a_link_is_revoked_and_reissued(purchase: Purchase) -> None:
    old = queries.token_of(purchase.id)
    assert old and links.find(ReceiptLink, old.lower()), "a code reader may change the case"
    purchases.revoke_link(purchase, clock.now())
    assert queries.token_of(purchase.id) is None
    purchases.reissue_link(purchase, clock.now())
    purchases.reissue_link(purchase, clock.now())
    new = queries.token_of(purchase.id)
    assert new and new != old
    gone = links.find(ReceiptLink, old)
    assert gone and gone.revoked_at


def test_paper_outlives_a_new_key(purchase: Purchase) -> None:
    token = queries.token_of(purchase.id)
    links.configure(("quite another key, the newest of them", *KEYS))
    assert queries.token_of(purchase.id) == token
    links.configure(("nobody knows the key of this paper",))
    with pytest.raises(LookupError):
        queries.token_of(purchase.id)
    links.configure(KEYS)


def test_no_token_is_in_the_database(purchase: Purchase, app: Flask) -> None:
    token = queries.token_of(purchase.id)
    rows = db.session.execute(ReceiptLink.__table__.select()).all()
    assert token and token not in str(rows)
