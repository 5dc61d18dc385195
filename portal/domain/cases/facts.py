"""What happens to cases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseMoved:
    case_id: int
    event: str
    before: str
    after: str
    body: str
    event_id: int


@dataclass(frozen=True)
class CaseRefiled:
    """A case became one of another kind."""

    case_id: int
    before: str
    after: str


@dataclass(frozen=True)
class CaseSpoken:
    """A message without a move. `told`: whom it is for has it already, by another way."""

    case_id: int
    author: str
    body: str
    event_id: int
    told: bool = False


@dataclass(frozen=True)
class Mentioned:
    """A note of `by` calls a colleague."""

    event_id: int
    case_id: int
    staff_id: int
    by: str


@dataclass(frozen=True)
class TargetsChanged:
    """The shop gives itself more or less time for cases of a kind."""

    kind: str
