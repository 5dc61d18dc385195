"""What happens to claims."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimDecided:
    """`outcome` is None for a rejection."""

    case_id: int
    payment: str
    outcome: str | None
    reason: str
    staff_id: int
