"""Reading estimates; whoever sees the case sees what was sent for it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.estimates.models import Estimate
from portal.domain.repairs.models import WorkOrder
from portal.domain.units.models import Unit


def visible_to(actor: Actor) -> Select[Estimate]:
    """With their work order, its case, and what the case is about; newest first."""
    found = (
        select(Estimate)
        .join(Estimate.order)
        .join(WorkOrder.case)
        .options(
            contains_eager(Estimate.order).contains_eager(WorkOrder.case).options(
                joinedload(Case.outlet), joinedload(Case.customer),
                joinedload(Case.unit).joinedload(Unit.product),
            ),
            selectinload(Estimate.lines),
            joinedload(Estimate.sent_by),
            joinedload(Estimate.recorded_by),
        )
        .order_by(Estimate.id.desc())
    )  # fmt: skip
    return cases.limit_to(actor, found)


def of_order(actor: Actor, order_id: int) -> list[Estimate]:
    """All versions for a work order, newest first. Two queries."""
    return list(db.session.scalars(visible_to(actor).where(Estimate.work_order_id == order_id)))
