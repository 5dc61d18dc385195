"""What a claim can be decided to be."""

from enum import StrEnum, auto


class Payment(StrEnum):
    """Who pays. `rejected` is a decision without an outcome."""

    FREE = auto()
    PARTLY = auto()
    PAID = auto()
    REJECTED = auto()


class Outcome(StrEnum):
    REPAIR = auto()
    REPLACE = auto()
    REFUND = auto()
    PART = auto()


class Debt(StrEnum):
    """Whether what was decided has been handed out."""

    OWED = auto()
    DONE = auto()
