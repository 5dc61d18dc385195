"""What is looked at before a sale is let in: rules without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import Any

from portal.domain.purchases.rules import FUTURE_SLACK, PurchaseKind, Sale
from portal.kernel.errors import Refused
from portal.kernel.money import MINOR_DIGITS
from portal.kernel.text import _

FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)  # before it no till was connected to anything
MOST_PIECES = 1_000_000
MOST_MONEY = Decimal(10) ** 13
LONGEST = {"number": 40, "external_id": 80, "customer_ref": 80, "undoes": 40}
_NOTHING = Decimal(0)


def exact(sale: Sale) -> list[Decimal]:
    """What each line comes to, in the major unit."""
    return [
        line.unit_price * line.quantity - line.discount if line.discount else line.unit_price * line.quantity
        for line in sale.lines
    ]


def rounded(exact: list[Decimal], currency: str) -> tuple[int, list[int]]:
    """(the receipt's total, rounded once; the amount of each line), in minor units."""
    scale = Decimal(10) ** MINOR_DIGITS.get(currency, 2)
    amounts = [int((amount * scale).to_integral_value(ROUND_HALF_UP)) for amount in exact]
    return int((sum(exact, _NOTHING) * scale).to_integral_value(ROUND_HALF_UP)), amounts


def digest(sale: Sale) -> bytes:
    """Of all that a till tells of a sale, whatever the order of its lines. 16 bytes."""
    lines = [
        f"{sku}\x1f{description}\x1f{quantity}\x1f{price.normalize()}\x1f"
        f"{discount.normalize() if discount else 0}\x1f{returned}\x1f{serials if serials else 0}"
        for description, quantity, price, sku, serials, discount, returned, _b, _c, _m in sale.lines
    ]
    told = (
        sale.number, sale.kind.value, sale.bought_at.timestamp(), sale.buyer_name, sale.buyer_phone,
        sale.buyer_email, sale.customer_ref, sale.cashier, sale.undoes, sale.external_id,
        sale.cancelled_at.timestamp() if sale.cancelled_at else None, "\x1e".join(sorted(lines)),
        *((sale.courier, sale.waybill) if sale.courier or sale.waybill else ()),
    )  # fmt: skip
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=16).digest()


def problem(sale: Sale, exact: list[Decimal], outlets: Mapping[str, Any], now: datetime) -> Refused | None:
    """Why a sale cannot be let in; None when it can. `outlets` are rows with their currency, by code."""
    outlet = outlets.get(sale.outlet_code)
    if outlet is None:
        return Refused(
            _("There is no outlet %(code)s. Add it first, or correct the code.", code=sale.outlet_code),
            "outlet_code",
        )
    for name, longest in LONGEST.items():
        value = getattr(sale, name) or ""
        if len(value) > longest or not value.isprintable():
            return Refused(_("At most %(most)s letters, digits and signs.", most=longest), name)
    if not sale.number:
        return Refused(_("A receipt needs a number."), "number")
    if sale.currency not in (None, outlet.currency):
        return Refused(
            _(
                "This outlet sells in %(own)s, but the sale is in %(told)s."
                " Send it to an outlet with that currency.",
                own=outlet.currency, told=sale.currency,
            ),
            "currency",
        )  # fmt: skip
    if sale.bought_at > now + FUTURE_SLACK:
        return Refused(
            _("The date of purchase is in the future. Check the date and the clock of the till."), "bought_at"
        )
    if sale.bought_at < FIRST_DAY:
        return Refused(_("The year %(year)s cannot be meant.", year=sale.bought_at.year), "bought_at")
    if sale.cancelled_at is not None and not FIRST_DAY <= sale.cancelled_at <= now + FUTURE_SLACK:
        return Refused(
            _("The sale cannot have been cancelled on this day. Check the date and the clock of the till."),
            "cancelled_at",
        )
    return _lines(sale, exact)


def _lines(sale: Sale, exact: list[Decimal]) -> Refused | None:
    if not sale.lines:
        return Refused(_("A receipt needs at least one line."), "lines")
    if max(exact) >= MOST_MONEY or min(exact) <= -MOST_MONEY:
        large = next(n for n, amount in enumerate(exact) if abs(amount) >= MOST_MONEY)
        return _too_large(large)
    for n, line in enumerate(sale.lines):
        if not -MOST_PIECES <= line.quantity <= MOST_PIECES:
            return _too_large(n)
        if line.returned and not 0 <= line.returned <= max(line.quantity, 0):
            return Refused(_("More came back than was sold."), f"lines.{n}.returned")
        if line.sku and len(line.sku) > 40:
            return Refused(_("At most %(most)s letters, digits and signs.", most=40), f"lines.{n}.sku")
        if line.serials and any(len(serial) > 60 for serial in line.serials):
            return Refused(_("At most %(most)s letters, digits and signs.", most=60), f"lines.{n}.serials")
    if sale.kind == PurchaseKind.SALE and sum(exact, _NOTHING) < 0:
        return Refused(
            _("A sale cannot come to less than nothing. If goods came back, send it as a cancellation."),
            "lines",
        )
    return None


def _too_large(n: int) -> Refused:
    return Refused(_("This number is too large to be meant. Check it again."), f"lines.{n}.quantity")
