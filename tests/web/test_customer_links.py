"""Links in messages: they open one case, and nothing else of a proven account."""

from sqlalchemy import update

from portal.db import db
from portal.domain.cases import queries as cases
from portal.domain.cases.models import CaseLink
from portal.kernel import clock
from tests import factories
from tests.browser import Browser


def test_looking_changes_nothing_and_tells_nothing_private(client, claim):
    token = cases.link_token(claim.id)
    answer = client.get(f"/c/{token}")
    assert "Televisi 43 inci" in answer.text
    assert factories.STORY not in answer.text and "Siti" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    client.get(f"/cases/{claim.code}", expect=303)


def test_the_button_opens_this_case_and_no_other(client, owner, claim, outlet, product):
    other = factories.claim(
        owner.actor, factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    )
    page = client.follow(client.post(f"/c/{cases.link_token(claim.id)}")).text
    assert factories.STORY in page
    client.get(f"/cases/{other.code}", expect=404)
    client.get(f"/purchases/{owner.purchase.code}", expect=404)
    assert "siti@contoh.id" not in client.get("/account").text


def test_two_links_open_two_cases(client, owner, claim, outlet, product):
    other = factories.claim(
        owner.actor, factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    )
    for case in (claim, other):
        client.post(f"/c/{cases.link_token(case.id)}")
    for case in (claim, other):
        client.get(f"/cases/{case.code}")


def test_a_full_session_of_the_same_person_stays(owner, claim):
    owner.post(f"/c/{cases.link_token(claim.id)}")
    assert "siti@contoh.id" in owner.get("/account").text


def test_of_an_account_without_a_proven_contact_too_only_the_case_opens(app, client, outlet, product):
    person = factories.customer("Tanpa Kontak", proven=False)
    unit = factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=person))[0]
    case = factories.claim(Browser(app, person).actor, unit)
    client.post(f"/c/{cases.link_token(case.id)}")
    client.get(f"/cases/{case.code}")
    client.get(f"/units/{unit.code}", expect=404)


def test_staff_go_to_their_own_page(agent, claim):
    answer = agent.post(f"/c/{cases.link_token(claim.id)}")
    assert answer.headers["Location"] == f"/desk/cases/{claim.code}"


def test_unknown_and_ended_links(client, claim):
    client.get("/c/" + "0" * 26, expect=404)
    client.post("/c/" + "0" * 26, expect=404)
    token = cases.link_token(claim.id)
    db.session.execute(update(CaseLink).values(revoked_at=clock.now()))
    client.get(f"/c/{token}", expect=410)
    client.post(f"/c/{token}", expect=410)
