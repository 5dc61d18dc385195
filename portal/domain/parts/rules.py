"""What a part fits, the ways to get and to pay for it, and the words of the shelf's ledger."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from portal.kernel.text import Message, _

MOST = 999  # pieces of one line
BATCH_MOST = 500  # codes printed at once


class Purpose(StrEnum):
    """What pieces are set aside for: the line of a part order, or of a work order."""

    ORDER = auto()
    WORK = auto()


class Hold(StrEnum):
    HELD = auto()
    USED = auto()
    RELEASED = auto()


class Entry(StrEnum):
    """What changed a level; the ledger's kinds."""

    ORDER = auto()
    RECEIVE = auto()
    CANCEL = auto()
    RESERVE = auto()
    RELEASE = auto()
    USE = auto()
    COUNT = auto()
    SEND = auto()
    TAKE = auto()


ENTRIES: dict[str, Message] = {
    Entry.ORDER: _("Ordered from the supplier"),
    Entry.RECEIVE: _("Received"),
    Entry.CANCEL: _("Order cancelled"),
    Entry.RESERVE: _("Reserved"),
    Entry.RELEASE: _("Reservation ended"),
    Entry.USE: _("Handed out or fitted"),
    Entry.COUNT: _("Counted"),
    Entry.SEND: _("Moved to another outlet"),
    Entry.TAKE: _("Came from another outlet"),
}


class Supply(StrEnum):
    """The states of an order to a supplier."""

    OPEN = auto()
    RECEIVED = auto()
    CANCELLED = auto()


class Line(StrEnum):
    """The states of a line of a customer's order."""

    WANTED = auto()
    HELD = auto()
    PICKED = auto()
    GONE = auto()
    CANCELLED = auto()


# (name at the desk, name for the customer, tone of the stamp)
LINES: dict[str, tuple[Message, Message, str]] = {
    Line.WANTED: (_("To be reserved"), _("Asked for"), "waiting"),
    Line.HELD: (_("Reserved"), _("Reserved for you"), "moving"),
    Line.PICKED: (_("Picked"), _("Packed"), "moving"),
    Line.GONE: (_("Handed out"), _("Handed out"), "good"),
    Line.CANCELLED: (_("Cancelled"), _("Cancelled"), "quiet"),
}


class Way(StrEnum):
    COLLECT = auto()
    SEND = auto()
    FIT = auto()


WAYS: dict[str, Message] = {
    Way.COLLECT: _("I collect it"),
    Way.SEND: _("Please send it"),
    Way.FIT: _("Please fit it"),
}


class Paying(StrEnum):
    COUNTER = auto()
    DELIVERY = auto()
    NOTHING = auto()  # the warranty pays


PAYING: dict[str, Message] = {
    Paying.COUNTER: _("At the counter"),
    Paying.DELIVERY: _("On delivery"),
    Paying.NOTHING: _("Nothing to pay"),
}


class Paid(StrEnum):
    CASH = auto()
    TRANSFER = auto()
    COD = auto()


PAID: dict[str, Message] = {
    Paid.CASH: _("Cash"),
    Paid.TRANSFER: _("Bank transfer"),
    Paid.COD: _("Collected by the courier"),
}


@dataclass(frozen=True)
class Fit:
    """What a part fits: a product of the catalogue, or whatever bears this model (of this brand)."""

    product_id: int | None = None
    brand: str = ""
    model: str = ""


def plain(text: str) -> str:
    """A model or number as it is compared: `WA-80 h/4` → `wa80h4`."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def fits(known: Iterable[Fit], universal: bool, product_id: int | None, brand: str, model: str) -> bool:
    """Whether a part goes into this product; `product_id` None for a model that is not in the catalogue."""
    if universal:
        return True
    asked = plain(model)
    return any(
        (fit.product_id is not None and fit.product_id == product_id)
        or (
            fit.product_id is None
            and bool(asked)
            and plain(fit.model) == asked
            and (not fit.brand or not brand or plain(fit.brand) == plain(brand))
        )
        for fit in known
    )


def words_of(*texts: str) -> set[str]:
    """The words that a part is found by: each as it stands, and numbers without their hyphens."""
    found: set[str] = set()
    for text in texts:
        for word in text.lower().split():
            found.update(re.findall(r"\w+", word))
            found.add(plain(word))
    return {word[:60] for word in found if word}


def typed_words(typed: str) -> Sequence[str]:
    """The words of a search, as `words_of` writes them."""
    return [word for word in (plain(part) for part in typed.split()[:6]) if word]
