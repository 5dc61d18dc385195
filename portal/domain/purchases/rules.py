"""What a receipt may hold."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum, auto


class PurchaseKind(StrEnum):
    SALE = auto()
    CANCELLATION = auto()
    ADJUSTMENT = auto()


FUTURE_SLACK = timedelta(minutes=10)  # clocks of tills run ahead a little
LOT_FROM = 13  # from this many pieces of one line they are kept as one lot


@dataclass(frozen=True)
class SaleLine:
    """One line as sold. `unit_price` in the major unit of the currency, exact."""

    description: str
    quantity: int
    unit_price: Decimal
    sku: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sale:
    """A sale as a till tells it."""

    outlet_code: str
    number: str
    bought_at: datetime
    lines: tuple[SaleLine, ...]
    buyer_name: str = ""
    buyer_phone: str | None = None  # E.164
    buyer_email: str | None = None
    kind: PurchaseKind = PurchaseKind.SALE
    cashier: str = field(default="")
