"""Reading legs with what they belong to, a case or a receipt: the desk's list, one leg, its claim."""

from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select, text, tuple_

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import Case, CaseLeg
from portal.domain.catalog.models import Outlet
from portal.domain.purchases.models import Purchase
from portal.domain.shipments.actions import number
from portal.domain.shipments.models import (
    OPEN,
    Checkpoint,
    CourierAccount,
    Leg,
    LegNumber,
    PurchaseLeg,
)
from portal.domain.shipments.rules import Trouble
from portal.kernel.codes import normalise
from portal.kernel.paging import PAGE_SIZE

ATTENTION, UNDER_WAY, EVERYTHING = "attention", "under_way", "all"


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see which legs to a query that has Leg in it: staff who see cases."""
    return found if actor.may(Permission.CASE_VIEW) else found.where(false())


def _with_owner(found: Select) -> Select:
    return (
        found.outerjoin(CaseLeg, CaseLeg.leg_id == Leg.id)
        .outerjoin(Case, Case.id == CaseLeg.case_id)
        .outerjoin(PurchaseLeg, PurchaseLeg.leg_id == Leg.id)
        .outerjoin(Purchase, Purchase.id == PurchaseLeg.purchase_id)
        .outerjoin(Customer, or_(Customer.id == Case.customer_id, Customer.id == Purchase.customer_id))
        .outerjoin(Outlet, Outlet.id == Leg.outlet_id)
    )


_LIST = _with_owner(
    select(
        Leg.id, Leg.code, Leg.direction, Leg.courier, Leg.waybill, Leg.status, Leg.attention, Leg.moved_at,
        Leg.eta_from, Leg.eta_until, Leg.eta_by, Case.code.label("case"), Case.title, Case.title_en,
        Purchase.number.label("receipt"), Purchase.buyer_name, Customer.name.label("customer"),
        Outlet.timezone,
    )
).order_by(Leg.moved_at.desc(), Leg.id.desc())  # fmt: skip


def listed(
    actor: Actor, show: str, words: str = "", after: list[Any] | None = None, limit: int = PAGE_SIZE + 1
) -> list[Any]:
    """Rows of legs, those that moved last first; `words` finds by waybill, its beginning or the code."""
    found = limit_to(actor, _LIST)
    typed = number(words)
    if typed:
        begins = and_(LegNumber.number >= typed, LegNumber.number < typed + "\uffff")
        ids = select(LegNumber.leg_id).where(begins).limit(200)
        found = found.where(or_(Leg.id.in_(ids), Leg.code == normalise(words)))
    elif show == ATTENTION:
        found = found.where(Leg.attention.is_not(None))
    elif show in set(Trouble):
        found = found.where(Leg.attention.is_not(None), Leg.attention == show)
    elif show == UNDER_WAY:
        found = found.where(text(f"legs.{OPEN}"))
    if after:
        found = found.where(tuple_(Leg.moved_at, Leg.id) < tuple_(*after))
    return list(db.session.execute(found.limit(limit)))


def troubles(actor: Actor) -> dict[str, int]:
    """How many legs need somebody, by why."""
    found = select(Leg.attention, func.count()).where(Leg.attention.is_not(None)).group_by(Leg.attention)
    return {why: count for why, count in db.session.execute(limit_to(actor, found)) if why}


def one(actor: Actor, code: str) -> Select:
    """(Leg, Case, Purchase, Customer, Outlet, CourierAccount) of the leg with this code."""
    found = _with_owner(select(Leg, Case, Purchase, Customer, Outlet, CourierAccount))
    found = found.outerjoin(CourierAccount, CourierAccount.id == Leg.account_id)
    return limit_to(actor, found).where(Leg.code == normalise(code))


def movements(leg_id: int) -> list[Any]:
    """(checkpoint, who wrote it down), the newest first."""
    found = select(Checkpoint, Staff.name).outerjoin(Staff, Staff.id == Checkpoint.staff_id)
    return list(
        db.session.execute(
            found.where(Checkpoint.leg_id == leg_id).order_by(Checkpoint.at.desc(), Checkpoint.id.desc())
        )
    )


def numbers(leg_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(LegNumber.number).where(LegNumber.leg_id == leg_id).order_by(LegNumber.id.desc())
        )
    )


_POINTS = (
    select(
        Leg.id, Leg.code, Leg.direction, Leg.courier, Leg.waybill, Leg.status, Leg.eta_from, Leg.eta_until,
        Leg.eta_by, Leg.moved_at, Leg.received_by, Leg.attention, Leg.created_at, Checkpoint.at,
        Checkpoint.status.label("point"), Checkpoint.place, Checkpoint.said,
    )
    .join(PurchaseLeg, PurchaseLeg.leg_id == Leg.id)
    .outerjoin(Checkpoint, and_(Checkpoint.leg_id == Leg.id, Checkpoint.struck_by.is_(None)))
    .order_by(Leg.id, Checkpoint.at, Checkpoint.id)
)  # fmt: skip


def of_purchase(purchase_id: int) -> list[tuple[Any, list[Any]]]:
    """[(leg, its movements in order of time)] of a receipt. One query."""
    found: dict[int, tuple[Any, list[Any]]] = {}
    for row in db.session.execute(_POINTS.where(PurchaseLeg.purchase_id == purchase_id)):
        found.setdefault(row.id, (row, []))[1].append(row)
    return list(found.values())
