"""What happens to accounts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CodeIssued:
    """A code has to reach a contact; `key` names the message."""

    key: str
    template: str
    code: str
    email: str | None
    phone: str | None
    language: str


@dataclass(frozen=True)
class CustomersMerged:
    """Two records of one person were made one; what belonged to the merged one follows."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True)
class MergeUndone:
    """They are two again; what was moved and is still there goes back."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True)
class ContactVerified:
    """A customer showed that an e-mail address or a phone is theirs."""

    customer_id: int
    email: str | None
    phone: str | None
