"""Finding people."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.kernel import email as emails
from portal.kernel import phone as phones


def staff_visible_to(actor: Actor) -> Select[Staff]:
    found = select(Staff)
    return found if actor.may(Permission.STAFF_EDIT) else found.where(false())


def contact(typed: str) -> tuple[str | None, str | None]:
    """What somebody typed as (e-mail, phone), one of them None. Raises ValueError when it is neither."""
    if "@" in typed:
        return emails.parse(typed), None
    return None, phones.parse(typed)


UNOPENED = and_(
    Customer.opened_at.is_(None), Customer.email_verified_at.is_(None), Customer.phone_verified_at.is_(None)
)  # as `Customer.unopened`


def customer_by_contact(email: str | None, phone: str | None) -> Customer | None:
    """The customer who has proven this contact, or the record that goes on for them. One query."""
    return db.session.scalar(select(Customer).where(going_on_for(_proven(email, phone))))


def customer_to_sign_in(email: str | None, phone: str | None) -> Customer | None:
    """Who may sign in with a code to this contact: who has proven it; else the one record with this e-mail
    that only the shop keeps. A phone that was never proven opens nothing. One query, whoever asks.
    """
    kept = and_(Customer.email == email, UNOPENED) if email else false()
    found = list(
        db.session.scalars(select(Customer).where(going_on_for(or_(_proven(email, phone), kept))).limit(3))
    )
    proven = [customer for customer in found if not customer.unopened]
    return next(iter(proven), None) or (found[0] if len(found) == 1 else None)


def has_contact(customer: Customer, email: str | None, phone: str | None) -> bool:
    """Whether this record, or one merged into it, has the contact; proven, where it has proven any."""
    known = Customer.email == email if email else Customer.phone == phone
    mine = going_on_for(_proven(email, phone) if customer.proven else known)
    return db.session.scalar(select(exists().where(mine, Customer.id == customer.id))) or False


def living(customer: Customer | None) -> Customer | None:
    """The record that goes on for this one; None when there is none, or its account is closed."""
    while customer is not None and customer.merged_into_id is not None:
        customer = db.session.get(Customer, customer.merged_into_id)
    return None if customer is None or customer.disabled_at else customer


def _proven(email: str | None, phone: str | None) -> ColumnElement[bool]:
    if email:
        return and_(Customer.email == email, Customer.email_verified_at.is_not(None))
    return and_(Customer.phone == phone, Customer.phone_verified_at.is_not(None))


def going_on_for(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The open records that go on for those that fit the condition, as a condition on Customer."""
    chain = select(Customer.id, Customer.merged_into_id).where(condition).cte("chain", recursive=True)
    later = aliased(Customer)
    chain = chain.union(
        select(later.id, later.merged_into_id).join(chain, later.id == chain.c.merged_into_id)
    )
    return and_(
        Customer.id.in_(select(chain.c.id).where(chain.c.merged_into_id.is_(None))),
        Customer.disabled_at.is_(None),
    )


def find_person(who: str) -> Customer | Staff | None:
    """By e-mail, phone or code, staff first: for the command line."""
    staff = db.session.scalar(select(Staff).where(or_(Staff.email == who.lower(), Staff.code == who.upper())))
    if staff:
        return staff
    try:
        email, phone = contact(who)
    except ValueError:
        email = phone = None
    matches = [Customer.code == who.upper()]
    matches += [Customer.email == email] if email else []
    matches += [Customer.phone == phone] if phone else []
    return db.session.scalar(select(Customer).where(or_(*matches)).order_by(Customer.id))


_at_work = select(Staff.id, Staff.name, Staff.role).where(Staff.disabled_at.is_(None)).order_by(Staff.name)


def staff_names() -> list[tuple[int, str, str]]:
    """(id, name, role) of everybody at work, by name."""
    return [(number, name, role) for number, name, role in db.session.execute(_at_work)]
