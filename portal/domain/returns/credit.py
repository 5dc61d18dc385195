"""The ledger of store credit, for each customer and currency: given, spent, put right; never below zero."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null, select, update
from sqlalchemy.orm import aliased

from portal.db import among, db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.purchases.models import Purchase
from portal.domain.returns.models import StoreCredit
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.text import _


def give(
    actor: Actor, customer_id: int, money: Money, now: datetime, *, case_id: int | None = None
) -> StoreCredit:
    """More credit; the amount is above zero."""
    assert money.amount > 0, "credit that is given is above zero"
    return _write(actor, customer_id, money, now, case_id=case_id)


def spend(
    actor: Actor, customer_id: int, amount: int | None, purchase: Purchase, now: datetime
) -> StoreCredit:
    """Pay for a receipt, or a part of it, with credit. Raises Refused, also for what is more than is left;
    of two at once the second sees the first."""
    if not amount or amount <= 0:
        raise Refused(_("Write an amount above zero."), "amount")
    _hold(customer_id)
    money = Money(amount, purchase.currency)
    paid = -(db.session.scalar(_total.where(StoreCredit.purchase_id == purchase.id)) or 0)
    if amount > purchase.total - paid:
        left = Money(max(purchase.total - paid, 0), purchase.currency)
        raise Refused(_("Of this receipt %(left)s can still be paid with credit.", left=left), "amount")
    _check(customer_id, money)
    return _write(actor, customer_id, Money(-amount, money.currency), now, purchase_id=purchase.id)


def undo(actor: Actor, entry: StoreCredit, reason: str, now: datetime) -> StoreCredit:
    """Put right what was written by mistake, once, with a reason that is kept. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say what was wrong; it is kept."), "reason")
    if entry.undoes_id is not None:
        raise Refused(_("A correction cannot be undone. Write a new entry."))
    _hold(entry.customer_id)
    if db.session.scalar(select(StoreCredit.id).where(StoreCredit.undoes_id == entry.id)):
        raise Refused(_("This entry was put right already."))
    if entry.amount > 0:
        _check(entry.customer_id, Money(entry.amount, entry.currency))
    return _write(
        actor, entry.customer_id, Money(-entry.amount, entry.currency), now, case_id=entry.case_id,
        purchase_id=entry.purchase_id, undoes_id=entry.id, note=reason.strip(),
    )  # fmt: skip


def balance(customer_id: int, currency: str) -> int:
    """What is left, in minor units."""
    mine = StoreCredit.customer_id == customer_id, StoreCredit.currency == currency
    return db.session.scalar(_total.where(*mine)) or 0


def balances(customer_id: int) -> list[Any]:
    """(currency, amount) of what is left."""
    total = func.sum(StoreCredit.amount).label("amount")
    found = select(StoreCredit.currency, total).where(StoreCredit.customer_id == customer_id)
    return list(db.session.execute(found.group_by(StoreCredit.currency).order_by(StoreCredit.currency)))


def of_receipt(purchase: Purchase) -> tuple[int, int]:
    """(what its customer has left, what was paid of it with credit), minor units. One query."""
    mine = (StoreCredit.customer_id == purchase.customer_id) & (StoreCredit.currency == purchase.currency)
    paid = StoreCredit.purchase_id == purchase.id
    total = func.sum(StoreCredit.amount)
    left, spent = db.session.execute(select(total.filter(mine), total.filter(paid)).where(mine | paid)).one()
    return left or 0, -(spent or 0)


_undone = aliased(StoreCredit)


def history(customer_id: int, limit: int) -> list[Any]:
    """The entries of a customer, newest first, with where they come from; `undone` are put right."""
    found = (
        select(
            StoreCredit.id, StoreCredit.at, StoreCredit.amount, StoreCredit.currency, StoreCredit.note,
            StoreCredit.undoes_id, _undone.id.label("undone"), Case.code.label("case"),
            Purchase.code.label("receipt"), Purchase.number, Staff.name.label("staff"),
        )
        .outerjoin(_undone, _undone.undoes_id == StoreCredit.id)
        .outerjoin(Case, Case.id == StoreCredit.case_id)
        .outerjoin(Purchase, Purchase.id == StoreCredit.purchase_id)
        .outerjoin(Staff, Staff.id == StoreCredit.staff_id)
        .where(StoreCredit.customer_id == customer_id)
        .order_by(StoreCredit.id.desc())
        .limit(limit)
    )  # fmt: skip
    return list(db.session.execute(found))


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


_total = select(func.coalesce(func.sum(StoreCredit.amount), 0))


def _hold(customer_id: int) -> None:
    """Nobody else spends this customer's credit until this transaction ends."""
    db.session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())


def _check(customer_id: int, money: Money) -> None:
    left = balance(customer_id, money.currency)
    if left < money.amount:
        raise Refused(
            _("The store credit is %(left)s; that is not enough.", left=Money(left, money.currency)), "amount"
        )


def _write(actor: Actor, customer_id: int, money: Money, now: datetime, **fields: Any) -> StoreCredit:
    entry = StoreCredit(
        customer_id=customer_id, currency=money.currency, amount=money.amount, at=now,
        staff_id=actor.id if actor.is_staff else None, **fields,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry
