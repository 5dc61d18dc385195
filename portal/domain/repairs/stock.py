"""The parts that a work order sets aside and uses, each by its line."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, String, cast, func, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.parts import stock, supply
from portal.domain.parts.facts import PartsFree
from portal.domain.parts.models import PartHold
from portal.domain.parts.rules import Hold, Purpose
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.rules import FINISHED, LineKind
from portal.kernel.errors import Refused
from portal.kernel.text import _


def set_aside(actor: Actor, line: WorkLine, now: datetime) -> bool:
    """Set the pieces of a line aside at its outlet; False while there are not enough. Twice is harmless."""
    if line.part_id is None:
        return True
    case, ref = line.order.case, str(line.id)
    try:
        stock.reserve(actor, line.part_id, case.outlet_id, line.pieces, Purpose.WORK, ref, now, case.code)
    except Refused:
        return False
    return True


def set_all_aside(actor: Actor, order: WorkOrder, now: datetime) -> list[WorkLine]:
    """Set aside what was not there before; the lines for which there is still not enough."""
    return [line for line in _lines(order) if not set_aside(actor, line, now)]


def held(order: WorkOrder) -> dict[int, str]:
    """{number of a line: how its pieces stand}: held or used; lines without are missing."""
    numbers = {str(line.id): line.id for line in _lines(order)}
    found = select(PartHold.ref, PartHold.state).where(
        PartHold.purpose == Purpose.WORK, PartHold.ref.in_(list(numbers)), PartHold.state != Hold.RELEASED
    )
    return {numbers[ref]: state for ref, state in db.session.execute(found)} if numbers else {}


def use(actor: Actor, order: WorkOrder, now: datetime) -> None:
    """What was set aside is in the item now. Raises Refused while a part was never taken from the shelf."""
    lacking = set_all_aside(actor, order, now)
    if lacking:
        raise Refused(
            _(
                "“%(part)s” is not in stock here. Remove the line, or wait for the part.",
                part=lacking[0].description,
            )
        )
    for line in _lines(order):
        stock.use(Purpose.WORK, str(line.id), now, actor, order.case.code)


def release(actor: Actor, order: WorkOrder, now: datetime, line_id: int | None = None) -> None:
    """What was set aside and not used is free again; that of one line, or of all."""
    for number in [line_id] if line_id else [line.id for line in _lines(order)]:
        stock.release(Purpose.WORK, str(number), now, actor, order.case.code)


def missing() -> Select:
    """(part_id, outlet_id, pieces) that open work orders wait for, for the list of what is to be ordered."""
    wanted = select(WorkLine.part_id, Case.outlet_id, func.sum(WorkLine.pieces).label("pieces"))
    return _waiting(wanted).group_by(WorkLine.part_id, Case.outlet_id)


def awaited(free: PartsFree) -> Sequence[WorkLine]:
    """The lines that wait for this part."""
    mine = WorkLine.part_id == free.part_id, Case.outlet_id == free.outlet_id
    return db.session.scalars(_waiting(select(WorkLine)).where(*mine).order_by(WorkLine.id)).all()


def lacks(order: WorkOrder) -> bool:
    """Whether a part is still to come; one that is not in the catalogue may be."""
    parts = select(WorkLine.id).where(
        WorkLine.work_order_id == order.id, WorkLine.kind == LineKind.PART, WorkLine.removed_at.is_(None),
        ~_set_aside.exists(),
    )  # fmt: skip
    return db.session.scalar(parts.limit(1)) is not None


def left_for(line: WorkLine, part_id: int) -> bool:
    """Whether enough is free without what customers asked for before the line was written."""
    outlet_id = line.order.case.outlet_id
    asked = supply.asked_before(part_id, outlet_id, line.created_at)
    return stock.available(part_id, outlet_id) - asked >= line.pieces


_set_aside = select(PartHold.id).where(
    PartHold.purpose == Purpose.WORK, PartHold.ref == cast(WorkLine.id, String),
    PartHold.state != Hold.RELEASED,
)  # fmt: skip


def _waiting(lines: Select) -> Select:
    """Of `lines` those whose part is not set aside, while their work goes on."""
    return (
        lines.join(WorkOrder, WorkOrder.id == WorkLine.work_order_id)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(
            WorkLine.part_id.is_not(None), WorkLine.removed_at.is_(None), ~_set_aside.exists(),
            WorkOrder.state.not_in(sorted(FINISHED)),
        )
    )  # fmt: skip


def _lines(order: WorkOrder) -> list[WorkLine]:
    found = select(WorkLine).where(
        WorkLine.work_order_id == order.id, WorkLine.part_id.is_not(None), WorkLine.removed_at.is_(None)
    )
    return list(db.session.scalars(found))
