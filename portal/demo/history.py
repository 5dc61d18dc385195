"""Two thousand receipts of the last eighteen months, with baskets as each outlet sells them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from portal.db import db, reserve
from portal.demo import files
from portal.domain.accounts.models import Customer
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet, Policy, Product
from portal.domain.catalog.rules import DAYS, Start, parse_hours
from portal.domain.links import actions as links
from portal.domain.purchases.models import Purchase, PurchaseLine, ReceiptLink
from portal.domain.units.models import CardLink, Unit
from portal.kernel.clock import day_in
from portal.kernel.codes import new_code

SPAN = 548  # days
SHARES = {"JKT": 0.29, "MKS": 0.12, "BDG": 0.24, "DJJ": 0.35}
MORE_LINES = {"JKT": 0.2, "MKS": 0.25, "BDG": 0.4, "DJJ": 0.6}  # how often there is one line more
SMALL = {  # what no warranty covers: (description, price)
    "JKT": [("Kabel HDMI 2 m", 65_000), ("Baterai AA isi 4", 32_000), ("Stop kontak 4 lubang", 89_000)],
    "MKS": [("Ongkos kirim dan rakit", 150_000), ("Pelindung kaki kursi", 25_000)],
    "BDG": [("Hanger kayu", 20_000), ("Semir sepatu netral", 38_000), ("Tas belanja kain", 15_000)],
    "DJJ": [
        ("Es kopi susu aren", 24_000),
        ("Teh tarik", 18_000),
        ("Pisang goreng", 22_000),
        ("Papeda hangat", 35_000),
    ],
}
CASHIERS = {
    "JKT": ("Wulan", "Fajar"),
    "MKS": ("Hasnah", "Irfan"),
    "BDG": ("Euis", "Deden"),
    "DJJ": ("Naomi", "Elias"),
}


@dataclass
class Basket:
    """One receipt to be written. `started` overrides the day on which the covers of its units begin."""

    outlet: Outlet
    at: datetime
    items: list[tuple[Product | None, str, int, int]]  # product, description, unit price, quantity
    customer: Customer | None = None
    phone: str | None = None
    email: str | None = None
    name: str = ""
    started: date | None = None
    code: str = field(default_factory=new_code)
    id: int = 0


def fill(
    count: int,
    outlets: dict[str, Outlet],
    sold: dict[str, list[Product]],
    homes: dict[str, list[Customer]],
    now: datetime,
) -> list[Basket]:
    """`count` believable baskets."""
    draw = files.chance("baskets")
    codes = draw.choices(list(SHARES), list(SHARES.values()), k=count)
    return [_basket(draw, outlets[code], sold[code], homes, now) for code in codes]


def item(product: Product, quantity: int = 1) -> tuple[Product | None, str, int, int]:
    return product, product.name, product.price, quantity


def starts(product: Product) -> set[Start]:
    """From what the covers of a product begin."""
    return {layer.starts for layer in catalog.layers(catalog.current_version(product.policy_id))}


def open_hour(outlet: Outlet, day: date, share: float) -> datetime:
    """A moment on `day`, or the next day the outlet is open; `share` 0–1 of the opening time has passed."""
    while not (spans := parse_hours(outlet.hours.get(DAYS[day.weekday()], ""))):
        day += timedelta(days=1)
    opens, closes = spans[0][0], spans[-1][1]
    minute = int(opens + (closes - opens - 1) * share)
    return datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(outlet.timezone))


def write(baskets: list[Basket], now: datetime) -> None:
    """Receipts, lines, units and links in bulk, oldest first."""
    draw = files.chance("units")
    ordered = sorted(baskets, key=lambda basket: basket.at)
    numbers: dict[str, int] = {}
    rows = []
    for basket in ordered:
        outlet = basket.outlet.code
        numbers[outlet] = numbers.get(outlet, 0) + 1
        rows.append(
            {
                "code": basket.code,
                "number": f"{outlet}-{numbers[outlet]:05}",
                "outlet_id": basket.outlet.id,
                "customer_id": basket.customer and basket.customer.id,
                "buyer_name": basket.name,
                "buyer_phone": basket.phone,
                "buyer_email": basket.email,
                "bought_at": basket.at,
                "currency": "IDR",
                "cashier": CASHIERS[outlet][numbers[outlet] % 2],
                "created_at": basket.at,
                "total": sum(price * quantity for _p, _d, price, quantity in basket.items),
            }
        )
    for basket, row_id in zip(ordered, _insert(Purchase, rows), strict=True):
        basket.id = row_id
    lines = [
        {
            "purchase_id": basket.id,
            "position": n,
            "product_id": product and product.id,
            "description": description,
            "quantity": quantity,
            "unit_price": Decimal(price),
            "amount": price * quantity,
        }
        for basket in baskets
        for n, (product, description, price, quantity) in enumerate(basket.items, 1)
    ]
    line_ids = iter(_insert(PurchaseLine, lines))
    versions: dict[int | None, int | None] = {
        policy_id: catalog.current_version(policy_id) for policy_id in db.session.scalars(select(Policy.id))
    }
    units = [
        _unit(draw, basket, product, versions[product.policy_id], line_id, now)
        for basket in baskets
        for (product, _d, _p, quantity), line_id in zip(basket.items, line_ids, strict=False)
        if product is not None
        for _piece in range(quantity)
    ]
    unit_ids = _insert(Unit, units)
    db.session.execute(
        insert(ReceiptLink),
        [{"purchase_id": b.id, "created_at": b.at, **links.columns(ReceiptLink)} for b in baskets],
    )
    db.session.execute(
        insert(CardLink),
        [
            {"unit_id": unit_id, "created_at": unit["created_at"], **links.columns(CardLink)}
            for unit_id, unit in zip(unit_ids, units, strict=True)
        ],
    )


def _insert(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of the rows, in their order."""
    ids = list(reserve(table.__table__, len(rows)))
    db.session.execute(insert(table), [{**row, "id": n} for n, row in zip(ids, rows, strict=True)])
    return ids


