"""Reading cases: `visible_to(actor)` first."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, false, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Permission, Role
from portal.domain.cases.models import Case, CaseEvent, CaseLeg, CaseLink, CasePhoto
from portal.domain.cases.search import matching
from portal.domain.catalog.models import Outlet, Product
from portal.domain.links import actions as links
from portal.domain.shipments.models import Checkpoint, Leg
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, Stage

TIMELINE = 50  # entries shown at a time
_NEWEST = 2**31 - 1  # after every entry's number
_reached = aliased(Unit)  # by another name, so that it stays apart from a Unit of the query around it


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see which cases to a query that has Case in it."""
    if actor.is_customer:
        found = found.where(Case.customer_id == actor.id)
        if actor.reach is not None:
            mine = select(_reached.id).where(
                or_(_reached.purchase_id.in_(actor.reach.purchases), _reached.id.in_(actor.reach.units))
            )
            found = found.where(or_(Case.unit_id.in_(mine), Case.purchase_id.in_(actor.reach.purchases)))
        return found
    if actor.may(Permission.CASE_VIEW):
        return found.where(Case.category != Category.DRAFT)
    return found.where(false())


def visible_to(actor: Actor) -> Select[Case]:
    return limit_to(actor, select(Case))


@dataclass(frozen=True)
class Filters:
    """What the desk shows; every field stands in the address."""

    stage: str = ""  # "": everything on the desk
    assignee: int | None = None  # 0: nobody
    outlet: int | None = None
    words: str = ""
    by_due: bool = False


_QUEUE = (
    Case.id, Case.code, Case.state, Case.kind, Case.title, Case.title_en, Case.acts, Case.touched_at,
    Case.due_at, Customer.name.label("customer"), Product.name.label("product"),
    Outlet.code.label("outlet"), Outlet.timezone, Staff.name.label("assignee"),
)  # fmt: skip
_queue = (
    select(*_QUEUE)
    .join(Customer, Customer.id == Case.customer_id)
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Staff, Staff.id == Case.assignee_id)
)


def queue(actor: Actor, filters: Filters, after: list[Any] | None, limit: int = 26) -> list[Any]:
    """Rows of the desk in order: newest activity first, or soonest due first. `after` is [moment, id].

    Words are looked for whole; when nothing has them so, as beginnings of words.
    """
    found = _ordered(limit_to(actor, _queue).limit(limit), filters, after)
    if not filters.words:
        return list(db.session.execute(found))
    for beginnings in (False, True):
        condition = matching(filters.words, beginnings=beginnings)
        rows = [] if condition is None else list(db.session.execute(found.where(condition)))
        if rows:
            return rows
    return []


def _ordered(found: Any, filters: Filters, after: list[Any] | None) -> Any:
    if filters.stage:
        found = found.where(Case.stage == filters.stage)
    elif not filters.words:
        found = found.where(text("cases.on_desk"))
    if filters.assignee is not None:
        found = found.where(
            Case.assignee_id == filters.assignee if filters.assignee else Case.assignee_id.is_(None)
        )
    if filters.outlet is not None:
        found = found.where(Case.outlet_id == filters.outlet)
    if filters.by_due:
        found = found.where(Case.due_at.is_not(None)).order_by(Case.due_at, Case.id)
        if after:
            found = found.where(tuple_(Case.due_at, Case.id) > tuple_(*after))
    else:
        found = found.order_by(Case.touched_at.desc(), Case.id.desc())
        if after:
            found = found.where(tuple_(Case.touched_at, Case.id) < tuple_(*after))
    return found


COUNT_CAP = 100
_one = "SELECT '{0}', count(*) FROM (SELECT 1 FROM cases WHERE stage = '{0}' LIMIT {1}) AS {0}"
_counts = text(" UNION ALL ".join(_one.format(stage, COUNT_CAP) for stage in Stage if stage != Stage.DRAFT))


def counts() -> dict[str, int]:
    """How many cases are in each stage, counted up to COUNT_CAP: one statement of constant cost."""
    return {row[0]: row[1] for row in db.session.execute(_counts)}


@dataclass
class Entry:
    """One line of a timeline: a case event or a checkpoint on the road."""

    at: datetime
    event: str
    author: str
    staff: str | None = None
    internal: bool = False
    body: str = ""
    before: str | None = None
    after: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    photos: list[tuple[str, str]] = field(default_factory=list)  # (file code, stage)


def _timeline_query(*conditions: Any) -> Any:
    newest = (
        select(CaseEvent.id)
        .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.id < bindparam("before"), *conditions)
        .order_by(CaseEvent.id.desc())
        .limit(bindparam("most"))
    )
    return (
        select(
            CaseEvent.id, CaseEvent.at, CaseEvent.event, CaseEvent.author, Staff.name, CaseEvent.internal,
            CaseEvent.body, CaseEvent.before, CaseEvent.after, CaseEvent.data,
            CasePhoto.file_code, CasePhoto.stage,
        )
        .outerjoin(Staff, Staff.id == CaseEvent.staff_id)
        .outerjoin(CasePhoto, CasePhoto.event_id == CaseEvent.id)
        .where(CaseEvent.id.in_(newest))
        .order_by(CaseEvent.id, CasePhoto.id)
    )  # fmt: skip


