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
