"""What a kind of case is: a pure table of states and moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from portal.domain.accounts.rules import Permission
from portal.kernel.text import Message


class Category(StrEnum):
    """Draft cases are the customer's alone; open and paused ones are on the desk."""

    DRAFT = auto()
    OPEN = auto()
    PAUSED = auto()
    RESOLVED = auto()


class Who(StrEnum):
    """Who has to act next."""

    CUSTOMER = auto()
    AGENT = auto()
    TECHNICIAN = auto()
    COURIER = auto()
    NOBODY = auto()


class Stage(StrEnum):
    """Where the desk files a case; every state of every kind belongs to one."""

    DRAFT = auto()
    NEW = auto()
    CUSTOMER = auto()
    REVIEW = auto()
    ITEM = auto()
    DECIDED = auto()
    WORK = auto()
    OUT = auto()
    CLOSED = auto()


@dataclass(frozen=True)
class State:
    """`staff` and `customer` are its names, `staff_next` and `customer_next` what happens next, and
    `hours` the service hours within which the shop should have acted; a customer has `days` instead."""

    staff: Message
    customer: Message
    category: Category
    stage: Stage
    acts: Who
    staff_next: Message
    customer_next: Message
    tone: str  # of its stamp: waiting, moving, good, bad, quiet
    hours: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Move:
    """Where an event leads, and the permission it needs.

    `back`: to the state from which the present one was entered; `to` is where that is not known.
    """

    to: str
    by: Permission
    back: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of case. `respond_hours` and `resolve_hours` are service hours from filing."""

    name: str
    label: Message
    states: Mapping[str, State]
    moves: Mapping[tuple[str, str], Move]
    events: Mapping[str, Message]
    initial: str
    respond_hours: int
    resolve_hours: int

    def events_from(self, state: str) -> dict[str, Move]:
        return {event: move for (origin, event), move in self.moves.items() if origin == state}
