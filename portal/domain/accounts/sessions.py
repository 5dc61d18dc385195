"""Signed-in browsers: opened, recognised, ended."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select, update

from portal.db import db
from portal.domain.accounts import rules
from portal.domain.accounts.models import Customer, Session, Staff
from portal.domain.accounts.rules import Actor, Reach, Role
from portal.kernel.codes import digest, new_token


def start(person: Customer | Staff, now: datetime, *, browser: str = "", reach: Reach | None = None) -> str:
    """Open a session and return its token, which is stored nowhere."""
    token = new_token()
    staff = isinstance(person, Staff)
    db.session.add(
        Session(
            token_hash=digest(token),
            customer_id=None if staff else person.id,
            staff_id=person.id if staff else None,
            reach=None if reach is None else asdict(reach),
            browser=browser[:120],
            created_at=now,
            seen_at=now,
            proved_at=now,
            expires_at=now + (rules.STAFF_SESSION if staff else rules.CUSTOMER_SESSION),
        )
    )
    db.session.flush()
    return token


_by_token = (
    select(
        Session.id, Session.seen_at, Session.expires_at, Session.ended_at, Session.reach,
        Customer.id, Customer.name, Customer.language, Customer.disabled_at,
        Staff.id, Staff.name, Staff.language, Staff.disabled_at, Staff.role,
    )
    .outerjoin(Customer, Customer.id == Session.customer_id)
    .outerjoin(Staff, Staff.id == Session.staff_id)
    .where(Session.token_hash == bindparam("token_hash"))
)  # fmt: skip


def recognise(token: str, now: datetime) -> tuple[Actor, bool] | None:
    """Who holds this token, and whether the session's "last seen" is old enough to be renewed.

    None when it is unknown, ended, expired, idle too long, or its person disabled. One query.
    """
    row = db.session.execute(_by_token, {"token_hash": digest(token)}).first()
    if row is None:
        return None
    (session_id, seen_at, expires_at, ended_at, reach, customer_id, c_name, c_language, c_disabled,
     staff_id, s_name, s_language, s_disabled, role) = row  # fmt: skip
    if ended_at or expires_at <= now or c_disabled or s_disabled:
        return None
    stale = now - seen_at >= rules.SEEN_EVERY
    if staff_id is not None:
        if now - seen_at >= rules.STAFF_IDLE:
            return None
        return Actor(Role(role), staff_id, s_name, s_language, None, session_id), stale
    scope = None if reach is None else Reach(**{what: tuple(ids) for what, ids in reach.items()})
    return Actor(Role.CUSTOMER, customer_id, c_name, c_language, scope, session_id), stale


def seen(session_id: int, now: datetime) -> None:
    db.session.execute(update(Session).where(Session.id == session_id).values(seen_at=now))


def open_ones(actor: Actor, now: datetime) -> list[Session]:
    """The sessions of this person that still work, newest first."""
    return list(
        db.session.scalars(
            select(Session)
            .where(_whose(actor), Session.ended_at.is_(None), Session.expires_at > now)
            .order_by(Session.seen_at.desc())
            .limit(50)
        )
    )


def end(actor: Actor, session_id: int, now: datetime) -> bool:
    """End one of the person's own sessions; False when it is not theirs."""
    ended = db.session.execute(
        update(Session)
        .where(Session.id == session_id, _whose(actor), Session.ended_at.is_(None))
        .values(ended_at=now)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]  # a CursorResult for UPDATE


def end_all(
    person: Customer | Staff, now: datetime, *, but: int | None = None, since: datetime | None = None
) -> None:
    """End every session of a person, except one; only those that began `since` then, if that is given."""
    column = Session.staff_id if isinstance(person, Staff) else Session.customer_id
    ending = update(Session).where(column == person.id, Session.ended_at.is_(None), Session.id != (but or 0))
    if since is not None:
        ending = ending.where(Session.created_at >= since)
    db.session.execute(ending.values(ended_at=now))


def end_opened_by_link(customer_id: int, case_id: int, now: datetime) -> None:
    """End the sessions that the link of a case opened: whoever has the new link opens a new one."""
    limited = select(Session).where(
        Session.customer_id == customer_id, Session.ended_at.is_(None), Session.reach.is_not(None)
    )
    for session in db.session.scalars(limited):
        if case_id in (session.reach or {}).get("cases", ()):
            session.ended_at = now


def sweep(now: datetime) -> None:
    """Forget sessions that ended a month ago."""
    old = now - timedelta(days=30)
    db.session.execute(Session.__table__.delete().where(Session.expires_at < old))  # type: ignore[attr-defined]


def _whose(actor: Actor) -> ColumnElement[bool]:
    return (Session.staff_id if actor.is_staff else Session.customer_id) == actor.id
