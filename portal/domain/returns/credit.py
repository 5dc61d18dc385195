"""The ledger of store credit: given and spent, for each customer and currency, never below zero."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null, select, update

from portal.db import among, db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.returns.models import StoreCredit
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.text import _


def give(
    actor: Actor, customer_id: int, money: Money, now: datetime, *, case_id: int | None = None
) -> StoreCredit:
    """More credit; the amount is above zero."""
    assert money.amount > 0, "credit that is given is above zero"
    return _write(actor, customer_id, money, now, case_id, "")


def spend(actor: Actor, customer_id: int, money: Money, now: datetime, *, note: str) -> StoreCredit:
    """Pay with credit. Raises Refused when there is less; of two at once the second sees the first."""
    assert money.amount > 0, "what is spent is above zero"
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
    left = balance(customer_id, money.currency)
    if left < money.amount:
        raise Refused(
            _("The store credit is %(left)s; that is not enough.", left=Money(left, money.currency)), "amount"
        )
    return _write(actor, customer_id, Money(-money.amount, money.currency), now, None, note)


def balance(customer_id: int, currency: str) -> int:
    """What is left, in minor units."""
    mine = StoreCredit.customer_id == customer_id, StoreCredit.currency == currency
    return db.session.scalar(select(func.coalesce(func.sum(StoreCredit.amount), 0)).where(*mine)) or 0


def balances(customer_id: int) -> list[Any]:
    """(currency, amount) of what is left."""
    total = func.sum(StoreCredit.amount).label("amount")
    found = select(StoreCredit.currency, total).where(StoreCredit.customer_id == customer_id)
    return list(db.session.execute(found.group_by(StoreCredit.currency).order_by(StoreCredit.currency)))


def beside(customer_id: int) -> Select:
    """("credit", currency, amount as text, None, None) of what is left, as `directory.beside` takes it."""
    total = cast(func.sum(StoreCredit.amount), String)
    found = select(literal("credit"), StoreCredit.currency, total, null(), null())
    return found.where(StoreCredit.customer_id == customer_id).group_by(StoreCredit.currency)


def move_all(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """The entries of one record go to another, all or `only` some; returns the ids of those that went."""
    found = update(StoreCredit).where(StoreCredit.customer_id == source_id)
    if only is not None:
        found = found.where(among(StoreCredit.id, only))
    return list(db.session.scalars(found.values(customer_id=target_id).returning(StoreCredit.id)))


def _write(
    actor: Actor, customer_id: int, money: Money, now: datetime, case_id: int | None, note: str
) -> StoreCredit:
    entry = StoreCredit(
        customer_id=customer_id, currency=money.currency, amount=money.amount, case_id=case_id, note=note,
        staff_id=actor.id if actor.is_staff else None, at=now,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry
