"""What couriers' formats share: signatures, keeping a body as it came, moments, links, free texts."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from portal.domain.intake import dates
from portal.domain.shipments.couriers import BROKEN, COURIER, Ask, Eta, Report, Sighting, Told
from portal.domain.shipments.events import ODD
from portal.domain.shipments.rules import Status
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

SLUGS = {
    "JNE": "jne", "J&T Express": "jnt", "SiCepat": "sicepat", "AnterAja": "anteraja", "POS Indonesia": "pos",
    "TIKI": "tiki", "Ninja Xpress": "ninja", "Lion Parcel": "lion", "SAP Express": "sap", "RPX": "rpx",
    "Wahana": "wahana", "ID Express": "ide", "SPX Express": "spx", "REX": "rex", "Paxel": "paxel",
}  # fmt: skip
FIRST_SECOND, LAST_SECOND = 631_152_000, 2**32  # that a moment told as a number may have
TOLERANCE = timedelta(minutes=5)  # of a signed time
_NO_YEAR = re.compile(r"(\d{1,2}\s+[^\W\d]{3,10})\.?,?\s+(\d{1,2}[:.]\d{2}.*)")


class Plain:
    """What a format is when it says nothing else: it signs nothing, never pings and cannot be asked."""

    name = label = host = ""

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        return False

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        return False

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        text = body.decode("utf-8", "replace").replace("\0", "\ufffd")
        try:
            return [self._told(self._said(text), text, now)]
        except Refused as refusal:
            return [_unread(text, now, refusal.message)]
        except BROKEN:
            return [_unread(text, now, ODD)]

    def report(self, body: str, zone: tzinfo, received_at: datetime) -> Report:
        return self._report(self._said(body), When(zone, received_at))

    def question(self, courier: str, waybill: str, token: str) -> Ask | None:
        return None

    def credentials(self, token: str) -> Mapping[str, str]:
        return {}

    def _said(self, text: str) -> dict[str, Any]:
        return record(text)

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        raise NotImplementedError

    def _report(self, said: dict[str, Any], when: "When") -> Report:
        raise NotImplementedError


@dataclass(frozen=True)
class When:
    """How dates are read: those without a zone are in `zone`, those without a year lie before `received`."""

    zone: tzinfo
    received: datetime

    def moment(self, value: Any) -> datetime | None:
        """None for nothing. Raises Refused or ValueError for what is no date."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not FIRST_SECOND < value < LAST_SECOND:
                raise ValueError("not a moment that can be meant")
            return datetime.fromtimestamp(value, UTC)
        typed = words(value, 60)
        if not typed or typed == "-":
            return None
        if found := _NO_YEAR.fullmatch(typed):
            return self._this_year(*found.groups())
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            return dates.parse(typed, "", dates.DateStyle.DMY, self.zone)
        at = at.replace(tzinfo=self.zone) if at.tzinfo is None else at
        if not dates.FIRST_YEAR <= at.year <= dates.LAST_YEAR:
            raise ValueError("not a year that can be meant")
        return at.astimezone(UTC)

    def _this_year(self, day: str, clock: str) -> datetime:
        """The last such day that has been when it was told of."""
        year = self.received.astimezone(self.zone).year
        at = dates.parse(f"{day} {year} {clock}", "", dates.DateStyle.DMY, self.zone)
        if at > self.received + timedelta(days=1):
            at = dates.parse(f"{day} {year - 1} {clock}", "", dates.DateStyle.DMY, self.zone)
        return at


@dataclass(frozen=True)
class Row:
    """One line of a courier's history, its date as written."""

    date: Any
    status: Status | None
    word: str
    said: str = ""
    place: str = ""


def sightings(rows: Sequence[Row], when: When) -> tuple[Sighting, ...]:
    """The lines of a history, oldest first. One without a date that can be read has that of its neighbour."""
    moments = [_readable(row.date, when) for row in rows]
    known = [moment for moment in moments if moment is not None]
    last = known[0] if known else when.received
    found = []
    for row, moment in zip(rows, moments, strict=True):
        last = moment or last
        found.append(
            Sighting(last, row.status, words(row.word, 120), words(row.said, 300), words(row.place, 120))
        )
    return tuple(found)


def record(text: str) -> dict[str, Any]:
    """A JSON object. Raises Refused for anything else."""
    try:
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(_("The body is not JSON. It is kept as it came.")) from error
    if not isinstance(value, dict):
        raise Refused(_("The body is not a JSON object."))
    return value


def dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def words(value: Any, most: int) -> str:
    """Text on one line without control characters, at most `most` long."""
    said = "" if value is None else str(value)
    if not said.isprintable():
        said = "".join(sign if sign.isprintable() else " " for sign in said)
    return " ".join(said.split())[:most].strip()


def ident(value: Any) -> str | None:
    """A number of a parcel as text; None for nothing. Raises ValueError for what none can be."""
    said = "" if value is None else str(value).strip()
    if len(said) > 60 or not said.isprintable() or isinstance(value, dict | list | bool):
        raise ValueError("not a number of a parcel")
    return said or None


def fingerprint(*parts: object) -> str:
    """An id for an event that has none of its own."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40]


def same(given: str, made: Iterable[str]) -> bool:
    """Whether `given` is one of `made`; every one is compared, in constant time."""
    return any([hmac.compare_digest(given.encode(), one.encode()) for one in made])  # noqa: C419


def near(signed: datetime, now: datetime) -> None:
    """Raises Refused for a signed time that is not near `now`."""
    if abs(now - signed) > TOLERANCE:
        raise Refused(
            _("The time that was signed is more than five minutes off: a replay, or a clock that is wrong.")
        )


def eta(since: Any, until: Any = None, by: str = COURIER) -> Eta | None:
    """The days between which it should arrive, None when nobody knows."""
    first, last = _day(since), _day(until)
    days = sorted(day for day in (first, last) if day)
    return Eta(days[0], days[-1], by) if days else None


def proofs(**told: Any) -> tuple[tuple[str, str], ...]:
    """What shows that it was delivered, with its address; only those of the open web."""
    return tuple(
        (kind, url) for kind, value in told.items() if (url := words(value, 400)).startswith("https://")
    )


def place(*parts: Any) -> str:
    """`Bogor, Jawa Barat`: what there is of it, nothing twice."""
    return ", ".join(dict.fromkeys(said for part in parts if (said := words(part, 60))))


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(words(value, 60)[:10])
    except ValueError:
        return None
    return day if dates.FIRST_YEAR <= day.year <= dates.LAST_YEAR else None


def _readable(value: Any, when: When) -> datetime | None:
    try:
        return when.moment(value)
    except (Refused, ValueError, OverflowError, OSError):
        return None


def _unread(text: str, now: datetime, why: Message) -> Told:
    return Told(f"odd:{fingerprint(text)}", "", None, None, now, text, why)


def _no_number(said: str) -> Any:
    raise ValueError(said)
