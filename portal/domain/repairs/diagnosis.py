"""What was wrong, what it was before in the same product, and the serial number that a repair gave it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import PolicyLayer, Symptom
from portal.domain.repairs.actions import check
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import ENDED
from portal.domain.units import numbers
from portal.domain.units.models import Unit
from portal.kernel.errors import Refused
from portal.kernel.text import _

SUGGESTED = 4
RENUMBERED = "renumbered"  # the entry on the timeline


@dataclass(frozen=True)
class Diagnosis:
    symptom: str
    finding: str
    cause: str
    component: str


def write(actor: Actor, order: WorkOrder, found: Diagnosis, *, version: int | None, now: datetime) -> None:
    """Keep what was found. Raises Refused, Stale."""
    check(actor, order, version)
    if not found.finding.strip():
        raise Refused(_("Write down what you found."), "finding")
    if found.component and found.component not in components(order):
        raise Refused(_("Choose a part of the list."), "component")
    changed = found.finding.strip() != order.finding
    order.symptom, order.finding = found.symptom.strip()[:200], found.finding.strip()
    order.cause, order.component = found.cause.strip()[:200], found.component
    order.touched_at = now
    db.session.flush()
    if changed:
        cases.note(
            actor, order.case, "finding", now, body=order.finding, internal=True, data={"order": order.code}
        )


def renumber(actor: Actor, order: WorkOrder, serial: str, *, version: int | None, now: datetime) -> None:
    """The part that bears the serial number was changed: the item has another one. Raises Refused, Stale."""
    check(actor, order, version)
    if order.case.unit is None or order.state in ENDED:
        raise Refused(_("Nothing here has a serial number that could change."), "serial")
    changed = numbers.renumber(actor, order.case.unit, serial, now)
    cases.find_by_also(order.case, order.case.unit.serial or "")
    order.touched_at = now
    db.session.flush()
    cases.note(actor, order.case, RENUMBERED, now, data={"order": order.code, "serials": changed})


def components(order: WorkOrder) -> list[str]:
    """The names of parts that policies and symptoms know, those of the item's category first."""
    unit = order.case.unit
    category = unit.product.category if unit else ""
    known = db.session.execute(
        select(Symptom.component, func.max(case((Symptom.category == category, 1), else_=0)))
        .where(Symptom.component != "")
        .group_by(Symptom.component)
    )
    found = {name: bool(own) for name, own in known}
    for name in db.session.scalars(
        select(PolicyLayer.component).where(PolicyLayer.component != "").distinct()
    ):
        found.setdefault(name, False)
    return sorted(found, key=lambda name: (not found[name], name))


def suggestions(order: WorkOrder) -> list[Any]:
    """(symptom, finding, cause, component, times) of earlier work orders of the same product, the most
    frequent first; the newest words stand for those with the same cause and component."""
    unit = order.case.unit
    if unit is None:
        return []
    newest = func.max(WorkOrder.id)
    alike = (
        select(newest.label("id"), func.count().label("times"))
        .join(Case, Case.id == WorkOrder.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(Unit.product_id == unit.product_id, WorkOrder.id != order.id, WorkOrder.finding != "")
        .group_by(WorkOrder.component, WorkOrder.cause)
        .order_by(func.count().desc(), newest.desc())
        .limit(SUGGESTED)
        .subquery()
    )
    return list(
        db.session.execute(
            select(
                WorkOrder.code, WorkOrder.symptom, WorkOrder.finding, WorkOrder.cause, WorkOrder.component,
                alike.c.times,
            )
            .join(alike, alike.c.id == WorkOrder.id)
            .order_by(alike.c.times.desc(), WorkOrder.id.desc())
        )
    )  # fmt: skip
