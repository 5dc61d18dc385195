"""What happens at the desk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseTagged:
    case_id: int
    tag_id: int


@dataclass(frozen=True)
class CaseMerged:
    """A case goes on in another one."""

    case_id: int
    into_id: int
    event_id: int
