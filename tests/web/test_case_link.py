"""A session that the link in a message opened: one case, and nothing else."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Session
from portal.domain.cases import actions as cases
from portal.domain.cases import queries
from portal.domain.claims.rules import Payment
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()


@pytest.fixture
def visitor(client, claim):
    """Who opened the link of Siti's claim, in a browser that nobody signed in with."""
    client.post(f"/c/{queries.link_token(claim.id)}")
    return client


@pytest.fixture
def other(owner, outlet, product):
    unit = factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    return factories.claim(owner.actor, unit)


def test_it_reads_answers_with_a_photo_and_hears_news(visitor, agent, claim):
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Lampu apa yang berkedip?")
    factories.settle()
    assert "Lampu apa yang berkedip?" in visitor.get(f"/cases/{claim.code}").text
    visitor.post(f"/cases/{claim.code}/messages", body="Merah", photos=[(BytesIO(PHOTO), "a.webp")])
    page = visitor.get(f"/cases/{claim.code}").text
    assert "Merah" in page and page.count("/photos/") > 1
    visitor.get(f"/cases/{claim.code}/news?after=0", htmx=True)


def test_it_appeals(visitor, agent, claim):
    factories.decide(agent.actor, claim, payment=Payment.REJECTED)
    visitor.post(f"/cases/{claim.code}/appeal", body="Belum setahun, mohon dilihat lagi.")
    assert "mohon dilihat lagi" in visitor.get(f"/cases/{claim.code}").text


def test_it_reaches_nothing_else(visitor, owner, claim, other):
    for path in (
        f"/cases/{other.code}", f"/units/{owner.unit.code}", f"/units/{owner.unit.code}/card.id.pdf",
        f"/purchases/{owner.purchase.code}", f"/cases/{other.code}/news",
    ):  # fmt: skip
        visitor.get(path, expect=404)
    for path in ("/home", "/cases", "/units", "/purchases", "/account"):
        page = visitor.get(path).text
        for secret in ("siti@contoh.id", "Siti Rahma", "0812-3456", other.code, owner.purchase.code):
            assert secret not in page, (path, secret)
    visitor.post(f"/cases/{other.code}/messages", body="Halo", expect=404)


@pytest.mark.parametrize("path", ["/cases/{}/withdraw", "/account", "/account/contacts"])
def test_it_does_nothing_for_the_whole_account(visitor, owner, claim, path):
    answer = visitor.client.post(
        path.format(claim.code), base_url="http://127.0.0.1:8000",
        data={"csrf_token": visitor.csrf(), "name": "Orang Lain", "contact": "jahat@contoh.id"},
    )  # fmt: skip
    assert answer.status_code in (303, 403, 404, 409, 422)
    db.session.refresh(owner.person)
    assert owner.person.name == "Siti Rahma" and claim.on_desk
    assert "jahat@contoh.id" not in visitor.get(f"/cases/{claim.code}").text


def test_no_new_claim_or_registration_begins_from_it(visitor, owner):
    visitor.get(f"/units/{owner.unit.code}/claims/new", expect=403)
    visitor.post(f"/units/{owner.unit.code}/claims/new/photo", expect=403)


def test_a_page_offers_nothing_that_it_cannot_do(visitor, owner, claim):
    page = visitor.get(f"/cases/{claim.code}").text
    assert "Withdraw" not in page and f"/units/{owner.unit.code}" not in page
    visitor.post("/help/assistant", question="my parcel arrived crushed and broken")
    for path in ("/help", "/help/assistant"):
        page = visitor.get(path).text
        assert 'href="/ask' not in page and "/help/assistant/handover" not in page


def test_a_replaced_link_ends_and_so_does_what_it_opened(visitor, owner, agent, claim):
    old = queries.link_token(claim.id)
    agent.post(f"/desk/cases/{claim.code}/link")
    assert queries.link_token(claim.id) != old
    visitor.get(f"/c/{old}", expect=410)
    visitor.post(f"/c/{old}", expect=410)
    visitor.get(f"/cases/{claim.code}", expect=303)
    owner.get(f"/cases/{claim.code}")  # who signed in is not touched
    visitor.post(f"/c/{queries.link_token(claim.id)}")
    visitor.get(f"/cases/{claim.code}")


def test_who_may_replace_it(technician, stranger, owner, claim):
    technician.post(f"/desk/cases/{claim.code}/link", expect=403)
    owner.post(f"/desk/cases/{claim.code}/link", expect=403)


def test_sessions_of_before_still_mean_what_they_did(app, visitor, owner, claim):
    row = db.session.scalars(select(Session).where(Session.reach.is_not(None))).one()
    row.reach = {"purchases": [owner.purchase.id], "units": []}
    db.session.commit()
    visitor.get(f"/purchases/{owner.purchase.code}")
