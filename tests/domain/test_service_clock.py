"""Service time runs only while the outlet is open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalog.rules import DAYS, parse_hours
from portal.domain.workflows.clock import ALWAYS, add_service_time
from portal.kernel.errors import Refused

WIB = ZoneInfo("Asia/Jakarta")
HOURS = {**dict.fromkeys(DAYS[:5], "09:00-12:00,13:00-17:00"), "sat": "09:00-12:00"}
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23 09:00", 60, "2026-11-23 10:00"),
        ("2026-11-23 11:30", 60, "2026-11-23 13:30"),  # over lunch
        ("2026-11-23 12:20", 10, "2026-11-23 13:10"),  # begins at lunch
        ("2026-11-23 16:30", 60, "2026-11-24 09:30"),  # over the night
        ("2026-11-23 07:00", 30, "2026-11-23 09:30"),  # before it opens
        ("2026-11-27 16:00", 120, "2026-11-28 10:00"),  # Friday to Saturday
        ("2026-11-28 11:00", 120, "2026-11-30 10:00"),  # over Sunday
        ("2026-11-29 10:00", 60, "2026-11-30 10:00"),  # begins on Sunday
        ("2026-11-23 09:00", 180, "2026-11-23 12:00"),  # to the minute it closes
        ("2026-11-23 09:00", 7 * 60, "2026-11-23 17:00"),
    ],
)
def test_hours_lunch_and_closed_days(start: str, minutes: int, end: str) -> None:
    assert add_service_time(at(start), minutes, HOURS, "Asia/Jakarta") == at(end)


def test_holidays_do_not_count() -> None:
    off = frozenset({date(2026, 11, 24)})
    assert add_service_time(at("2026-11-23 16:30"), 60, HOURS, "Asia/Jakarta", off) == at("2026-11-25 09:30")


@pytest.mark.parametrize("zone", ZONES)
def test_hours_are_the_outlets(zone: str) -> None:
    place = ZoneInfo(zone)
    assert add_service_time(at("2026-11-23 16:30", place), 60, HOURS, zone) == at("2026-11-24 09:30", place)


def test_an_outlet_that_is_always_open_or_never_counts_every_hour() -> None:
    start = at("2026-11-28 22:15")
    for hours in (ALWAYS, {}, dict.fromkeys(DAYS, "")):
        assert add_service_time(start, 600, hours, "Asia/Jakarta") == start + timedelta(hours=10)


def test_a_year_of_holidays_still_ends() -> None:
    start = at("2026-11-23 09:00")
    every_day = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1500))
    assert add_service_time(start, 60, HOURS, "Asia/Jakarta", every_day) > start


SPANS = st.sampled_from(
    ["", "09:00-17:00", "09:00-12:00,13:00-17:00", "00:00-24:00", "22:00-24:00", "00:00-02:30"]
)
WEEKS = st.lists(SPANS, min_size=7, max_size=7).map(lambda spans: dict(zip(DAYS, spans, strict=True)))
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@given(STARTS, st.integers(1, 3000), st.integers(1, 3000), WEEKS, st.sampled_from(ZONES))
def test_a_then_b_is_a_plus_b(start: datetime, a: int, b: int, week: dict[str, str], zone: str) -> None:
    first = add_service_time(start, a, week, zone)
    assert add_service_time(first, b, week, zone) == add_service_time(start, a + b, week, zone)


@given(STARTS, st.integers(1, 5000), WEEKS, st.sampled_from(ZONES))
def test_it_ends_later_and_while_open(start: datetime, minutes: int, week: dict[str, str], zone: str) -> None:
    end = add_service_time(start, minutes, week, zone)
    assert end >= start + timedelta(minutes=minutes)
    if any(week.values()):
        local = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        assert any(opens <= minute < closes for opens, closes in parse_hours(week[DAYS[local.weekday()]]))


@pytest.mark.parametrize(
    "bad",
    ["9-17", "09:00", "17:00-09:00", "09:00-12:00,11:00-13:00", "09:00-24:30", "25:00-26:00", "09:00-09:00"],
)
def test_hours_that_cannot_be_meant_are_refused(bad: str) -> None:
    with pytest.raises(Refused):
        parse_hours(bad)
