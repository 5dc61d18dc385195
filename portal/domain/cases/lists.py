"""The desk's lists: filters, the queue in its order, counts of constant cost."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select, text, tuple_

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case, CaseTag
from portal.domain.cases.queries import limit_to
from portal.domain.cases.search import found_by
from portal.domain.catalog.models import Outlet, Product
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Priority, Stage, Who

COUNT_CAP = 100
FEW = 500  # matches of a filter up to which its cases are taken first and put in order then
ZONES = ("Asia/Jayapura", "Asia/Makassar", "Asia/Jakarta")  # the last one where an outlet is elsewhere
OUTSIDERS = "outside"  # the courier or the supplier acts
# In the words of partial indexes, which answer them.
_OUTSIDE = text("cases.on_desk AND cases.acts NOT IN ('agent', 'customer', 'technician', 'nobody')")
_PAUSED = text("cases.category = 'paused'")


@dataclass(frozen=True)
class Filters:
    """What the desk shows; every field stands in the address."""

    stage: str = ""  # "": everything on the desk
    kind: str = ""
    acts: str = ""  # who acts next: a Who, or OUTSIDERS
    clock: str = ""  # late: past due; today: due before the outlet's midnight, late ones too; paused
    priority: str = ""
    assignee: int | None = None  # 0: nobody
    outlet: int | None = None
    product: int | None = None
    tag: int | None = None
    words: str = ""
    by_due: bool = False


_QUEUE = (
    Case.id, Case.code, Case.state, Case.kind, Case.title, Case.title_en, Case.acts, Case.touched_at,
    Case.due_at, Customer.name.label("customer"), Product.name.label("product"),
    Outlet.code.label("outlet"), Outlet.timezone, Staff.name.label("assignee"), Case.priority,
)  # fmt: skip
_queue = (
    select(*_QUEUE)
    .join(Customer, Customer.id == Case.customer_id)
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Staff, Staff.id == Case.assignee_id)
)


Heads = dict[str, tuple[int, str]]


def queue(
    actor: Actor,
    filters: Filters,
    after: list[Any] | None,
    now: datetime,
    *,
    limit: int = 26,
    known: Heads | None = None,
) -> list[Any]:
    """Rows of the desk in order: newest activity first, or soonest due first. `after` is [moment, id];
    `known` what `heads` told of these filters."""
    if known is None:
        known = heads(filters, counted=False) if filters.tag or filters.product else {}
    found = _ordered(limit_to(actor, _queue).limit(limit), filters, after, now, known)
    if filters.words:
        condition = found_by(filters.words)
        if condition is None:
            return []
        found = found.where(condition)
    return list(db.session.execute(found))


def _ordered(found: Any, filters: Filters, after: list[Any] | None, now: datetime, known: Heads) -> Any:
    found = found.where(*_conditions(filters, now, known))
    if filters.by_due:
        found = found.where(Case.due_at.is_not(None)).order_by(Case.due_at, Case.id)
        if after:
            found = found.where(tuple_(Case.due_at, Case.id) > tuple_(*after))
    else:
        found = found.order_by(Case.touched_at.desc(), Case.id.desc())
        if after:
            found = found.where(tuple_(Case.touched_at, Case.id) < tuple_(*after))
    return found


def _conditions(filters: Filters, now: datetime, known: Heads) -> list[Any]:
    found: list[Any] = []
    # SQLite would sort all that fit; told that most do, it walks through what is due in its order.
    told = filters.by_due and db.engine.dialect.name == "sqlite"
    many = func.likely if told else lambda condition: condition
    if filters.stage:
        found.append(many(Case.stage == filters.stage))
    if filters.stage != Stage.CLOSED and (not filters.words or filters.clock):
        found.append(text("cases.on_desk"))
    if filters.assignee is not None:
        found.append(Case.assignee_id == filters.assignee if filters.assignee else Case.assignee_id.is_(None))
    if filters.acts:
        found.append(_OUTSIDE if filters.acts == OUTSIDERS else many(Case.acts == filters.acts))
    for column, value in ((Case.kind, filters.kind), (Case.priority, filters.priority)):
        if value:
            found.append(many(column == value))
    if filters.outlet is not None:
        found.append(Case.outlet_id == filters.outlet)
    if filters.clock:
        found += _by_clock(filters.clock, now)
    if filters.tag is not None:
        found.append(_tagged(filters.tag, few=_few("tag", known)))
    if filters.product is not None:
        found.append(_about(filters.product, few=_few("product", known)))
    return found


def _by_clock(clock: str, now: datetime) -> list[Any]:
    if clock == "late":
        return [Case.due_at < now]
    if clock == "today":
        ends = {zone: _midnight(zone, now) for zone in ZONES}
        here = case(*((Outlet.timezone == zone, end) for zone, end in ends.items()), else_=ends[ZONES[-1]])
        return [Case.due_at < max(ends.values()), Case.due_at < here]
    return [_PAUSED]


def _midnight(zone: str, now: datetime) -> datetime:
    """When the present day of a zone ends."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(zone)).astimezone(UTC)


def _few(name: str, known: Heads) -> bool:
    return known.get(name, (0, ""))[0] <= FEW


