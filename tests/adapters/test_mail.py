"""Letters reach a real mail server whole, and its moods become Temporary or Permanent."""

import socket
import threading
import time
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from portal.adapters.mail import (
    Folder,
    Letter,
    Permanent,
    Smtp,
    Temporary,
    compose,
    open_transport,
    read_folder,
)

LETTER = Letter(
    key="claim-7K2M.1",
    to="Siti Aminah <siti@example.id>",
    sender="Toko Sinar <halo@sinar.example>",
    subject="Klaim Anda sudah kami terima – №7",
    text="Halo Siti,\n\nkami periksa hari ini.\n",
    html="<style>p{color:#b3261e}</style><p>Halo <b>Siti</b></p><img src='https://evil.example/x'>",
    language="id",
    reply_to="desk@sinar.example",
)


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
    assert envelope.rcpt_tos == ["siti@example.id"] and envelope.mail_from == "halo@sinar.example"
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Message-ID"] == "<claim-7K2M.1@sinar.example>" and message["X-Purna-Key"] == LETTER.key
    assert message["Subject"] == LETTER.subject and message["Reply-To"] == "desk@sinar.example"
    assert message["Auto-Submitted"] == "auto-generated" and message["Content-Language"] == "id"
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().splitlines() == LETTER.text.splitlines()
    assert '<p style="color: #b3261e;">' in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(("answer", "kind"), [
    ("450 try later", Temporary), ("421 closing", Temporary), ("550 nobody", Permanent), ("554 no", Permanent),
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


@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
@pytest.mark.parametrize("address", [
    "a@b.id\r\nBcc: evil@example.org", "a@b.id, evil@example.org", "", "nobody", "a@b.id\0", "g: a@b.id, c@d.id;", "<>",
    "a@localhost", "@b.id", '"',
])  # fmt: skip
def test_no_address_carries_a_second_one(field, address):
    if (field, address) == ("reply_to", ""):
        return
    with pytest.raises(Permanent):
        compose(replace(LETTER, **{field: address}))


def test_no_value_adds_a_header():
    hostile = replace(
        LETTER, subject="Hi\r\nBcc: evil@example.org\n\n<b>", language="id\nX: y", text="\nBcc: x"
    )
    message = message_from_bytes(compose(hostile).as_bytes())
    assert message["Bcc"] is None and message["X"] is None and "Bcc:" in message["Subject"]
    with pytest.raises(Permanent):
        compose(replace(LETTER, key="a@b>\r\nX: y"))


def test_the_folder_keeps_one_letter_a_key_newest_first(tmp_path):
    transport = open_transport(f"folder://{tmp_path}/outbox")
    assert isinstance(transport, Folder) and read_folder(tmp_path / "outbox") == []
    for key in ("first", "second", "first"):
        transport.send(replace(LETTER, key=key, html=None if key == "second" else LETTER.html))
    newest, oldest = read_folder(tmp_path / "outbox")
    assert (newest.key, oldest.key) == ("second", "first") and newest.html is None and "Siti" in oldest.html
    assert newest.subject == LETTER.subject and newest.to == LETTER.to and newest.text == LETTER.text
    assert newest.at.tzinfo and len(read_folder(tmp_path / "outbox", limit=1)) == 1


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "folder://"])
def test_a_wrong_address_of_a_transport_is_refused(url):
    with pytest.raises(ValueError, match="mail server"):
        open_transport(url)
