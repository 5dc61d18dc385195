"""One-time codes and links: made, tried, used exactly once."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update

from portal.db import db
from portal.domain.accounts import limits, queries, rules
from portal.domain.accounts.facts import CodeIssued
from portal.domain.accounts.models import Customer, FormKey, LoginSecret, Staff
from portal.domain.news import announce
from portal.kernel.codes import digest, new_token, six_digits
from portal.kernel.errors import Refused
from portal.kernel.text import _


def send_code(
    purpose: str,
    *,
    who: str,
    browser: str,
    address: str,
    customer_id: int | None,
    email: str | None,
    phone: str | None,
    language: str,
    now: datetime,
    template: str = "signin_code",
) -> None:
    """Make a code for the browser that asked. With neither `email` nor `phone` nothing is sent: the
    person is unknown, and the answer must not tell. `who` names the person for the limits, `address`
    the network address. A new code ends the older ones of this purpose in this browser, and the
    person's. Raises TooMany."""
    limits.hit(rules.CODES, "codes", who)
    limits.hit(rules.CODES_AN_ADDRESS, "codes", address)
    code = six_digits()
    whose = LoginSecret.browser_hash == digest(browser)
    if customer_id is not None:
        whose = or_(whose, LoginSecret.customer_id == customer_id)
    db.session.execute(
        update(LoginSecret)
        .where(LoginSecret.purpose == purpose, whose, LoginSecret.used_at.is_(None))
        .values(used_at=now)
    )
    secret = LoginSecret(
        purpose=purpose,
        customer_id=customer_id,
        contact=email or phone,
        secret_hash=digest(browser + code),
        browser_hash=digest(browser),
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
    )
    db.session.add(secret)
    db.session.flush()
    announce(CodeIssued(f"code-{secret.id}", template, code, email, phone, language))


def use_code(purpose: str, typed: str, *, who: str, browser: str, now: datetime) -> LoginSecret:
    """Use up the code that this browser asked for. Raises Refused or TooMany; the try counts either way,
    so the caller commits."""
    limits.hit(rules.TRIES, "tries", who)
    mine = (
        LoginSecret.purpose == purpose,
        LoginSecret.browser_hash == digest(browser),
        LoginSecret.used_at.is_(None),
        LoginSecret.expires_at > now,
    )
    db.session.execute(update(LoginSecret).where(*mine).values(tries=LoginSecret.tries + 1))
    used = db.session.scalars(
        update(LoginSecret)
        .where(
            *mine,
            LoginSecret.tries <= rules.CODE_TRIES,
            LoginSecret.secret_hash == digest(browser + typed),
        )
        .values(used_at=now)
        .returning(LoginSecret)
    ).first()
    if used is None:
        raise Refused(_("That code is wrong or no longer valid. Check it, or ask for a new one."), "code")
    return used


def make_link(person: Customer | Staff, now: datetime) -> str:
    """A one-time sign-in link's token, to be handed over in person; it lives a day."""
    token = new_token()
    staff = isinstance(person, Staff)
    db.session.add(
        LoginSecret(
            purpose="link",
            customer_id=None if staff else person.id,
            staff_id=person.id if staff else None,
            secret_hash=digest(token),
            created_at=now,
            expires_at=now + rules.LINK_LIFE,
        )
    )
    return token


def use_link(token: str, now: datetime) -> Customer | Staff | None:
    """Use up a link; None when it is unknown, used, too old, or its person disabled."""
    used = db.session.scalars(
        update(LoginSecret).where(*_open_link(token, now)).values(used_at=now).returning(LoginSecret)
    ).first()
    if used is None:
        return None
    if used.customer_id:
        return queries.living(db.session.get(Customer, used.customer_id))
    staff = db.session.get(Staff, used.staff_id)
    return None if staff is None or staff.disabled_at else staff


def link_is_open(token: str, now: datetime) -> bool:
    """Whether a link would still work; looking changes nothing."""
    return db.session.scalar(select(LoginSecret.id).where(*_open_link(token, now))) is not None


def sweep(now: datetime) -> None:
    """Forget secrets and form keys that cannot matter any more."""
    db.session.execute(delete(LoginSecret).where(LoginSecret.expires_at < now - rules.LINK_LIFE))
    db.session.execute(delete(FormKey).where(FormKey.created_at < now - 7 * rules.LINK_LIFE))


def _open_link(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginSecret.purpose == "link",
        LoginSecret.secret_hash == digest(token),
        LoginSecret.used_at.is_(None),
        LoginSecret.expires_at > now,
    )
