"""The main way through the portal, on each database: a receipt's code, a claim with a photo, a decision."""

from io import BytesIO

import pytest
from flask import Flask

from portal import jobs
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases.models import Case
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.workflows.vocabulary import S
from portal.kernel import paging
from tests import factories
from tests.adapters.photos import photo
from tests.browser import Browser
from tests.forms import fields


@pytest.fixture
def receipt(both: Flask) -> Purchase:
    both.testing = False  # a fault gives the page that people would see
    return factories.purchase(factories.outlet(), [(factories.product(), 1)])


@pytest.fixture
def customer(both: Flask) -> Browser:
    return Browser(both)


@pytest.fixture
def agent(both: Flask) -> Browser:
    return Browser(both, factories.staff(Role.AGENT))


def files_claim(customer: Browser, receipt: Purchase) -> Case:
    paper = f"/q/{purchases.token_of(receipt.id)}"
    customer.get(paper)
    customer.post(f"{paper}/phone", digits="2222")
    path = f"/units/{factories.units_of(receipt)[0].code}/claims/new"
    customer.post(f"{path}/what", symptom="tv_no_power")
    customer.post(f"{path}/story", story=factories.STORY)
    customer.post(f"{path}/photo", photos=[(BytesIO(photo()), "a.jpg")], expect=200, htmx=True)
    customer.post(f"{path}/review")
    return db.session.query(Case).one()


def test_from_the_paper_to_the_decision(customer: Browser, agent: Browser, receipt: Purchase) -> None:
    case = files_claim(customer, receipt)
    picture = next(part for part in customer.get(f"/cases/{case.code}").text.split('"') if "/photos/" in part)
    assert agent.get(picture).data == customer.get(picture).data
    for words in ("2222", "Dewi", "Layar mati"):
        assert case.code in agent.get(f"/desk?q={words}").text
    path = f"/desk/cases/{case.code}/decide"
    form = fields(agent.get(f"/desk/cases/{case.code}").text, path)
    agent.post(path, **{**form, "outcome": "repair", "payment": "free", "reason": "Kerusakan pabrik."})
    db.session.refresh(case)
    assert case.state == S.FULFILLING
    assert jobs.deliver_outbox() >= 2
    assert "Kerusakan pabrik." in customer.get(f"/cases/{case.code}").text
    card = customer.get(f"/units/{factories.units_of(receipt)[0].code}/card.id.pdf")
    assert card.data.startswith(b"%PDF")


@pytest.mark.parametrize("number", ["2147483648", "9" * 40])
def test_a_number_that_no_row_can_have_is_refused(
    customer: Browser, agent: Browser, receipt: Purchase, number: str
) -> None:
    case = files_claim(customer, receipt)
    path = f"/desk/cases/{case.code}/messages"
    form = {"kind": "message", "body": "Halo", "version": number, "csrf_token": agent.csrf()}
    answer = agent.client.post(path, base_url=agent.app.extensions["settings"].public_url, data=form)
    assert 400 <= answer.status_code < 500
    for made_up in (["a\0", 1], ["2026-01-01T00:00:00+00:00", 2**40]):
        for page in ("/desk", "/desk/catalog", "/desk/receipts"):
            agent.get(f"{page}?after={paging.encode(made_up)}")


def test_long_addresses_are_limited_like_short_ones(both: Flask, customer: Browser) -> None:
    both.testing = False
    long = "a" * 60 + "@" + ("b" * 60 + ".") * 3 + "id"
    for _try in range(5):
        customer.post("/sign-in", contact=long)
    customer.post("/sign-in", expect=429, contact=long)
    customer.post("/staff/sign-in", expect=422, email=long, password="salah")
