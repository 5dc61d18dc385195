"""The customer's account: name, language, contacts, devices; and opening all of it from paper."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer, Session
from portal.domain.accounts.rules import Reach
from portal.domain.outbox.models import OutboxMessage
from tests import factories
from tests.browser import Browser


def code_sent():
    db.session.rollback()
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return message.address, message.values["code"]


@pytest.fixture
def from_paper(app, owner):
    """Siti's account as the last four digits open it."""
    return Browser(app, owner.person, reach=Reach(purchases=(owner.purchase.id,)))


@pytest.fixture
def newcomer(app):
    """An account with a proven e-mail address and no phone."""
    return Browser(app, factories.customer("Rina", "rina@contoh.id"))


def test_name_and_language_are_kept(newcomer):
    page = newcomer.follow(newcomer.post("/account", name="Rina Wati", language="en")).text
    assert "Rina Wati" in page and 'lang="en"' in page
    assert "name-error" in newcomer.post("/account", name="", language="en", expect=422).text


def test_a_contact_is_added_by_a_code(newcomer):
    newcomer.post("/account/contacts", contact="0812 1234 5555")
    address, code = code_sent()
    assert address == "+6281212345555"
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    newcomer.post("/account/contacts/code", code=wrong, expect=422)
    assert "0812-1234-5555" in newcomer.follow(newcomer.post("/account/contacts/code", code=code)).text
    assert db.session.scalar(select(Customer.phone_verified_at).where(Customer.name == "Rina"))


def test_a_contact_that_is_none_stays_as_typed(newcomer):
    assert (
        'value="bukan kontak"' in newcomer.post("/account/contacts", contact="bukan kontak", expect=422).text
    )
    newcomer.get("/account/contacts/code", expect=303)


def test_another_device_is_signed_out(app, newcomer):
    phone = Browser(app, newcomer.person)
    newcomer.post("/account/devices/end", device=str(phone.actor.session_id))
    phone.get("/account", expect=303)
    newcomer.get("/account")


def test_a_device_of_somebody_else_is_not(newcomer, owner):
    for device in (str(owner.actor.session_id), "x", "", "²", "9" * 40):
        newcomer.post("/account/devices/end", device=device)
    owner.get("/account")


def test_paper_alone_changes_nothing_and_shows_no_contact(from_paper, owner):
    assert "siti@contoh.id" not in from_paper.get("/account").text
    from_paper.post("/account", name="Maling", language="id", expect=409)
    from_paper.post("/account/contacts", contact="maling@contoh.id", expect=422)
    from_paper.post("/account/devices/end", device=str(owner.actor.session_id))
    owner.get("/account")
    db.session.rollback()
    assert db.session.scalar(select(Customer.name).where(Customer.id == owner.person.id)) == "Siti Rahma"


def test_a_code_to_the_proven_contact_opens_everything(from_paper, owner, outlet, product):
    other = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    from_paper.get(f"/purchases/{other.code}", expect=404)
    asked = from_paper.follow(from_paper.post("/account/everything")).text
    assert "siti@contoh.id" not in asked and "s•••@contoh.id" in asked
    address, code = code_sent()
    assert address == "siti@contoh.id"
    from_paper.post("/account/everything/check", code="000000" if code != "000000" else "111111", expect=422)
    from_paper.follow(from_paper.post("/account/everything/check", code=code))
    from_paper.get(f"/purchases/{other.code}")
    ended = db.session.scalar(select(Session.ended_at).where(Session.id == from_paper.actor.session_id))
    assert ended is not None


def test_how_not(newcomer, agent, client):
    for path in ("/account/contacts", "/account/devices/end", "/account/everything/check"):
        newcomer.get(path, expect=405)
        agent.post(path, expect=403)
        client.post(path, expect=303)
