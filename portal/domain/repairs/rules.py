"""The states of a work order and the moves between them."""

from enum import StrEnum, auto

from portal.kernel.text import Message, _


class S(StrEnum):
    OPEN = auto()
    DIAGNOSING = auto()
    ESTIMATING = auto()
    WAITING_APPROVAL = auto()
    APPROVED = auto()
    DECLINED = auto()
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
    S.DECLINED: (_("Estimate declined"), _("Not repaired, because you declined the estimate"), "waiting"),
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
    S.WAITING_APPROVAL: (S.APPROVED, S.DECLINED, S.ESTIMATING, S.CANCELLED),
    S.APPROVED: (S.IN_PROGRESS, S.WAITING_PARTS, S.ESTIMATING, S.CANCELLED),
    S.DECLINED: (S.HANDED_OVER, S.UNCOLLECTED, S.ESTIMATING),
    S.WAITING_PARTS: (S.IN_PROGRESS, S.ESTIMATING, S.UNREPAIRABLE, S.CANCELLED),
    S.AT_SUPPLIER: (S.IN_PROGRESS, S.DONE, S.UNREPAIRABLE),
    S.IN_PROGRESS: (S.DONE, S.WAITING_PARTS, S.AT_SUPPLIER, S.ESTIMATING, S.UNREPAIRABLE),
    S.DONE: (S.HANDED_OVER, S.UNCOLLECTED, S.IN_PROGRESS),
    S.UNREPAIRABLE: (S.HANDED_OVER, S.DIAGNOSING),  # a second decision may ask for another try
    S.UNCOLLECTED: (S.HANDED_OVER,),
    S.HANDED_OVER: (),
    S.CANCELLED: (),
}

ENDED = frozenset({S.HANDED_OVER, S.CANCELLED})
FINISHED = ENDED | {S.DONE, S.UNCOLLECTED}
NEEDS_NOTE = frozenset({S.DONE, S.UNREPAIRABLE, S.CANCELLED})
TO_COLLECT = frozenset({S.DONE, S.UNREPAIRABLE, S.DECLINED, S.UNCOLLECTED})
# Steps before which the customer has agreed to whatever is billed.
BILLED = frozenset({S.IN_PROGRESS, S.DONE, S.HANDED_OVER})
AWAITED = (S.WAITING_PARTS, S.AT_SUPPLIER)  # a supplier's turn: the clock of the case stands still
AT_HAND = frozenset({S.OPEN, S.DIAGNOSING, S.ESTIMATING, S.APPROVED, S.IN_PROGRESS})  # the technician's turn
# Steps with a form of their own; every other one is a button.
OWN_FORM = frozenset(
    {S.AT_SUPPLIER, S.HANDED_OVER, S.UNCOLLECTED, S.WAITING_APPROVAL, S.APPROVED, S.DECLINED}
)
# Kinds of cases in which something is repaired.
WORKED_ON = frozenset({"warranty", "service", "part", "quality"})
# The states of such a case in which its item can be taken in.
TAKES_IN = frozenset(
    {"submitted", "under_review", "waiting_item", "received", "inspecting", "fulfilling", "reopened"}
)

# What the technician does next.
NEXT: dict[str, Message] = {
    S.OPEN: _("Look for the cause."),
    S.DIAGNOSING: _("Write down what you find; then repair it, order the part, or ask what it may cost."),
    S.ESTIMATING: _("Write the lines; then the customer gets the estimate."),
    S.WAITING_APPROVAL: _("Wait: the customer decides on the estimate."),
    S.APPROVED: _("The estimate is approved: repair it."),
    S.DECLINED: _("Put it on the shelf as it was. The customer knows that it can be collected."),
    S.WAITING_PARTS: _("Go on as soon as the part is here."),
    S.AT_SUPPLIER: _("Wait for the supplier; record when it is back."),
    S.IN_PROGRESS: _("Repair it; then write down what you did."),
    S.DONE: _("Put it on the shelf. The customer knows that it is ready."),
    S.UNREPAIRABLE: _("The desk decides what the customer gets instead."),
    S.UNCOLLECTED: _("The customer is reminded; ring them when it stands here for long."),
}
# A signature has at most so many strokes and points, on a field of 1000 by 400.
MOST_STROKES, MOST_POINTS, FIELD = 60, 4000, (1000, 400)
SMALLEST = 100  # its width and height together; less is a dot


def buttons(state: str) -> list[str]:
    """The steps from here that need no form of their own; whoever is away comes back through that form."""
    return [] if state == S.AT_SUPPLIER else [to for to in MOVES[state] if to not in OWN_FORM]


def strokes(drawn: str) -> list[list[tuple[int, int]]]:
    """A signature as it is sent and kept: `x,y x,y;x,y …`, whole numbers on FIELD; strokes by semicolon.

    Raises ValueError for anything else, and for what is too little to be a signature.
    """
    found = [
        [(int(x), int(y)) for x, _comma, y in (point.partition(",") for point in stroke.split())]
        for stroke in drawn.split(";")
        if stroke.strip()
    ]
    points = [point for stroke in found for point in stroke]
    if not 8 <= len(points) <= MOST_POINTS or len(found) > MOST_STROKES:
        raise ValueError("too little or too much")
    xs, ys = zip(*points, strict=True)
    if min(*xs, *ys) < 0 or max(xs) > FIELD[0] or max(ys) > FIELD[1]:
        raise ValueError("outside the field")
    if max(xs) - min(xs) + max(ys) - min(ys) < SMALLEST:
        raise ValueError("a dot")
    return found
