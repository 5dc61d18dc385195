"""The canonical statuses of a shipment leg, the order they may come in, and when a leg needs somebody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo


class Direction(StrEnum):
    TO_SHOP = auto()
    TO_SUPPLIER = auto()
    FROM_SUPPLIER = auto()
    TO_CUSTOMER = auto()


class Status(StrEnum):
    LABEL_CREATED = auto()
    PICKUP_SCHEDULED = auto()
    PICKED_UP = auto()
    IN_TRANSIT = auto()
    OUT_FOR_DELIVERY = auto()
    AVAILABLE_FOR_PICKUP = auto()
    DELIVERED = auto()
    ATTEMPT_FAILED = auto()
    EXCEPTION = auto()
    RETURN_IN_TRANSIT = auto()
    RETURNED = auto()
    CANCELLED = auto()
    STALE = auto()


class Trouble(StrEnum):
    """Why somebody has to look at a leg, the most pressing first."""

    EXCEPTION = auto()
    UNKNOWN = auto()  # the courier used a word that nobody has explained yet
    LATE = auto()
    STALE = auto()


class EventState(StrEnum):
    """What was done with an event that a courier sent."""

    APPLIED = auto()
    KEPT = auto()  # of a kind that says nothing about the way of a parcel
    WAITING = auto()  # no leg has this number yet
    FAILED = auto()  # `problem` says why


FINAL = frozenset({Status.DELIVERED, Status.RETURNED, Status.CANCELLED})
BEFORE = frozenset({Status.LABEL_CREATED, Status.PICKUP_SCHEDULED})  # nothing moves yet
EXCEPTIONS = frozenset(
    {Status.EXCEPTION, Status.ATTEMPT_FAILED, Status.RETURN_IN_TRANSIT, Status.RETURNED}
)  # fmt: skip
COURIERS = (
    "JNE", "J&T Express", "SiCepat", "AnterAja", "POS Indonesia", "TIKI", "Ninja Xpress", "Lion Parcel",
    "Kurir toko", "Diantar sendiri",
)  # fmt: skip

SOMEBODY = "Kurir"  # who is not named
ALSO = {"jnt": "J&T Express", "jt": "J&T Express", "posindonesia": "POS Indonesia", "pos": "POS Indonesia"}

# Days without a movement after which somebody asks the courier; islands are far for the Post and Lion.
QUIET_DAYS = {"POS Indonesia": 6, "Lion Parcel": 5, "Kurir toko": 2, "Diantar sendiri": 2}
QUIET = 4
WAITS_FOR_BUYER = 7  # at the courier's counter
LOOKED_AT = time(9)  # by the outlet's clock: alarms ring when the shop works
SLACK = timedelta(minutes=10)  # clocks of couriers run ahead a little

_ALONG = {status: n for n, status in enumerate(Status)}


def current(checkpoints: Collection[tuple[datetime, Status]]) -> Status:
    """The status of a leg from its (moment, status) checkpoints, in whatever order they arrived.

    The latest one counts, but what was delivered, returned or cancelled stays so, and a label that was
    written down late does not hide that the parcel is under way. Of two at one moment the one further along
    counts.
    """
    ordered = [status for _, status in sorted(checkpoints, key=lambda c: (c[0], _ALONG[c[1]]))]
    final = [status for status in ordered if status in FINAL]
    moving = [status for status in ordered if status not in BEFORE]
    return final[0] if final else (moving or ordered)[-1]


def named(typed: str) -> str:
    """A courier as we call it: "jne" is JNE; anything unknown stays as typed."""
    plain = "".join(sign for sign in typed.casefold() if sign.isalnum())
    alike = (name for name in COURIERS if "".join(s for s in name.casefold() if s.isalnum()) == plain)
    return next(alike, ALSO.get(plain, " ".join(typed.split())[:40] or SOMEBODY))


@dataclass(frozen=True)
class Standing:
    """What the need for help depends on. `moved_at` is the last movement; `odd` the unexplained words."""

    status: Status
    courier: str
    moved_at: datetime
    eta_until: date | None
    zone: str
    odd: Collection[str] = ()
    settled: Collection[str] = ()


@dataclass(frozen=True)
class Alarm:
    """`key` names this one trouble: the same one is told once, and gone once somebody has dealt with it.
    `since` is when it arose."""

    trouble: Trouble
    key: str
    since: datetime


def alarm(leg: Standing, now: datetime) -> Alarm | None:
    """The most pressing trouble that nobody has dealt with."""
    return next((found for found in _alarms(leg, now) if found.key not in leg.settled), None)


def next_look(leg: Standing, now: datetime) -> datetime | None:
    """When a leg may come into trouble by time alone; None when it cannot any more."""
    if leg.status in FINAL:
        return None
    moments = [_late_from(leg), _stale_from(leg)]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _alarms(leg: Standing, now: datetime) -> list[Alarm]:
    found = []
    if leg.status in EXCEPTIONS:
        found.append(Alarm(Trouble.EXCEPTION, f"{leg.status}:{leg.moved_at:%Y%m%d%H%M}", leg.moved_at))
    found += [Alarm(Trouble.UNKNOWN, f"word:{word}"[:60], leg.moved_at) for word in sorted(leg.odd)]
    if leg.status not in FINAL:
        late, stale = _late_from(leg), _stale_from(leg)
        if late and late <= now:
            found.append(Alarm(Trouble.LATE, f"late:{leg.eta_until}", late))
        if stale <= now or leg.status == Status.STALE:
            found.append(Alarm(Trouble.STALE, f"stale:{leg.moved_at:%Y%m%d%H%M}", stale))
    return found


def _late_from(leg: Standing) -> datetime | None:
    """The morning after the last day on which it should have arrived."""
    if leg.eta_until is None:
        return None
    return datetime.combine(leg.eta_until + timedelta(days=1), LOOKED_AT, ZoneInfo(leg.zone))


def _stale_from(leg: Standing) -> datetime:
    days = (
        WAITS_FOR_BUYER if leg.status == Status.AVAILABLE_FOR_PICKUP else QUIET_DAYS.get(leg.courier, QUIET)
    )
    zone = ZoneInfo(leg.zone)
    return datetime.combine(leg.moved_at.astimezone(zone).date() + timedelta(days=days), LOOKED_AT, zone)