_all_entries = _timeline_query()
_public_entries = _timeline_query(CaseEvent.internal.is_(False))
_claims_sent = _timeline_query(CaseEvent.event == "submit")


def timeline(
    case_id: int, *, internal: bool, before: int | None = None, limit: int = TIMELINE
) -> tuple[list[Entry], int | None]:
    """Up to `limit` entries of a case, oldest first, and the `before` that finds the older ones, None when
    there are none. Without `before` they are the newest. One query.
    """
    found = _read(_all_entries if internal else _public_entries, case_id, limit + 1, before)
    numbers, entries = list(found), list(found.values())
    return (entries[1:], numbers[1]) if len(entries) > limit else (entries, None)


def claim_sent(case_id: int) -> Entry | None:
    """The newest entry with which the customer sent the claim, however long ago. One query."""
    return next(iter(_read(_claims_sent, case_id, 1).values()), None)


def _read(found: Any, case_id: int, most: int, before: int | None = None) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    values = {"case_id": case_id, "most": most, "before": min(before or _NEWEST, _NEWEST)}
    for number, *told, data, photo, stage in db.session.execute(found, values):
        entry = entries.setdefault(number, Entry(*(*told, data or {})))
        if photo:
            entry.photos.append((photo, stage))
    return entries


_legs = (
    select(
        Leg.id, Leg.code, Leg.direction, Leg.courier, Leg.waybill, Leg.status,
        Checkpoint.at, Checkpoint.status.label("point"), Checkpoint.place, Checkpoint.note,
    )
    .join(CaseLeg, CaseLeg.leg_id == Leg.id)
    .outerjoin(Checkpoint, Checkpoint.leg_id == Leg.id)
    .where(CaseLeg.case_id == bindparam("case_id"))
    .order_by(Leg.id, Checkpoint.at, Checkpoint.id)
)  # fmt: skip


def legs(case_id: int) -> list[tuple[Any, list[Any]]]:
    """[(leg, its checkpoints in order of time)] of a case, in order of creation. One query."""
    found: dict[int, tuple[Any, list[Any]]] = {}
    for row in db.session.execute(_legs, {"case_id": case_id}):
        found.setdefault(row.id, (row, []))[1].append(row)
    return list(found.values())


def events_since(case_id: int, version: int) -> list[Entry]:
    """What happened to a case after somebody read it at `version`."""
    rows = db.session.execute(
        select(CaseEvent, Staff.name)
        .outerjoin(Staff, Staff.id == CaseEvent.staff_id)
        .where(CaseEvent.case_id == case_id, CaseEvent.version > version)
        .order_by(CaseEvent.id)
    )
    return [
        Entry(e.at, e.event, e.author, name, e.internal, e.body, e.before, e.after, e.data or {})
        for e, name in rows
    ]


def photo_is_visible(actor: Actor, file_code: str) -> bool:
    """Whether a photo hangs on the timeline of a case that this person sees."""
    found = (
        select(CasePhoto.id)
        .join(CaseEvent, CaseEvent.id == CasePhoto.event_id)
        .join(Case, Case.id == CasePhoto.case_id)
        .where(CasePhoto.file_code == file_code)
        .limit(1)
    )
    if not actor.is_staff:
        found = found.where(CaseEvent.internal.is_(False))
    return db.session.scalar(limit_to(actor, found)) is not None


def case_of_leg(leg_id: int) -> Case | None:
    return db.session.scalar(
        select(Case).join(CaseLeg, CaseLeg.case_id == Case.id).where(CaseLeg.leg_id == leg_id)
    )


def link_token(case_id: int) -> str | None:
    link = db.session.scalar(select(CaseLink).where(CaseLink.case_id == case_id))
    return links.token(CaseLink, link.seed, link.token_hash) if link else None


_of_unit = (
    select(Case.code, Case.kind, Case.state, Case.title, Case.title_en, Case.created_at)
    .where(Case.unit_id == bindparam("unit_id"))
    .order_by(Case.id.desc())
    .limit(10)
)


@lru_cache
def _of_unit_for(role: Role) -> Any:
    return limit_to(Actor(role), _of_unit)


def of_unit(actor: Actor, unit_id: int) -> list[Any]:
    """(code, kind, state, title, title_en, created_at) of a unit's visible cases, newest first."""
    found = _of_unit_for(actor.role) if actor.is_staff else limit_to(actor, _of_unit)
    return list(db.session.execute(found, {"unit_id": unit_id}))
