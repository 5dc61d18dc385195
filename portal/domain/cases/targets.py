"""How much time the shop gives itself: by kind and priority, its own figures before those of the kind."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.cases.facts import TargetsChanged
from portal.domain.cases.models import Target
from portal.domain.catalog.holidays import others_of
from portal.domain.catalog.models import Outlet
from portal.domain.news import announce
from portal.domain.workflows.calendar import ALWAYS, Calendar, calendar
from portal.domain.workflows.clock import Terms
from portal.domain.workflows.engine import Priority, Targets
from portal.domain.workflows.registry import KINDS

PROMISES = ("first", "again", "done")
SHORTEST = 5  # minutes

usual, own = aliased(Target), aliased(Target)  # of normal priority, and of the case's own
COLUMNS = (
    Outlet.hours.label("outlet_hours"), Outlet.timezone.label("outlet_zone"),
    others_of(Outlet.id).label("outlet_others"),
    *(getattr(usual, name).label(f"usual_{name}") for name in PROMISES),
    *(getattr(own, name).label(f"own_{name}") for name in PROMISES),
)  # fmt: skip


def joined(found: Any, kind: Any, priority: Any) -> Any:
    """Add the tables of COLUMNS to a query that has Outlet."""
    return found.outerjoin(usual, and_(usual.kind == kind, usual.priority == Priority.NORMAL)).outerjoin(
        own, and_(own.kind == kind, own.priority == priority)
    )


@lru_cache(maxsize=1)
def _terms_query() -> Any:
    found = joined(select(*COLUMNS).select_from(Outlet), bindparam("kind"), bindparam("priority"))
    return found.where(Outlet.id == bindparam("outlet_id"))


def terms(kind: str, priority: str, outlet_id: int) -> Terms:
    """What the clock of a case runs by. One query."""
    values = {"kind": kind, "priority": priority, "outlet_id": outlet_id}
    return terms_of(kind, priority, db.session.execute(_terms_query(), values).one())


def terms_of(kind: str, priority: str, row: Any) -> Terms:
    """The same from a row that has COLUMNS."""
    reckoned = reckon(
        kind,
        priority,
        [getattr(row, f"usual_{p}") for p in PROMISES],
        [getattr(row, f"own_{p}") for p in PROMISES],
    )
    spans = (timedelta(minutes=minutes) for minutes in (reckoned.first, reckoned.again, reckoned.done))
    return Terms(calendar_of(kind, row), *spans)


def calendar_of(kind: str, row: Any) -> Calendar:
    """When the clock of a kind runs at the outlet of a row that has COLUMNS."""
    return ALWAYS if KINDS[kind].always else calendar(row.outlet_hours, row.outlet_zone, row.outlet_others)


def reckon(kind: str, priority: str, usual: Sequence[int | None], own: Sequence[int | None]) -> Targets:
    """What holds: what the shop set for this priority, else what holds for normal times the hurry."""
    given = KINDS[kind].targets
    return Targets(
        *(
            mine or max(SHORTEST, round((normal or default) * KINDS[kind].hurry(priority)))
            for mine, normal, default in zip(own, usual, (given.first, given.again, given.done), strict=True)
        )
    )


def stored(priorities: Sequence[str] = tuple(Priority)) -> dict[tuple[str, str], tuple[int | None, ...]]:
    """{(kind, priority): what the shop set}. One query."""
    rows = db.session.scalars(select(Target).where(Target.priority.in_(priorities)))
    return {(row.kind, row.priority): (row.first, row.again, row.done) for row in rows}


def save(priority: str, typed: dict[str, tuple[int | None, ...]]) -> list[str]:
    """Set the targets of kinds for a priority, None where they follow; returns the kinds that changed."""
    before = stored([priority])
    nothing = (None,) * len(PROMISES)
    changed = [kind for kind, minutes in typed.items() if before.get((kind, priority), nothing) != minutes]
    for kind in changed:
        row = db.session.merge(Target(kind=kind, priority=priority))
        row.first, row.again, row.done = typed[kind]
        announce(TargetsChanged(kind))
    db.session.flush()
    return changed