def _basket(
    draw: Random, outlet: Outlet, sold: list[Product], homes: dict[str, list[Customer]], now: datetime
) -> Basket:
    day = day_in(outlet.timezone, now) - timedelta(days=1 + int(draw.random() * SPAN))
    at = open_hour(outlet, day, draw.random())
    lines = 1
    while lines < 5 and draw.random() < MORE_LINES[outlet.code]:
        lines += 1
    items = []
    for product in draw.sample(sold, min(lines, len(sold))):
        few = product.price < 100_000 and draw.random() < 0.35
        items.append(item(product, draw.randint(2, 3) if few else 1))
    if draw.random() < (0.7 if outlet.code == "DJJ" else 0.25):
        description, price = draw.choice(SMALL[outlet.code])
        items.append((None, description, price, draw.randint(1, 3) if outlet.code == "DJJ" else 1))
    basket = Basket(outlet, min(at, now - timedelta(hours=1)), items)
    if draw.random() < (0.45 if outlet.code == "DJJ" else 0.7):
        basket.customer = draw.choice(homes[outlet.code])
        basket.name, basket.phone = basket.customer.name, basket.customer.phone
    elif draw.random() < 0.6:
        basket.phone = f"+628120001{draw.randint(1000, 9999)}"
    return basket


def _unit(
    draw: Random, basket: Basket, product: Product, version: int | None, line_id: int, now: datetime
) -> dict[str, Any]:
    today, bought = day_in(basket.outlet.timezone, now), day_in(basket.outlet.timezone, basket.at)
    starts = {layer.starts for layer in catalog.layers(version)}
    food = basket.outlet.sector == "food"
    delivered = basket.started or bought + timedelta(days=0 if food else draw.randint(1, 6))
    installed = basket.started or delivered + timedelta(days=draw.randint(0, 2))
    serial = (
        f"{product.brand[:2].upper()}{product.model[-2:].upper()}{bought:%y%m}{draw.randint(100000, 999999)}"
    )
    brought = delivered if starts & {Start.DELIVERY, Start.INSTALLATION} and delivered <= today else None
    return {
        "code": new_code(10), "product_id": product.id, "outlet_id": basket.outlet.id,
        "purchase_id": basket.id,
        "line_id": line_id, "holder_id": basket.customer and basket.customer.id, "policy_version_id": version,
        "serial": serial if product.serialised else None, "bought_on": bought, "created_at": basket.at,
        "delivered_on": brought,
        "installed_on": installed if Start.INSTALLATION in starts and installed <= today else None,
    }  # fmt: skip
