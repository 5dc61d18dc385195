"""Reading cases: `visible_to(actor)` first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, false, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Permission, Role
from portal.domain.cases.models import Case, CaseEvent, CaseLeg, CaseLink, CasePhoto
from portal.domain.files.models import StoredFile
from portal.domain.links import actions as links
from portal.domain.shipments.models import Checkpoint, Leg, PurchaseLeg
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category

TIMELINE = 50  # entries shown at a time
NEWEST = 2**31 - 1  # after every entry's number
_merged = aliased(Case)
_reached = aliased(Unit)  # by another name, so that it stays apart from a Unit of the query around it


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see which cases to a query that has Case in it."""
    if actor.is_customer:
        found = found.where(Case.customer_id == actor.id)
        if actor.reach is not None:
            mine = select(_reached.id).where(
                or_(_reached.purchase_id.in_(actor.reach.purchases), _reached.id.in_(actor.reach.units))
            )
            found = found.where(
                or_(
                    Case.id.in_(actor.reach.cases),
                    Case.id.in_(select(_merged.merged_into_id).where(_merged.id.in_(actor.reach.cases))),
                    Case.unit_id.in_(mine),
                    Case.purchase_id.in_(actor.reach.purchases),
                )
            )
        return found
    if actor.may(Permission.CASE_VIEW):
        return found.where(Case.category != Category.DRAFT)
    return found.where(false())


def visible_to(actor: Actor) -> Select[Case]:
    return limit_to(actor, select(Case))


def goes_on(case: Case) -> Case:
    """The case that this one was merged into, or itself."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


@dataclass(frozen=True)
class Attached:
    """A PDF or a video on the timeline; `size` in bytes."""

    code: str
    content_type: str
    name: str
    size: int


@dataclass
class Entry:
    """One line of a timeline: a case event or a checkpoint on the road."""

    number: int
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
    files: list[Attached] = field(default_factory=list)


ENTRY = (
    CaseEvent.id, CaseEvent.at, CaseEvent.event, CaseEvent.author, Staff.name, CaseEvent.internal,
    CaseEvent.body, CaseEvent.before, CaseEvent.after, CaseEvent.data,
    CasePhoto.file_code, CasePhoto.stage, StoredFile.content_type, StoredFile.name, StoredFile.size,
)  # fmt: skip


def with_files(found: Any) -> Any:
    """Who wrote an entry, and what hangs on it."""
    return (
        found.outerjoin(Staff, Staff.id == CaseEvent.staff_id)
        .outerjoin(CasePhoto, CasePhoto.event_id == CaseEvent.id)
        .outerjoin(StoredFile, StoredFile.code == CasePhoto.file_code)
        .order_by(CaseEvent.id, CasePhoto.id)
    )


_together = union_all(  # a case, and those that go on in it
    select(bindparam("case_id", type_=Integer)),
    select(_merged.id).where(_merged.merged_into_id == bindparam("case_id")),
)


def _timeline_query(*conditions: Any) -> Any:
    newest = (
        select(CaseEvent.id)
        .where(CaseEvent.case_id.in_(_together), CaseEvent.id < bindparam("before"), *conditions)
        .order_by(CaseEvent.id.desc())
        .limit(bindparam("most"))
    )
    return with_files(select(*ENTRY)).where(CaseEvent.id.in_(newest))


_all_entries = _timeline_query()
_public_entries = _timeline_query(CaseEvent.internal.is_(False))
_claims_sent = _timeline_query(CaseEvent.event == "submit", CaseEvent.case_id == bindparam("case_id"))


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
    values = {"case_id": case_id, "most": most, "before": min(before or NEWEST, NEWEST)}
    return gather(db.session.execute(found, values))


def gather(rows: Iterable[Any]) -> dict[int, Entry]:
    """Entries by their numbers from rows of ENTRY, one row for each file."""
    entries: dict[int, Entry] = {}
    for number, *told, data, code, stage, content_type, name, size in rows:
        entry = entries.setdefault(number, Entry(*(number, *told, data or {})))
        if code and (content_type or "image/").startswith("image/"):
            entry.photos.append((code, stage))
        elif code:
            entry.files.append(Attached(code, content_type, name, size))
    return entries


_bought = aliased(Case)


def on_the_road(found: Any) -> Any:
    """The legs of these cases, and those by which the goods of their receipts came."""
    return union_all(
        select(CaseLeg.leg_id).where(CaseLeg.case_id.in_(found)),
        select(PurchaseLeg.leg_id)
        .join(_bought, _bought.purchase_id == PurchaseLeg.purchase_id)
        .where(_bought.id.in_(found)),
    )


_legs = (
    select(
        Leg.id, Leg.code, Leg.direction, Leg.courier, Leg.waybill, Leg.status, Leg.eta_from, Leg.eta_until,
        Leg.eta_by, Leg.moved_at, Leg.received_by, Leg.attention, Checkpoint.at,
        Checkpoint.id.label("movement"), Checkpoint.status.label("point"), Checkpoint.place,
        Checkpoint.note, Checkpoint.said,
    )
    .outerjoin(Checkpoint, and_(Checkpoint.leg_id == Leg.id, Checkpoint.struck_by.is_(None)))
    .where(Leg.id.in_(on_the_road(_together)))
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
        Entry(e.id, e.at, e.event, e.author, name, e.internal, e.body, e.before, e.after, e.data or {})
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


def live_link(case_id: int) -> CaseLink | None:
    """The link that opens a case now; those before it were replaced."""
    return db.session.scalar(
        select(CaseLink).where(CaseLink.case_id == case_id, CaseLink.revoked_at.is_(None))
    )


def link_token(case_id: int) -> str | None:
    link = live_link(case_id)
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
