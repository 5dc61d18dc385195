"""A letter goes out over a real mail server, its answer comes in by the pipe or from a mailbox."""

import socketserver
import threading
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from portal import jobs, mailroom
from portal.adapters.imap import Mailbox, Unreachable
from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import CaseEvent
from portal.domain.mailbox import addresses
from portal.kernel import clock
from tests import factories
from tests.adapters.test_mail import server  # noqa: F401  # a fixture
from tests.letters import letter

DOMAIN = "balas.toko.id"


@pytest.fixture
def settings(server):  # noqa: F811
    return {"mail_in": DOMAIN, "mail": server.url}


def bodies():
    return list(db.session.scalars(select(CaseEvent.body).where(CaseEvent.event == "message")))


def test_what_goes_out_is_answered_into_the_thread(app, agent, claim, server):  # noqa: F811
    for text in ("Kapan ada di rumah?", "Atau besok?"):
        cases.say(agent.actor, claim, text, clock.now())
        factories.settle()
    jobs.deliver_outbox()
    out = [message_from_bytes(e.content, policy=policy.default) for e in server.taken][-2:]
    back = out[0]["Reply-To"]
    assert back == addresses.of(DOMAIN, claim.code, claim.id, claim.customer_id)
    assert back == server.taken[-1].mail_from  # what cannot be delivered comes back to the case
    assert out[0]["References"] == out[1]["References"] != out[0]["Message-ID"] != out[1]["Message-ID"]
    assert "/c/" not in back and claim.code.lower() in back
    said = out[0].get_body(("plain",)).get_content()
    assert said.startswith("## ")
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    raw = letter(back, f"Sore, setelah jam lima.\n\n{said}", In_Reply_To=out[0]["Message-ID"])
    again = letter(back, f"Besok juga bisa.\n{quoted}")
    for each in (raw, again, raw):
        done = app.test_cli_runner().invoke(args=["mail-in"], input=each)
        assert (done.exit_code, done.output) == (0, "filed\n")
    assert bodies()[-2:] == ["Sore, setelah jam lima.", "Besok juga bisa."]


def test_without_a_domain_letters_are_as_before(app, agent, claim, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", app.extensions["settings"].__class__())
    cases.say(agent.actor, claim, "Halo", clock.now())
    factories.settle()
    owed = jobs._lease(list(jobs.Channel))
    while owed and owed.template != "message":
        owed = jobs._lease(list(jobs.Channel))
    assert owed and jobs.letter(owed).reply_to is None and "##" not in jobs.letter(owed).text


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server (RFC 3501) as reading a mailbox needs, over a real socket."""

    letters: list[bytes] = []
    seen: set[int] = set()

    def handle(self):
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, *words = line.decode().split()
            verb = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
            answer = getattr(self, "do_" + verb.replace(" ", "_").lower(), lambda *_: b"")(*words)
            self.wfile.write(answer + f"{tag} OK done\r\n".encode())
            if verb == "LOGOUT":
                return

    def do_capability(self, *_):
        return b"* CAPABILITY IMAP4rev1\r\n"

    def do_select(self, *_):
        return f"* {len(self.letters)} EXISTS\r\n".encode()

    def do_uid_search(self, *_):
        waiting = [str(n) for n in range(1, len(self.letters) + 1) if n not in self.seen]
        return f"* SEARCH {' '.join(waiting)}\r\n".encode()

    def do_uid_fetch(self, _uid, _verb, number, *wanted):
        raw = self.letters[int(number) - 1]
        if "SIZE" in wanted[0]:
            return f"* {number} FETCH (UID {number} RFC822.SIZE {len(raw)})\r\n".encode()
        return f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"

    def do_uid_store(self, _uid, _verb, number, *_):
        self.seen.add(int(number))
        return b""


@pytest.fixture
def mailbox(app, monkeypatch):
    Imap.letters, Imap.seen = [], set()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        url = f"imap://toko:rahasia@127.0.0.1:{running.server_address[1]}/INBOX"
        settings = app.extensions["settings"]
        monkeypatch.setitem(app.extensions, "settings", settings.__class__(mail_in=DOMAIN, imap=url))
        yield Imap
        running.shutdown()


def test_a_mailbox_is_read_once(claim, mailbox):
    back = addresses.of(DOMAIN, claim.code, claim.id, claim.customer_id)
    mailbox.letters = [letter(back, "Satu"), letter(back, "Dua"), letter("lain@toko.id", "Iklan")]
    assert mailroom.poll() == 3
    assert bodies() == ["Satu", "Dua"] and mailbox.seen == {1, 2, 3}
    assert mailroom.poll() == 0


def test_a_letter_that_could_not_be_kept_waits_in_the_mailbox(claim, mailbox, monkeypatch):
    back = addresses.of(DOMAIN, claim.code, claim.id, claim.customer_id)
    mailbox.letters = [letter(back, "Satu")]
    with monkeypatch.context() as fails:
        fails.setattr(mailroom.letters, "file", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailroom.poll()
    assert not mailbox.seen
    assert mailroom.poll() == 1 and bodies() == ["Satu"]


def test_a_mailbox_that_is_away_costs_nothing(app, monkeypatch):
    settings = app.extensions["settings"].__class__(imap="imap://a:b@127.0.0.1:9/INBOX")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert mailroom.poll() == 0
    with pytest.raises(Unreachable), Mailbox(settings.imap):
        pass
    with pytest.raises(ValueError):
        Mailbox("pop3://a@b")