def _tagged(tag_id: int, *, few: bool) -> ColumnElement[bool]:
    """Few cases are found by the tag and put in order; of many, the list in its order is looked through."""
    some = select(CaseTag.case_id).where(CaseTag.tag_id == tag_id)
    return Case.id.in_(some) if few else exists(some.where(CaseTag.case_id == Case.id))


def _about(product_id: int, *, few: bool) -> ColumnElement[bool]:
    some = select(Unit.id).where(Unit.product_id == product_id)
    return Case.unit_id.in_(some) if few else Unit.product_id == product_id


def _capped(what: str, most: int) -> str:
    """How many rows there are of what stands after FROM, counted up to `most`."""
    return f"(SELECT count(*) FROM (SELECT 1 FROM {what} LIMIT {most}) AS counted)"  # noqa: S608  # nosec B608: words of ours


_OPEN_STAGES = [stage for stage in Stage if stage not in (Stage.DRAFT, Stage.CLOSED)]
_COUNTS = [
    "SELECT '{}', {}, ''".format(stage, _capped(f"cases WHERE stage = '{stage}'", COUNT_CAP))
    for stage in _OPEN_STAGES
]
_NAMES = {
    "outlet": "SELECT 'outlet', 0, name FROM outlets WHERE id = :outlet",
    "assignee": "SELECT 'assignee', 0, name FROM staff WHERE id = :assignee",
    "tag": " ".join(
        (
            "SELECT 'tag',",
            _capped("case_tags WHERE tag_id = :tag", FEW + 1),
            ", name FROM tags WHERE id = :tag",
        )
    ),
    "product": " ".join(
        (
            "SELECT 'product',",
            _capped("units WHERE product_id = :product", FEW + 1),
            ", name FROM products WHERE id = :product",
        )
    ),
}


def heads(filters: Filters, *, counted: bool = True) -> Heads:
    """What stands above a list, in one statement of constant cost: by the name of each open stage its cases,
    counted up to COUNT_CAP; by the name of a filter what its value is called, and how many have it."""
    named = {name: getattr(filters, name) for name in _NAMES if getattr(filters, name)}
    asked = [*(_COUNTS if counted else ()), *(_NAMES[name] for name in named)]
    if not asked:
        return {}
    found = db.session.execute(text(" UNION ALL ".join(asked)), named)
    return {name: (number, called) for name, number, called in found}


def facets(kinds: list[str], me: int, now: datetime) -> dict[str, int]:
    """How many cases of the desk each value of a filter has, counted up to COUNT_CAP: one statement of
    constant cost. Keys are `kind:warranty`, `clock:late`, `acts:customer`, `priority:urgent`, `whose:mine`;
    outlets and tags have theirs in their own lists."""
    asked: dict[str, Any] = {f"kind:{kind}": Case.kind == kind for kind in kinds}
    asked |= {f"acts:{who}": Case.acts == who for who in (Who.CUSTOMER, Who.AGENT, Who.TECHNICIAN)}
    asked |= {f"priority:{priority}": Case.priority == priority for priority in Priority}
    asked |= {
        f"acts:{OUTSIDERS}": _OUTSIDE,
        "clock:late": Case.due_at < now,
        "clock:paused": _PAUSED,
        "whose:mine": Case.assignee_id == me,
        "whose:nobody": Case.assignee_id.is_(None),
    }
    parts = [select(literal(name), _count_of(condition)) for name, condition in asked.items()]
    today = _by_clock("today", now)
    near = select(literal(1)).select_from(Case).join(Outlet, Outlet.id == Case.outlet_id)
    due = near.where(text("cases.on_desk"), and_(*today)).limit(COUNT_CAP).subquery()
    parts.append(select(literal("clock:today"), select(func.count()).select_from(due).scalar_subquery()))
    first, *others = parts
    rows = db.session.execute(first.union_all(*others))
    return {row[0]: row[1] for row in rows}


def _count_of(condition: Any) -> Any:
    some = select(literal(1)).select_from(Case).where(text("cases.on_desk"), condition).limit(COUNT_CAP)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


_listed = "SELECT id, name, {1} FROM {0} ORDER BY name LIMIT 200"
_OUTLETS = text(
    _listed.format("outlets", _capped("cases WHERE on_desk AND outlet_id = outlets.id", COUNT_CAP))
)
_TAGS = text(_listed.format("tags", _capped("case_tags WHERE tag_id = tags.id", COUNT_CAP)))


def outlets() -> list[tuple[int, str, int]]:
    """(id, name, cases of the desk up to COUNT_CAP) of each outlet, by name."""
    return [(number, name, count) for number, name, count in db.session.execute(_OUTLETS)]


def tags() -> list[tuple[int, str, int]]:
    """(id, name, cases, closed ones too, up to COUNT_CAP) of each tag, by name."""
    return [(number, name, count) for number, name, count in db.session.execute(_TAGS)]


def came_since(actor: Actor, since: datetime) -> int:
    """How many cases were sent after a moment, up to COUNT_CAP."""
    new = (
        select(literal(1))
        .select_from(Case)
        .where(text("cases.on_desk"), Case.touched_at > since, Case.created_at > since)
        .limit(COUNT_CAP)
    )
    return db.session.scalar(select(func.count()).select_from(new.subquery())) or 0
