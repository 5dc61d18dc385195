"""Letters reach a real mail server whole, and its moods become Temporary or Permanent."""

import socket
import threading
import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from portal.adapters.mail import Permanent, Smtp, Temporary

from .samples import LETTER


class Server:
    """A mail server that answers DATA, or RCPT, as told."""

    def __init__(self):
        self.taken, self.data, self.rcpt, self.wait = [], "250 OK", None, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(envelope)
        if self.data == "cut":
            server.transport.abort()
        return self.data


class AnyPort(Controller):
    """On a port that the system chose."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server():
    handler = Server()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


def test_a_letter_arrives_whole(server):
    Smtp(server.url).send(LETTER)
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["siti@example.id"] and envelope.mail_from == "desk@sinar.example"
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Message-ID"] == "<claim-7K2M.1@sinar.example>" and message["X-Purna-Key"] == LETTER.key
    assert message["Subject"] == LETTER.subject and message["Reply-To"] == "desk@sinar.example"
    assert message["Auto-Submitted"] == "auto-generated" and message["Content-Language"] == "id"
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().splitlines() == LETTER.text.splitlines()
    assert '<p style="color: #b3261e;">' in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(("answer", "kind"), [
    ("450 try later", Temporary), ("421 closing", Temporary), ("550 nobody", Permanent),
    ("554 no", Permanent),
])  # fmt: skip
def test_the_server_says_no(server, answer, kind):
    server.data = answer
    with pytest.raises(kind, match=answer[:3]):
        Smtp(server.url).send(LETTER)
    server.data, server.rcpt = "250 OK", answer
    with pytest.raises(kind, match=answer[:3]):
        Smtp(server.url).send(LETTER)


def test_taken_and_then_cut_may_be_tried_again_under_the_same_id(server):
    server.data = "cut"
    with pytest.raises(Temporary):
        Smtp(server.url).send(LETTER)
    server.data = "250 OK"
    Smtp(server.url).send(LETTER)
    assert len({message_from_bytes(envelope.content)["Message-ID"] for envelope in server.taken}) == 1


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Temporary):
        Smtp(f"smtp://127.0.0.1:{port}").send(LETTER)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_hangs_is_given_up(scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(Temporary):
            Smtp(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3).send(LETTER)
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("greeting", [b"", b"554 go away\r\n", b"nonsense\r\n", b"220 hi\r\n"])
def test_a_server_that_cuts_early_is_tried_again(greeting):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def cut():
            with listening.accept()[0] as visitor:
                visitor.sendall(greeting)

        thread = threading.Thread(target=cut)
        thread.start()
        with pytest.raises(Temporary):
            Smtp(f"smtp://u:p@127.0.0.1:{listening.getsockname()[1]}", timeout=2).send(LETTER)
        thread.join()
