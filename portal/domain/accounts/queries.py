"""Finding people."""

from sqlalchemy import Select, false, or_, select

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


def customer_by_contact(email: str | None, phone: str | None) -> Customer | None:
    """The customer who has proven this contact."""
    proven = (
        (Customer.email == email) & Customer.email_verified_at.is_not(None)
        if email
        else (Customer.phone == phone) & Customer.phone_verified_at.is_not(None)
    )
    return db.session.scalar(select(Customer).where(proven, Customer.disabled_at.is_(None)))


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
