"""A mail server with moods, and a portal that sends through it."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.adapters.mail import Smtp
from portal.db import db
from portal.domain.outbox import actions as outbox
from portal.domain.outbox.models import OutboxMessage
from portal.kernel import clock
from tests.adapters.test_mail import AnyPort, Server


class Moody(Server):
    """Also hangs: `wait` seconds go by before it answers DATA."""

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.wait)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def server() -> Iterator[Moody]:
    handler = Moody()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


@pytest.fixture
def settings(server: Moody, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setattr(Smtp.__init__, "__defaults__", (0.5,))  # seconds until a server counts as hanging
    return {"mail": server.url, "whatsapp": ""}


def owe(key: str, template: str = "ready", *, email: str | None = "siti@contoh.id") -> None:
    outbox.owe(
        key, template, {"product": "Kulkas", "code": "123456"}, email=email, phone="+6281234567890",
        language="id", now=clock.now(),
    )  # fmt: skip
    db.session.commit()


def message(key: str) -> OutboxMessage:
    """How it stands; nothing stays locked."""
    db.session.rollback()
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def keys(server: Moody) -> list[str]:
    """The keys of what the server took, in order."""
    heads = [bytes(envelope.content).split(b"X-Purna-Key: ")[1] for envelope in server.taken]
    return [head.split(b"\r\n")[0].decode() for head in heads]
