"""What happens to estimates."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EstimateMoved:
    """An estimate was sent, answered, or ended; `after` is its state."""

    estimate_id: int
    after: str


@dataclass(frozen=True)
class EstimateDue:
    """The customer is reminded of an estimate that ends soon."""

    estimate_id: int
