"""Money: an integer in the minor unit of its currency, rounded once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINOR_DIGITS = {"IDR": 0, "JPY": 0}


@dataclass(frozen=True)
class Money:
    """`amount` in the minor unit: rupiah for IDR, pence for GBP."""

    amount: int
    currency: str = "IDR"


def minor(amount: Decimal, currency: str) -> int:
    """Round an exact amount of the major unit to whole minor units, halves away from zero."""
    scale = Decimal(10) ** MINOR_DIGITS.get(currency, 2)
    return int((amount * scale).quantize(Decimal(1), ROUND_HALF_UP))


def receipt_total(lines: Iterable[tuple[Decimal, int]], currency: str) -> int:
    """Sum (unit price in the major unit, quantity) exactly, then round once."""
    return minor(sum((price * quantity for price, quantity in lines), Decimal(0)), currency)
