"""The days on which the shop is closed before what it has promised: they do not count."""

from datetime import datetime
from typing import Any

from portal.domain.cases import clocks, targets
from portal.domain.catalog import holidays
from portal.domain.catalog.models import Outlet
from portal.domain.workflows.clock import Promise
from portal.kernel.text import Message, _
from portal.web import words

COLUMNS = (
    Outlet.hours.label("outlet_hours"), Outlet.timezone.label("outlet_zone"),
    holidays.others_of(Outlet.id).label("outlet_others"), holidays.names_of(Outlet.id).label("outlet_days"),
)  # fmt: skip
OWN = (Promise.FIRST, Promise.NEXT, Promise.DONE)
MOST = 3


def before(row: Any, now: datetime, language: str) -> Message | None:
    """Which they are, from now until the last thing owed; None without any. `row` has COLUMNS and a clock."""
    owed = clocks.of(row).running()
    due = max((owed[promise] for promise in OWN if promise in owed), default=now)
    days = targets.calendar_of(row.kind, row).closed(now, due)
    if not days:
        return None
    names = holidays.named(row.outlet_days, language)
    told = ", ".join(f"{words.weekday(day)} {words.brief_day(day)} ({names[day]})" for day in days[:MOST])
    if len(days) > MOST:
        return _(
            "Closed, and not counted: %(days)s, and %(more)s days more.", days=told, more=len(days) - MOST
        )
    return _("Closed, and not counted: %(days)s.", days=told)
