"""Reading work orders: `visible_to(actor)` first."""

from datetime import date
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, case, cast, false, func, or_, select, text, tuple_

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts.models import PartHold, PartLevel
from portal.domain.parts.rules import Hold, Purpose
from portal.domain.repairs.models import Loan, WorkLine, WorkOrder, WorkTime
from portal.domain.repairs.rules import AT_HAND, TO_COLLECT, S
from portal.domain.suppliers.models import Supplier
from portal.domain.units.models import Unit
from portal.kernel.codes import normalise
from portal.kernel.paging import PAGE_SIZE

ALIVE = text("work_orders.state NOT IN ('handed_over', 'cancelled')")
MOST_AWAY = 300  # at suppliers, or lent
MOST_MINE = 100  # of one technician


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see the workshop to a query."""
    return found if actor.may(Permission.CASE_VIEW) else found.where(false())


def visible_to(actor: Actor) -> Select[WorkOrder]:
    return limit_to(actor, select(WorkOrder))


_set_aside = select(PartHold.id).where(
    PartHold.purpose == Purpose.WORK, PartHold.ref == cast(WorkLine.id, String),
    PartHold.state != Hold.RELEASED,
)  # fmt: skip
_parts = (
    select(WorkLine.id)
    .outerjoin(PartLevel, and_(PartLevel.part_id == WorkLine.part_id, PartLevel.outlet_id == Case.outlet_id))
    .where(
        WorkLine.work_order_id == WorkOrder.id, WorkLine.part_id.is_not(None), WorkLine.removed_at.is_(None)
    )
    .correlate(WorkOrder, Case)
)  # fmt: skip
_free = func.coalesce(PartLevel.on_hand - PartLevel.reserved, 0)
# Whether all that a repair waited for is set aside, or on the outlet's shelf.
_part_is_here = and_(
    WorkOrder.state == S.WAITING_PARTS, _parts.exists(),
    ~_parts.where(~_set_aside.exists(), _free < WorkLine.pieces).exists(),
)  # fmt: skip
_LIST = (
    select(
        WorkOrder.id, WorkOrder.code, WorkOrder.state, WorkOrder.created_at, WorkOrder.touched_at,
        WorkOrder.received_at, WorkOrder.ready_at, WorkOrder.reminded, WorkOrder.shelf, WorkOrder.place,
        WorkOrder.technician_id, WorkOrder.supplier_sent_on, WorkOrder.supplier_due_on,
        WorkOrder.supplier_ref, WorkOrder.minutes, Supplier.name.label("supplier"),
        Staff.name.label("technician"), Case.code.label("case_code"), Case.title, Case.title_en, Case.due_at,
        Case.loaned, Customer.name.label("customer"), Customer.phone, Product.name.label("product"),
        Unit.serial, Outlet.code.label("outlet"), Outlet.timezone,
        _part_is_here.label("part_is_here"),
    )
    .join(Case, Case.id == WorkOrder.case_id)
    .join(Customer, Customer.id == Case.customer_id)
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Staff, Staff.id == WorkOrder.technician_id)
    .outerjoin(Supplier, Supplier.id == WorkOrder.supplier_id)
)  # fmt: skip


def board(actor: Actor, *, after: list[Any] | None = None) -> list[Any]:
    """Work orders that are not ended, longest untouched first; `after` is (touched_at, id). One query."""
    found = _LIST.where(ALIVE).order_by(WorkOrder.touched_at, WorkOrder.id)
    if after:
        found = found.where(tuple_(WorkOrder.touched_at, WorkOrder.id) > tuple_(*after))
    return _rows(actor, found)


def mine(actor: Actor) -> list[Any]:
    """What a technician can do now, due first; then what waits for others. One query."""
    waits = case((or_(WorkOrder.state.in_(sorted(AT_HAND)), _part_is_here), 0), else_=1)
    found = _LIST.where(ALIVE, WorkOrder.technician_id == actor.id)
    ordered = found.order_by(waits, Case.due_at.is_(None), Case.due_at, WorkOrder.id)
    return list(db.session.execute(limit_to(actor, ordered.limit(MOST_MINE))))


def shelf(actor: Actor, *, after: list[Any] | None = None) -> list[Any]:
    """What stands in the shop, the longest there first; `after` is (received_at, id). One query."""
    here = _LIST.where(ALIVE, WorkOrder.received_at.is_not(None), WorkOrder.state != S.AT_SUPPLIER)
    if after:
        here = here.where(tuple_(WorkOrder.received_at, WorkOrder.id) > tuple_(*after))
    return _rows(actor, here.order_by(WorkOrder.received_at, WorkOrder.id))


def ready(actor: Actor, *, after: list[Any] | None = None) -> list[Any]:
    """What waits to be collected, the longest first; `after` is (ready_at, id). One query."""
    here = _LIST.where(
        ALIVE, WorkOrder.state.in_(sorted(TO_COLLECT)), WorkOrder.ready_at.is_not(None)
    ).order_by(WorkOrder.ready_at, WorkOrder.id)
    if after:
        here = here.where(tuple_(WorkOrder.ready_at, WorkOrder.id) > tuple_(*after))
    return _rows(actor, here)


def away(actor: Actor) -> list[Any]:
    """What is at suppliers, the first that is due first. One query."""
    gone = _LIST.where(text("work_orders.state = 'at_supplier'"), WorkOrder.supplier_due_on.is_not(None))
    ordered = gone.order_by(WorkOrder.supplier_due_on, WorkOrder.id).limit(MOST_AWAY)
    return list(db.session.execute(limit_to(actor, ordered)))


def lent(actor: Actor) -> list[Any]:
    """Units that customers use meanwhile, the first that is due first. One query."""
    found = (
        select(
            Loan.product, Loan.serial, Loan.out_at, Loan.due_on, WorkOrder.code, WorkOrder.state,
            Case.code.label("case_code"), Customer.name.label("customer"), Customer.phone,
            Outlet.code.label("outlet"), Outlet.timezone,
        )
        .join(WorkOrder, WorkOrder.id == Loan.work_order_id)
        .join(Case, Case.id == WorkOrder.case_id)
        .join(Customer, Customer.id == Case.customer_id)
        .join(Outlet, Outlet.id == Case.outlet_id)
        .where(Loan.back_at.is_(None))
        .order_by(Loan.due_on, Loan.id)
        .limit(MOST_AWAY)
    )  # fmt: skip
    return list(db.session.execute(limit_to(actor, found)))


def counts(today: date) -> Any:
    """(waiting to be collected, away, away too long, lent, lent too long). One query."""
    away = and_(text("work_orders.state = 'at_supplier'"), WorkOrder.supplier_due_on.is_not(None))
    waiting = and_(ALIVE, WorkOrder.state.in_(sorted(TO_COLLECT)), WorkOrder.ready_at.is_not(None))
    out = Loan.back_at.is_(None)

    def count(table: Any, *conditions: Any) -> Any:
        return select(func.count()).select_from(table).where(*conditions).scalar_subquery()

    return db.session.execute(
        select(
            count(WorkOrder, waiting).label("ready"), count(WorkOrder, away).label("away"),
            count(WorkOrder, away, WorkOrder.supplier_due_on < today).label("away_late"),
            count(Loan, out).label("lent"), count(Loan, out, Loan.due_on < today).label("lent_late"),
        )
    ).one()  # fmt: skip


def find(actor: Actor, words: str) -> list[Any]:
    """Work orders by their code, their case's, a serial number, a shelf, a phone's end or a name."""
    sign, typed = normalise(words), words.strip()
    digits = "".join(d for d in typed if d.isdigit())
    ways = [
        WorkOrder.code == sign, Case.code == sign, Unit.serial == typed.upper(), Unit.code == sign,
        func.lower(WorkOrder.shelf) == typed.lower(),
    ]  # fmt: skip
    exact = _rows(actor, _LIST.where(or_(*ways)).order_by(WorkOrder.id.desc()))
    if exact or len(typed) < 3:
        return exact
    loose = [Customer.name.icontains(typed, autoescape=True), Product.name.icontains(typed, autoescape=True)]
    if len(digits) >= 4:
        loose += [Customer.phone.endswith(digits), Unit.serial.endswith(typed.upper(), autoescape=True)]
    return _rows(actor, _LIST.where(ALIVE, or_(*loose)).order_by(WorkOrder.id.desc()))


def lines(order_id: int) -> list[Any]:
    """The lines that stand; `stock` tells of a part whether it is held, used or missing (None). One query."""
    mine = and_(
        PartHold.purpose == Purpose.WORK, PartHold.ref == cast(WorkLine.id, String),
        PartHold.state != Hold.RELEASED,
    )  # fmt: skip
    found = (
        select(
            WorkLine.id, WorkLine.kind, WorkLine.description, WorkLine.part_id, WorkLine.pieces,
            WorkLine.minutes, WorkLine.price, WorkLine.billing, WorkLine.billing_reason, WorkLine.version,
            PartHold.state.label("stock"),
        )
        .outerjoin(PartHold, mine)
        .where(WorkLine.work_order_id == order_id, WorkLine.removed_at.is_(None))
        .order_by(WorkLine.id)
    )  # fmt: skip
    return list(db.session.execute(found))


def beside(order_id: int, staff_id: int | None) -> Any:
    """The loaned unit that is out, and since when this person's clock runs here; None for none. One query."""
    runs = select(WorkTime.began_at).where(
        WorkTime.work_order_id == order_id, WorkTime.staff_id == staff_id, WorkTime.ended_at.is_(None)
    )
    found = (
        select(
            Loan.product, Loan.serial, Loan.condition, Loan.out_at, Loan.due_on,
            runs.scalar_subquery().label("running"),
        )
        .select_from(WorkOrder)
        .outerjoin(Loan, and_(Loan.work_order_id == WorkOrder.id, Loan.back_at.is_(None)))
        .where(WorkOrder.id == order_id)
    )  # fmt: skip
    return db.session.execute(found).first()


