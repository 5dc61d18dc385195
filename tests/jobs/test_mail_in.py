"""Letters that come in: each has a clear outcome, none is lost, none is answered."""

import pytest
from sqlalchemy import select

from portal import mailroom
from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import CaseEvent
from portal.domain.mailbox import actions as letters
from portal.domain.mailbox import addresses
from portal.domain.mailbox.models import InboundLetter, Outcome
from portal.domain.outbox.models import OutboxMessage
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from tests import factories
from tests.adapters.papers import PDF, film
from tests.letters import bounce, letter

DOMAIN = "balas.toko.id"


@pytest.fixture
def settings():
    return {"mail_in": DOMAIN}


@pytest.fixture
def address(claim):
    return addresses.of(DOMAIN, claim.code, claim.id, claim.customer_id)


def written(event="message"):
    return list(db.session.scalars(select(CaseEvent).where(CaseEvent.event == event).order_by(CaseEvent.id)))


def test_an_answer_stands_in_the_thread(owner, agent, claim, address):
    assert (
        mailroom.receive(letter(address, "Besok saya antar.\n\nPada Sen menulis:\n> Halo")) == Outcome.FILED
    )
    for page in (owner.get(f"/cases/{claim.code}").text, agent.get(f"/desk/cases/{claim.code}").text):
        assert "Besok saya antar." in page and "by e-mail" in page and "menulis" not in page


def test_it_answers_what_the_case_waits_for(agent, claim, address):
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Kapan?")
    factories.settle()
    mailroom.receive(letter(address, "Besok"))
    db.session.refresh(claim)
    assert claim.state != S.WAITING_CUSTOMER and written(E.ANSWER)[0].body == "Besok"


def test_twice_is_once(claim, address):
    raw = letter(address)
    assert [mailroom.receive(raw) for _ in range(3)] == [Outcome.FILED] * 3
    assert len(written()) == 1 and len(list(db.session.scalars(select(InboundLetter)))) == 1


def test_from_another_address_it_is_marked_and_moves_nothing(owner, agent, claim, address):
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Kapan?")
    factories.settle()
    raw = letter(address, "Saya adiknya.", sender="adik@lain.id")
    assert mailroom.receive(raw) == Outcome.OTHER
    db.session.refresh(claim)
    assert claim.state == S.WAITING_CUSTOMER
    assert "from another address" in agent.get(f"/desk/cases/{claim.code}").text
    page = owner.get(f"/cases/{claim.code}").text
    assert "Saya adiknya." in page and "adik@lain.id" not in page


@pytest.mark.parametrize(
    "change", [lambda a: a[:-20] + "0" + a[-19:], lambda a: a.replace("reply+", "reply+x")]
)
def test_a_forged_address_waits_for_staff_and_is_answered_with_nothing(agent, claim, address, change):
    local, domain = address.split("@")
    forged = f"{change(local)}@{domain}"
    before = db.session.query(OutboxMessage).count()
    assert mailroom.receive(letter(forged, "Buka kasus ini")) == Outcome.HELD
    assert not written() and db.session.query(OutboxMessage).count() == before
    assert "Buka kasus ini" in agent.get("/desk/letters").text


def test_a_token_of_another_case_or_person_opens_nothing(owner, claim, address):
    other = addresses.of(DOMAIN, claim.code, claim.id, claim.customer_id + 1)
    assert mailroom.receive(letter(other)) == Outcome.HELD
    assert (
        mailroom.receive(letter(addresses.of(DOMAIN, claim.code, claim.id + 1, claim.customer_id))) == "held"
    )
    assert mailroom.receive(letter(address.replace(DOMAIN, "lain.id"))) == Outcome.HELD


