"""Owing a message, and what the worker does with it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from portal.db import db
from portal.domain.outbox.models import Channel, Delivery, OutboxMessage
from portal.kernel.codes import LETTER

LEASE = timedelta(minutes=2)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(hours=1)
PATIENCE = timedelta(days=2)
SECRET = {"signin_code", "contact_code"}  # templates whose values are wiped once sent
SECRET_LIFE = timedelta(minutes=10)  # after which a code would open nothing any more


def owe(
    key: str,
    template: str,
    values: dict[str, Any],
    *,
    email: str | None,
    phone: str | None = None,
    language: str,
    now: datetime,
    about: str | None = None,
) -> None:
    """Add a message, by e-mail when there is an address, else to the phone, else none.

    `values` is JSON; `key` makes it one message however often it is owed. Raises ValueError for a key that
    mail could not carry.
    """
    if not LETTER.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a letter")
    address = email or phone
    if not address or db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return
    db.session.info["owed"] = True
    db.session.add(
        OutboxMessage(
            key=key,
            channel=Channel.EMAIL if email else Channel.WHATSAPP,
            address=address,
            language=language,
            template=template,
            values=values,
            about=about,
            due_at=now,
            created_at=now,
        )
    )


def take_owed() -> bool:
    """Whether a message was owed in this session since the last call."""
    return bool(db.session.info.pop("owed", False))


def lease(now: datetime, channels: list[Channel], limit: int = 20) -> list[OutboxMessage]:
    """Take up to `limit` due messages; nobody else gets them before the lease ends. Codes too old to open
    anything are given up."""
    db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.state == Delivery.QUEUED,
            OutboxMessage.template.in_(SECRET),
            OutboxMessage.created_at <= now - SECRET_LIFE,
        )
        .values({"state": Delivery.FAILED, "values": {}, "error": "too late"})
    )
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state == Delivery.QUEUED,
            OutboxMessage.due_at <= now,
            or_(*(OutboxMessage.channel == channel for channel in channels)),
        )
        .order_by(OutboxMessage.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due))
    db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(due_at=now + LEASE))
    return list(
        db.session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id))
    )


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    message.state, message.sent_at, message.error = Delivery.SENT, now, None
    message.attempts += 1
    _forget_secret(message)


def mark_failed(message: OutboxMessage, error: str, now: datetime, *, final: bool) -> None:
    """Try again after a tenth of the time it has waited, unless refused for good or two days old."""
    message.error = error[:200]
    message.attempts += 1
    waited = now - message.created_at
    if final or waited > PATIENCE:
        message.state = Delivery.FAILED
        _forget_secret(message)
    else:
        message.due_at = now + min(max(waited / 10, SHORTEST_WAIT), LONGEST_WAIT)


def _forget_secret(message: OutboxMessage) -> None:
    if message.template in SECRET:
        message.values = {}
