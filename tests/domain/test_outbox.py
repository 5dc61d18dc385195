"""Messages owed: one for each key, leased, tried again, given up."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts.rules import CODE_LIFE
from portal.domain.outbox import actions as outbox
from portal.domain.outbox.models import Channel, Delivery, OutboxMessage
from tests.threads import at_once

NOW = datetime.fromisoformat("2026-03-02T10:00:00+07:00")


def owe(
    key: str, template: str = "closed", email: str | None = "a@contoh.id", phone: str | None = None
) -> None:
    outbox.owe(key, template, {"code": "123456"}, email=email, phone=phone, language="id", now=NOW)


def lease(later: timedelta = timedelta(0), *channels: Channel) -> list[OutboxMessage]:
    return outbox.lease(NOW + later, list(channels or Channel))


def test_one_message_for_each_key(app: Flask) -> None:
    owe("a")
    owe("a")
    assert len(lease()) == 1


def test_by_mail_first_then_phone_else_not_at_all(app: Flask) -> None:
    owe("a", phone="+628111")
    owe("b", email=None, phone="+628111")
    owe("c", email=None)
    assert [(m.key, m.channel) for m in lease()] == [("a", Channel.EMAIL), ("b", Channel.WHATSAPP)]


def test_only_the_channels_that_can_be_served(app: Flask) -> None:
    owe("b", email=None, phone="+628111")
    assert not lease(timedelta(0), Channel.EMAIL)
    assert lease(timedelta(0), Channel.WHATSAPP)


def test_a_lease_keeps_others_away_and_ends(app: Flask) -> None:
    owe("a")
    assert lease() and not lease(outbox.LEASE - timedelta(seconds=1))
    assert lease(outbox.LEASE), "a worker that died is replaced"


def test_workers_at_the_same_moment_share(both: Flask) -> None:
    for n in range(30):
        owe(f"m{n}")
    taken = at_once(both, 3, lambda n: [m.key for m in outbox.lease(NOW, list(Channel), limit=10)])
    keys = [key for part in taken for key in part]
    assert len(keys) == len(set(keys)) > 0


def test_sent_messages_stay_sent_and_forget_their_secret(app: Flask) -> None:
    owe("a", "signin_code")
    owe("b")
    for message in lease():
        outbox.mark_sent(message, NOW)
    assert not lease(timedelta(days=1))
    assert [m.values for m in db.session.query(OutboxMessage).order_by(OutboxMessage.id)] == [
        {},
        {"code": "123456"},
    ]


def test_failures_are_tried_again_less_and_less_often(app: Flask) -> None:
    owe("a")
    at, waits = timedelta(0), []
    for _n in range(400):
        found = lease(at)
        if not found:
            break
        outbox.mark_failed(found[0], "451 busy", NOW + at, final=False)
        if found[0].state == Delivery.FAILED:
            break
        waits.append(found[0].due_at - NOW - at)
        at = found[0].due_at - NOW
    assert waits == sorted(waits) and waits[0] < timedelta(minutes=1) and waits[-1] >= timedelta(minutes=30)
    assert timedelta(days=1) < at < timedelta(days=4)


def test_a_refusal_for_good_ends_it(app: Flask) -> None:
    owe("a")
    message = lease()[0]
    outbox.mark_failed(message, "550 " + "x" * 500, NOW, final=True)
    assert (message.state, len(message.error or "")) == (Delivery.FAILED, 200)
    assert not lease(timedelta(days=1))


@pytest.mark.parametrize("failed", [True, False])
def test_nothing_is_owed_by_what_was_rolled_back(app: Flask, failed: bool) -> None:
    owe("a")
    if failed:
        db.session.rollback()
    assert bool(lease()) is not failed


@pytest.mark.parametrize("channels", [(), (Channel.WHATSAPP,)])
def test_a_code_is_not_sent_once_it_opens_nothing(app: Flask, channels: tuple[Channel, ...]) -> None:
    assert outbox.SECRET_LIFE == CODE_LIFE
    owe("code", "signin_code")
    owe("letter")
    assert [m.key for m in lease(CODE_LIFE, *channels)] == ([] if channels else ["letter"])
    code = db.session.query(OutboxMessage).filter_by(key="code").one()
    assert (code.state, code.values) == (Delivery.FAILED, {})
