"""Service time runs only while the outlet is open: worked out by hand, and against counting every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalog.rules import DAYS, parse_hours
from portal.domain.workflows.calendar import ALWAYS, Calendar, calendar
from portal.kernel.errors import Refused

WIB = ZoneInfo("Asia/Jakarta")
HOURS = {**dict.fromkeys(DAYS[:5], "09:00-12:00,13:00-17:00"), "sat": "09:00-12:00"}
OURS = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
# Clocks that are put forward and back: at night, at midnight, by half an hour, in other seasons.
OTHERS = [
    "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "Africa/Cairo",
    "Australia/Lord_Howe", "America/Santiago",
]  # fmt: skip
MINUTE = timedelta(minutes=1)


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


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
    week = calendar(HOURS, "Asia/Jakarta")
    assert week.after(at(start), minutes * MINUTE) == at(end)
    assert week.between(at(start), at(end)) == minutes * MINUTE


def test_a_holiday_does_not_count_and_a_short_day_counts_for_what_it_is() -> None:
    week = calendar(HOURS, "Asia/Jakarta", "2026-11-24=\n2026-11-25=09:00-10:00")
    assert week.after(at("2026-11-23 16:30"), hours(1)) == at("2026-11-25 09:30")
    assert week.after(at("2026-11-23 16:30"), hours(2)) == at("2026-11-26 09:30")
    assert week.before(at("2026-11-26 09:30"), hours(2)) == at("2026-11-23 16:30")


def test_closed_days_are_those_that_the_week_would_have_open() -> None:
    week = calendar(HOURS, "Asia/Jakarta", "2026-11-29= 2026-11-25= 2026-11-24= 2026-11-23=09:00-10:00")
    closed = [date(2026, 11, 24), date(2026, 11, 25)]  # the 29th is a Sunday
    assert week.closed(at("2026-11-23 09:00"), at("2026-11-30 09:00")) == closed
    assert week.closed(at("2026-11-24 23:30"), at("2026-11-24 23:40")) == closed[:1]
    assert week.closed(at("2026-11-26 00:30"), at("2026-11-30 09:00")) == []  # still the 25th in UTC
    assert ALWAYS.closed(at("2026-11-23 09:00"), at("2026-11-30 09:00")) == []


def test_a_day_that_is_closed_can_be_open() -> None:
    week = calendar(HOURS, "Asia/Jakarta", "2026-11-29=10:00-12:00")
    assert week.after(at("2026-11-28 11:00"), hours(2)) == at("2026-11-29 11:00")


@pytest.mark.parametrize("zone", [*OURS, *OTHERS])
def test_hours_are_the_outlets(zone: str) -> None:
    place = ZoneInfo(zone)
    end = calendar(HOURS, zone).after(at("2026-11-23 16:30", place), hours(1))
    assert end == at("2026-11-24 09:30", place)


def test_the_night_on_which_clocks_are_put_forward_is_an_hour_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = calendar(dict.fromkeys(DAYS, "00:00-06:00"), "Europe/Berlin")
    assert night.between(at("2026-03-29 00:00", berlin), at("2026-03-29 12:00", berlin)) == hours(5)
    assert night.between(at("2026-10-25 00:00", berlin), at("2026-10-25 12:00", berlin)) == hours(7)


def test_an_outlet_without_hours_and_a_clock_that_never_stands_still_count_every_hour() -> None:
    start = at("2026-11-28 22:15")
    for always in (ALWAYS, calendar({}, "Asia/Jakarta"), calendar(dict.fromkeys(DAYS, ""), "Asia/Jakarta")):
        assert always.after(start, hours(10)) == start + hours(10)
        assert always.before(start, hours(10)) == start - hours(10)
        assert always.between(start, start + hours(10)) == hours(10)
        assert always.opening(start) == (False, None)


def test_a_year_of_holidays_still_ends() -> None:
    days = "\n".join(f"{date(2026, 1, 1) + timedelta(days=n)}=" for n in range(1500))
    week, start = calendar(HOURS, "Asia/Jakarta", days), at("2026-11-23 09:00")
    assert week.after(start, hours(1)) > start
    assert week.before(start, hours(1)) < start
    assert week.opening(start) == (False, None)


@pytest.mark.parametrize(
    ("now", "open_now", "change"),
    [
        ("2026-11-23 08:59", False, "2026-11-23 09:00"),
        ("2026-11-23 09:00", True, "2026-11-23 12:00"),
        ("2026-11-23 12:00", False, "2026-11-23 13:00"),
        ("2026-11-28 12:00", False, "2026-12-01 10:00"),  # the weekend, then a holiday, then a late start
    ],
)
def test_whether_it_is_open(now: str, open_now: bool, change: str) -> None:
    week = calendar(HOURS, "Asia/Jakarta", "2026-11-30=\n2026-12-01=10:00-12:00")
    assert week.opening(at(now)) == (open_now, at(change))


SPANS = st.sampled_from(
    [
        "", "09:00-17:00", "09:00-12:00,13:00-17:00", "00:00-24:00", "22:00-24:00", "00:00-02:30",
        "01:15-01:45,02:10-03:05,23:30-24:00",
    ]
)  # fmt: skip
WEEKS = st.lists(SPANS, min_size=7, max_size=7).map(lambda spans: dict(zip(DAYS, spans, strict=True)))
DAY = st.dates(date(2024, 1, 1), date(2031, 1, 1))
NEAR_A_CHANGE = st.sampled_from(
    [date(2026, 3, 27), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31), date(2026, 4, 3),
     date(2026, 10, 3), date(2026, 4, 23), date(2026, 10, 28), date(2026, 9, 5)]
)  # fmt: skip


@st.composite
def places(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar with some different days in the fortnight after a start."""
    zone, day = draw(st.sampled_from(OURS + OTHERS)), draw(DAY | NEAR_A_CHANGE)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 1439)) * MINUTE
    off = draw(st.dictionaries(st.integers(0, 9), SPANS, max_size=4))
    lines = "\n".join(f"{day + timedelta(days=n)}={spans}" for n, spans in off.items())
    return calendar(draw(WEEKS), zone, lines), start


