"""The states of an estimate, and what it comes to.

What was not sent yet is the draft: the lines of the work order as they stand. Sending freezes them as a
version.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum, auto
from typing import Protocol

from portal.kernel.text import Message, _


class S(StrEnum):
    SENT = auto()
    APPROVED = auto()
    DECLINED = auto()
    EXPIRED = auto()
    SUPERSEDED = auto()


class How(StrEnum):
    """By what way the answer came."""

    PORTAL = auto()
    COUNTER = auto()
    PHONE = auto()


# (name for staff, what the customer reads, tone of the stamp)
STATES: dict[str, tuple[Message, Message, str]] = {
    S.SENT: (_("Waiting for an answer"), _("Please decide"), "waiting"),
    S.APPROVED: (_("Approved"), _("You approved this estimate"), "good"),
    S.DECLINED: (_("Declined"), _("You declined this estimate"), "bad"),
    S.EXPIRED: (_("Expired"), _("No longer valid"), "quiet"),
    S.SUPERSEDED: (_("Replaced"), _("Replaced by a newer estimate"), "quiet"),
}

MOVES: dict[str, tuple[str, ...]] = {
    S.SENT: (S.APPROVED, S.DECLINED, S.EXPIRED, S.SUPERSEDED),
    S.APPROVED: (S.SUPERSEDED,),  # by a later one that was approved, too
    S.DECLINED: (),
    S.EXPIRED: (),
    S.SUPERSEDED: (),
}

HOWS: dict[str, Message] = {
    How.PORTAL: _("On the portal"),
    How.COUNTER: _("At the counter"),
    How.PHONE: _("By phone"),
}

USUAL_DAYS = 7  # that an estimate holds
LONGEST_DAYS = 90
REMIND_BEFORE = timedelta(days=2)


class Priced(Protocol):
    """A line of an estimate; `amount` in minor units."""

    @property
    def id(self) -> int: ...
    @property
    def amount(self) -> int: ...
    @property
    def optional(self) -> bool: ...


def total(lines: Iterable[Priced]) -> int:
    """What all lines come to, in minor units."""
    return sum(line.amount for line in lines)


def accepted(lines: Iterable[Priced], chosen: Collection[int]) -> frozenset[int]:
    """The ids of the lines that are agreed to: those that cannot be left out, and the chosen ones."""
    return frozenset(line.id for line in lines if not line.optional or line.id in chosen)
