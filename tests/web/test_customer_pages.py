"""The customer's pages: what they show, to whom, and what they cost."""

from datetime import timedelta

import pytest

from portal.domain.accounts.rules import Reach
from portal.domain.claims.rules import Payment
from portal.domain.purchases import queries as purchases
from portal.domain.units import actions as units
from portal.domain.units import queries as unit_queries
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.pages import parse, words

LISTS = ("/home", "/purchases", "/units", "/cases", "/account", "/help", "/privacy", "/units/register")


def titles(answer):
    return [words(link) for link in parse(answer.text).iterfind(".//a[@class='row-title']")]


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_somebody_who_has_nothing_yet(stranger, path):
    stranger.get(path)


@pytest.mark.parametrize("path", LISTS)
def test_pages_cost_six_statements_at_most(owner, claim, statements, path):
    owner.get(path)
    with statements() as seen:
        owner.get(path)
    assert len(seen) <= 6, seen


def test_one_receipt_one_item_one_case_cost_six_statements_at_most(owner, claim, agent, statements):
    factories.decide(agent.actor, claim)
    for path in (
        f"/purchases/{owner.purchase.code}",
        f"/units/{owner.unit.code}",
        f"/units/{owner.unit.code}/claims/new",
        f"/cases/{claim.code}",
    ):
        owner.get(path)
        with statements() as seen:
            owner.get(path)
        assert len(seen) <= 6, (path, seen)


def test_a_longer_list_costs_no_more(owner, outlet, product, statements):
    with statements() as short:
        owner.get("/home")
    for _ in range(5):
        factories.purchase(outlet, [(product, 2)], buyer=owner.person)
    for path in ("/home", "/units"):
        with statements() as long:
            owner.get(path)
        assert len(long) <= len(short)


def test_a_stranger_finds_nothing(stranger, owner, claim):
    for path in (
        f"/purchases/{owner.purchase.code}",
        f"/units/{owner.unit.code}",
        f"/units/{owner.unit.code}/claims/new",
        f"/units/{owner.unit.code}/card.id.pdf",
        f"/cases/{claim.code}",
    ):
        stranger.get(path, expect=404)
    assert titles(stranger.get("/home")) == []


def test_staff_have_their_own_area(agent):
    for path in ("/home", "/purchases", "/units", "/cases", "/account"):
        agent.get(path, expect=403)


def test_nobody_signed_in_is_asked_to_sign_in_and_comes_back(client):
    assert client.get("/units?after=x", expect=303).headers["Location"] == "/sign-in?next=/units?after=x"


def test_the_next_page_of_receipts_goes_on_where_this_one_ends(owner, outlet, product):
    for n in range(30):
        at = clock.now() - timedelta(days=40 + n)
        factories.purchase(outlet, [(product, 1)], buyer=owner.person, at=at)
    first = owner.get("/purchases")
    second = owner.get(parse(first.text).find(".//a[@rel='next']").get("href"))
    links = [
        link.get("href")
        for page in (first, second)
        for link in parse(page.text).iterfind(".//a[@class='row-title']")
    ]
    assert len(links) == len(set(links)) == 31
    for hostile in ("x", "W10", "bnVsbA", "WyJ4IiwxXQ"):
        for path in ("/purchases", "/units", "/cases"):
            owner.get(f"{path}?after={hostile}")


def test_home_tells_what_waits(owner, claim, agent, outlet, product):
    sent = factories.registration(owner.actor, product, outlet)
    units.decide_registration(
        agent.actor, sent, approve=False, reason="Nota buram.", version=sent.version, now=clock.now()
    )
    factories.decide(agent.actor, claim, Payment.REJECTED)
    page = owner.get("/home").text
    assert f"/units/{sent.code}" in page and f"/cases/{claim.code}" in page
    assert "Nota buram." in owner.get(f"/units/{sent.code}").text


def test_a_receipt_session_sees_that_receipt_alone(app, owner, outlet, product):
    from_paper = Browser(app, owner.person, reach=Reach(purchases=(owner.purchase.id,)))
    other = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    from_paper.get(f"/purchases/{owner.purchase.code}")
    from_paper.get(f"/purchases/{other.code}", expect=404)
    from_paper.get(f"/units/{factories.units_of(other)[0].code}", expect=404)
    for path in ("/home", "/account", "/cases"):
        page = from_paper.get(path).text
        assert "/account/everything" in page and "siti@contoh.id" not in page


def test_a_swapped_item_leads_to_the_new_one(owner, manager):
    new = units.replace(manager.actor, owner.unit, serial="BARU1", now=clock.now())
    factories.settle()
    assert f"/units/{new.code}" in owner.get(f"/units/{owner.unit.code}").text
    assert f"/units/{owner.unit.code}" in owner.get(f"/units/{new.code}").text


def test_a_void_item_says_why_and_takes_no_claim(owner, manager):
    units.void(manager.actor, owner.unit, reason="Segel rusak.", now=clock.now())
    factories.settle()
    page = owner.get(f"/units/{owner.unit.code}").text
    assert "Segel rusak." in page and "/claims/new" not in page
    assert "<textarea" not in owner.get(f"/units/{owner.unit.code}/claims/new").text


def test_a_card_check_shows_no_name_and_hides_the_serial(client, owner):
    token = unit_queries.card_token(owner.unit.id)
    page = client.get(f"/w/{token}").text
    assert owner.unit.code in page and owner.unit.serial not in page
    assert "Siti" not in page and purchases.token_of(owner.purchase.id) not in page
    client.get("/w/" + "0" * 26, expect=404)
