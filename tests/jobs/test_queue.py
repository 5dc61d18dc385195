"""The queue wakes the worker, never costs a request, and the worker ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import jobs
from portal.db import db
from portal.domain.claims import actions as claims
from portal.domain.claims.models import Claim
from portal.domain.files import actions as files
from portal.domain.files.models import FileState, StoredFile
from portal.domain.outbox.models import Delivery
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.conftest import close, portal_in

from .conftest import Moody, keys, message, owe

FLASK = Path(sys.executable).parent / "flask"


def waiting(app: Flask) -> int:
    return len(app.extensions["queue"].pending())


def test_a_request_that_owes_a_message_wakes_the_worker(app: Flask, client: Browser) -> None:
    factories.customer(email="siti@contoh.id")
    client.post("/sign-in", contact="siapa@contoh.id")
    assert waiting(app) == 0  # nobody is known by that address, nothing is owed
    client.post("/sign-in", contact="siti@contoh.id")
    assert waiting(app) == 1


def test_a_queue_that_is_away_costs_nobody_a_request(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise ConnectionError

    monkeypatch.setitem(app.extensions, "deliver", away)
    factories.customer(email="siti@contoh.id")
    client.post("/sign-in", contact="siti@contoh.id")
    assert jobs.deliver_outbox() == 1  # the round of the next minute finds it


def test_the_queue_may_be_redis(tmp_path: Path, redis: str) -> None:
    app = portal_in(tmp_path, queue=redis)
    with app.app_context():
        jobs.nudge()
    assert waiting(app) == 1
    app.extensions["queue"].flush()
    app.extensions["queue"].storage.conn.close()
    app.extensions["queue"].storage.pool.disconnect()
    close(app)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_delivers_and_ends_cleanly(app: Flask, server: Moody, ending: int) -> None:
    owe("m")
    settings = app.extensions["settings"]
    names = ("database", "queue", "files", "mail")
    env = {**os.environ, **{f"PURNA_{name.upper()}": getattr(settings, name) for name in names}}
    with subprocess.Popen([FLASK, "--app", "wsgi", "worker"], env=env, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not server.taken and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(ending)
        _out, said = process.communicate(timeout=15)
    assert process.returncode == 0 and keys(server) == ["m"] and said == b""
    assert message("m").state == Delivery.SENT


def test_abandoned_photos_are_swept_with_their_bytes(app: Flask) -> None:
    actor, store = Browser(app, factories.customer()).actor, app.extensions["files"]
    for age in (25, 23):
        at = clock.now() - timedelta(hours=age)
        row = files.begin(actor, size=3, width=1, height=1, content_type="image/jpeg", now=at)
        for key in (row.key, row.key + ".thumb"):
            store.put(key, b"abc")
    db.session.commit()
    half = store.path(row.key).with_name(".tmp-half")
    half.write_bytes(b"a")
    os.utime(half, (0, 0))
    jobs.sweep()
    assert not half.exists()
    (left,) = db.session.scalars(select(StoredFile))
    kept = set(store.keys(clock.now() + timedelta(minutes=1)))
    assert kept == {left.key, left.key + ".thumb"}


def test_drafts_nobody_comes_back_to_are_thrown_away(app: Flask, owner: Browser) -> None:
    photo = factories.photo(owner.actor)
    ages = {
        owner.unit: 91,
        factories.units_of(
            factories.purchase(owner.purchase.outlet, [(owner.unit.product, 1)], buyer=owner.person)
        )[0]: 89,
    }
    for unit, days in ages.items():
        at = clock.now() - timedelta(days=days)
        claims.draft(owner.actor, unit, story="Layar", photos=[photo] if days > 90 else [], now=at)
    db.session.commit()
    jobs.sweep()
    (left,) = db.session.scalars(select(Claim))
    assert left.case.unit_id != owner.unit.id
    assert db.session.scalar(select(StoredFile.state).where(StoredFile.code == photo)) == FileState.PENDING
