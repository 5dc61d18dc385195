"""What stands in the cells that are neither numbers nor dates: ids, contacts, kinds of event."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum, auto

from portal.kernel import email as emails
from portal.kernel import phone as phones
from portal.kernel.errors import Refused
from portal.kernel.text import _

EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_EXPONENT = re.compile(r"-?\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"\d+\.0")


class Event(StrEnum):
    """What a row or a receipt tells of."""

    SALE = auto()
    REFUND = auto()  # gives something back of an earlier sale
    VOID = auto()  # the sale itself does not count any more
    CORRECTION = auto()  # of the stock or the books
    UNPAID = auto()


WORDS: dict[Event, str] = {
    Event.SALE: "sale sales sold payment paid completed complete success sukses selesai lunas penjualan "
    "jual dibayar bayar processing shipped delivered settlement closed order "
    "partially_refunded partially-refunded",
    Event.REFUND: "refund return retur pengembalian returned exchange tukar return_sale credit_note",
    Event.VOID: "void voided cancelled canceled cancel cancellation batal dibatalkan refunded pembatalan",
    Event.CORRECTION: "adjustment adjust penyesuaian koreksi correction",
    Event.UNPAID: "pending unpaid failed draft gagal belum on-hold on_hold expired authorized "
    "pending_payment",
}
_EVENTS = {word: event for event, words in WORDS.items() for word in words.split()}


def event(typed: str) -> Event:
    """What the till calls it, "" being a sale. Raises Refused for a word that nobody knows."""
    text = typed.strip().lower()
    if not text:
        return Event.SALE
    found = _EVENTS.get(text.replace(" ", "_")) or _EVENTS.get(text.split()[0])
    if found is None:
        raise Refused(
            _("“%(typed)s” is no kind of sale we know. Write Sale, Refund or Cancelled.", typed=typed[:40])
        )
    return found


def identity(typed: str, longest: int, *, rounded: bool = False) -> str:
    """A number or code that names something, without what spreadsheets add to it.

    `rounded`: its column has lost digits in a spreadsheet. Raises Refused for an id that is too long or that
    a spreadsheet has shortened.
    """
    text = typed.strip().removeprefix("'")
    if text.endswith(".0") and _WHOLE_FLOAT.fullmatch(text):
        text = text[:-2]
    if ("+" in text and _EXPONENT.fullmatch(text)) or (rounded and _has_lost_digits(text)):
        raise Refused(
            _(
                "A spreadsheet has shortened “%(typed)s”. Export the file from the till again and upload it "
                "without opening it in a spreadsheet, or format this column as text.",
                typed=text[:40],
            )
        )
    if len(text) > longest:
        raise Refused(_("“%(typed)s” is longer than %(count)s characters.", typed=text[:40], count=longest))
    return text


def lost_digits(sample: Iterable[str]) -> bool:
    """Whether a program has rounded the ids of a column: all that are long look like it, beyond chance."""
    signs = [_rounding(text) for text in {typed.strip().removeprefix("'") for typed in sample}]
    found = [sign for sign in signs if sign is not None]
    return all(found) and sum(found) >= 2


def _has_lost_digits(text: str) -> bool:
    return bool(_rounding(text))


def _rounding(text: str) -> float | None:
    """How many digits say that a number was rounded, 0 when one says that it was not; None for a short one.

    A spreadsheet keeps 15 digits; other programs keep what a floating-point number holds, 16 or 17.
    """
    if len(text) <= EXACT_DIGITS or not text.isdecimal():
        return None
    if not text[EXACT_DIGITS:].strip("0"):
        return len(text) - EXACT_DIGITS
    if int(text) >= 2**53 and f"{Decimal(repr(float(text))):f}" == text:
        return max(len(text) - 16, 0.3)
    return 0


def phone(typed: str) -> str | None:
    """E.164; None when it is none."""
    try:
        return phones.parse(typed.strip().removeprefix("'"))
    except ValueError:
        return None


def email(typed: str) -> str | None:
    """The address as it is stored; None when it is none."""
    try:
        return emails.parse(typed)
    except ValueError:
        return None


def serials(typed: str, rounded: bool) -> tuple[str, ...]:
    """Each serial number of a cell. Raises Refused."""
    parts = re.split(r"[,;/|\n]+", typed)
    return tuple(identity(part, 40, rounded=rounded) for part in parts if part.strip())


def made_up_sku(product: str) -> str:
    """A code for goods that the till gives none; the same name gives the same code."""
    return re.sub(r"[^A-Z0-9]+", "-", product.upper()).strip("-")[:40].strip("-")
