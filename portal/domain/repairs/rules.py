"""The states of a work order and the moves between them."""

from enum import StrEnum, auto

from portal.kernel.text import Message, _


class S(StrEnum):
    OPEN = auto()
    DIAGNOSING = auto()
    ESTIMATING = auto()
    WAITING_APPROVAL = auto()
    APPROVED = auto()
    WAITING_PARTS = auto()
    AT_SUPPLIER = auto()
    IN_PROGRESS = auto()
    DONE = auto()
    UNREPAIRABLE = auto()
    HANDED_OVER = auto()
    UNCOLLECTED = auto()
    CANCELLED = auto()


class Place(StrEnum):
    """Where the work is done."""

    SHOP = auto()
    HOME = auto()


class LineKind(StrEnum):
    PART = auto()
    LABOUR = auto()
    FEE = auto()


class Billing(StrEnum):
    """Who pays a line: the warranty, nobody (the shop's goodwill), the customer."""

    WARRANTY = auto()
    NO_CHARGE = auto()
    BILLABLE = auto()


class Proof(StrEnum):
    """How somebody showed that the item may be given to them."""

    SIGNATURE = auto()  # with a finger on the screen
    CODE = auto()  # that the customer was sent
    PAPER = auto()  # signed on the printed receipt of intake


# (name for staff, what the customer reads, tone of the stamp)
STATES: dict[str, tuple[Message, Message, str]] = {
    S.OPEN: (_("Open"), _("A technician will begin soon"), "waiting"),
    S.DIAGNOSING: (_("Diagnosing"), _("A technician looks for the cause"), "moving"),
    S.ESTIMATING: (_("Estimating"), _("The cost is being worked out"), "moving"),
    S.WAITING_APPROVAL: (_("Waiting for approval"), _("Waiting for the cost to be approved"), "waiting"),
    S.APPROVED: (_("Approved"), _("The cost is approved"), "moving"),
    S.WAITING_PARTS: (_("Waiting for parts"), _("Parts are on their way"), "waiting"),
    S.AT_SUPPLIER: (_("At the maker's service centre"), _("With the maker's service centre"), "waiting"),
    S.IN_PROGRESS: (_("In repair"), _("Being repaired"), "moving"),
    S.DONE: (_("Done"), _("Repaired"), "good"),
    S.UNREPAIRABLE: (
        _("Cannot be repaired"),
        _("It cannot be repaired; the shop decides what happens next"),
        "bad",
    ),
    S.HANDED_OVER: (_("Handed over"), _("Handed over"), "good"),
    S.UNCOLLECTED: (_("Not collected"), _("Waiting to be collected"), "waiting"),
    S.CANCELLED: (_("Cancelled"), _("The repair was cancelled"), "quiet"),
}

MOVES: dict[str, tuple[str, ...]] = {
    S.OPEN: (S.DIAGNOSING, S.IN_PROGRESS, S.CANCELLED),
    S.DIAGNOSING: (S.IN_PROGRESS, S.ESTIMATING, S.WAITING_PARTS, S.AT_SUPPLIER, S.UNREPAIRABLE, S.CANCELLED),
    S.ESTIMATING: (S.WAITING_APPROVAL, S.IN_PROGRESS, S.CANCELLED),
    S.WAITING_APPROVAL: (S.APPROVED, S.CANCELLED),
    S.APPROVED: (S.IN_PROGRESS, S.WAITING_PARTS, S.CANCELLED),
    S.WAITING_PARTS: (S.IN_PROGRESS, S.UNREPAIRABLE, S.CANCELLED),
    S.AT_SUPPLIER: (S.IN_PROGRESS, S.DONE, S.UNREPAIRABLE),
    S.IN_PROGRESS: (S.DONE, S.WAITING_PARTS, S.AT_SUPPLIER, S.UNREPAIRABLE),
    S.DONE: (S.HANDED_OVER, S.UNCOLLECTED, S.IN_PROGRESS),
    S.UNREPAIRABLE: (S.HANDED_OVER, S.DIAGNOSING),  # a second decision may ask for another try
    S.UNCOLLECTED: (S.HANDED_OVER,),
    S.HANDED_OVER: (),
    S.CANCELLED: (),
}

ENDED = frozenset({S.HANDED_OVER, S.CANCELLED})
NEEDS_NOTE = frozenset({S.DONE, S.UNREPAIRABLE, S.CANCELLED})
