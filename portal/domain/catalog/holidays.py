"""Days with other hours: the national ones are seeded, the shop and each outlet add and change their own."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import String, and_, cast, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.catalog.facts import HoursChanged
from portal.domain.catalog.models import Holiday, Outlet
from portal.domain.catalog.rules import USUAL, parse_hours
from portal.domain.news import announce
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

FILE = Path(__file__).with_name("national_holidays.csv")
AHEAD = 1  # years seeded beyond the present one

_own = aliased(Holiday)


def others_of(outlet_id: Any) -> Any:
    """The different days of an outlet as `calendar` reads them: a column for a query that has it."""
    return _told_of(outlet_id, Holiday.hours, " ")


def names_of(outlet_id: Any) -> Any:
    """What these days are called, as `named` reads it: a column for a query that has the outlet."""
    return _told_of(outlet_id, Holiday.name + "\t" + Holiday.name_en, "\n")


def named(told: str | None, language: str) -> dict[date, str]:
    """The name of each day in a column of `names_of`."""
    found = {}
    for line in (told or "").splitlines():
        day, _is, names = line.partition("=")
        name, _tab, english = names.partition("\t")
        found[date.fromisoformat(day)] = (language == "en" and english) or name
    return found


def _told_of(outlet_id: Any, what: Any, between: str) -> Any:
    own = exists().where(_own.day == Holiday.day, _own.outlet_id == outlet_id).correlate(Holiday, Outlet)
    return (
        select(func.aggregate_strings(cast(Holiday.day, String) + "=" + what, between))
        .where(
            Holiday.hours != USUAL,
            or_(Holiday.outlet_id == outlet_id, and_(Holiday.outlet_id.is_(None), ~own)),
        )
        .correlate(Outlet)
        .scalar_subquery()
    )


def others(outlet: Outlet | None) -> str | None:
    """The different days of an outlet; of the whole shop when there is none yet. One query."""
    found: str | None = db.session.scalar(select(others_of(outlet.id if outlet else 0)))
    return found


def outlets() -> list[Any]:
    """(outlet, its different days), by name. One query."""
    return list(db.session.execute(select(Outlet, others_of(Outlet.id)).order_by(Outlet.name)))


def seed(today: date) -> int:
    """Add the national holidays of this year and the next; how many were new. Joint leave is listed as open.

    What the shop changed stays, and a day of which the shop said something of its own is left alone.
    """
    until = date(today.year + AHEAD, 12, 31)
    wanted = [row for row in national() if date(today.year, 1, 1) <= row["day"] <= until]
    known = {
        (key, day)
        for key, day in db.session.execute(
            select(Holiday.key, Holiday.day).where(
                or_(Holiday.key.is_not(None), Holiday.day >= date(today.year, 1, 1)),
                Holiday.outlet_id.is_(None),
            )
        )
    }
    keys, days = {key for key, _day in known}, {day for _key, day in known}
    new = [row for row in wanted if row["key"] not in keys and row["day"] not in days]
    if new:
        db.session.execute(insert(Holiday), [{**row, "version": 1} for row in new])
        announce(HoursChanged(None))
    return len(new)


@lru_cache(maxsize=1)
def national() -> tuple[dict[str, Any], ...]:
    """The rows of the file; a key stays the same when its day is corrected later."""
    return tuple(_rows())


def ending(today: date) -> int | None:
    """The last year that the file knows, once that is this year or the next: time for a newer file."""
    last = max(row["day"].year for row in national())
    return last if last <= today.year + AHEAD else None


def _rows() -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        day, kind, estimate, name, name_en = line.split(";")
        seen[day[:4], name] += 1
        yield {
            "key": f"{day[:4]} {name} {seen[day[:4], name]}",
            "day": date.fromisoformat(day),
            "outlet_id": None,
            "name": name,
            "name_en": name_en,
            "hours": USUAL if kind == "joint" else "",
            "estimate": bool(estimate),
        }


def of_year(year: int) -> list[Holiday]:
    """In order of days, the shop's own before those of outlets. One query."""
    return list(
        db.session.scalars(
            select(Holiday)
            .outerjoin(Holiday.outlet)
            .where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
            .order_by(Holiday.day, Outlet.code.is_not(None), Outlet.code)
        )
    )


def save(holiday: Holiday | None, version: int | None, **fields: Any) -> Holiday:
    """Add or change a day. `fields` are columns. Raises Refused, Stale."""
    if holiday is not None and version != holiday.version:
        raise Stale
    if fields["hours"] != USUAL:
        parse_hours(fields["hours"])
    twin = db.session.scalar(
        select(Holiday).where(
            Holiday.day == fields["day"], Holiday.outlet_id.is_not_distinct_from(fields["outlet_id"])
        )
    )
    if twin not in (None, holiday):
        raise Refused(
            _("This day is in the list already: %(name)s. Change that entry.", name=twin.name), "day"
        )
    saved = holiday or Holiday()
    outlets = {saved.outlet_id, fields["outlet_id"]} if holiday else {fields["outlet_id"]}
    for name, value in fields.items():
        setattr(saved, name, value)
    db.session.add(saved)
    db.session.flush()
    announce(HoursChanged(None if None in outlets or len(outlets) > 1 else fields["outlet_id"]))
    return saved


def remove(holiday: Holiday) -> None:
    """Take away a day that the shop added. Raises Refused for a national one, which can be made usual."""
    if holiday.key:
        raise Refused(_("A national holiday stays in the list. Choose “Open as usual” if you work on it."))
    db.session.delete(holiday)
    db.session.flush()
    announce(HoursChanged(holiday.outlet_id))
