"""Signing in and keeping accounts."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts import limits, passwords, queries, rules, secrets, sessions
from portal.domain.accounts.facts import ContactVerified
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import STAFF_ROLES, Actor, Role
from portal.domain.news import announce
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def ask_for_code(typed: str, *, browser: str, address: str, language: str, now: datetime) -> str:
    """Send a sign-in code to a contact, if somebody has it. Returns the contact as understood.

    Known or not, the same rows are written and the same answer follows. Raises Refused, TooMany.
    """
    try:
        email, phone = queries.contact(typed)
    except ValueError as error:
        raise Refused(
            _("Write an e-mail address or a phone number, such as 0812-3456-7890."), "contact"
        ) from error
    contact = email or phone or ""
    customer = queries.customer_to_sign_in(email, phone)
    secrets.send_code(
        "signin",
        who=contact,
        browser=browser,
        address=address,
        customer_id=customer.id if customer else None,
        email=email if customer else None,
        phone=phone if customer else None,
        language=customer.language if customer else language,
        now=now,
    )
    return contact


def sign_in_by_code(contact: str, typed: str, *, browser: str, now: datetime) -> Customer:
    """Raises Refused, TooMany; commit either way, the try counts."""
    secret = secrets.use_code("signin", typed, who=contact, browser=browser, now=now)
    customer = queries.living(db.session.get(Customer, secret.customer_id) if secret.customer_id else None)
    if customer is None:
        raise Refused(_("That code is wrong or no longer valid. Check it, or ask for a new one."), "code")
    if customer.unopened:  # the code went to the e-mail address that the shop has of them
        verify_contact(customer, secret.contact, None, now)
    return customer


def opened(customer: Customer, now: datetime) -> None:
    """Its owner has the whole of it from now on."""
    if customer.opened_at is None:
        customer.opened_at = now
        db.session.flush()


def compare_password(email: str, password: str, *, address: str) -> passwords.Compared:
    """The slow half of `sign_in_staff`: only reads, and is spared those who have tried too often."""
    if limits.is_used_up(rules.TRIES, "password", email.lower()) or limits.is_used_up(
        rules.CODES_AN_ADDRESS, "password", address
    ):
        return passwords.Compared(None, False)
    stored = db.session.scalar(select(Staff.password_hash).where(Staff.email == email.lower()))
    return passwords.compare(stored, password)


def sign_in_staff(email: str, compared: passwords.Compared, *, address: str) -> Staff:
    """Raises Refused, TooMany; commit either way, the try counts."""
    limits.hit(rules.TRIES, "password", email.lower())
    limits.hit(rules.CODES_AN_ADDRESS, "password", address)
    staff = db.session.scalar(select(Staff).where(Staff.email == email.lower()))
    if staff is None or staff.disabled_at or not compared.opens(staff.password_hash):
        raise Refused(_("The e-mail address or the password is wrong. Check both and try again."), "password")
    return staff


def new_customer(
    now: datetime, *, name: str = "", language: str = "id", email: str | None = None, phone: str | None = None
) -> Customer:
    """An account without any proven contact."""
    customer = Customer(
        code=new_code(), name=name, language=language, email=email, phone=phone, created_at=now
    )
    db.session.add(customer)
    db.session.flush()
    return customer


def verify_contact(customer: Customer, email: str | None, phone: str | None, now: datetime) -> None:
    """Note that a contact is theirs. Raises Refused when another account has proven it already."""
    other = queries.customer_by_contact(email, phone)
    if other is not None and other.id != customer.id:
        raise Refused(_("This contact belongs to another account. Sign in with it instead."), "contact")
    if email:
        customer.email, customer.email_verified_at = email, now
    if phone:
        customer.phone, customer.phone_verified_at = phone, now
    db.session.flush()
    announce(ContactVerified(customer.id, email, phone))


def ask_to_add_contact(actor: Actor, typed: str, *, browser: str, address: str, now: datetime) -> str:
    """Send a code to a contact that a signed-in customer says is theirs. Returns it as understood.

    Raises Refused, TooMany.
    """
    _whole_account(actor)
    try:
        email, phone = queries.contact(typed)
    except ValueError as error:
        raise Refused(
            _("Write an e-mail address or a phone number, such as 0812-3456-7890."), "contact"
        ) from error
    customer = db.session.get_one(Customer, actor.id)
    if (email and customer.email_verified_at) or (phone and customer.phone_verified_at):
        raise Refused(
            _(
                "A verified contact can only be changed by the shop,"
                " so that nobody else can do it in your name."
            ),
            "contact",
        )
    secrets.send_code(
        "contact", who=f"customer {actor.id}", browser=browser, address=address, customer_id=actor.id,
        email=email, phone=phone, language=actor.language, now=now, template="contact_code",
    )  # fmt: skip
    return email or phone or ""


def add_contact(actor: Actor, typed: str, *, browser: str, now: datetime) -> None:
    """Raises Refused, TooMany; commit either way, the try counts."""
    _whole_account(actor)
    secret = secrets.use_code("contact", typed, who=f"customer {actor.id}", browser=browser, now=now)
    if secret.customer_id != actor.id or not secret.contact:
        raise Refused(_("That code is wrong or no longer valid. Check it, or ask for a new one."), "code")
    email, phone = queries.contact(secret.contact)
    verify_contact(db.session.get_one(Customer, actor.id), email, phone, now)


def rename(actor: Actor, name: str, language: str) -> None:
    """A person's own name and language. Raises Refused."""
    _whole_account(actor)
    person: Staff | Customer
    person = db.session.get_one(Staff, actor.id) if actor.is_staff else db.session.get_one(Customer, actor.id)
    person.name, person.language = name, language


