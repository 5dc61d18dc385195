"""Colleagues called in notes: told, listed, and never shown to a customer."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import mentions
from portal.domain.cases.models import Mention
from portal.domain.outbox.models import OutboxMessage

PEOPLE = [(1, "Togar Simanjuntak"), (2, "Rizky Nugroho"), (3, "Rizky Ananda"), (4, "Ani")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("@Togar Simanjuntak tolong cek", [1]),
        ("tolong cek @togar, ya", [1]),
        ("@rizky siapa?", []),  # two bear it
        ("@Rizky Nugroho dan @RIZKY ANANDA", [2, 3]),
        ("@Anita bukan Ani", []),
        ("kirim ke togar@togar.id", []),
        ("@Togar @Togar Simanjuntak", [1]),
        ("@Ani.", [4]),
        ("tanpa siapa pun", []),
    ],
)
def test_whose_names_stand_behind_an_at(body, found):
    assert sorted(mentions.called(body, PEOPLE)) == found


@pytest.fixture
def togar(staff):
    return staff(Role.TECHNICIAN, "Togar Simanjuntak")


@pytest.fixture
def called(agent, togar, claim):
    agent.post(f"/desk/cases/{claim.code}/messages", kind="note", body="@Togar rahasia: biaya 120 ribu")
    return claim


def test_the_colleague_is_told_once_without_the_words(togar, called):
    letter = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "staff_mention")).one()
    assert letter.address == togar.person.email
    assert "rahasia" not in str(letter.values)


def test_it_stands_in_the_list_until_it_is_opened(togar, agent, called):
    assert '<span class="count">1</span>' in togar.get("/desk/mentions/count", htmx=True).text
    assert "rahasia: biaya" in togar.get("/desk/mentions").text
    number = db.session.scalar(select(Mention.id))
    agent.post(f"/desk/mentions/{number}", expect=404)
    assert togar.post(f"/desk/mentions/{number}").headers["Location"].startswith(f"/desk/cases/{called.code}")
    togar.post(f"/desk/mentions/{number}")  # twice is harmless
    assert "count" not in togar.get("/desk/mentions/count", htmx=True).text.replace("/count", "")
    assert "rahasia: biaya" in togar.get("/desk/mentions").text


def test_all_at_once(togar, agent, called):
    agent.post(f"/desk/cases/{called.code}/messages", kind="note", body="@Togar lagi")
    togar.post("/desk/mentions/seen")
    assert db.session.scalar(select(Mention.id).where(Mention.seen_at.is_(None))) is None
    agent.post("/desk/mentions/seen")  # has none


def test_a_message_to_the_customer_calls_nobody(agent, togar, claim):
    agent.post(f"/desk/cases/{claim.code}/messages", kind="message", body="@Togar akan datang besok")
    assert db.session.scalar(select(Mention.id)) is None


def test_customers_have_no_mentions(owner, client, called):
    owner.get("/desk/mentions", expect=403)
    client.get("/desk/mentions", expect=303)
