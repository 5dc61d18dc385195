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
