"""What happens on the road."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LegMoved:
    """A leg has another status than before."""

    leg_id: int
    status: str
    direction: str


@dataclass(frozen=True)
class LegArrived:
    """When a leg arrived was told, or told otherwise, or taken back."""

    leg_id: int


@dataclass(frozen=True)
class LegTroubled:
    """A leg needs somebody; `key` names the one trouble, so that it is told once, `since` when it arose."""

    leg_id: int
    trouble: str
    key: str
    since: datetime