_of_case = (
    select(
        WorkOrder.id, WorkOrder.code, WorkOrder.state, WorkOrder.received_at, WorkOrder.ready_at,
        WorkOrder.supplier_sent_on, WorkOrder.supplier_due_on, WorkOrder.finding,
        Staff.name.label("technician"), Loan.product.label("loaned"), Loan.due_on.label("loan_due"),
    )
    .outerjoin(Staff, Staff.id == WorkOrder.technician_id)
    .outerjoin(Loan, and_(Loan.work_order_id == WorkOrder.id, Loan.back_at.is_(None)))
    .where(WorkOrder.case_id == bindparam("case_id"))
    .order_by(WorkOrder.id.desc())
    .limit(1)
)  # fmt: skip


def of_case(case_id: int) -> Any:
    """What a customer may read of a case's newest work order, None when it has none. One query."""
    return db.session.execute(_of_case, {"case_id": case_id}).first()


def taken_in(case_id: int, *options: Any) -> WorkOrder | None:
    """The newest work order of a case whose item was taken in."""
    found = select(WorkOrder).where(WorkOrder.case_id == case_id, WorkOrder.received_at.is_not(None))
    return db.session.scalar(found.order_by(WorkOrder.id.desc()).options(*options).limit(1))


def _rows(actor: Actor, found: Select) -> list[Any]:
    return list(db.session.execute(limit_to(actor, found).limit(PAGE_SIZE + 1)))
