"""What may come back, until when, and what is given back for it."""

from datetime import date, datetime, timedelta
from enum import StrEnum, auto

from portal.kernel.clock import day_in
from portal.kernel.text import Message, _


class Reason(StrEnum):
    MIND = auto()
    SIZE = auto()
    COLOUR = auto()
    NOT_AS_SAID = auto()
    DEFECTIVE = auto()
    WRONG_ITEM = auto()
    OTHER = auto()


class Condition(StrEnum):
    SEALED = auto()
    UNUSED = auto()
    USED = auto()
    DAMAGED = auto()


class Wish(StrEnum):
    MONEY = auto()
    CREDIT = auto()
    EXCHANGE = auto()


class Ruling(StrEnum):
    """What the shop says to one line."""

    OPEN = auto()
    APPROVED = auto()
    REFUSED = auto()


REASONS: dict[Reason, Message] = {
    Reason.MIND: _("I changed my mind"),
    Reason.SIZE: _("The size is wrong"),
    Reason.COLOUR: _("The colour is wrong"),
    Reason.NOT_AS_SAID: _("Not as described"),
    Reason.DEFECTIVE: _("It is faulty"),
    Reason.WRONG_ITEM: _("I was given the wrong item"),
    Reason.OTHER: _("Another reason"),
}
CONDITIONS: dict[Condition, Message] = {
    Condition.SEALED: _("Still sealed"),
    Condition.UNUSED: _("Opened, not used"),
    Condition.USED: _("Used"),
    Condition.DAMAGED: _("Damaged"),
}
WISHES: dict[Wish, Message] = {
    Wish.MONEY: _("Money back"),
    Wish.CREDIT: _("Store credit"),
    Wish.EXCHANGE: _("Exchange"),
}


def last_day(bought_at: datetime, zone: str, days: int) -> date:
    """The last day on which something can come back, by the outlet's calendar; its last second counts."""
    return day_in(zone, bought_at) + timedelta(days=days)


def share(amount: int, sold: int, before: int, pieces: int) -> int:
    """What was paid for `pieces` of a line of `sold` pieces, after `before` of them were given back already.

    Each piece is worth the same; the last one gets what division leaves, so the parts make up the whole.
    """
    each = amount // sold
    rest = amount - each * sold if before + pieces == sold else 0
    return each * pieces + rest
