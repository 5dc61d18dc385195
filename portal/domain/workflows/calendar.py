"""Service time: it counts only while an outlet is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.domain.catalog.rules import DAYS, parse_hours

Spans = tuple[tuple[int, int], ...]  # minutes of a day by the outlet's own clocks
Interval = tuple[datetime, datetime]  # in UTC, the end not included
HORIZON = 400  # days looked ahead before a calendar counts as never open
ZERO = timedelta()


@dataclass(frozen=True)
class Calendar:
    """When a clock runs: `week` from Monday, `others` the days that are different. An outlet without any
    hours, and a kind whose clock never stands still (`always`), count every minute."""

    week: tuple[Spans, ...]
    zone: str
    others: Mapping[date, Spans] = field(default_factory=dict)

    @property
    def always(self) -> bool:
        return not any(self.week)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment (UTC) at which `span` of service time has passed since `start` (aware)."""
        start = start.astimezone(UTC)
        if not self.always:
            left = span
            for opens, closes in self._intervals(start):
                begin = max(opens, start)
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
        return start + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much service time lies between two moments; nothing when `end` is not later than `start`."""
        if self.always or end <= start:
            return max(end - start, ZERO)
        passed = ZERO
        for opens, closes in self._intervals(start, (end - start).days + 2):
            if opens >= end:
                break
            passed += min(closes, end) - max(opens, start)
        return passed

    def before(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment (UTC) from which `span` of service time is left until `end` (aware)."""
        end = end.astimezone(UTC)
        if not self.always:
            left, last = span, end.astimezone(_place(self.zone)).date()
            for ago in range(HORIZON):
                for opens, closes in reversed(self._on(last - timedelta(days=ago))):
                    until = min(closes, end)
                    if left <= until - opens:
                        return until - left
                    left -= max(until - opens, ZERO)
        return end - span

    def closed(self, start: datetime, end: datetime) -> list[date]:
        """The days from one moment to another on which it stays shut, though the week would have it open."""
        first, last = (at.astimezone(_place(self.zone)).date() for at in (start, end))
        return sorted(
            day
            for day, spans in self.others.items()
            if first <= day <= last and not spans and self.week[day.weekday()]
        )

    def opening(self, at: datetime) -> tuple[bool, datetime | None]:
        """(whether it is open at a moment, when that changes next); (False, None) when it never opens."""
        opens, closes = next(self._intervals(at), (None, None)) if not self.always else (None, None)
        if opens is None:
            return False, None
        return (True, closes) if opens <= at else (False, opens)

    def _intervals(self, start: datetime, days: int = HORIZON) -> Iterator[Interval]:
        """What is open after `start`, in order of time."""
        first = start.astimezone(_place(self.zone)).date()
        for ahead in range(days):
            for interval in self._on(first + timedelta(days=ahead)):
                if interval[1] > start:
                    yield interval

    def _on(self, day: date) -> tuple[Interval, ...]:
        spans = self.others.get(day) if self.others else None
        return _open(day, self.week[day.weekday()] if spans is None else spans, self.zone)


ALWAYS = Calendar(((),) * 7, "UTC")


def calendar(hours: Mapping[str, str], zone: str, others: str | None = "") -> Calendar:
    """The calendar of an outlet. `hours` maps mon … sun to spans such as "09:00-12:00,13:00-17:00"; `others`
    are lines "2026-12-25=" (closed) or "2026-12-31=09:00-12:00". Raises Refused."""
    return _calendar(tuple(hours.get(day, "") for day in DAYS), zone, others or "")


@lru_cache(maxsize=256)
def _calendar(week: tuple[str, ...], zone: str, others: str) -> Calendar:
    different = (line.partition("=") for line in others.split())
    return Calendar(
        tuple(tuple(parse_hours(spans)) for spans in week),
        zone,
        {date.fromisoformat(day): tuple(parse_hours(spans)) for day, _is, spans in different},
    )


@lru_cache(maxsize=64)
def _place(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


@lru_cache(maxsize=16384)
def _open(day: date, spans: Spans, zone: str) -> tuple[Interval, ...]:
    """When an outlet is open on one of its days, in UTC. On the day on which its clocks are put forward or
    back, a minute counts when the clock on the wall shows one of the opening hours."""
    midnight = datetime.combine(day, time(), UTC)
    found = [
        (max(start + timedelta(minutes=opens), since), min(start + timedelta(minutes=closes), until))
        for since, until, offset in _offsets(midnight, zone)
        for start in (midnight - offset,)
        for opens, closes in spans
    ]
    return tuple(sorted((begin, end) for begin, end in found if begin < end))


def _offsets(midnight: datetime, zone: str) -> list[tuple[datetime, datetime, timedelta]]:
    """(from, until, offset): how far the clocks of a place are ahead of UTC round one of its days."""
    since, until = midnight - timedelta(hours=14), midnight + timedelta(hours=38)
    before, after = _offset(since, zone), _offset(until, zone)
    if before == after:
        return [(since, until, before)]
    low, high = since, until
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    change = high.replace(second=0, microsecond=0)
    return [(since, change, before), (change, until, after)]


def _offset(at: datetime, zone: str) -> timedelta:
    return at.astimezone(_place(zone)).utcoffset() or ZERO
