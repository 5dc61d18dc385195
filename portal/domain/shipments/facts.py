"""What happens on the road."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LegMoved:
    """A leg reached a status for the first time."""

    leg_id: int
    status: str
    direction: str
