"""Units of the shop that customers use meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.repairs.actions import check_loans
from portal.domain.repairs.models import Loan, WorkOrder
from portal.domain.repairs.rules import ENDED
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


@dataclass(frozen=True)
class Lending:
    product: str
    serial: str
    condition: str
    due_on: date | None


def of_order(order_id: int) -> list[Loan]:
    """The newest first."""
    found = select(Loan).where(Loan.work_order_id == order_id).order_by(Loan.id.desc())
    return list(db.session.scalars(found))


def lend(actor: Actor, order: WorkOrder, told: Lending, now: datetime) -> Loan:
    """Hand a unit out; one at a time. The case cannot be closed before it is back. Raises Refused."""
    _check(actor)
    if order.state in ENDED:
        raise Refused(_("This work order is finished."))
    check_loans(order)
    if not told.product.strip():
        raise Refused(_("Write what is lent."), "product")
    if told.due_on is None or told.due_on < day_in(order.case.outlet.timezone, now):
        raise Refused(_("Write until when: today or later."), "due_on")
    loan = Loan(
        order=order, product=told.product.strip()[:120], serial=told.serial.strip()[:64],
        condition=told.condition.strip(), out_at=now, due_on=told.due_on,
    )  # fmt: skip
    db.session.add(loan)
    order.case.loaned, order.touched_at = True, now
    db.session.flush()
    _note(actor, order, "lent", loan.product, now)
    return loan


def take_back(actor: Actor, loan: Loan, condition: str, *, version: int | None, now: datetime) -> None:
    """It is here again; a second time is harmless. Raises Refused, Stale."""
    _check(actor)
    if loan.back_at is not None:
        return
    if version is not None and version != loan.version:
        raise Stale
    if not condition.strip():
        raise Refused(_("Write how it came back, also when all is well."), "condition_back")
    loan.back_at, loan.condition_back = now, condition.strip()
    loan.order.case.loaned, loan.order.touched_at = False, now
    db.session.flush()
    _note(actor, loan.order, "lent_back", loan.product, now)


def _note(actor: Actor, order: WorkOrder, event: str, product: str, now: datetime) -> None:
    cases.note(actor, order.case, event, now, data={"order": order.code, "product": product})


def _check(actor: Actor) -> None:
    if not actor.may(Permission.SHIPMENT_RECORD):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
