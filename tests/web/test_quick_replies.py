"""Replies that staff keep ready: written once, filled by the case, sent when somebody presses send."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.mailbox import replies
from portal.domain.mailbox.models import QuickReply

TEXTS = {
    "title": "Sudah diterima", "word": "terima", "text_id": "Halo {nama}, {barang} ({kasus}) kami terima.",
    "text_en": "Hello {nama}, we have your {barang} ({kasus}).",
}  # fmt: skip


@pytest.fixture
def shared(manager):
    manager.post("/desk/replies/new", **TEXTS, shared="y")
    return db.session.scalars(select(QuickReply)).one()


@pytest.fixture
def own(agent):
    agent.post("/desk/replies/new", **TEXTS | {"title": "Punya saya", "word": "saya"})
    return db.session.scalars(select(QuickReply).where(QuickReply.owner_id.is_not(None))).one()


def test_the_case_fills_it_in_the_customers_language(agent, owner, claim, shared):
    fragment = agent.get(f"/desk/cases/{claim.code}/replies", htmx=True).text
    code = f"{claim.code[:4]}-{claim.code[4:]}"
    assert f'data-insert="Halo Siti Rahma, Televisi 43 inci ({code}) kami terima."' in fragment
    owner.person.language = "en"
    db.session.commit()
    assert "Hello Siti Rahma, we have your" in agent.get(f"/desk/cases/{claim.code}/replies").text


def test_without_scripts_a_page_leads_to_the_filled_form(agent, claim, shared, statements):
    page = agent.get(f"/desk/cases/{claim.code}/replies").text
    assert f"/desk/cases/{claim.code}?reply={shared.code}" in page
    with statements() as seen:
        filled = agent.get(f"/desk/cases/{claim.code}?reply={shared.code}").text
    assert "Halo Siti Rahma, Televisi 43 inci" in filled and len(seen) <= 8
    assert "Halo Siti" not in agent.get(f"/desk/cases/{claim.code}?reply=ZZZZZZZZ").text


def test_whose_they_are(agent, staff, technician, stranger, claim, shared, own):
    colleague = staff(Role.AGENT)
    assert "Punya saya" not in colleague.get("/desk/replies").text
    assert "Punya saya" not in colleague.get(f"/desk/cases/{claim.code}/replies", htmx=True).text
    colleague.get(f"/desk/replies/{own.code}", expect=404)
    colleague.post(f"/desk/replies/{own.code}", **TEXTS, expect=404)
    agent.get(f"/desk/replies/{shared.code}", expect=404)  # everybody reads it, who keeps the desk changes it
    agent.post(f"/desk/replies/{shared.code}/delete", expect=404)
    assert "Sudah diterima" in technician.get("/desk/replies").text
    stranger.get("/desk/replies", expect=403)


def test_an_agent_writes_none_for_everybody(agent):
    page = agent.post("/desk/replies/new", **TEXTS, shared="y", expect=422).text
    assert "Only those who keep the desk" in page


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("text_id", "Halo {nam}", "{nam} is no place"),
        ("text_en", "Hello {}", "{} is no place"),
        ("text_en", " ", "Please fill this in"),
        ("word", "Jam Buka", "small letters"),
        ("text_id", "x" * 5001, "under 5000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(manager, field, text, said):
    page = manager.post("/desk/replies/new", **TEXTS | {field: text}, expect=422).text
    assert said in page and "Sudah diterima" in page
    assert db.session.scalar(select(QuickReply.id)) is None


def test_changing_deleting_and_two_at_once(manager, shared):
    version = shared.version
    manager.post(f"/desk/replies/{shared.code}", **TEXTS | {"title": "Baru"}, shared="y", version=version)
    page = manager.post(f"/desk/replies/{shared.code}", **TEXTS, shared="y", version=version, expect=409).text
    assert "Somebody changed this reply" in page
    address = f"/desk/replies/{shared.code}/delete"
    manager.post(address)
    manager.post(address, expect=404)


def test_what_a_customer_typed_fills_nothing():
    assert replies.fill("Halo {nama}", {"nama": "{petugas}", "petugas": "Rizky"}) == "Halo {petugas}"
