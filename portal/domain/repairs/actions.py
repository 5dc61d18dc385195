"""Opening work orders and moving them along their states."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission, Role
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims.models import Claim
from portal.domain.news import announce
from portal.domain.repairs import stock, times
from portal.domain.repairs.facts import WorkMoved
from portal.domain.repairs.models import Loan, WorkLine, WorkOrder
from portal.domain.repairs.rules import (
    BILLED,
    ENDED,
    MOVES,
    NEEDS_NOTE,
    TO_COLLECT,
    WORKED_ON,
    Billing,
    Place,
    S,
)
from portal.domain.requests.answers import PLACE
from portal.domain.requests.models import Request
from portal.domain.workflows.engine import Who
from portal.kernel.clock import day_in
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

UNDECIDED = frozenset({S.OPEN, S.DIAGNOSING, S.UNREPAIRABLE, S.CANCELLED, S.ESTIMATING})


def open_for(actor: Actor, case: Case, now: datetime) -> WorkOrder:
    """The living work order of a case, a new one when there is none. Raises Refused."""
    order = db.session.scalar(
        select(WorkOrder).where(WorkOrder.case_id == case.id, WorkOrder.state.not_in(list(ENDED)))
    )
    if order is not None:
        return order
    if case.kind not in WORKED_ON or not case.on_desk:
        raise Refused(_("Nothing is repaired in this case. Open one of another kind."))
    at_home = (db.session.scalar(select(Request.answers).where(Request.case_id == case.id)) or {}).get(PLACE)
    order = WorkOrder(
        code=new_code(), case=case, place=Place.HOME if at_home == "home" else Place.SHOP,
        symptom=case.title if case.kind == "warranty" else "", created_at=now, touched_at=now,
    )  # fmt: skip
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
    if actor.role is not Role.SYSTEM:
        _check_step(order, to, note)
    before, order.state, order.touched_at = order.state, to, now
    if note.strip():
        order.finding = note.strip()
    _follow_state(actor, order, before, now)
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


def take_next(actor: Actor, now: datetime) -> WorkOrder | None:
    """The one that is due first of those that nobody has and a technician can begin; None when there is none.

    Two who ask at once get two different ones.
    """
    waiting = (
        select(WorkOrder.id)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(
            WorkOrder.technician_id.is_(None), Case.acts == Who.TECHNICIAN,
            WorkOrder.state.in_([S.OPEN, S.DIAGNOSING, S.APPROVED, S.IN_PROGRESS]),
        )
        .order_by(Case.due_at.is_(None), Case.due_at, WorkOrder.id)
        .limit(5)
    )  # fmt: skip
    for number in db.session.scalars(waiting).all():
        free = update(WorkOrder).where(WorkOrder.id == number, WorkOrder.technician_id.is_(None))
        taken = free.values(technician_id=actor.id, touched_at=now, version=WorkOrder.version + 1)
        if db.session.scalar(taken.returning(WorkOrder.id)) is not None:
            return db.session.get_one(WorkOrder, number, populate_existing=True)
    return None


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
    check_version(order, version)


def check_version(order: WorkOrder, version: int | None) -> None:
    """Raises Stale when the work order changed since the form was made."""
    if version is not None and version != order.version:
        raise Stale


def check_loans(order: WorkOrder) -> None:
    """Raises Refused while the customer still has a unit of the shop."""
    out = select(Loan.product).where(Loan.work_order_id == order.id, Loan.back_at.is_(None))
    loaned = db.session.scalar(out.limit(1))
    if loaned:
        raise Refused(
            _("The loaned unit (%(product)s) is not back yet. Record its return first.", product=loaned)
        )


def check_agreed(order: WorkOrder) -> None:
    """Raises Refused while a line is billed for more than the customer agreed to."""
    asked = select(WorkLine.description).where(
        WorkLine.work_order_id == order.id, WorkLine.removed_at.is_(None),
        WorkLine.billing == Billing.BILLABLE,
        WorkLine.pieces * WorkLine.price > func.coalesce(WorkLine.agreed, 0),
    )  # fmt: skip
    line = db.session.scalar(asked.order_by(WorkLine.id).limit(1))
    if line is not None:
        raise Refused(
            _("The customer has not agreed to the price of “%(line)s” yet. Send the estimate.", line=line)
        )


def _check_step(order: WorkOrder, to: str, note: str) -> None:
    """What has to be there before a person takes a step."""
    if to in NEEDS_NOTE and not note.strip() and not order.finding:
        raise Refused(_("Write down what was found or done."), "note")
    if to == S.AT_SUPPLIER and order.supplier_id is None:
        raise Refused(_("Choose the supplier."), "supplier")
    if to == S.HANDED_OVER:
        check_loans(order)
    if to in BILLED:
        check_agreed(order)
    if to not in UNDECIDED and order.case.kind == "warranty" and to != S.HANDED_OVER:
        decided = db.session.scalar(select(Claim.outcome).where(Claim.case_id == order.case_id))
        if decided is None:
            raise Refused(_("The claim is not decided yet. Write down what you found; the desk decides."))


def _follow_state(actor: Actor, order: WorkOrder, before: str, now: datetime) -> None:
    """What comes and goes with a state: days, time, stock."""
    if order.state in (S.DONE, S.UNREPAIRABLE, *ENDED):
        times.stop_all(order, now)
    if order.state == S.DONE:
        order.done_at = now
        stock.use(actor, order, now)
    elif order.state in ENDED:
        order.remind_at = None
        order.handed_at = now if order.state == S.HANDED_OVER else None
        stock.release(actor, order, now)
    elif before in TO_COLLECT and order.state not in TO_COLLECT:  # it is taken up again
        order.ready_at = order.remind_at = order.done_at = None
    elif before == S.WAITING_PARTS:
        stock.set_all_aside(actor, order, now)
    if before == S.AT_SUPPLIER:
        order.remind_at, order.supplier_back_on = None, day_in(order.case.outlet.timezone, now)
