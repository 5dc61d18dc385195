"""What passes between a courier's format and the portal: events, what they say of a parcel, what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

from portal.domain.intake.tills import BROKEN, Ask
from portal.domain.shipments.rules import Status
from portal.kernel.text import Message

__all__ = ["BROKEN", "Ask"]  # the same as tills have
COURIER = "courier"  # who said when a parcel should arrive, where it is not an aggregator


@dataclass(frozen=True)
class Told:
    """One event: `ref` is what the courier calls the parcel, `waybill` the number on it, `at` its own time.

    An event with neither is kept and changes nothing; `note` says why.
    """

    id: str
    topic: str
    ref: str | None
    waybill: str | None
    at: datetime
    body: str
    note: Message | None = None


@dataclass(frozen=True)
class Sighting:
    """One movement as the courier tells it: `word` is what it calls the status, `status` what that means.

    None: a word never seen before; "" as word: it says nothing about the status.
    """

    at: datetime
    status: Status | None
    word: str
    said: str = ""
    place: str = ""


@dataclass(frozen=True)
class Eta:
    """The days between which it should arrive, and who says so: COURIER or the name of an aggregator."""

    since: date
    until: date
    by: str = COURIER


@dataclass(frozen=True)
class Report:
    """What one event says of a parcel. `proof` are (what, address) of a signature or a photo."""

    sightings: tuple[Sighting, ...] = ()
    waybill: str = ""
    eta: Eta | None = None
    received_by: str = ""
    proof: tuple[tuple[str, str], ...] = ()


class Courier(Protocol):
    """One courier or aggregator. Pure: it reads and computes, and neither fetches nor stores."""

    name: str
    label: str
    host: str  # whom it is asked of; "" where webhooks tell

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        """Whether one of `keys` signed this body. Headers by lower-case name. Raises Refused for a signed
        time that is not near `now`."""

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether this only tries the address, unsigned; it is answered and nothing is kept."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        """The events in a body; one that cannot be read is kept as it is, with a note."""

    def report(self, body: str, zone: tzinfo, received_at: datetime) -> Report:
        """What a kept event says; dates without a zone are in `zone`. Raises Refused or what BROKEN names."""

    def question(self, courier: str, waybill: str, token: str) -> Ask | None:
        """What is asked about a parcel; None for a courier that it does not know."""

    def credentials(self, token: str) -> Mapping[str, str]:
        """The headers that a question carries."""
