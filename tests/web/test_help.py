"""The help pages as everybody reads them, and the steps of a search for a cause."""

import pytest

from portal.db import db
from portal.domain.claims import actions as claims
from portal.domain.guidance import counting, talks
from portal.domain.guidance.models import Handover, HelpCount
from portal.domain.requests.models import Request
from portal.kernel import clock
from tests import factories, factories_help
from tests.browser import Browser


@pytest.fixture
def visitor(app):
    return Browser(app)


def counted():
    return {(row.source, row.event): row.count for row in db.session.query(HelpCount)}


def test_a_visitor_reads_and_finds_what_is_published_and_no_draft(visitor):
    shown = factories_help.article()
    draft = factories_help.article(publish=False, title_id="Rahasia", title_en="Secret")
    visitor.get("/help")
    assert "Secret" not in visitor.get("/help").text
    assert "Rinse the filter" in visitor.get(f"/help/{shown.code}").text
    assert shown.code in visitor.get("/help/search?q=clean filter").text
    assert "Nothing here answers that" in visitor.get("/help/search?q=zxqv").text
    visitor.get(f"/help/{draft.code}", expect=404)
    visitor.get("/help/ZZZZZZZZ", expect=404)


def test_everybody_finds_a_person_to_ask(visitor, owner, agent):
    assert 'href="/ask"' in visitor.get("/help").text and 'href="/ask"' in owner.get("/help").text
    assert visitor.get("/ask", expect=303).headers["Location"].endswith("/sign-in?next=/ask")
    owner.get("/ask")
    assert 'href="/ask"' not in agent.get("/help").text
    assert f'/help/for/{owner.unit.product.sku}"' in owner.get(f"/units/{owner.unit.code}").text


def test_markdown_of_an_article_is_harmless(visitor):
    body = "<script>alert(1)</script> [x](javascript:alert(1)) **kuat**"
    shown = factories_help.article(body_id=body, body_en=body)
    text = visitor.get(f"/help/{shown.code}").text
    assert "<script>alert" not in text and 'href="javascript' not in text and "<strong>kuat</strong>" in text


def test_helpful_is_counted_once_a_form_and_without_a_name(visitor):
    shown = factories_help.article()
    visitor.post(f"/help/{shown.code}/helpful", yes="1", _key="a")
    visitor.post(f"/help/{shown.code}/helpful", yes="1", _key="a")
    visitor.post(f"/help/{shown.code}/helpful", no="1", _key="b")
    assert counting.by_subject([shown.code]) == {shown.code: {"helped": 1, "not": 1}}


def test_a_product_has_its_care_guide_and_what_is_about_it(visitor, product):
    factories_help.article(about="product", value=product.sku, title_en="Only for this one")
    assert "Only for this one" in visitor.get(f"/help/for/{product.sku}").text
    visitor.get("/help/for/NIX", expect=404)
    visitor.get(f"/help/care/{product.sku}", expect=404)  # nobody has written it


def test_a_search_is_walked_step_by_step_and_back(visitor):
    tree = factories_help.tree()
    visitor.post(f"/help/steps/{tree.code}")
    first = visitor.get(f"/help/steps/{tree.code}/1?a=").text
    assert "Is the lamp on?" in first and "a=0" in first
    second = visitor.get(f"/help/steps/{tree.code}/1?a=0").text
    assert "Press the button." in second and f"/help/steps/{tree.code}/1?a=" in second
    assert "That should have done it" in visitor.get(f"/help/steps/{tree.code}/1?a=00").text
    assert "Pull the plug." in visitor.get(f"/help/steps/{tree.code}/1?a=2").text
    for wrong in ("9", "x", "000", "0" * 500):
        visitor.get(f"/help/steps/{tree.code}/1?a={wrong}", expect=404)
    visitor.get(f"/help/steps/{tree.code}/2?a=", expect=404)
    visitor.post(f"/help/steps/{tree.code}/1/helped?a=00")
    assert counted() == {("tree", "asked"): 1, ("tree", "helped"): 1}


def test_a_draft_and_a_hidden_search_are_not_walked(visitor):
    draft, hidden = factories_help.tree(publish=False), factories_help.tree()
    hidden.hidden = True
    db.session.commit()
    for tree in (draft, hidden):
        visitor.get(f"/help/steps/{tree.code}", expect=404)
        visitor.get(f"/help/steps/{tree.code}/1?a=", expect=404)


def test_asking_the_shop_from_a_step_sends_everything_that_was_tried(owner, agent):
    tree = factories_help.tree()
    path = f"/to-the-shop?tree={tree.code}&edition=1&a=01&unit={owner.unit.code}"
    answer = owner.post(path, story="Tetap mati", _key="k")
    assert owner.post(path, story="Tetap mati", _key="k").location == answer.location
    request = db.session.query(Request).one()
    assert [line[1] for line in request.tried] == ["The TV does not turn on", "Yes", "Still"]
    assert request.case.unit_id == owner.unit.id and request.answers["story"] == "Tetap mati"
    assert "Press the button." in owner.get(f"/cases/{request.case.code}").text
    assert counted()["tree", "went_on"] == 1


def test_a_claim_that_follows_gets_what_was_tried_and_another_does_not(owner, stranger):
    tree = factories_help.tree()
    path = f"/to-the-shop?tree={tree.code}&edition=1&a=1"
    assert owner.post(path, claim=owner.unit.code).location.endswith(f"/units/{owner.unit.code}/claims/new")
    stranger.post(path, claim=owner.unit.code, expect=404)
    case = factories.claim(owner.actor, owner.unit)
    factories.settle()
    assert db.session.get(Request, case.id).tried[-1] == ["Is the lamp on?", "No"]
    assert db.session.query(Handover).count() == 0


def test_what_was_tried_is_forgotten_after_a_day(owner):
    talks.carry(owner.actor, owner.unit, [["a", "b"]], clock.now() - talks.CARRIED)
    db.session.commit()
    case = factories.claim(owner.actor, owner.unit)
    factories.settle()
    assert db.session.get(Request, case.id) is None or db.session.get(Request, case.id).tried == []
    assert claims  # the claim itself is filed as ever


@pytest.mark.parametrize("path", ["/help", "/help/search?q=clean the filter", "/help/assistant"])
def test_pages_ask_few_questions(owner, statements, path):
    factories_help.article()
    with statements() as seen:
        owner.get(path)
    assert len(seen) <= 6
