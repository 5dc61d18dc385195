"""Receipts whose buyer may be one of several records: shown to a person, who says whose they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, or_, select, update

from portal.db import among, db
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Outlet
from portal.domain.purchases import actions
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.purchases.rules import Sale
from portal.kernel.errors import Refused, Stale
from portal.kernel.paging import PAGE_SIZE
from portal.kernel.text import _


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see doubts to a query that has PurchaseDoubt in it."""
    return found if actor.may(Permission.CUSTOMER_MATCH) else found.where(false())


def waiting(actor: Actor, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1) -> list[Any]:
    """Rows of receipts that wait for a person, oldest first; `after` is (id of the doubt,)."""
    found = limit_to(
        actor,
        select(
            PurchaseDoubt.id, PurchaseDoubt.reason, Purchase.code, Purchase.buyer_name, Purchase.buyer_phone,
            Purchase.buyer_email, Purchase.bought_at, Outlet.name.label("outlet"), Outlet.timezone,
        )
        .join(Purchase, Purchase.id == PurchaseDoubt.purchase_id)
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .where(PurchaseDoubt.settled_at.is_(None)),
    )  # fmt: skip
    if after:
        found = found.where(PurchaseDoubt.id > after[0])
    return list(db.session.execute(found.order_by(PurchaseDoubt.id).limit(limit)))


def count_waiting(actor: Actor, most: int = 100) -> int:
    """How many receipts wait; counting stops at `most`."""
    some = limit_to(actor, select(PurchaseDoubt.id).where(PurchaseDoubt.settled_at.is_(None))).limit(most)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def candidates(doubt: PurchaseDoubt) -> list[Any]:
    """(record, when it last bought something) of those whose receipt it may be, closed ones left out."""
    last = (
        select(func.max(Purchase.bought_at)).where(Purchase.customer_id == Customer.id).correlate(Customer)
    ).scalar_subquery()
    found = select(Customer, last.label("last")).where(
        accounts.going_on_for(among(Customer.id, doubt.candidates))
    )
    return list(db.session.execute(found.order_by(Customer.id)))


def settle(actor: Actor, doubt: PurchaseDoubt, customer: Customer | None, now: datetime) -> None:
    """It is this one's receipt; with None it is nobody's whom the shop knows, and a new record is made.

    Doing it twice changes nothing. Raises Refused for somebody who was not in question, and Stale when it was
    settled otherwise meanwhile, or its buyer has taken it.
    """
    if customer is not None and customer.id not in {row.Customer.id for row in candidates(doubt)}:
        raise Refused(_("Choose one of these records, or none of them."), "choice")
    settled = db.session.execute(
        update(PurchaseDoubt)
        .where(PurchaseDoubt.id == doubt.id, PurchaseDoubt.settled_at.is_(None))
        .values(settled_at=now, staff_id=actor.id)
        .execution_options(synchronize_session=False)
    )
    purchase = doubt.purchase
    db.session.refresh(purchase)
    if not settled.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
        if customer is None or purchase.customer_id != customer.id:
            raise Stale
        return
    if not actions.give_to(purchase, customer or actions.new_record(purchase, now)):
        raise Stale


def said_before(sales: Sequence[Sale]) -> list[int | None]:
    """For each sale whose record a person last said a buyer with the same name and contacts is. One query."""
    told = {_words(sale.buyer_name, sale.buyer_phone, sale.buyer_email) for sale in sales}
    if not told:
        return []
    phones = {phone for _name, phone, _email in told if phone}
    emails = {email for _name, _phone, email in told if email}
    settled = (
        select(Purchase.buyer_name, Purchase.buyer_phone, Purchase.buyer_email, Purchase.customer_id)
        .join(PurchaseDoubt, PurchaseDoubt.purchase_id == Purchase.id)
        .where(PurchaseDoubt.staff_id.is_not(None), Purchase.customer_id.is_not(None))
        .where(or_(among(Purchase.buyer_phone, phones), among(Purchase.buyer_email, emails)))
        .order_by(PurchaseDoubt.settled_at, PurchaseDoubt.id)
    )
    last = {_words(name, phone, email): owner for name, phone, email, owner in db.session.execute(settled)}
    return [last.get(_words(sale.buyer_name, sale.buyer_phone, sale.buyer_email)) for sale in sales]


def _words(name: str, phone: str | None, email: str | None) -> tuple[str, str | None, str | None]:
    return " ".join(name[:120].casefold().split()), phone, email


def settle_claimed(purchase_id: int, now: datetime) -> None:
    """Its buyer has shown that it is theirs: nobody needs to decide any more."""
    db.session.execute(
        update(PurchaseDoubt)
        .where(PurchaseDoubt.purchase_id == purchase_id, PurchaseDoubt.settled_at.is_(None))
        .values(settled_at=now)
    )
