"""Service time: hours count only while the outlet is open."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.catalog.rules import DAYS, parse_hours

ALWAYS = dict.fromkeys(DAYS, "00:00-24:00")
HORIZON = 400  # days looked ahead before a calendar counts as never open


def add_service_time(
    start: datetime,
    minutes: float,
    hours: Mapping[str, str],
    zone: str,
    holidays: frozenset[date] = frozenset(),
) -> datetime:
    """The moment (UTC) at which `minutes` of opening time have passed since `start` (aware).

    `hours` maps mon … sun to spans such as "09:00-12:00,13:00-17:00"; lunch, closed days and holidays do not
    count. An outlet that never opens counts every hour.
    """
    place = ZoneInfo(zone)
    week = [parse_hours(hours.get(day, "")) for day in DAYS]
    if not any(week):
        return start + timedelta(minutes=minutes)
    left = timedelta(minutes=minutes)
    day = start.astimezone(place).date()
    for _ in range(HORIZON):
        if day not in holidays:
            for opens, closes in week[day.weekday()]:
                begin = max(_moment(day, opens, place), start)
                end = _moment(day, closes, place)
                if begin < end:
                    if left <= end - begin:
                        return begin + left
                    left -= end - begin
        day += timedelta(days=1)
    return start + timedelta(minutes=minutes)


def service_minutes(
    start: datetime,
    end: datetime,
    hours: Mapping[str, str],
    zone: str,
    holidays: frozenset[date] = frozenset(),
) -> float:
    """How many minutes of opening time lie between two moments; 0 when `end` is not later than `start`."""
    place = ZoneInfo(zone)
    week = [parse_hours(hours.get(day, "")) for day in DAYS]
    if not any(week):
        return max(end - start, timedelta(0)) / timedelta(minutes=1)
    passed = timedelta(0)
    day = start.astimezone(place).date()
    while day <= end.astimezone(place).date():
        if day not in holidays:
            for opens, closes in week[day.weekday()]:
                begin, until = max(_moment(day, opens, place), start), min(_moment(day, closes, place), end)
                passed += max(until - begin, timedelta(0))
        day += timedelta(days=1)
    return passed / timedelta(minutes=1)


def _moment(day: date, minute: int, place: ZoneInfo) -> datetime:
    if minute == 24 * 60:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), place).astimezone(UTC)
