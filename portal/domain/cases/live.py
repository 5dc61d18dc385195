"""What is new in a case while its page is open: entries, and movements of its parcels, since a mark."""

from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.cases.queries import (
    ENTRY,
    NEWEST,
    Entry,
    gather,
    legs,
    limit_to,
    on_the_road,
    with_files,
)
from portal.domain.catalog.models import Outlet
from portal.domain.shipments.models import Checkpoint

MOST = 200  # rows of entries and their files
Legs = list[tuple[Any, list[Any]]]  # as queries.legs gives them

_HEAD = (
    Case.id.label("case_id"), Case.kind, Case.version, Outlet.timezone, Outlet.currency,
    Customer.name.label("customer"),
)  # fmt: skip
_asked, _joined = aliased(Case), aliased(Case)
_this = select(_asked.id).where(_asked.code == bindparam("code"))
_together = union_all(  # the case, and those that go on in it
    _this, select(_joined.id).where(_joined.merged_into_id == _this.scalar_subquery())
)
_last_movement = (
    select(func.max(Checkpoint.id))
    .where(Checkpoint.leg_id.in_(on_the_road(_together)), Checkpoint.struck_by.is_(None))
    .scalar_subquery()
)


@lru_cache
def _news(role: Role) -> Any:
    """What is new in a case, as its customers or its staff see it."""
    fresh = [CaseEvent.case_id.in_(_together), CaseEvent.id > bindparam("after")]
    if not Actor(role).is_staff:
        fresh.append(CaseEvent.internal.is_(False))
    found = select(*_HEAD, _last_movement.label("road"), *ENTRY)
    found = found.join(Outlet, Outlet.id == Case.outlet_id).join(Customer, Customer.id == Case.customer_id)
    found = with_files(found.outerjoin(CaseEvent, and_(*fresh)))
    return found.where(Case.code == bindparam("code")).limit(MOST)


def news(actor: Actor, code: str, after: str) -> tuple[Any, list[Entry], Legs] | None:
    """(the case's id, kind, version, zone, currency and customer; its entries, and its legs with their
    movements, after a mark). None when the person may not see the case.

    One query, by its indexes; one more when a parcel moved.
    """
    entry, seen = _numbers(after)
    rows = db.session.execute(limit_to(actor, _news(actor.role)), {"code": code, "after": entry}).all()
    if not rows:
        return None
    case, road = rows[0], Legs()
    if (case.road or 0) > seen:
        moved = ((leg, [p for p in points if (p.movement or 0) > seen]) for leg, points in legs(case.case_id))
        road = [(leg, points) for leg, points in moved if points]
    entries = gather(row[len(_HEAD) + 1 :] for row in rows if row.id is not None)
    return case, list(entries.values()), road


def mark(entries: list[Entry], road: Legs, before: str = "") -> str:
    """Where `news` goes on after these entries and movements; without any, after what was there `before`."""
    entry, point = _numbers(before)
    movements = [p.movement or 0 for _leg, points in road for p in points]
    return f"{max((e.number for e in entries), default=entry)}.{max(movements, default=point)}"


def _numbers(mark: str) -> tuple[int, int]:
    entry, _dot, point = mark.partition(".")
    return _number(entry), _number(point)


def _number(text: str) -> int:
    return min(int(text), NEWEST) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
