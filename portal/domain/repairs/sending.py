"""An item at a supplier: who has it, since when, until when, and who pays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.catalog.rules import Provider
from portal.domain.repairs.actions import check, move
from portal.domain.repairs.lines import verdict_of
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import S
from portal.domain.suppliers.models import Supplier
from portal.domain.units.coverage import Verdict
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import _

REMINDED_AT = time(9)  # by the outlet's clock
AGAIN = timedelta(days=3)


@dataclass(frozen=True)
class Sending:
    """`pays` is whether the supplier pays; None when nobody knows."""

    supplier_id: int | None
    reference: str
    sent_on: date | None
    due_on: date | None
    pays: bool | None
    reason: str = ""


def pays(verdict: Verdict | None) -> bool:
    """Whether the supplier pays by the coverage kept with the claim: what maker or distributor cover."""
    if verdict is None or not (verdict.parts.covered or verdict.labour.covered):
        return False
    covering = verdict.parts if verdict.parts.covered else verdict.labour
    return covering.provider in (Provider.MAKER, Provider.DISTRIBUTOR)


def send(actor: Actor, order: WorkOrder, told: Sending, *, version: int | None, now: datetime) -> None:
    """Send it to a supplier; while it is there, correct what was written. Raises Refused, Stale."""
    check(actor, order, version)
    supplier = db.session.get(Supplier, told.supplier_id) if told.supplier_id else None
    if supplier is None or not supplier.active:
        raise Refused(_("Choose the supplier."), "supplier")
    today = day_in(order.case.outlet.timezone, now)
    sent = told.sent_on or today
    if sent > today:
        raise Refused(_("That day is still to come."), "sent_on")
    if told.due_on is None or told.due_on < sent:
        raise Refused(_("Write when it is expected back: the day it is sent, or later."), "due_on")
    usual = pays(verdict_of(order.case_id))
    if told.pays is not None and told.pays != usual and not told.reason.strip():
        raise Refused(_("The coverage says otherwise. Write why; it is kept."), "reason")
    order.supplier, order.supplier_id = supplier, supplier.id
    order.supplier_ref = told.reference.strip()[:40]
    order.supplier_sent_on, order.supplier_due_on, order.supplier_back_on = sent, told.due_on, None
    order.supplier_pays, order.supplier_pays_reason = told.pays, told.reason.strip()
    if order.state != S.AT_SUPPLIER:
        move(actor, order, S.AT_SUPPLIER, now=now)
    order.remind_at = morning(order, told.due_on + timedelta(days=1))
    order.touched_at = now
    db.session.flush()


def morning(order: WorkOrder, day: date) -> datetime:
    """When people are reminded on a day."""
    return datetime.combine(day, REMINDED_AT, ZoneInfo(order.case.outlet.timezone))
