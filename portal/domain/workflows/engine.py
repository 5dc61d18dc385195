"""What a kind of case is: a pure table of states, moves, questions, outcomes and targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    SUPPLIER = auto()
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


class Priority(StrEnum):
    URGENT = auto()
    HIGH = auto()
    NORMAL = auto()
    LOW = auto()


class About(StrEnum):
    """What a case is about, and so what is chosen before its questions are asked."""

    UNIT = auto()  # one item of the customer
    LINES = auto()  # lines of one or several receipts
    PARCEL = auto()  # a shipment, or a receipt that was sent by courier
    ANYTHING = auto()  # an item, if it concerns one
    PERSON = auto()  # the customer's own data


class Ask(StrEnum):
    """How a question is answered."""

    CHOICE = auto()
    TEXT = auto()  # a line
    STORY = auto()  # some sentences
    PHOTOS = auto()
    DAY = auto()
    NUMBER = auto()
    MONEY = auto()
    PHONE = auto()


@dataclass(frozen=True)
class Question:
    """One question of a kind's form. It is asked when `when` is None, or when the answer to the question of
    that name is one of those values."""

    name: str
    label: Message
    ask: Ask
    required: bool = True
    choices: Mapping[str, Message] = field(default_factory=dict)
    hint: Message | None = None
    when: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the shop can decide: the event that it causes and what it needs.

    `money`: an amount is owed to the customer. `refuses`: it names evidence and the way that is left, and can
    be appealed once.
    """

    staff: Message
    customer: Message
    event: str
    money: bool = False
    refuses: bool = False


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
class Targets:
    """Minutes within which the shop answers first, answers again, and is done; of service time, unless the
    kind's clock never stands still. They are those of normal priority."""

    first: int
    again: int
    done: int


# What a target is multiplied by.
HURRY: dict[str, float] = {Priority.URGENT: 0.25, Priority.HIGH: 0.5, Priority.NORMAL: 1.0, Priority.LOW: 2.0}


@dataclass(frozen=True)
class Kind:
    """A kind of case. `label` names it, `offer` and `hint` are what a customer chooses it by."""

    name: str
    label: Message
    offer: Message
    hint: Message
    icon: str
    about: About
    states: Mapping[str, State]
    moves: Mapping[tuple[str, str], Move]
    events: Mapping[str, Message]
    initial: str
    targets: Targets
    always: bool = False  # its clock is the law's and runs day and night
    by_line: bool = False  # each line of a receipt gets its own answer
    questions: tuple[Question, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)

    def hurry(self, priority: str) -> float:
        """What a priority multiplies its times by; nothing puts off what the law sets."""
        return min(HURRY[priority], 1.0) if self.always else HURRY[priority]

    def events_from(self, state: str) -> dict[str, Move]:
        return {event: move for (origin, event), move in self.moves.items() if origin == state}
