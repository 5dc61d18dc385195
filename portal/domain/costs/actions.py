"""Writing down what a parcel cost, and asking suppliers for what their warranty owes the shop."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import CaseLeg
from portal.domain.costs.models import Recovery
from portal.domain.costs.rules import Answer
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs.models import WorkOrder
from portal.domain.shipments.models import Leg
from portal.domain.suppliers.models import Supplier
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

HIGHEST = 10**12


def legs_of(order: WorkOrder) -> list[Leg]:
    """The shipments of its case, the first one first."""
    found = select(Leg).join(CaseLeg, CaseLeg.leg_id == Leg.id).where(CaseLeg.case_id == order.case_id)
    return list(db.session.scalars(found.order_by(Leg.id)))


def write_costs(
    actor: Actor, order: WorkOrder, lines: Mapping[int, int | None], legs: Mapping[int, int | None]
) -> None:
    """What one piece of a line, and each shipment, cost the shop, by their ids, in minor units.

    None is not known. Lines and shipments that are not this order's are left out. Raises Refused.
    """
    _check(actor)
    if any(cost is not None and not 0 <= cost <= HIGHEST for cost in (*lines.values(), *legs.values())):
        raise Refused(_("That amount cannot be right."))
    for line in work_lines.of_order(order.id):
        if line.id in lines:
            line.cost = lines[line.id]
    for leg in legs_of(order):
        if leg.id in legs:
            leg.cost = legs[leg.id]
    db.session.flush()


def ask(
    actor: Actor, order: WorkOrder, supplier_id: int | None, asked: int | None, reference: str, now: datetime
) -> Recovery:
    """Ask a supplier for an amount in minor units, or correct what was asked while there is no answer.

    Raises Refused.
    """
    _check(actor)
    supplier = db.session.get(Supplier, supplier_id) if supplier_id else None
    if supplier is None:
        raise Refused(_("Choose the supplier."), "supplier")
    if not asked or not 0 < asked <= HIGHEST:
        raise Refused(_("Write the amount that is asked for."), "asked")
    recovery = db.session.get(Recovery, order.id)
    if recovery is None:
        recovery = Recovery(work_order_id=order.id, answer=Answer.ASKED, paid=0)
        db.session.add(recovery)
    elif recovery.answer != Answer.ASKED:
        raise Refused(_("The supplier has answered already."))
    recovery.supplier_id, recovery.asked, recovery.reference = supplier.id, asked, reference.strip()[:40]
    recovery.asked_on = day_in(order.case.outlet.timezone, now)
    db.session.flush()
    return recovery


def hear(
    actor: Actor, order: WorkOrder, paid: int | None, note: str, *, version: int | None, now: datetime
) -> None:
    """The supplier paid that much, in minor units; nothing is a refusal, and needs its reason.

    Raises Refused, Stale.
    """
    _check(actor)
    recovery = db.session.get(Recovery, order.id)
    if recovery is None:
        raise Refused(_("Nothing was asked for yet."))
    if version is not None and version != recovery.version:
        raise Stale
    if paid is None or not 0 <= paid <= HIGHEST:
        raise Refused(_("Write what the supplier pays; 0 if it refuses."), "paid")
    if paid == 0 and not note.strip():
        raise Refused(_("Write why the supplier refuses."), "note")
    recovery.paid, recovery.note = paid, note.strip()[:300]
    recovery.answer = Answer.PAID if paid else Answer.REFUSED
    recovery.answered_on = day_in(order.case.outlet.timezone, now)
    db.session.flush()


def _check(actor: Actor) -> None:
    if not actor.may(Permission.COSTS_VIEW):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
