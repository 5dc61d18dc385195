"""The records of customers as the shop looks them up: found, listed, with what stands beside one."""

from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, null, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts import queries
from portal.domain.accounts.models import Customer, CustomerMerge, CustomerRef
from portal.domain.accounts.rules import Actor, Permission
from portal.kernel.codes import normalise
from portal.kernel.paging import PAGE_SIZE

LIST = (
    Customer.name, Customer.id, Customer.code, Customer.phone, Customer.phone_verified_at, Customer.email,
    Customer.email_verified_at, Customer.opened_at, Customer.disabled_at, Customer.merged_into_id,
)  # fmt: skip
BESIDE = 30  # of each kind, on the page of a record


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may look customers up to a query that has Customer in it."""
    return found if actor.may(Permission.CUSTOMER_VIEW) else found.where(false())


def visible_to(actor: Actor) -> Select[Customer]:
    return limit_to(actor, select(Customer))


def search(
    actor: Actor, words: str, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1
) -> list[Any]:
    """Rows of records by name; `after` is (name, id). `words`: a phone, an e-mail, a code, part of a name.

    A whole contact or code finds records that were merged, too; then what begins so; then what contains it.
    """
    found = limit_to(actor, select(*LIST)).order_by(Customer.name, Customer.id).limit(limit)
    if after:
        found = found.where(tuple_(Customer.name, Customer.id) > tuple_(*after))
    words = " ".join(words.split())
    alive = found.where(Customer.merged_into_id.is_(None))
    if not words:
        return list(db.session.execute(alive))
    exact = [Customer.code == normalise(words)]
    with suppress(ValueError):
        email, phone = queries.contact(words)
        exact.append(Customer.email == email if email else Customer.phone == phone)
    rows = list(db.session.execute(found.where(or_(*exact))))
    rows = rows or list(db.session.execute(alive.where(_begins(words))))
    return rows or list(
        db.session.execute(
            alive.where(*(Customer.name.icontains(word, autoescape=True) for word in words.split()[:5]))
        )
    )


def beside(customer: Customer, *more: Select) -> list[Any]:
    """(kind, code, name, one, other) of what stands beside a record, in one query, with `more` of such rows.

    "ref": a till and its name for them. "merged": a merge, the record that went into this one and its code.
    "into": the same of the one that goes on for this one. "twin": a record with the same phone or e-mail.
    """
    other, nothing = aliased(Customer), null()
    same: list[ColumnElement[bool]] = []
    if customer.phone:
        same.append(other.phone == customer.phone)
    if customer.email:
        same.append(other.email == customer.email)
    refs = select(literal("ref"), CustomerRef.source, CustomerRef.external_id, nothing, nothing).where(
        CustomerRef.customer_id == customer.id
    )
    merges = (
        select(literal("merged"), CustomerMerge.code, other.name, other.code, nothing)
        .join(other, other.id == CustomerMerge.merged_id)
        .where(CustomerMerge.kept_id == customer.id, CustomerMerge.undone_at.is_(None))
    )
    into = (
        select(literal("into"), CustomerMerge.code, other.name, other.code, nothing)
        .join(other, other.id == CustomerMerge.kept_id)
        .where(
            CustomerMerge.kept_id == customer.merged_into_id if customer.merged_into_id else false(),
            CustomerMerge.merged_id == customer.id,
            CustomerMerge.undone_at.is_(None),
        )
    )
    twins = select(literal("twin"), other.code, other.name, other.phone, other.email).where(
        or_(*same) if same else false(),
        other.id != customer.id,
        other.merged_into_id.is_(None),
        other.disabled_at.is_(None),
    )
    parts = (select(part.limit(BESIDE).subquery()) for part in (refs, merges, into, twins, *more))
    return list(db.session.execute(union_all(*parts)))


def _begins(words: str) -> ColumnElement[bool]:
    """Names that begin so, as ranges that an index serves, in the ways in which names are written."""
    ways = dict.fromkeys((words, words.title(), words.upper(), words.lower()))
    return or_(*(and_(Customer.name >= way, Customer.name < way + "\U0010ffff") for way in ways))
