"""Reading work orders: `visible_to(actor)` first."""

from typing import Any

from sqlalchemy import Select, false, select, text

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Product
from portal.domain.repairs.models import WorkOrder
from portal.domain.units.models import Unit

BOARD_LIMIT = 200


def visible_to(actor: Actor) -> Select[WorkOrder]:
    found = select(WorkOrder)
    return found if actor.may(Permission.CASE_VIEW) else found.where(false())


def of_case(case_id: int) -> Any:
    """(code, state, technician, finding) of a case's newest work order, None when it has none."""
    return db.session.execute(
        select(WorkOrder.code, WorkOrder.state, Staff.name.label("technician"), WorkOrder.finding)
        .outerjoin(Staff, Staff.id == WorkOrder.technician_id)
        .where(WorkOrder.case_id == case_id)
        .order_by(WorkOrder.id.desc())
        .limit(1)
    ).first()


def board(actor: Actor, *, mine: bool) -> list[Any]:
    """Work orders that are not ended, longest untouched first. One query."""
    found = (
        select(
            WorkOrder.code, WorkOrder.state, WorkOrder.created_at, WorkOrder.touched_at,
            Staff.name.label("technician"), Case.title, Case.title_en, Case.due_at,
            Customer.name.label("customer"), Product.name.label("product"), Unit.serial,
        )
        .join(Case, Case.id == WorkOrder.case_id)
        .join(Customer, Customer.id == Case.customer_id)
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .outerjoin(Product, Product.id == Unit.product_id)
        .outerjoin(Staff, Staff.id == WorkOrder.technician_id)
        .where(text("work_orders.state NOT IN ('handed_over', 'cancelled')"))
        .order_by(WorkOrder.touched_at, WorkOrder.id)
        .limit(BOARD_LIMIT)
    )  # fmt: skip
    if not actor.may(Permission.CASE_VIEW):
        found = found.where(false())
    if mine:
        found = found.where(WorkOrder.technician_id == actor.id)
    return list(db.session.execute(found))
