"""What happens to requests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RequestDecided:
    """`event_id` is the timeline's entry of the decision."""

    case_id: int
    resolution_id: int
    event_id: int
