"""The one clock: aware UTC inside, a place's own day at the edge."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

zones = cache(available_timezones)  # a thousand looks at the disk, once


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day that `at` (aware) falls on in `zone`, an IANA name."""
    return at.astimezone(ZoneInfo(zone)).date()
