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
class ContactVerified:
    """A customer showed that an e-mail address or a phone is theirs."""

    customer_id: int
    email: str | None
    phone: str | None
