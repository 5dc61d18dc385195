"""What the work of claims cost and brought back, of one work order or added up. Only for those who may."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, false, func, literal, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import Case, CaseLeg
from portal.domain.catalog.models import Outlet, Product
from portal.domain.costs.models import Recovery
from portal.domain.costs.rules import By, Costs
from portal.domain.repairs.models import WorkLine, WorkOrder, Workshop
from portal.domain.repairs.rules import Billing, LineKind
from portal.domain.shipments.models import Leg
from portal.domain.suppliers.models import Supplier
from portal.domain.units.models import Unit

MOST_ROWS = 500
CLAIM = "warranty"
_HOUR = select(Workshop.hour_cost).scalar_subquery()


def _of_lines(kind: LineKind) -> Any:
    spent = func.coalesce(WorkLine.cost, 0) * WorkLine.pieces
    return func.coalesce(func.sum(case((WorkLine.kind == kind, spent), else_=0)), 0)


_lines = (
    select(
        WorkLine.work_order_id,
        _of_lines(LineKind.PART).label("parts"),
        _of_lines(LineKind.LABOUR).label("labour"),
        _of_lines(LineKind.FEE).label("fees"),
        func.sum(
            case((WorkLine.billing == Billing.BILLABLE, WorkLine.price * WorkLine.pieces), else_=0)
        ).label("billed"),
        func.sum(case((WorkLine.cost.is_(None) & (WorkLine.kind != LineKind.LABOUR), 1), else_=0)).label(
            "unknown"
        ),
    )
    .where(WorkLine.removed_at.is_(None))
    .group_by(WorkLine.work_order_id)
    .subquery()
)
_legs = (
    select(CaseLeg.case_id, func.coalesce(func.sum(Leg.cost), 0).label("freight"))
    .join(Leg, Leg.id == CaseLeg.leg_id)
    .group_by(CaseLeg.case_id)
    .subquery()
)
# One row a work order. Time that was spent costs what an hour costs, halves up.
_own = (func.coalesce(_HOUR, 0) * WorkOrder.minutes * 2 + 60) // 120
_of_order = {
    "parts": func.coalesce(_lines.c.parts, 0),
    "labour": func.coalesce(_lines.c.labour, 0) + _own,
    "fees": func.coalesce(_lines.c.fees, 0),
    "freight": func.coalesce(_legs.c.freight, 0),
    "billed": func.coalesce(_lines.c.billed, 0),
    "recovered": func.coalesce(Recovery.paid, 0),
}


def limit_to(actor: Actor, found: Select) -> Select:
    return found if actor.may(Permission.COSTS_VIEW) else found.where(false())


def _from(*columns: Any) -> Select:
    return (
        select(*columns)
        .select_from(WorkOrder)
        .join(Case, Case.id == WorkOrder.case_id)
        .join(Outlet, Outlet.id == Case.outlet_id)
        .outerjoin(_lines, _lines.c.work_order_id == WorkOrder.id)
        .outerjoin(_legs, _legs.c.case_id == Case.id)
        .outerjoin(Recovery, Recovery.work_order_id == WorkOrder.id)
    )


def beside(order_id: int) -> tuple[int | None, Recovery | None]:
    """(what an hour costs the shop, what its supplier was asked) for a work order. One query."""
    found = (
        select(Workshop.hour_cost, Recovery)
        .outerjoin(Recovery, Recovery.work_order_id == order_id)
        .options(joinedload(Recovery.supplier))
    )
    hour_cost, recovery = db.session.execute(found).one()
    return hour_cost, recovery


def of_order(
    order: WorkOrder, lines: Iterable[WorkLine], legs: Iterable[Leg], hour_cost: int | None, paid: int
) -> Costs:
    """What one work order cost; the same that `added_up` adds up. No query."""
    spent: dict[str, int] = dict.fromkeys(LineKind, 0)
    billed = 0
    for line in lines:
        spent[line.kind] += line.pieces * (line.cost or 0)
        billed += line.pieces * line.price if line.billing == Billing.BILLABLE else 0
    own = ((hour_cost or 0) * order.minutes * 2 + 60) // 120
    freight = sum(leg.cost or 0 for leg in legs)
    return Costs(
        spent[LineKind.PART], spent[LineKind.LABOUR] + own, spent[LineKind.FEE], freight, billed, paid
    )


_NAMES: dict[By, tuple[Any, Any, Any]] = {  # (code, name, what stands beside it)
    By.PRODUCT: (Product.sku, Product.name, Product.brand),
    By.UNIT: (Unit.code, Product.name, Unit.serial),
    By.SUPPLIER: (Supplier.code, Supplier.name, literal("")),
}


def added_up(actor: Actor, by: By, since: datetime, until: datetime) -> Sequence[Any]:
    """(code, name, beside, currency, orders, unknown, asked, and the columns of Costs) of warranty work done
    from `since` until before `until`, dearest first. `unknown` counts lines whose cost nobody knows;
    labour costs the time that was spent.

    One query, MOST_ROWS rows at most; what it costs grows with the work orders of that time.
    """
    code, name, beside = _NAMES[by]
    sums = {what: func.sum(column).label(what) for what, column in _of_order.items()}
    spent = sum((func.sum(_of_order[what]) for what in ("parts", "labour", "fees", "freight")), literal(0))
    found = (
        _from(
            code.label("code"), name.label("name"), beside.label("beside"), Outlet.currency,
            func.count().label("orders"), func.sum(func.coalesce(_lines.c.unknown, 0)).label("unknown"),
            func.sum(func.coalesce(Recovery.asked, 0)).label("asked"), *sums.values(),
        )
        .join(Unit, Unit.id == Case.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .where(Case.kind == CLAIM, WorkOrder.done_at >= since, WorkOrder.done_at < until)
        .group_by(code, name, beside, Outlet.currency)
        .order_by(spent.desc(), code)
        .limit(MOST_ROWS)
    )  # fmt: skip
    if by is By.SUPPLIER:
        asked = func.coalesce(Recovery.supplier_id, WorkOrder.supplier_id)
        found = found.join(Supplier, Supplier.id == asked)
    return db.session.execute(limit_to(actor, found)).all()
