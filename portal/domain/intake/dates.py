"""Dates and times as tills write them: `2010-12-01 08:26`, `1/12/2010`, `1 Des 2010`, Excel's day numbers."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum, auto

from portal.kernel.errors import Refused
from portal.kernel.text import _

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb peb",
            "mar",
            "apr",
            "may mei",
            "jun",
            "jul",
            "aug agu ags agt",
            "sep",
            "oct okt",
            "nov nop",
            "dec des",
        ),
        1,
    )
    for name in names.split()
}  # by the first three letters
ZONES = {"": None, "z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9}  # hours east of Greenwich
FIRST_YEAR, LAST_YEAR = 1990, 2100
CENTURY = 80  # a year of two digits below this is of this century
EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  # day numbers have no zone
_TIME = r"(?:[T,]?\s*(?:pukul\s+|at\s+)?(?P<time>\d{1,2}[:.]\d{2}.*))?"
_SHAPES = tuple(
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})",
        r"(?:[^\W\d]+,?\s+)?(?P<day>\d{1,2})[\s./-]*(?P<month>[^\W\d]{3,10})[\s.,/-]*(?P<year>\d{2,4})",
        r"(?:[^\W\d]+,\s+)?(?P<month>[^\W\d]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([ap]\.?m\.?)?\s*"
    r"(?:(?:GMT|UTC)?([+-]\d{2}):?(\d{2})|(z|utc|gmt|wib|wita|wit|))",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")


class DateStyle(StrEnum):
    """What stands first in a date of numbers; a year of four digits in front is recognised in any."""

    DMY = auto()
    MDY = auto()


def parse(typed: str, clock: str, style: DateStyle, zone: tzinfo) -> datetime:
    """The moment in UTC; `clock` is the text of a separate column of times, "" when there is none.

    What names no offset is in `zone`. Raises Refused.
    """
    try:
        day = _iso(typed) or _parts(typed, style)
        if clock:
            day = _at(datetime(day.year, day.month, day.day), clock)  # noqa: DTZ001  # its zone follows
        if day.tzinfo is None:
            day = day.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise Refused(
            _(
                "“%(typed)s” cannot be read as a date in the way chosen for this file.",
                typed=f"{typed} {clock}".strip()[:40],
            )
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(
            _("The year of “%(typed)s” cannot be meant. Please correct the date.", typed=typed[:40])
        )
    return day.astimezone(UTC)


def detect(sample: Iterable[str]) -> DateStyle:
    """The style of a column; day first where every date fits both."""
    first = second = 0
    for typed in sample:
        parts = _SHAPES[0].fullmatch(typed.strip())
        if parts and len(parts["a"]) < 3:
            first += int(parts["a"]) > 12
            second += int(parts["b"]) > 12
    return DateStyle.MDY if second > first else DateStyle.DMY


def _iso(typed: str) -> datetime | None:
    """The quick way for what most files hold."""
    if typed[4:5] != "-":
        return None
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        return None


def _parts(typed: str, style: DateStyle) -> datetime:
    """Raises ValueError."""
    text = typed.strip()
    if _SERIAL.fullmatch(text):
        return EXCEL_BEGINS + timedelta(seconds=round(float(text) * 86400))
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            break
    else:
        raise ValueError(typed)
    if "a" not in parts:
        month = parts["month"]
        number = int(month) if month.isdigit() else MONTHS.get(month[:3].lower(), 0)
        return _at(_day(parts["year"], number, int(parts["day"])), parts["time"])
    a, b, c = parts["a"], parts["b"], parts["c"]
    if len(a) > 2:
        return _at(_day(a, int(b), int(c)), parts["time"])
    day, month = (b, a) if style is DateStyle.MDY else (a, b)
    return _at(_day(c, int(month), int(day)), parts["time"])


def _day(year: str, month: int, day: int) -> datetime:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < CENTURY else 1900
    elif len(year) != 4:
        raise ValueError(year)
    return datetime(number, month, day)  # noqa: DTZ001  # its zone follows


def _at(day: datetime, clock: str | None) -> datetime:
    if not clock:
        return day
    try:  # Excel keeps a time as a part of a day
        return (
            day + timedelta(seconds=round(float(clock) * 86400))
            if 0 <= float(clock) < 1
            else _clock(day, clock)
        )
    except ValueError:
        return _clock(day, clock)


def _clock(day: datetime, clock: str) -> datetime:
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        raise ValueError(clock)
    hour, minute, second, half, east, past, named = found.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    offset = None
    if east is not None:
        offset = timedelta(hours=int(east), minutes=int(east[0] + past))
    elif (zone := ZONES[named.lower()]) is not None:
        offset = timedelta(hours=zone)
    return day.replace(
        hour=hours,
        minute=int(minute),
        second=int(second or 0),
        tzinfo=None if offset is None else timezone(offset),
    )