def test_staff_put_a_held_letter_where_it_belongs_or_throw_it_away(agent, technician, owner, claim):
    for text in ("Ini tentang TV saya", "Iklan"):
        mailroom.receive(letter("halo@toko.id", text))
    first, second = db.session.scalars(select(InboundLetter.code).order_by(InboundLetter.id))
    technician.post(f"/desk/letters/{first}", do="drop", expect=403)
    wrong = agent.post(f"/desk/letters/{first}", do="file", case="ZZZZ-ZZZZ")
    assert "no case with the code" in agent.follow(wrong).text
    agent.post(f"/desk/letters/{first}", do="file", case=f"{claim.code[:4]}-{claim.code[4:]}".lower())
    assert "Ini tentang TV saya" in owner.get(f"/cases/{claim.code}").text
    agent.post(f"/desk/letters/{second}", do="drop")
    again = agent.post(f"/desk/letters/{second}", do="file", case=claim.code)
    assert "already dealt with" in agent.follow(again).text
    assert not db.session.scalar(select(InboundLetter.body).where(InboundLetter.body != ""))


def test_files_come_along_and_wrong_ones_are_named(owner, claim, address):
    files = (("nota.pdf", PDF), ("bunyi.mp4", film()), ("hadiah.exe", b"MZ" + b"\0" * 99))
    assert mailroom.receive(letter(address, files=files)) == Outcome.CUT
    page = owner.get(f"/cases/{claim.code}").text
    assert "nota.pdf" in page and "bunyi.mp4" in page and "Not taken: hadiah.exe" in page


def test_of_a_letter_of_forty_megabytes_the_words_are_kept(monkeypatch, owner, claim, address):
    monkeypatch.setattr(mailroom, "LARGEST", 1000)
    assert mailroom.receive(letter(address, "Videonya terlampir", files=(("v.mp4", film()),))) == Outcome.CUT
    page = owner.get(f"/cases/{claim.code}").text
    assert "Videonya terlampir" in page and "Not taken: v.mp4" in page and "/photos/" not in page


def test_a_long_letter_is_several_messages(claim, address):
    mailroom.receive(letter(address, "Panjang sekali. " * 500))
    assert [len(entry.body) for entry in written()] == [5000, 2999]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"Subject": "Automatic reply: cuti"},
        {"sender": "MAILER-DAEMON@mx.id"},
    ],
)
def test_what_a_program_answers_is_noted_and_never_answered(owner, agent, claim, address, headers):
    before = db.session.query(OutboxMessage).count()
    assert mailroom.receive(letter(address, "Saya sedang cuti.", **headers)) == Outcome.AUTO
    assert db.session.query(OutboxMessage).count() == before and not written()
    assert "Saya sedang cuti." in agent.get(f"/desk/cases/{claim.code}").text
    assert "Saya sedang cuti." not in owner.get(f"/cases/{claim.code}").text


def test_a_loop_is_cut(claim, address):
    outcomes = [mailroom.receive(letter(address, f"Halo {n}")) for n in range(letters.MOST_AN_HOUR + 3)]
    assert outcomes.count(Outcome.FILED) == letters.MOST_AN_HOUR and outcomes[-1] == Outcome.LOOP
    assert mailroom.receive(letter(address, "Ini surat kita", X_Purna_Key="message-1-1")) == Outcome.LOOP


def test_a_letter_that_came_back_is_noted_and_its_address_rests(owner, agent, claim, address):
    assert mailroom.receive(bounce(address, "siti@contoh.id", action="delayed", status="4.4.1")) == "bounce"
    db.session.refresh(owner.person)
    assert owner.person.email_bounced_at is None
    assert mailroom.receive(bounce(address, "siti@contoh.id")) == Outcome.BOUNCE
    page = agent.get(f"/desk/cases/{claim.code}").text
    assert "A letter came back" in page and "User unknown" in page
    assert "User unknown" not in owner.get(f"/cases/{claim.code}").text
    db.session.refresh(owner.person)
    assert owner.person.email_bounced_at
    mailroom.receive(letter(address, "Sudah bisa lagi"))
    db.session.refresh(owner.person)
    assert owner.person.email_bounced_at is None


def test_nothing_in_it_is_held(claim, address):
    assert mailroom.receive(letter(address, "> hanya kutipan")) == Outcome.HELD
    assert not written()
