"""The states of a unit and who moves it between them."""

from enum import StrEnum, auto


class Registration(StrEnum):
    """`expired` is computed from the coverage and never stored."""

    PENDING = auto()
    VALID = auto()
    REJECTED = auto()
    VOID = auto()
    RETURNED = auto()  # it went back to the shop: its purchase was cancelled or the piece refunded


REPLACED_BY = "→ "  # begins the reason of a unit whose warranty ended by a swap; the new unit's code follows

MOVES: dict[tuple[Registration, str], Registration] = {
    (Registration.PENDING, "approve"): Registration.VALID,
    (Registration.PENDING, "reject"): Registration.REJECTED,
    (Registration.REJECTED, "resend"): Registration.PENDING,
    (Registration.VALID, "void"): Registration.VOID,
    (Registration.VALID, "return"): Registration.RETURNED,
    (Registration.VOID, "return"): Registration.RETURNED,
    (Registration.RETURNED, "restore"): Registration.VALID,
}
