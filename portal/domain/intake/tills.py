"""What passes between a till's format and the portal: events, what they add up to, what has to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.domain.purchases.rules import Sale
from portal.kernel.text import Message

ANSWER = "answer:"  # topics of what the till's company answered begin with this


@dataclass(frozen=True)
class Told:
    """One event: `at` is the till's own time, `order` its id of the order that the event is about.

    An event without an order is kept and changes nothing. `seq` tells in which order events were kept here.
    """

    id: str
    topic: str
    order: str | None
    at: datetime
    body: str
    seq: int = 0
    note: Message | None = None


@dataclass(frozen=True)
class Ask:
    """What the till's company has to be asked: a GET of `path`, or a POST when there is a `body`.

    The answer is kept as an event whose topic ends with `key`. That there is no such thing is the answer to
    a question that is `optional`.
    """

    key: str
    path: str
    body: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Counter:
    """Where a till stands: the outlet of each of its locations and of all others; whether it can be asked."""

    outlet: str
    places: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False

    def outlet_of(self, location: object) -> str:
        return self.places.get(str(location), self.outlet)


@dataclass(frozen=True)
class Folded:
    """What an order's events add up to so far: a sale, something to ask, both, or nothing yet."""

    sale: Sale | None = None
    ask: Ask | None = None


class Format(Protocol):
    """One kind of till. Pure: it reads and computes, and neither fetches nor stores.

    None of the present ones signs a time-stamp. A replay is stopped by its event's id; sent under another id
    it changes nothing either, because an order is folded by the times inside the signed bodies.
    """

    name: str
    host: str  # whom `Ask`s go to; "" when nothing is ever asked

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], address: str) -> bool:
        """Whether one of `keys` signed this body, sent to `address`. Headers by lower-case name."""

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether this only tries the address, unsigned; it is answered and nothing is kept."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        """The events in a body. Raises Refused or what `BROKEN` names for what is no such body."""

    def fold(self, events: Sequence[Told], counter: Counter) -> Folded:
        """What all events of one order, sorted by their own time, add up to. Raises like `read`."""

    def hear(self, order: str, ask: Ask, body: bytes, now: datetime) -> list[Told]:
        """The answer to an `Ask` of an order, as events of this order or of others."""

    def credentials(self, token: str) -> Mapping[str, str]:
        """The headers that an `Ask` carries."""


# What reading a body of another shape than expected ends in.
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)
