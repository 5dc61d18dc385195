"""The parts that a work order sets aside and uses, each by its line."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.parts import stock
from portal.domain.parts.models import PartHold
from portal.domain.parts.rules import Hold, Purpose
from portal.domain.repairs.models import WorkLine, WorkOrder


def reserve(actor: Actor, line: WorkLine, now: datetime) -> None:
    """Set the pieces of a line aside at its outlet. Raises Refused when there are not enough."""
    if line.part_id is not None:
        case = line.order.case
        stock.reserve(
            actor, line.part_id, case.outlet_id, line.pieces, Purpose.WORK, str(line.id), now, case.code
        )


def held(order: WorkOrder) -> dict[int, str]:
    """{number of a line: how its pieces stand}: held or used; lines without are missing."""
    refs = {str(number): number for number in _lines(order)}
    found = select(PartHold.ref, PartHold.state).where(
        PartHold.purpose == Purpose.WORK, PartHold.ref.in_(list(refs)), PartHold.state != Hold.RELEASED
    )
    return {refs[ref]: state for ref, state in db.session.execute(found)} if refs else {}


def use(actor: Actor, order: WorkOrder, now: datetime) -> None:
    """What was set aside is in the item now."""
    for number in _lines(order):
        stock.use(Purpose.WORK, str(number), now, actor, order.case.code)


def release(actor: Actor, order: WorkOrder, now: datetime, line_id: int | None = None) -> None:
    """What was set aside and not used is free again; that of one line, or of all."""
    for number in [line_id] if line_id else _lines(order):
        stock.release(Purpose.WORK, str(number), now, actor, order.case.code)


def _lines(order: WorkOrder) -> list[int]:
    found = select(WorkLine.id).where(
        WorkLine.work_order_id == order.id, WorkLine.part_id.is_not(None), WorkLine.removed_at.is_(None)
    )
    return list(db.session.scalars(found))
