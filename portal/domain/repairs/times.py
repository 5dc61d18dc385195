"""Time spent on work orders: started and stopped, or written by hand; one at a time for each person."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.repairs.models import WorkOrder, WorkTime
from portal.domain.repairs.rules import ENDED
from portal.kernel.errors import Refused
from portal.kernel.text import _

MOST_MINUTES = 16 * 60  # of one entry
FORGOTTEN = timedelta(hours=12)  # nobody works so long without a pause


def running(staff_id: int | None) -> WorkTime | None:
    """The time that runs for a person."""
    return db.session.scalar(
        select(WorkTime).where(WorkTime.staff_id == staff_id, WorkTime.ended_at.is_(None))
    )


def start(actor: Actor, order: WorkOrder, now: datetime) -> WorkTime:
    """Begin to count; what ran on another work order ends. A second time is harmless. Raises Refused."""
    if order.state in ENDED:
        raise Refused(_("This work order is finished; its time no longer counts."))
    current = running(actor.id)
    if current is not None and current.work_order_id == order.id:
        return current
    if current is not None:
        _end(current, now)
    begun = WorkTime(order=order, staff_id=actor.id, began_at=now)
    db.session.add(begun)
    order.technician_id = order.technician_id or actor.id
    db.session.flush()
    return begun


def stop(actor: Actor, order: WorkOrder, now: datetime) -> None:
    """Stop one's own clock; harmless when it does not run."""
    current = running(actor.id)
    if current is not None and current.work_order_id == order.id:
        _end(current, now)


def stop_all(order: WorkOrder, now: datetime) -> None:
    """The work is over for everybody."""
    going = select(WorkTime).where(WorkTime.work_order_id == order.id, WorkTime.ended_at.is_(None))
    for current in db.session.scalars(going).all():
        _end(current, now)


def add(actor: Actor, order: WorkOrder, minutes: int | None, note: str, now: datetime) -> None:
    """Write time by hand. Raises Refused."""
    if minutes is None or not 0 < minutes <= MOST_MINUTES:
        raise Refused(_("Write a number from %(least)s to %(most)s.", least=1, most=MOST_MINUTES), "minutes")
    began = now - timedelta(minutes=minutes)
    db.session.add(
        WorkTime(
            order=order, staff_id=actor.id, began_at=began, ended_at=now, minutes=minutes, by_hand=True,
            note=note.strip()[:200],
        )
    )  # fmt: skip
    _sum(order)


def _end(current: WorkTime, now: datetime) -> None:
    """In whole minutes, begun ones count; a clock that was forgotten counts for no more than FORGOTTEN."""
    spent = min(max(now - current.began_at, timedelta()), FORGOTTEN)
    current.ended_at, current.minutes = current.began_at + spent, -(-spent // timedelta(minutes=1))
    db.session.flush()
    _sum(current.order)


def _sum(order: WorkOrder) -> None:
    db.session.flush()
    spent = select(func.coalesce(func.sum(WorkTime.minutes), 0)).where(WorkTime.work_order_id == order.id)
    order.minutes = db.session.scalar(spent) or 0
    db.session.flush()
