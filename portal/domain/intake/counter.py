"""Sales that a person records at the counter: what is sold, the number of the receipt, whose phone it is."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet, Product
from portal.domain.intake import writer
from portal.domain.intake.rules import Brought
from portal.domain.outbox.actions import owe
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import Sale
from portal.kernel.errors import Refused
from portal.kernel.text import _

SOURCE = "counter"
OFFERED = 8
_SOLD = select(Product.sku, Product.name, Product.price, Product.serialised).where(Product.active)


def offered(actor: Actor, words: str) -> list[Any]:
    """Rows of the first products that fit what somebody types: name, code, brand or model."""
    if not words.strip():
        return []
    return [row for row in catalog.search_products(actor, words, limit=OFFERED) if row.active]


def scanned(actor: Actor, typed: str) -> Any:
    """(sku, name, price, serialised) of the product with exactly this barcode or code; None for none.

    American barcodes are told with and without the zero before them.
    """
    sign = "".join(typed.split())
    barcodes = {sign, sign.zfill(13), sign.removeprefix("0")}
    found = catalog.limit_to(actor, _SOLD).where(
        or_(Product.barcode.in_(barcodes), func.upper(Product.sku) == sign.upper())
    )
    return db.session.execute(found.limit(1)).first() if sign else None


def with_sku(actor: Actor, sku: str) -> Any:
    """(sku, name, price, serialised) of a product that is sold; None for none."""
    return db.session.execute(catalog.limit_to(actor, _SOLD).where(Product.sku == sku)).first()


def known_by(phone: str) -> list[Customer]:
    """The people whose phone this is, at most two: more than one is a doubt already."""
    found = select(Customer).where(
        Customer.phone == phone, Customer.disabled_at.is_(None), Customer.merged_into_id.is_(None)
    )
    return list(db.session.scalars(found.order_by(Customer.phone_verified_at.is_(None)).limit(2)))


def language_of(phone: str | None) -> str:
    """What the customer with this phone reads, as far as one is known."""
    known = known_by(phone) if phone else []
    return known[0].language if known else "id"


def send_receipt(sold: Brought, email: str, name: str, phone: str | None, now: datetime) -> None:
    """Owe the buyer a message with the link that stands on the receipt."""
    link = queries.alive_link(sold.purchase_id or 0)
    if link is not None:
        owe(
            f"receipt-{sold.code}", "receipt",
            {"name": name, "code": sold.code, "receipt_link": [link.seed.hex(), link.token_hash.hex()]},
            email=email, language=language_of(phone), now=now, about=sold.code,
        )  # fmt: skip


def sell(sale: Sale, now: datetime, *, sticker: str | None) -> Brought:
    """Record a sale; one without a number gets the next of its outlet and day. Raises Refused.

    `sticker` is the code of the blank QR sticker on the goods: it becomes the code of the receipt.
    """
    outlet = db.session.scalar(
        select(Outlet)
        .where(Outlet.code == sale.outlet_code)
        .with_for_update()  # numbers are drawn in a queue
    )
    if outlet is None:
        raise Refused(_("Choose the outlet."), "outlet")
    if not sale.number:
        sale = replace(sale, number=_next_number(outlet, sale.bought_at))
    elif _is_taken(outlet, sale.number):
        raise Refused(_("A receipt of this outlet has this number already."), "number")
    [brought] = writer.bring([sale], now, source=SOURCE, stickers={0: sticker} if sticker else None)
    if brought.problem:
        raise brought.problem
    return brought


def _next_number(outlet: Outlet, at: datetime) -> str:
    """`S-20261122-0007`: the seventh of this day."""
    zone = ZoneInfo(outlet.timezone)
    day = at.astimezone(zone).date()
    begins, ends = (datetime.combine(day + timedelta(days=n), time.min, zone) for n in (0, 1))
    made = select(func.count()).where(
        Purchase.bought_at >= begins, Purchase.bought_at < ends, Purchase.outlet_id == outlet.id,
        Purchase.source == SOURCE,
    )  # fmt: skip
    numbers = (f"S-{day:%Y%m%d}-{n:04}" for n in count((db.session.scalar(made) or 0) + 1))
    return next(number for number in numbers if not _is_taken(outlet, number))


def _is_taken(outlet: Outlet, number: str) -> bool:
    taken = select(Purchase.id).where(Purchase.outlet_id == outlet.id, Purchase.number == number)
    return db.session.scalar(taken) is not None
