"""What happens to units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegistrationSent:
    unit_id: int
    again: bool


@dataclass(frozen=True)
class RegistrationDecided:
    unit_id: int
    approved: bool
    reason: str


@dataclass(frozen=True)
class UnitsMade:
    """These receipts have more units than when they were sold."""

    purchase_ids: frozenset[int]
