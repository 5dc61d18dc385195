"""What happens in the workshop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkMoved:
    case_id: int
    order_id: int
    before: str
    after: str


@dataclass(frozen=True)
class LinesChanged:
    """What is done, or what it costs, is no longer what it was."""

    order_id: int


@dataclass(frozen=True)
class CollectionDue:
    """Something repaired stands on the shelf; its customer is asked for the `time`th time to collect it."""

    order_id: int
    days: int
    time: int


@dataclass(frozen=True)
class SupplierLate:
    """What is at a supplier should have been back."""

    order_id: int


@dataclass(frozen=True)
class LoanLate:
    """A loaned unit should have been back."""

    loan_id: int
