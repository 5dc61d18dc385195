"""What a receipt may hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum, auto
from typing import NamedTuple


class PurchaseKind(StrEnum):
    SALE = auto()
    CANCELLATION = auto()
    ADJUSTMENT = auto()


class DoubtReason(StrEnum):
    """Why nobody but a person can say whose receipt it is."""

    SEVERAL = auto()  # more than one record has this contact
    OTHER_NAME = auto()  # the phone is known under another name
    OTHER_EMAIL = auto()  # the phone is known with another e-mail address


FUTURE_SLACK = timedelta(minutes=10)  # clocks of tills run ahead a little
LOT_FROM = 13  # from this many pieces of one line they are kept as one lot


class SaleLine(NamedTuple):
    """One line as sold. `unit_price` and `discount` (of the whole line) in the major unit, exact.

    `returned` pieces have come back already. Category, brand and barcode describe a product that is new here.
    """

    description: str
    quantity: int
    unit_price: Decimal
    sku: str | None = None
    serials: tuple[str, ...] = ()
    discount: Decimal = Decimal(0)
    returned: int = 0
    barcode: str = ""
    category: str = ""
    brand: str = ""


@dataclass(frozen=True)
class Sale:
    """A sale as a till tells it, whole: hearing of it again with other words revises the first record.

    `external_id` is the till's own id of it, `customer_ref` that of the buyer; `undoes` the number of the
    sale that a cancellation takes back; `currency` what the till says it sold in, None when it does not say;
    `courier` and `waybill` how the goods travel to the buyer.
    """

    outlet_code: str
    number: str
    bought_at: datetime
    lines: tuple[SaleLine, ...]
    buyer_name: str = ""
    buyer_phone: str | None = None  # E.164
    buyer_email: str | None = None
    kind: PurchaseKind = PurchaseKind.SALE
    cashier: str = ""
    external_id: str | None = None
    customer_ref: str | None = None
    undoes: str | None = None
    cancelled_at: datetime | None = None
    currency: str | None = None
    courier: str = ""
    waybill: str = ""
