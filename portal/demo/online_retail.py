"""Real receipts: the shipped sample of the Online Retail data set, as one more outlet, in pounds."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.db import db
from portal.demo import files
from portal.domain.accounts import actions as accounts
from portal.domain.accounts.models import Customer
from portal.domain.catalog import actions as catalog
from portal.domain.catalog.models import Outlet, Policy, Product, Symptom
from portal.domain.catalog.rules import Layer, Provider, Replacement, Sector, Start, WarrantyKind
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import queries as purchases_queries
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.domain.units import actions as units
from portal.kernel.money import minor

OUTLET, ZONE, CURRENCY = "LDN", "Europe/London", "GBP"
FILE = files.FOLDER / "online_retail" / "online_retail_sample.csv"
SYMPTOMS = {
    "gift-broken": ("Pecah atau patah", "Broken or cracked"),
    "gift-incomplete": ("Tidak lengkap", "Incomplete"),
    "other-gift": ("Lainnya", "Something else"),
}
PREFIXES = {"C": PurchaseKind.CANCELLATION, "A": PurchaseKind.ADJUSTMENT}


@dataclass
class Outcome:
    """What an import found and did; amounts in pence."""

    receipts: int = 0
    known: int = 0
    lines: int = 0
    units: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    in_file: int = 0
    in_portal: int = 0
    token: str | None = None  # of a receipt that nobody has claimed


def load(now: datetime) -> Outcome:
    """Record every receipt of the sample that is not there yet, and commit."""
    rows = read_rows()
    outlet = db.session.scalar(select(Outlet).where(Outlet.code == OUTLET)) or _open_outlet()
    known = set(db.session.scalars(select(Purchase.number).where(Purchase.outlet_id == outlet.id)))
    _stock(rows)
    outcome = Outcome(known=len(known))
    buyers = _buyers()
    for sale, buyer in _sales(rows):
        outcome.in_file += sum(minor(line.unit_price * line.quantity, CURRENCY) for line in sale.lines)
        if sale.number in known:
            continue
        purchase = purchases.record(sale, now)
        if buyer:
            if buyer not in buyers:
                buyers[buyer] = accounts.new_customer(sale.bought_at, name=_name(buyer), language="en")
            purchase.customer = buyers[buyer]
        outcome.receipts += 1
        outcome.kinds[sale.kind] += 1
        outcome.lines += len(sale.lines)
        outcome.units += len(units.make_from(purchase, {}, sale.bought_at))
    outcome.in_portal = (
        db.session.scalar(select(func.sum(Purchase.total)).where(Purchase.outlet_id == outlet.id)) or 0
    )
    free = db.session.scalar(
        select(Purchase.id)
        .where(
            Purchase.outlet_id == outlet.id,
            Purchase.customer_id.is_(None),
            Purchase.kind == PurchaseKind.SALE,
            Purchase.total > 0,
        )
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
        .limit(1)
    )
    outcome.token = purchases_queries.token_of(free) if free else None
    db.session.commit()
    return outcome


def read_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _open_outlet() -> Outlet:
    outlet = catalog.save_outlet(
        None, None, code=OUTLET, name="Online Retail", sector=Sector.GENERAL, city="London", timezone=ZONE,
        currency=CURRENCY, address="Sample data, UCI Machine Learning Repository", postal_code="",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:30"),
    )  # fmt: skip
    draft = catalog.save_policy_draft(
        None, None, code="UK-SHOP", name="Shop guarantee", kind=WarrantyKind.TOKO,
        replacement=Replacement.CONTINUES,
        terms_en="Gifts that fail in normal use are repaired or replaced within twelve months.",
        terms_id="Hadiah yang rusak dalam pemakaian wajar diperbaiki atau diganti selama dua belas bulan.",
        layers=[
            Layer(1, "", "Seluruh barang", "Whole item", True, True, True, 12, 0, Start.PURCHASE,
                  Provider.SHOP, how_id="Kirim klaim lewat portal.", how_en="Claim through the portal."),
        ],
    )  # fmt: skip
    catalog.publish_policy(draft, datetime(2010, 11, 1, tzinfo=UTC))
    db.session.add_all(
        Symptom(code=code, sector=Sector.GENERAL, name_id=id_, name_en=en)
        for code, (id_, en) in SYMPTOMS.items()
    )
    return outlet


def _stock(rows: list[dict[str, str]]) -> None:
    """A product for each stock code that is not there yet. Postage, fees and manual entries are none.

    They have no price: the catalogue's are in rupiah.
    """
    policy = db.session.scalar(select(Policy.id).where(Policy.code == "UK-SHOP"))
    there = set(db.session.scalars(select(Product.sku)))
    names: dict[str, Counter[str]] = {}
    for row in rows:
        if row["StockCode"][:5].isdigit() and row["StockCode"] not in there:
            names.setdefault(row["StockCode"], Counter())[row["Description"].strip()] += bool(
                row["Description"].strip()
            )
    db.session.add_all(
        Product(
            sku=sku,
            name=found.most_common(1)[0][0] or sku,
            category="gift",
            sector=Sector.GENERAL,
            icon="gift",
            policy_id=policy,
        )
        for sku, found in names.items()
    )
    db.session.flush()


def _sales(rows: list[dict[str, str]]) -> Iterator[tuple[Sale, str]]:
    """Each invoice as a sale, with the number of its customer ("" when the till did not know)."""
    by_invoice = sorted(rows, key=lambda row: row["InvoiceNo"])
    for number, group in groupby(by_invoice, key=lambda row: row["InvoiceNo"]):
        lines = list(group)
        first = min(datetime.fromisoformat(row["InvoiceDate"]) for row in lines)
        buyer = lines[0]["CustomerID"]
        yield Sale(
            OUTLET, number, first.replace(tzinfo=ZoneInfo(ZONE)), tuple(_line(row) for row in lines),
            buyer_name=_name(buyer), kind=_kind(number, lines),
        ), buyer  # fmt: skip


def _line(row: dict[str, str]) -> SaleLine:
    code = row["StockCode"]
    return SaleLine(
        row["Description"].strip() or code, int(row["Quantity"]), Decimal(row["UnitPrice"]), sku=code
    )


def _kind(number: str, lines: list[dict[str, str]]) -> PurchaseKind:
    """By the invoice's letter; one that only takes away is a correction of the stock."""
    if number[0] in PREFIXES:
        return PREFIXES[number[0]]
    return PurchaseKind.SALE if any(int(row["Quantity"]) > 0 for row in lines) else PurchaseKind.ADJUSTMENT


def _name(buyer: str) -> str:
    return f"Customer {buyer}" if buyer else ""


def _buyers() -> dict[str, Customer]:
    found = db.session.scalars(select(Customer).where(Customer.name.like("Customer %")))
    return {customer.name.removeprefix("Customer "): customer for customer in found}
