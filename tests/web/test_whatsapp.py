"""WhatsApp drafts: opened by staff, a message only once they say that it was sent."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases.models import CaseEvent
from portal.domain.outbox.models import OutboxMessage

BODY = "Halo, besok pukul 10 teknisi kami datang & membawa suku cadang. Apakah cocok?"


@pytest.fixture
def draft(owner, agent, claim):
    owner.person.phone = "+6281234567890"
    db.session.commit()
    agent.post(f"/desk/cases/{claim.code}/messages", kind="whatsapp", body=BODY)
    return db.session.scalars(select(CaseEvent).where(CaseEvent.event == "whatsapp")).one()


def test_the_desk_gets_a_link_of_digits_and_words(agent, claim, draft):
    page = agent.get(f"/desk/cases/{claim.code}").text
    assert 'href="https://wa.me/6281234567890?text=Halo%2C%20besok%20pukul%2010' in page
    assert "%26%20membawa" in page and "opened a WhatsApp draft" in page


def test_the_customer_reads_it_only_once_it_was_sent(agent, owner, claim, draft):
    assert "besok pukul 10" not in owner.get(f"/cases/{claim.code}").text
    letters = db.session.query(OutboxMessage).count()
    agent.post(f"/desk/cases/{claim.code}/whatsapp/{draft.id}", do="sent")
    page = owner.get(f"/cases/{claim.code}").text
    assert "besok pukul 10" in page and "by WhatsApp" in page
    assert db.session.query(OutboxMessage).count() == letters  # they have it already
    assert "Open WhatsApp" not in agent.get(f"/desk/cases/{claim.code}").text


def test_it_is_settled_once(agent, owner, claim, draft):
    agent.post(f"/desk/cases/{claim.code}/whatsapp/{draft.id}", do="sent")
    for do in ("sent", "drop"):
        again = agent.post(f"/desk/cases/{claim.code}/whatsapp/{draft.id}", do=do)
        assert "settled already" in agent.follow(again).text
    assert owner.get(f"/cases/{claim.code}").text.count("besok pukul 10") == 1


def test_a_draft_that_was_never_sent_stays_unseen(agent, owner, claim, draft):
    agent.post(f"/desk/cases/{claim.code}/whatsapp/{draft.id}", do="drop")
    assert "besok pukul 10" not in owner.get(f"/cases/{claim.code}").text
    assert "Open WhatsApp" not in agent.get(f"/desk/cases/{claim.code}").text


def test_without_a_number_or_words_there_is_none(agent, owner, claim):
    owner.person.phone = None
    db.session.commit()
    path = f"/desk/cases/{claim.code}/messages"
    page = agent.post(path, kind="whatsapp", body=BODY, expect=422).text
    assert "no phone number" in page and "besok pukul 10" in page
    agent.post(path, kind="whatsapp", body=" ", expect=422)


def test_who_may(owner, stranger, agent, claim, draft):
    path = f"/desk/cases/{claim.code}/whatsapp/{draft.id}"
    owner.post(path, do="sent", expect=403)
    agent.get(path, expect=405)
    agent.post(f"/desk/cases/ZZZZZZZZ/whatsapp/{draft.id}", do="sent", expect=404)
    agent.post(f"/desk/cases/{claim.code}/whatsapp/{draft.id + 1}", do="sent")
    assert "besok pukul 10" not in owner.get(f"/cases/{claim.code}").text
