"""The customer's way in for every kind of case, and staff who open one in a customer's name."""

import pytest

from portal.db import db
from portal.domain.cases.models import Case, CasePhoto
from portal.domain.requests import queries
from portal.domain.requests.prices import save_service
from portal.domain.workflows.registry import KINDS
from tests import factories
from tests.asking import ANSWERS, ON_RECEIPT
from tests.pages import parse, words


def about(owner, kind):
    """The query that says what a case of this kind is about."""
    if kind == "privacy":
        return ""
    return f"?receipt={owner.purchase.code}" if kind in ON_RECEIPT else f"?unit={owner.unit.code}"


def cases():
    return db.session.query(Case).order_by(Case.id).all()


def test_the_first_page_offers_every_kind_in_the_customers_words(owner):
    page = parse(owner.get(f"/ask?unit={owner.unit.code}").text)
    links = {a.get("href") for a in page.iter("a")}
    assert f"/units/{owner.unit.code}/claims/new" in links
    assert all(f"/ask/{kind}?unit={owner.unit.code}" in links for kind in ANSWERS)
    assert all(kind.offer.id in words(page) for kind in KINDS.values())


@pytest.mark.parametrize("kind", ANSWERS)
def test_each_kind_is_asked_for_in_one_form(owner, kind):
    way = f"/ask/{kind}{about(owner, kind)}"
    page = parse(owner.get(way).text)
    assert "The shop answers by" in words(page)
    key = page.find(".//main//form/input[@name='_key']").get("value")
    answer = owner.post(way, _key=key, **ANSWERS[kind])
    assert owner.post(way, _key=key, **ANSWERS[kind]).headers["Location"] == answer.headers["Location"]
    [case] = cases()
    assert case.kind == kind and answer.headers["Location"] == f"/cases/{case.code}"
    shown = words(parse(owner.follow(answer).text))
    assert "Sent. The shop answers by" in shown and KINDS[kind].label.id in shown


@pytest.mark.parametrize("kind", ["question", "quality", "service"])
def test_what_it_is_about_is_chosen_first(owner, kind):
    code = owner.purchase.code if kind in ON_RECEIPT else owner.unit.code
    name = "receipt" if kind in ON_RECEIPT else "unit"
    links = [a.get("href") for a in parse(owner.get(f"/ask/{kind}").text).iter("a")]
    assert f"/ask/{kind}?{name}={code}" in links
    assert (f"/ask/{kind}?about=none" in links) == (kind not in ON_RECEIPT)


def test_a_claim_leads_to_its_own_questions(owner):
    assert owner.get(f"/ask/warranty?unit={owner.unit.code}", expect=303).headers["Location"] == (
        f"/units/{owner.unit.code}/claims/new"
    )
    links = [a.get("href") for a in parse(owner.get("/ask/warranty").text).iter("a")]
    assert f"/units/{owner.unit.code}/claims/new" in links
    owner.post("/ask/warranty", expect=405)


def test_what_is_wrong_stands_beside_its_question_and_nothing_is_lost(owner):
    way = f"/ask/question?unit={owner.unit.code}"
    page = parse(owner.post(way, expect=422, story="Halo, remote saya mati.", way="call", phone="abc").text)
    assert "Write a phone number" in words(page.find(".//*[@id='phone-error']"))
    assert page.find(".//textarea[@id='story']").text.strip() == "Halo, remote saya mati."
    assert page.find(".//input[@value='call']").get("checked") is not None
    assert not cases()


def test_what_does_not_apply_is_ignored(owner):
    owner.post(f"/ask/question?unit={owner.unit.code}", **ANSWERS["question"], phone="no number")
    assert queries.of_case(cases()[0].id).answers == ANSWERS["question"]


def test_photos_and_what_was_tried_go_with_it(owner):
    photo = factories.photo(owner.actor)
    way = f"/ask/quality?receipt={owner.purchase.code}&tried=Lampu%20menyala%3F%09Ya"
    assert "Lampu menyala?" in owner.get(way).text
    owner.post(way, **ANSWERS["quality"], **{"photos-kept": photo})
    [case] = cases()
    assert queries.of_case(case.id).tried == [["Lampu menyala?", "Ya"]]
    assert [p.file_code for p in db.session.query(CasePhoto)] == [photo]


def test_the_price_list_is_what_services_are_chosen_from(owner, outlet):
    fields = {"sector": outlet.sector, "name_en": "Cleaning", "days": 0, "active": True}
    save_service(None, 0, code="CUCI", name_id="Cuci AC", price=85_000, at_home=False, **fields)
    save_service(None, 0, code="LAMA", name_id="Lama", price=1, at_home=False, **fields | {"active": False})
    db.session.commit()
    way = f"/ask/service?unit={owner.unit.code}"
    page = owner.get(way).text
    assert "Rp85,000" in page.replace("Rp85.000", "Rp85,000") and "Lama" not in page
    told = {"service": "CUCI", "story": "Enam bulan belum dicuci.", "place": "Jalan Mawar 3"}
    refused = owner.post(way, expect=422, where="home", **told).text
    assert "at the shop only" in refused
    owner.post(way, where="shop", **told)
    [case] = cases()
    assert (case.title, case.title_en) == ("Cuci AC", "Cleaning")
    assert queries.of_case(case.id).answers["offer"]["price"] == 85_000
    assert "Cleaning, Rp85" in owner.get(f"/cases/{case.code}").text


def test_strangers_items_and_receipts_are_not_there(owner, stranger):
    for kind in ("question", "quality"):
        stranger.get(f"/ask/{kind}{about(owner, kind)}", expect=404)
        stranger.post(f"/ask/{kind}{about(owner, kind)}", expect=404, **ANSWERS[kind])
    assert not cases()


def test_an_address_without_its_subject_asks_for_it_again(owner):
    assert owner.post("/ask/quality", **ANSWERS["quality"]).headers["Location"] == "/ask/quality"
    assert not cases()


@pytest.mark.parametrize("kind", [*ANSWERS, "warranty"])
def test_staff_open_any_kind_for_a_customer(owner, agent, kind):
    told = {"symptom": "tv_no_power", "story": factories.STORY} if kind == "warranty" else ANSWERS[kind]
    here = f"/desk/customers/{owner.person.code}/ask"
    assert kind in agent.get(here).text
    way = f"{here}/{kind}{about(owner, kind)}"
    agent.get(way)
    answer = agent.post(way, **told)
    [case] = cases()
    assert (case.kind, case.customer_id, case.state) == (kind, owner.person.id, "submitted")
    assert "wrote it down for the customer" in agent.follow(answer).text
    owner.get(f"/cases/{case.code}")


def test_staff_do_not_open_a_second_claim_nor_one_that_the_customer_writes(owner, agent):
    way = f"/desk/customers/{owner.person.code}/ask/warranty?unit={owner.unit.code}"
    owner.post(f"/units/{owner.unit.code}/claims/new/what", symptom="tv_no_power")
    told = {"symptom": "tv_no_power", "story": factories.STORY}
    assert "has begun a claim" in agent.post(way, expect=422, **told).text
    assert [case.state for case in cases()] == ["draft"]


def test_technicians_open_no_cases(owner, technician):
    technician.get(f"/desk/customers/{owner.person.code}/ask", expect=403)
    technician.post(f"/desk/customers/{owner.person.code}/ask/question", expect=403)