def _whole_account(actor: Actor) -> None:
    """Whoever came by paper alone has not shown that the account is theirs."""
    if actor.reach is not None:
        raise Refused(_("First show with a code that this account is yours."))


def save_staff(
    staff: Staff | None,
    *,
    name: str,
    email: str,
    role: Role,
    password: str,
    disabled: bool,
    now: datetime,
    version: int | None = None,
) -> Staff:
    """Create or change a member of staff; a new role, password or a disabled account ends their sessions.

    Raises Refused, and Stale when `version` is not the stored one.
    """  # fmt: skip
    if role not in STAFF_ROLES:
        raise Refused(_("Choose a role."), "role")
    twin = db.session.scalar(select(Staff).where(Staff.email == email.lower()))
    if twin is not None and twin is not staff:
        raise Refused(_("Somebody else uses this e-mail address already."), "email")
    if staff is None:
        if not password:
            raise Refused(_("Set a first password."), "password")
        staff = Staff(code=new_code(), created_at=now, role=role, email=email.lower(), name=name)
        db.session.add(staff)
    else:
        if version is not None and version != staff.version:
            raise Stale
        if (role != Role.ADMIN or disabled) and _last_admin(staff):
            raise Refused(_("This is the only admin. Make somebody else an admin first."), "role")
        if password or role != staff.role or disabled:
            sessions.end_all(staff, now)
    staff.name, staff.email, staff.role = name, email.lower(), role
    if password:
        staff.password_hash = passwords.hashed(password)
    staff.disabled_at = (staff.disabled_at or now) if disabled else None
    db.session.flush()
    return staff


def compare_own_password(actor: Actor, old: str) -> passwords.Compared:
    """The slow half of `change_password`: only reads, and is spared those who have tried too often."""
    if limits.is_used_up(rules.TRIES, "old-password", str(actor.id)):
        return passwords.Compared(None, False)
    return passwords.compare(db.session.scalar(select(Staff.password_hash).where(Staff.id == actor.id)), old)


def change_password(actor: Actor, compared: passwords.Compared, new: str, now: datetime) -> None:
    """A member of staff changes their own password; their other sessions end.

    Raises Refused, TooMany; commit either way, the try counts.
    """
    limits.hit(rules.TRIES, "old-password", str(actor.id))
    staff = db.session.get_one(Staff, actor.id)
    if not compared.opens(staff.password_hash):
        raise Refused(_("This is not your current password."), "old")
    staff.password_hash = passwords.hashed(new)
    sessions.end_all(staff, now, but=actor.session_id)
    db.session.flush()


def _last_admin(staff: Staff) -> bool:
    """Whether nobody could change staff any more without this one."""
    if staff.role != Role.ADMIN or staff.disabled_at:
        return False
    others = select(Staff.id).where(
        Staff.role == Role.ADMIN, Staff.disabled_at.is_(None), Staff.id != staff.id
    )
    return db.session.scalar(others.limit(1)) is None
