"""What happens in the workshop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkMoved:
    case_id: int
    order_id: int
    before: str
    after: str
