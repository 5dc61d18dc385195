"""Real receipts: the shipped sample of the Online Retail data set, as one more outlet, in pounds."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.db import db
from portal.demo import files
from portal.domain.catalog import actions as catalog
from portal.domain.catalog.models import Outlet, PolicyRule, Symptom
from portal.domain.catalog.rules import Layer, Provider, Replacement, Scope, Sector, Start, WarrantyKind
from portal.domain.intake import checking, writer
from portal.domain.intake.columns import Field
from portal.domain.intake.lines import Plan
from portal.domain.intake.numbers import NumberStyle
from portal.domain.intake.rules import Fate
from portal.domain.intake.sales import Place, Reader
from portal.domain.purchases import queries as purchases_queries
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind, Sale
from portal.domain.units.models import Unit

OUTLET, ZONE, CURRENCY = "LDN", "Europe/London", "GBP"
FILE = files.FOLDER / "online_retail" / "online_retail_sample.csv"
SYMPTOMS = {
    "gift-broken": ("Pecah atau patah", "Broken or cracked"),
    "gift-incomplete": ("Tidak lengkap", "Incomplete"),
    "other-gift": ("Lainnya", "Something else"),
}
COLUMNS = {
    Field.NUMBER: "InvoiceNo", Field.SKU: "StockCode", Field.PRODUCT: "Description",
    Field.QUANTITY: "Quantity", Field.DATE: "InvoiceDate", Field.PRICE: "UnitPrice",
    Field.CUSTOMER_REF: "CustomerID",
}  # fmt: skip


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
    """Bring in every receipt of the sample that is not there yet, and commit."""
    outlet = db.session.scalar(select(Outlet).where(Outlet.code == OUTLET)) or _open_outlet()
    sales = list(_sales(read_rows()))
    outcome = Outcome()
    for brought, sale in zip(writer.bring(sales, now, source="file"), sales, strict=True):
        outcome.in_file += checking.rounded(checking.exact(sale), CURRENCY)[0]
        if brought.fate is Fate.CREATED:
            outcome.receipts += 1
            outcome.kinds[sale.kind] += 1
            outcome.lines += len(sale.lines)
        else:
            outcome.known += 1
    mine = (Purchase.outlet_id == outlet.id,)
    outcome.units = db.session.scalar(select(func.count()).where(Unit.outlet_id == outlet.id)) or 0
    outcome.in_portal = db.session.scalar(select(func.sum(Purchase.total)).where(*mine)) or 0
    free = db.session.scalar(
        select(Purchase.id)
        .where(*mine, Purchase.customer_id.is_(None), Purchase.kind == PurchaseKind.SALE, Purchase.total > 0)
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
    db.session.add(PolicyRule(scope=Scope.OUTLET, value=OUTLET.casefold(), policy_id=draft.policy_id))
    db.session.add_all(
        Symptom(code=code, sector=Sector.GENERAL, name_id=id_, name_en=en)
        for code, (id_, en) in SYMPTOMS.items()
    )
    return outlet


def _sales(rows: list[dict[str, str]]) -> Iterator[Sale]:
    """Each invoice as the import of files reads it, with a name for the number of its customer."""
    names = list(rows[0])
    reader = Reader(Plan({f: names.index(name) for f, name in COLUMNS.items()}, NumberStyle.DOT), len(names))
    place = Place(OUTLET, ZoneInfo(ZONE), CURRENCY)
    by_invoice = sorted(rows, key=lambda row: row["InvoiceNo"])
    for number, group in groupby(by_invoice, key=lambda row: row["InvoiceNo"]):
        found = reader.read(place, number, [[*row.values(), ""] for row in group])
        assert found.sale is not None, found.reasons
        ref = found.sale.customer_ref
        yield replace(found.sale, buyer_name=f"Customer {ref}") if ref else found.sale
