"""Opening work orders and moving them along their states."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission, Role
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.news import announce
from portal.domain.repairs.facts import WorkMoved
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import ENDED, MOVES, NEEDS_NOTE, S
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def open_for(actor: Actor, case: Case, now: datetime) -> WorkOrder:
    """The living work order of a case, a new one when there is none."""
    order = db.session.scalar(
        select(WorkOrder).where(WorkOrder.case_id == case.id, WorkOrder.state.not_in(list(ENDED)))
    )
    if order is None:
        order = WorkOrder(code=new_code(), case=case, created_at=now, touched_at=now)
        db.session.add(order)
        db.session.flush()
        cases.note(actor, case, "work", now, after=S.OPEN, data={"order": order.code})
    return order


def move(
    actor: Actor,
    order: WorkOrder,
    to: str,
    *,
    note: str = "",
    photos: Sequence[str] = (),
    version: int | None = None,
    now: datetime,
) -> None:
    """Move a work order. `note` is the finding when work ends; photos show the item after it.

    Raises Refused, Stale.
    """
    check(actor, order, version)
    if to not in MOVES.get(order.state, ()):
        raise Refused(_("That can no longer be done: the work order has moved on. Reload the page."))
    if to in NEEDS_NOTE and not note.strip() and not order.finding and actor.role is not Role.SYSTEM:
        raise Refused(_("Write down what was found or done."), "note")
    before, order.state, order.touched_at = order.state, to, now
    if note.strip():
        order.finding = note.strip()
    if to == S.DONE:
        order.done_at = now
    if actor.may(Permission.WORK_MOVE) and order.technician_id is None:
        order.technician_id = actor.id
    db.session.flush()
    entry = cases.note(actor, order.case, "work", now, before=before, after=to, data={"order": order.code})
    if note.strip():
        cases.note(
            actor, order.case, "finding", now, body=note.strip(), internal=True, data={"order": order.code}
        )
    cases.attach(actor, order.case, entry, photos, "after" if to == S.DONE else "before")
    announce(WorkMoved(order.case_id, order.id, before, to))


def write(
    actor: Actor,
    order: WorkOrder,
    text: str,
    *,
    photos: Sequence[str],
    stage: str,
    version: int | None,
    now: datetime,
) -> None:
    """A technician's note for staff; `stage` of its photos is before or after. Raises Refused, Stale."""
    check(actor, order, version)
    cases.check_body(text, photos)
    order.touched_at = now
    db.session.flush()
    entry = cases.note(actor, order.case, "note", now, body=text, internal=True, data={"order": order.code})
    cases.attach(actor, order.case, entry, photos, stage)


def take(actor: Actor, order: WorkOrder, technician_id: int | None, now: datetime) -> None:
    """Give the work order to a technician."""
    order.technician_id, order.touched_at = technician_id, now
    db.session.flush()


def end_with_case(actor: Actor, case: Case, to: str, now: datetime) -> None:
    """When the case is over, so is its work order, as far as its state allows."""
    for order in db.session.scalars(
        select(WorkOrder).where(WorkOrder.case_id == case.id, WorkOrder.state.not_in(list(ENDED)))
    ):
        for end in (to, S.HANDED_OVER, S.CANCELLED):
            if end in MOVES[order.state]:
                move(actor, order, end, now=now)
                break


def check(actor: Actor, order: WorkOrder, version: int | None = None) -> None:
    """Raises Refused for whom the workshop is not, Stale when it changed since the form was made."""
    if actor.role is not Role.SYSTEM and not actor.may(Permission.WORK_MOVE):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    if version is not None and version != order.version:
        raise Stale
