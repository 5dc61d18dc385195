"""Orders to suppliers: made from the reorder list or by hand, received whole or bit by bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all, update
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet
from portal.domain.catalog.queries import limit_to
from portal.domain.parts import stock
from portal.domain.parts.models import Part, PartEntry, PartLevel, PartLine, SupplyLine, SupplyOrder
from portal.domain.parts.rules import MOST, Entry, Line, Supply
from portal.domain.suppliers.models import Supplier
from portal.kernel.clock import day_in
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.paging import PAGE_SIZE
from portal.kernel.text import _

REORDER_MOST = 200


def visible_to(actor: Actor) -> Select[SupplyOrder]:
    return limit_to(actor, select(SupplyOrder))


@dataclass(frozen=True)
class Short:
    """A part of which an outlet has too few. `wanted` are pieces that customers and repairs wait for;
    `pieces` would bring it back to its minimum."""

    part: Any
    outlet: str
    outlet_id: int
    free: int
    on_order: int
    wanted: int
    minimum: int
    pieces: int

    @property
    def key(self) -> str:
        return f"{self.part.id}-{self.outlet_id}"


def short(
    actor: Actor, repairs: Select, outlet_id: int | None = None, limit: int = REORDER_MOST
) -> list[Short]:
    """What has to be ordered, by supplier and name: free and on order, less what is waited for, is below
    the minimum. `repairs` selects (part_id, outlet_id, pieces) that repairs wait for. One query."""
    free = PartLevel.on_hand - PartLevel.reserved
    asked = _asked(PartLine.part_id, PartLine.outlet_id, PartLine.pieces)
    low = select(PartLevel.part_id, PartLevel.outlet_id, literal(0)).where(
        free + PartLevel.on_order < PartLevel.minimum
    )
    every = union_all(asked, repairs, low).subquery()
    wanted = (
        select(every.c.part_id, every.c.outlet_id, func.sum(every.c.pieces).label("pieces"))
        .group_by(every.c.part_id, every.c.outlet_id)
        .subquery()
    )
    found = (
        select(
            Part.id, Part.code, Part.number, Part.name_id, Part.name_en, Part.cost, Part.supplier_id,
            Supplier.name.label("supplier"), Outlet.name.label("outlet"), PartLevel.outlet_id,
            free.label("free"), PartLevel.on_order, wanted.c.pieces.label("wanted"), PartLevel.minimum,
        )
        .join(wanted, (wanted.c.part_id == PartLevel.part_id) & (wanted.c.outlet_id == PartLevel.outlet_id))
        .join(Part, Part.id == PartLevel.part_id)
        .join(Outlet, Outlet.id == PartLevel.outlet_id)
        .outerjoin(Supplier, Supplier.id == Part.supplier_id)
        .where(free + PartLevel.on_order - wanted.c.pieces < PartLevel.minimum, Part.active)
        .order_by(Supplier.name, Part.name_id, Part.id, Outlet.name)
        .limit(limit)
    )  # fmt: skip
    if outlet_id is not None:
        found = found.where(PartLevel.outlet_id == outlet_id)
    return [
        Short(
            row, row.outlet, row.outlet_id, row.free, row.on_order, row.wanted, row.minimum,
            row.minimum - row.free - row.on_order + row.wanted,
        )
        for row in db.session.execute(limit_to(actor, found))
    ]  # fmt: skip


def asked_before(part_id: int, outlet_id: int, at: datetime) -> int:
    """Pieces that customers asked for before then and that are not set aside yet."""
    mine = PartLine.part_id == part_id, PartLine.outlet_id == outlet_id, Case.created_at < at
    return db.session.scalar(_asked(func.sum(PartLine.pieces)).where(*mine)) or 0


def order(
    actor: Actor,
    supplier: Supplier,
    outlet: Outlet,
    pieces: Mapping[int, int],
    now: datetime,
    reference: str = "",
) -> SupplyOrder:
    """Write down an order of so many pieces of each part, by its id. Raises Refused.

    It is expected when its slowest part can be here.
    """
    if not pieces:
        raise Refused(_("Write how many of at least one part."))
    parts = {part.id: part for part in db.session.scalars(select(Part).where(Part.id.in_(pieces)))}
    leads = [parts[number].lead_days for number in pieces]
    days = [lead for lead in leads if lead is not None]
    made = SupplyOrder(
        code=new_code(), supplier_id=supplier.id, outlet_id=outlet.id, ordered_at=now, staff_id=actor.id,
        reference=reference.strip()[:60],
        expected_on=day_in(outlet.timezone, now + timedelta(days=max(days))) if days else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for number, count in pieces.items():
        if not 1 <= count <= MOST:
            raise Refused(_("Write a number from %(least)s to %(most)s.", least=1, most=MOST))
        db.session.add(SupplyLine(order_id=made.id, part_id=number, pieces=count, cost=parts[number].cost))
        stock.change(actor, number, outlet.id, Entry.ORDER, now, on_order=count, about=made.code)
    db.session.flush()
    return made


def receive(actor: Actor, order: SupplyOrder, came: Mapping[int, int], now: datetime) -> SupplyOrder:
    """So many pieces of each line (by its id) came; the rest stays on order. Raises Refused."""
    if order.state != Supply.OPEN:
        raise Refused(_("This order is closed. Make a new one for what came later."))
    if not any(came.values()):
        raise Refused(_("Write how many pieces of at least one part came."))
    for line in order.lines:
        pieces = came.get(line.id, 0)
        if not pieces:
            continue
        taken = update(SupplyLine).where(
            SupplyLine.id == line.id, SupplyLine.received + pieces <= SupplyLine.pieces
        )
        done = db.session.scalar(
            taken.values(received=SupplyLine.received + pieces).returning(SupplyLine.received),
            execution_options={"synchronize_session": False},
        )
        if pieces < 0 or done is None:
            left = line.pieces - line.received
            raise Refused(
                _("Only %(count)s are still on order. Count again, or correct the stock.", count=left),
                f"came_{line.id}",
            )
        stock.change(
            actor, line.part_id, order.outlet_id, Entry.RECEIVE, now, on_hand=pieces, on_order=-pieces,
            about=order.code,
        )  # fmt: skip
        db.session.refresh(line)
    if all(line.received == line.pieces for line in order.lines):
        order.state = Supply.RECEIVED
    db.session.flush()
    return order


def handed_on(order: SupplyOrder) -> dict[int, list[str]]:
    """{number of a part: the codes of cases that were given pieces as they came since it was ordered}."""
    given = select(PartEntry.part_id, PartEntry.about).where(
        PartEntry.part_id.in_([line.part_id for line in order.lines]), PartEntry.outlet_id == order.outlet_id,
        PartEntry.kind == Entry.RESERVE, PartEntry.staff_id.is_(None), PartEntry.at >= order.ordered_at,
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for part_id, code in db.session.execute(given.order_by(PartEntry.id)):
        found.setdefault(part_id, []).append(code)
    return found


def cancel(actor: Actor, order: SupplyOrder, now: datetime) -> None:
    """What has not come yet will not come; harmless when the order is closed."""
    if order.state != Supply.OPEN:
        return
    order.state = Supply.CANCELLED
    db.session.flush()
    for line in order.lines:
        left = line.pieces - line.received
        if left:
            stock.change(
                actor, line.part_id, order.outlet_id, Entry.CANCEL, now, on_order=-left, about=order.code
            )


def orders(actor: Actor, state: str, *, before: int | None = None, limit: int = PAGE_SIZE + 1) -> list[Any]:
    """Rows of orders in a state, newest first, with how many pieces came of how many."""
    lines = (
        select(
            SupplyLine.order_id, func.sum(SupplyLine.pieces).label("pieces"),
            func.sum(SupplyLine.received).label("received"),
        )
        .group_by(SupplyLine.order_id)
        .subquery()
    )  # fmt: skip
    found = (
        select(
            SupplyOrder.id, SupplyOrder.code, SupplyOrder.state, SupplyOrder.ordered_at,
            SupplyOrder.expected_on, SupplyOrder.reference, Supplier.name.label("supplier"),
            Outlet.name.label("outlet"), Outlet.timezone, lines.c.pieces, lines.c.received,
        )
        .join(Supplier, Supplier.id == SupplyOrder.supplier_id)
        .join(Outlet, Outlet.id == SupplyOrder.outlet_id)
        .join(lines, lines.c.order_id == SupplyOrder.id)
        .where(SupplyOrder.state == state)
        .order_by(SupplyOrder.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        found = found.where(SupplyOrder.id < before)
    return list(db.session.execute(limit_to(actor, found)))


def whole(found: Select[SupplyOrder]) -> Select[SupplyOrder]:
    """With its supplier, outlet and lines, in one statement."""
    return found.options(
        joinedload(SupplyOrder.supplier),
        joinedload(SupplyOrder.outlet),
        joinedload(SupplyOrder.lines).joinedload(SupplyLine.part),
    )


def _asked(*columns: Any) -> Select:
    """Of the lines of customers' orders that wait for their pieces."""
    waiting = select(*columns).join(Case, Case.id == PartLine.case_id)
    return waiting.where(PartLine.state == Line.WANTED, Case.on_desk)