def counts(week: Calendar, moment: datetime) -> bool:
    """Whether the clock on the wall shows opening hours at a minute."""
    wall = moment.astimezone(ZoneInfo(week.zone))
    spans = week.others.get(wall.date(), week.week[wall.weekday()])
    return week.always or any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in spans)


@given(places(), st.integers(0, 4 * 1440))
def test_it_counts_what_counting_every_minute_counts(place: tuple[Calendar, datetime], minutes: int) -> None:
    week, start = place
    counted = sum(counts(week, start + n * MINUTE) for n in range(minutes))
    assert week.between(start, start + minutes * MINUTE) == counted * MINUTE


@given(places(), st.integers(1, 1500))
def test_it_ends_when_as_many_minutes_were_counted(place: tuple[Calendar, datetime], minutes: int) -> None:
    week, start = place
    end = week.after(start, minutes * MINUTE)
    assert end >= start + minutes * MINUTE
    assert week.between(start, end) == minutes * MINUTE
    assert counts(week, end - MINUTE)
    assert week.after(week.before(end, minutes * MINUTE), minutes * MINUTE) == end


@given(places(), st.integers(1, 3000), st.integers(1, 3000))
def test_a_then_b_is_a_plus_b(place: tuple[Calendar, datetime], a: int, b: int) -> None:
    week, start = place
    assert week.after(week.after(start, a * MINUTE), b * MINUTE) == week.after(start, (a + b) * MINUTE)


@pytest.mark.parametrize(
    "bad",
    ["9-17", "09:00", "17:00-09:00", "09:00-12:00,11:00-13:00", "09:00-24:30", "25:00-26:00", "09:00-09:00"],
)
def test_hours_that_cannot_be_meant_are_refused(bad: str) -> None:
    with pytest.raises(Refused):
        parse_hours(bad)
