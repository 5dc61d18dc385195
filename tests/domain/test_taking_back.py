"""Cancellations and corrections: receipts, pieces and units end as the till says they are."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.db import db
from portal.domain.catalog.models import Outlet, PolicyRule, Product
from portal.domain.intake import writer
from portal.domain.intake.rules import Fate
from portal.domain.purchases.models import LineReturn, Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from tests import factories
from tests.domain.test_writer import FIXED, bring, fates, sale

CANCELLED = PurchaseKind.CANCELLATION
ALIVE = Unit.registration != Registration.RETURNED


def pieces() -> int:
    return db.session.scalar(select(func.coalesce(func.sum(Unit.pieces), 0)).where(ALIVE)) or 0


def returned(number: str) -> list[int]:
    db.session.expire_all()
    lines = select(PurchaseLine.returned).join(Purchase).where(Purchase.number == number)
    return list(db.session.scalars(lines.order_by(PurchaseLine.position)))


def tv(product: Product, quantity: int = 1, **changes: Any) -> SaleLine:
    return SaleLine("TV", quantity, Decimal(1000), product.sku)._replace(**changes)


def back(outlet: Outlet, number: str, *lines: SaleLine, days: int = 1, **changes: Any) -> Sale:
    return sale(outlet, number, *lines, kind=CANCELLED, bought_at=FIXED + timedelta(days=days), **changes)


def test_a_cancellation_takes_back_from_the_sale_that_it_names(both: Flask) -> None:
    outlet, product = factories.outlet(), factories.product()
    bring(sale(outlet, "1", tv(product, 2)), sale(outlet, "2", tv(product, 2)))
    brought = bring(back(outlet, "C1", tv(product, -1), undoes="1"))
    assert (returned("1"), returned("2"), pieces()) == ([1], [0], 3)
    assert db.session.get_one(Purchase, brought[0].purchase_id).undoes_id is not None
    bring(back(outlet, "C1", tv(product, -1), undoes="1"), back(outlet, "C1", tv(product, -2), undoes="1"))
    assert (returned("1"), pieces()) == ([2], 2), "told anew it takes anew"
    bring(back(outlet, "C1", tv(product, -1), undoes="2"))
    assert (returned("1"), returned("2"), pieces()) == ([0], [1], 3)
    bring(back(outlet, "C2", tv(product, -9), undoes="2"))
    assert (returned("2"), pieces()) == ([2], 2), "no more than was sold"


def test_a_cancellation_waits_for_the_sale_that_it_names(both: Flask) -> None:
    outlet, product = factories.outlet(), factories.product()
    bring(back(outlet, "C1", tv(product, -1), undoes="1"), back(outlet, "C2", tv(product, -1), undoes="2"))
    bring(sale(outlet, "1", tv(product, 3)))
    assert (returned("1"), pieces()) == ([1], 2)
    assert fates(bring(sale(outlet, "1", tv(product, 3)))) == [Fate.SAME] and returned("1") == [1]
    bring(back(outlet, "C2", tv(product, -2), undoes="1"))
    assert (returned("1"), pieces()) == ([3], 0), "told anew, it waits for nothing any more"
    bring(sale(outlet, "2", tv(product)))
    assert (returned("2"), pieces()) == ([0], 1)


def test_without_a_number_the_buyers_latest_earlier_sales_are_meant(outlet: Outlet, product: Product) -> None:
    def buy(number: str, quantity: int, day: int, ref: str) -> Sale:
        bought = FIXED + timedelta(days=day)
        return sale(outlet, number, tv(product, quantity), bought_at=bought, customer_ref=ref)

    bring(buy("1", 2, 1, "A"), buy("2", 1, 2, "A"), buy("3", 5, 9, "A"), buy("4", 5, 2, "B"))
    bring(
        back(outlet, "C1", tv(product, -2), days=3, customer_ref="A"),
        back(outlet, "C2", tv(product, -5), days=3),
        back(outlet, "C3", tv(product, -1), days=3, customer_ref="C"),
    )
    assert [returned(number) for number in "1234"] == [[1], [1], [0], [0]]
    assert pieces() == 11


def test_a_large_lot_shrinks_and_grows(outlet: Outlet, product: Product) -> None:
    bring(sale(outlet, "1", tv(product, 20)), back(outlet, "C1", tv(product, -5), undoes="1"))
    assert [unit.pieces for unit in db.session.scalars(select(Unit))] == [15]
    bring(sale(outlet, "1", tv(product, 30)))
    db.session.expire_all()
    assert [unit.pieces for unit in db.session.scalars(select(Unit))] == [25] and returned("1") == [5]


def test_a_sale_that_is_cancelled_and_then_not(outlet: Outlet, product: Product) -> None:
    told = sale(outlet, "1", tv(product, 2, serials=("S1", "S2")))
    bring(told)
    codes = set(db.session.scalars(select(Unit.code)))
    bring(replace(told, cancelled_at=clock.now()))
    assert pieces() == 0
    assert fates(bring(sale(outlet, "2", tv(product, 1, serials=("S1",))))) == ["created"], (
        "it can be sold again"
    )
    bring(sale(outlet, "2", tv(product, 1)))
    db.session.execute(Unit.__table__.update().where(Unit.serial == "S1", ALIVE).values(serial=None))
    bring(told)
    assert set(db.session.scalars(select(Unit.code).where(ALIVE, Unit.serial.is_not(None)))) == codes


def test_a_piece_with_a_serial_number_stays_longest(outlet: Outlet, product: Product) -> None:
    bring(sale(outlet, "1", tv(product, 3, serials=("S1",))))
    bring(sale(outlet, "1", tv(product, 3, serials=("S1",), returned=2)))
    assert db.session.scalars(select(Unit.serial).where(ALIVE)).all() == ["S1"]


def test_a_serial_number_that_is_told_later(outlet: Outlet, product: Product) -> None:
    bring(sale(outlet, "1", tv(product, 2)))
    bring(sale(outlet, "1", tv(product, 2, serials=("s 9",))))
    db.session.expire_all()
    assert sorted(unit.serial or "" for unit in db.session.scalars(select(Unit))) == ["", "S9"]


def test_units_of_what_was_sold_before_it_had_a_policy(outlet: Outlet) -> None:
    loose = SaleLine("Kipas", 2, Decimal(1000), "KIPAS")
    bring(
        *(sale(outlet, f"N{n}", loose) for n in range(5)),
        back(outlet, "C", loose._replace(quantity=-1), undoes="N0"),
    )
    assert pieces() == 0
    db.session.add(PolicyRule(scope="outlet", value=outlet.code.casefold(), policy_id=factories.policy().id))
    db.session.flush()
    (product,) = db.session.scalars(select(Product.id).where(Product.sku == "KIPAS"))
    after: int | None = 0
    while after is not None:
        after = writer.make_missing(product, after, 2, clock.now())
    assert pieces() == 9
    assert writer.make_missing(product, 0, 100, clock.now()) is None and pieces() == 9, "twice is harmless"


line_told = st.tuples(st.sampled_from(["A", "B", "C"]), st.integers(1, 15), st.integers(0, 3), st.booleans())
lines_told = st.lists(line_told, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.tuples(lines_told, st.booleans()), min_size=1, max_size=5))
def test_whatever_is_told_the_last_word_counts(app: Flask, told: list[Any]) -> None:
    """After any corrections the receipt and its units are those of the last one that was let in."""
    outlet, policy = factories.outlet(), factories.policy()
    names = {sku: factories.product(guarded_by=policy).sku for sku in "ABC"}
    last: Sale | None = None
    for lines, cancelled in told:
        sold = tuple(
            SaleLine(f"Barang {sku}" + " baru" * extra, quantity, Decimal(quantity), names[sku])._replace(
                returned=min(quantity, less)
            )
            for sku, quantity, less, extra in lines
        )
        made = Sale(outlet.code, "N", FIXED, sold, cancelled_at=FIXED if cancelled else None)
        if bring(made)[0].fate != "refused":
            last = made
    if last is None:
        return
    row = db.session.scalars(select(Purchase).where(Purchase.outlet_id == outlet.id)).one()
    db.session.refresh(row)
    assert row.total == sum(line.unit_price * line.quantity for line in last.lines)
    assert [(line.description, line.quantity, line.returned) for line in row.lines] == [
        (line.description, line.quantity, line.returned) for line in last.lines
    ]
    owned = 0 if last.cancelled_at else sum(line.quantity - line.returned for line in last.lines)
    mine = select(func.coalesce(func.sum(Unit.pieces), 0)).where(Unit.purchase_id == row.id)
    assert db.session.scalar(mine.where(ALIVE)) == owned
    by_line = mine.add_columns(Unit.line_id).where(ALIVE).group_by(Unit.line_id)
    kept = {line_id: count for count, line_id in db.session.execute(by_line)}
    left = {line.id: line.quantity - line.returned for line in row.lines if line.quantity > line.returned}
    assert kept == ({} if last.cancelled_at else left)
    assert db.session.scalar(select(func.count()).select_from(LineReturn)) == 0
