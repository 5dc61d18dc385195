"""Sales come in once: what is new is made, what is known stays, what is wrong holds nothing up."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.domain.catalog.models import Outlet, Product
from portal.domain.intake import checking, writer
from portal.domain.intake.rules import Brought, Fate
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests import factories
from tests.threads import at_once

FIXED = datetime(2024, 2, 29, tzinfo=UTC)
CABLE = SaleLine("Kabel HDMI", 3, Decimal("3333.3333"), "K-1", category="Kabel", brand="Nusa")


def sale(outlet: Outlet, number: str = "N-1", *lines: SaleLine, **changes: Any) -> Sale:
    made = Sale(outlet.code, number, FIXED, lines or (CABLE,))
    return replace(made, **changes)


def bring(*sales: Sale, source: str = "file") -> list[Brought]:
    return writer.bring(sales, clock.now(), source=source)


def fates(brought: list[Brought]) -> list[Fate]:
    return [each.fate for each in brought]


def counts() -> list[int]:
    tables = (Purchase, PurchaseLine, Product, Unit)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_again_changes_nothing(both: Flask) -> None:
    outlet, tv = factories.outlet(), factories.product()
    tv_line = SaleLine("TV", 2, Decimal(4_299_000), tv.sku, ("a 1", "A2"), discount=Decimal("100000.5"))
    sales = [
        sale(outlet),
        sale(outlet, "N-2", tv_line, CABLE),
        sale(outlet, "N-3", tv_line._replace(serials=())),
    ]
    first = bring(*sales)
    assert fates(first) == [Fate.CREATED] * 3
    before = counts()
    assert before == [3, 4, 2, 4]
    turned = replace(sales[1], lines=sales[1].lines[::-1])
    again = bring(turned, *sales)
    assert fates(again) == [Fate.SAME] * 4, "the order of lines tells nothing"
    assert counts() == before and again[0].code == first[1].code
    made = db.session.get_one(Purchase, first[1].purchase_id)
    assert made.total == 8_597_999 - 100_000 + 10_000, "rounded once"
    assert [line.amount for line in made.lines] == [8_497_999 + 1, 10_000]
    assert queries.token_of(made.id)


def test_foreseen_is_what_then_happens(outlet: Outlet, product: Product) -> None:
    bring(sale(outlet), sale(outlet, "N-2"))
    tv = SaleLine("TV", 1, Decimal(1), product.sku, ("S1",))
    told = [
        sale(outlet), sale(outlet, "N-2", CABLE._replace(quantity=4)), sale(outlet, "N-3"),
        sale(outlet, "N-4", currency="USD"), sale(outlet, "N-5", tv), sale(outlet, "N-6", tv),
    ]  # fmt: skip
    before = counts()
    foreseen = writer.foresee(told, clock.now(), source="file")
    assert counts() == before
    assert fates(foreseen) == fates(bring(*told)) == [
        Fate.SAME, Fate.CHANGED, Fate.CREATED, Fate.REFUSED, Fate.CREATED, Fate.REFUSED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"outlet_code": "NONE"}, "outlet_code"),
        ({"lines": ()}, "lines"),
        ({"number": ""}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"number": "A\x00B"}, "number"),
        ({"currency": "USD"}, "currency"),
        ({"bought_at": datetime(202, 11, 20, tzinfo=UTC)}, "bought_at"),
        ({"bought_at": datetime(2999, 1, 1, tzinfo=UTC)}, "bought_at"),
        ({"lines": (CABLE._replace(quantity=-3),)}, "lines"),
        ({"lines": (CABLE._replace(quantity=2_000_000),)}, "lines.0.quantity"),
        ({"lines": (CABLE, CABLE._replace(unit_price=Decimal(10) ** 14))}, "lines.1.quantity"),
        ({"lines": (CABLE._replace(returned=4),)}, "lines.0.returned"),
        ({"lines": (CABLE._replace(sku="K" * 41),)}, "lines.0.sku"),
        ({"lines": (CABLE._replace(serials=("S" * 61,)),)}, "lines.0.serials"),
        ({"customer_ref": "7" * 81}, "customer_ref"),
    ],
)
def test_what_is_wrong_is_refused_and_the_rest_goes_through(
    outlet: Outlet, wrong: dict[str, Any], field: str
) -> None:
    good, bad, other = bring(sale(outlet), replace(sale(outlet, "N-2"), **wrong), sale(outlet, "N-3"))
    assert (good.fate, bad.fate, other.fate) == (Fate.CREATED, Fate.REFUSED, Fate.CREATED)
    assert bad.problem and bad.problem.field == field and bad.purchase_id is None
    assert counts()[0] == 2


def test_the_same_number_at_two_outlets_and_twice_at_one(outlet: Outlet) -> None:
    other = factories.outlet()
    told = [sale(outlet), sale(other), sale(outlet, "N-1", CABLE._replace(quantity=1))]
    assert fates(bring(*told)) == [Fate.CREATED, Fate.CREATED, Fate.CHANGED], "what is told last counts"
    lines = select(PurchaseLine.quantity).join(Purchase).where(Purchase.outlet_id == outlet.id)
    assert db.session.scalars(lines).all() == [1]


def test_a_clock_in_another_zone_tells_the_same_moment(outlet: Outlet) -> None:
    bring(sale(outlet, bought_at=datetime.fromisoformat("2024-02-29T23:30:00+07:00")))
    same = sale(outlet, bought_at=datetime.fromisoformat("2024-02-29T11:30:00-05:00"))
    assert fates(bring(same)) == [Fate.SAME]


def test_unknown_products_are_drafts_and_fees_are_none(outlet: Outlet) -> None:
    fee = SaleLine("Ongkos kirim", 1, Decimal(9000))
    bare = SaleLine("", 1, Decimal(1000), "K-2")
    named = SaleLine("Kabel pendek", 1, Decimal(1000), "K-2")
    coded = SaleLine("Kopi", 1, Decimal(1000), None, barcode="8992761111113")
    again = SaleLine("Kopi 1 kg", 1, Decimal(1000), "KOPI", barcode="8992761111113")
    bring(sale(outlet, "N-1", CABLE, fee, bare, named, coded), sale(outlet, "N-2", again))
    found = {product.sku: product for product in db.session.scalars(select(Product))}
    assert set(found) == {"K-1", "K-2", "8992761111113"}, "a barcode finds what was met without a SKU"
    assert all(product.draft and product.active for product in found.values())
    first = found["K-1"]
    assert (first.name, first.category, first.brand, first.sector) == (
        "Kabel HDMI",
        "Kabel",
        "Nusa",
        outlet.sector,
    )
    assert found["K-2"].name == "Kabel pendek", "the first name that is told"
    assert (
        db.session.scalars(select(PurchaseLine).where(PurchaseLine.product_id.is_(None))).one().amount == 9000
    )


def test_a_serial_number_is_one_item_of_its_product(outlet: Outlet, product: Product) -> None:
    other = factories.product()
    line = SaleLine("TV", 1, Decimal(1), product.sku, (" sn 7 ",))
    told = [
        sale(outlet, "N-1", line), sale(outlet, "N-2", line._replace(serials=("SN7",))),
        sale(outlet, "N-3", line._replace(sku=other.sku)),
    ]  # fmt: skip
    brought = bring(*told)
    assert fates(brought) == [Fate.CREATED, Fate.REFUSED, Fate.CREATED]
    assert brought[1].problem and "SN7" in str(brought[1].problem.message)
    assert sorted(db.session.scalars(select(Unit.serial))) == ["SN7", "SN7"]


@pytest.mark.parametrize(
    ("kind", "cancelled", "units"),
    [
        (PurchaseKind.SALE, False, 2), (PurchaseKind.SALE, True, 0), (PurchaseKind.ADJUSTMENT, False, 0),
        (PurchaseKind.CANCELLATION, False, 0),
    ],
)  # fmt: skip
def test_what_makes_units(
    outlet: Outlet, product: Product, kind: PurchaseKind, cancelled: bool, units: int
) -> None:
    line = SaleLine("TV", 3, Decimal(1), product.sku, returned=1)
    bring(sale(outlet, "N-1", line, kind=kind, cancelled_at=clock.now() if cancelled else None))
    assert counts()[3] == units


def test_ten_at_once_are_one(both: Flask) -> None:
    code = factories.outlet().code

    def record(_n: int) -> Fate | None:
        try:
            (brought,) = bring(Sale(code, "N-1", FIXED, (CABLE,)))
        except IntegrityError:  # the database let one pass; whoever sends again hears that it is there
            db.session.rollback()
            return None
        return brought.fate

    done = at_once(both, 10, record)
    assert done.count(Fate.CREATED) == 1 and set(done) <= {Fate.CREATED, Fate.SAME, None}
    assert counts()[:3] == [1, 1, 1]


def test_the_digest_tells_prices_apart_by_their_worth(outlet: Outlet) -> None:
    def digest(price: str) -> bytes:
        return checking.digest(sale(outlet, "N", CABLE._replace(unit_price=Decimal(price))))

    assert digest("2.10") == digest("2.1") == digest("2.100") != digest("-2.1") != digest("2.11")
    assert digest("-1") != digest("-2")
