"""Messages owed are delivered through a real mail server, whatever its mood, each with its effect once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine

from portal import jobs
from portal.domain.outbox.models import Delivery
from portal.kernel import clock

from .conftest import Moody, keys, message, owe

pytestmark = pytest.mark.usefixtures("app")


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True)


def test_a_message_is_sent_once_and_its_code_forgotten(server: Moody) -> None:
    owe("code-1", "signin_code")
    assert jobs.deliver_outbox() == 1
    assert jobs.deliver_outbox() == 0
    assert keys(server) == ["code-1"] and b"123456" in server.taken[0].content
    sent = message("code-1")
    assert sent.state == Delivery.SENT and sent.sent_at and sent.values == {}


def test_a_refused_message_is_given_up_and_the_next_one_sent(server: Moody) -> None:
    server.rcpt = "550 no such user"
    owe("lost", "signin_code")
    jobs.deliver_outbox()
    server.rcpt = None
    owe("next")
    assert jobs.deliver_outbox() == 1
    assert keys(server) == ["next"]
    assert message("lost").state == Delivery.FAILED
    assert "550" in (message("lost").error or "") and message("lost").values == {}


def test_a_server_that_is_busy_gets_it_within_a_minute(server: Moody) -> None:
    server.data = "451 come back later"
    owe("m")
    jobs.deliver_outbox()
    assert message("m").state == Delivery.QUEUED and message("m").attempts == 1
    server.data, server.taken = "250 OK", []
    assert jobs.deliver_outbox() == 0  # not due yet
    with later(1):
        assert jobs.deliver_outbox() == 1
    assert keys(server) == ["m"]


def test_a_server_that_hangs_or_cuts_gets_the_same_message_again(server: Moody) -> None:
    server.wait = 2
    owe("m")
    assert jobs.deliver_outbox() == 0
    server.wait, server.data, server.taken = 0, "cut", []
    with later(1):
        assert jobs.deliver_outbox() == 0
    server.data = "250 OK"
    with later(5):
        assert jobs.deliver_outbox() == 1
    ids = {bytes(envelope.content).split(b"Message-ID: ")[1].split(b"\r\n")[0] for envelope in server.taken}
    assert len(server.taken) == 2 and ids == {b"<m@purna.example>"}


def test_a_server_that_is_away_is_left_in_peace_until_the_next_round(server: Moody) -> None:
    server.data = "451 no"
    for n in range(5):
        owe(f"m{n}")
    jobs.deliver_outbox()
    assert len(server.taken) == jobs.GIVE_UP_ROUND
    server.data, server.taken = "250 OK", []
    with later(1):
        assert jobs.deliver_outbox() == 5
    assert sorted(keys(server)) == [f"m{n}" for n in range(5)]


def test_after_two_days_a_message_is_given_up(server: Moody) -> None:
    server.data = "451 no"
    owe("m")
    with later(49 * 60):
        jobs.deliver_outbox()
    assert message("m").state == Delivery.FAILED


def test_messages_to_phones_wait_for_the_desk(server: Moody) -> None:
    owe("w", email=None)
    due = message("w").due_at
    assert jobs.deliver_outbox() == 0
    assert message("w").state == Delivery.QUEUED and message("w").due_at == due


def test_one_that_cannot_be_written_does_not_stop_the_others(server: Moody) -> None:
    owe("bad", "no_such_template")
    owe("good")
    assert jobs.deliver_outbox() == 1
    assert message("bad").state == Delivery.QUEUED and message("bad").error == "TemplateNotFound"


KILLED = """
from portal import jobs
from portal.settings import Settings
from portal.web.app import create_app
app = create_app(Settings.from_env())
with app.app_context():
    jobs.deliver_outbox()
"""


def test_killed_in_the_middle_nothing_is_lost(server: Moody, app) -> None:
    server.wait = 5
    owe("m")
    settings = app.extensions["settings"]
    names = ("database", "queue", "files", "mail")
    env = {**os.environ, **{f"PURNA_{name.upper()}": getattr(settings, name) for name in names}}
    process = subprocess.Popen([sys.executable, "-c", KILLED], env=env)
    deadline = time.monotonic() + 20
    while message("m").due_at <= clock.now() and time.monotonic() < deadline:
        time.sleep(0.05)  # until it is leased, which is just before it is sent
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    server.wait = 0
    assert message("m").state == Delivery.QUEUED
    assert jobs.deliver_outbox() == 0  # the lease of the killed one still runs
    with later(2.1):
        assert jobs.deliver_outbox() == 1
    assert set(keys(server)) == {"m"}
