"""What nobody may forget: things on the shelf, at suppliers and on loan. The worker looks each hour."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.news import announce
from portal.domain.repairs import actions, settings
from portal.domain.repairs.facts import CollectionDue, LoanLate, SupplierLate
from portal.domain.repairs.models import Loan, WorkOrder
from portal.domain.repairs.rules import TO_COLLECT, S
from portal.domain.repairs.sending import AGAIN, morning
from portal.domain.workflows.vocabulary import S as State
from portal.kernel.clock import day_in

AT_ONCE = 50  # of each, in one transaction


def wait_for_collection(order: WorkOrder, now: datetime) -> None:
    """From now on it stands on the shelf; the customer is reminded on the days of the settings."""
    order.ready_at, order.reminded = now, 0
    _next(order, settings.load().remind_days)


def remind(now: datetime) -> bool:
    """Announce what is due now; whether there may be more."""
    days = settings.load().remind_days
    due = select(WorkOrder).where(WorkOrder.remind_at <= now).order_by(WorkOrder.remind_at).limit(AT_ONCE)
    orders = list(db.session.scalars(due.with_for_update(skip_locked=True)))
    for order in orders:
        if order.state == S.AT_SUPPLIER:
            announce(SupplierLate(order.id))
            order.remind_at = now + AGAIN
        else:
            _ask_to_collect(order, days, now)
    db.session.flush()
    return _late_loans(now) or len(orders) == AT_ONCE


def _ask_to_collect(order: WorkOrder, days: list[int], now: datetime) -> None:
    order.remind_at = None
    if order.state not in TO_COLLECT or order.ready_at is None or order.case.state != State.READY:
        return
    waited = (now - order.ready_at).days
    order.reminded = max(order.reminded + 1, sum(day <= waited for day in days))  # once, after a long sleep
    if order.state == S.DONE:
        actions.move(SYSTEM, order, S.UNCOLLECTED, now=now)
    announce(CollectionDue(order.id, waited, order.reminded))
    _next(order, days)


def _next(order: WorkOrder, days: list[int]) -> None:
    """The next of the days since it is ready; after the last one nobody is reminded any more."""
    if order.ready_at is None or order.reminded >= len(days):
        order.remind_at = None
        return
    ready_on = day_in(order.case.outlet.timezone, order.ready_at)
    order.remind_at = morning(order, ready_on + timedelta(days=days[order.reminded]))


def _late_loans(now: datetime) -> bool:
    late = (
        select(Loan)
        .where(
            Loan.back_at.is_(None), Loan.due_on < now.date(),
            or_(Loan.told_at.is_(None), Loan.told_at <= now - AGAIN),
        )
        .order_by(Loan.due_on, Loan.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    found = list(db.session.scalars(late.with_for_update(skip_locked=True)))
    for loan in found:
        loan.told_at = now
        announce(LoanLate(loan.id))
    return len(found) == AT_ONCE
