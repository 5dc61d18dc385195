"""A letter as it came in, read but not yet placed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounce:
    """A letter of ours that a mail server gave back; `final` when it will never be taken."""

    address: str
    why: str
    final: bool


@dataclass(frozen=True)
class Arrived:
    """`to` is every address it was sent to, `text` what its sender wrote, without what is quoted; `size` in
    bytes. `automatic`: a program answered. `ours`: it is a letter that we sent ourselves."""

    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    size: int
    automatic: bool = False
    ours: bool = False
    bounce: Bounce | None = None
