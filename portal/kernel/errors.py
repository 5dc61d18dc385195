"""What the domain says no with; the web translates it."""

from portal.kernel.text import Message


class Refused(Exception):
    """A rule said no. `message` is a sentence to act on; `field` names the form field it is about."""

    def __init__(self, message: Message, field: str | None = None):
        super().__init__(message.id)
        self.message = message
        self.field = field


class TooMany(Refused):
    """A limit was reached; the same request may succeed later (HTTP 429)."""


class Stale(Exception):
    """Somebody else changed the record since it was read (HTTP 409)."""
