"""Staff write articles and searches for a cause."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.guidance import counting, talks, trees
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.models import Article, Tree, TreeVersion
from portal.domain.guidance.rules import read
from portal.kernel import clock
from tests import factories_help
from tests.browser import Browser

ARTICLE = {
    "kind": "guide", "about": "everything", "value": "",
    "title_id": "Nota hilang", "title_en": "Lost receipt",
    "body_id": "Garansi tetap berlaku.", "body_en": "The warranty counts.",
}  # fmt: skip
STEP = {"said_id": "Lampu menyala?", "said_en": "Lamp on?", "end": ""}


@pytest.fixture
def visitor_walks(app):
    return lambda tree: Browser(app).get(f"/help/steps/{tree.code}/1?a=2")


def test_an_article_is_drafted_previewed_published_and_taken_back(agent):
    preview = agent.post("/desk/help/new", expect=200, **{**ARTICLE, "body_en": "**bold**", "do": "preview"})
    assert "<strong>bold</strong>" in preview.text and db.session.query(Article).count() == 0
    agent.post("/desk/help/new", **ARTICLE, do="save", _key="k")
    agent.post("/desk/help/new", **ARTICLE, do="save", _key="k")
    article = db.session.scalars(select(Article)).one()
    assert article.published_at is None
    agent.post(f"/desk/help/{article.code}", **ARTICLE, do="publish", version=article.version)
    db.session.expire_all()
    assert article.published_at is not None
    agent.post(f"/desk/help/{article.code}/withdraw")
    db.session.expire_all()
    assert article.published_at is None


def test_what_is_wrong_with_an_article_stands_beside_its_field(agent):
    for wrong, said in (
        ({"about": "product", "value": "NIX"}, "No product has this code"),
        ({"about": "category", "value": "NIX"}, "No product is in this category"),
        ({"do": "publish", "body_en": ""}, "both languages"),
        ({"kind": "notice", "do": "publish"}, "until when"),
        ({"starts_on": "2031-02-03", "ends_on": "2031-02-01"}, "ends before it begins"),
        ({"body_id": "![](drawing:nix)"}, "no drawing named"),
    ):
        text = agent.post("/desk/help/new", expect=422, **{**ARTICLE, **wrong}).text
        assert said in text and "Nota hilang" in text
    assert db.session.query(Article).count() == 0


def test_the_second_of_two_writers_keeps_what_was_typed(agent, manager):
    article = factories_help.article()
    stale = article.version
    manager.post(f"/desk/help/{article.code}", **ARTICLE, version=stale)
    text = agent.post(
        f"/desk/help/{article.code}", expect=409, **{**ARTICLE, "title_en": "Mine"}, version=stale
    ).text
    assert "Somebody else has just saved this" in text and "Mine" in text


def test_only_those_who_write_help_come_here(technician, owner):
    article, tree = factories_help.article(), factories_help.tree()
    for path in (
        "",
        "/new",
        f"/{article.code}",
        "/steps",
        f"/steps/{tree.code}",
        f"/steps/{tree.code}/1",
        "/figures",
    ):
        for browser in (technician, owner):
            browser.get(f"/desk/help{path}", expect=403)


def test_a_search_is_written_step_by_step_and_published(agent):
    agent.post("/desk/help/steps/new", title_id="TV mati", title_en="TV off", about="everything", value="")
    tree = db.session.scalars(select(Tree)).one()
    path = f"/desk/help/steps/{tree.code}"
    version = trees.newest(tree).version
    answers = {"answer0_id": "Ya", "answer0_to": "new", "answer1_id": "Tidak", "answer1_to": "claim"}
    agent.post(f"{path}/add", **STEP, **answers, version=version)
    assert "Write what the customer is asked" in agent.get(path).text
    db.session.expire_all()
    version = trees.newest(tree).version
    agent.post(f"{path}/publish", expect=422, version=version)
    agent.post(f"{path}/2", **{**STEP, "end": "ask"}, version=version)
    db.session.expire_all()
    agent.post(f"{path}/publish", version=trees.newest(tree).version)
    db.session.expire_all()
    assert trees.published(tree).number == 1
    agent.get(f"/help/steps/{tree.code}")


def test_a_published_search_stays_as_it_is_while_the_next_edition_is_written(agent, visitor_walks):
    tree = factories_help.tree()
    edition = trees.newest(tree)
    agent.post(f"/desk/help/steps/{tree.code}/3", remove="1", **STEP, version=edition.version)
    db.session.expire_all()
    assert "3" in read(trees.published(tree).steps) and "3" not in read(trees.newest(tree).steps)
    assert db.session.query(TreeVersion).count() == 2
    assert "leads nowhere" in agent.get(f"/desk/help/steps/{tree.code}").text
    visitor_walks(tree)
    agent.post(f"/desk/help/steps/{tree.code}/1", expect=409, **STEP, version=999)
    agent.get(f"/desk/help/steps/{tree.code}/99", expect=404)
    agent.post(f"/desk/help/steps/{tree.code}/hide")
    agent.get(f"/help/steps/{tree.code}", expect=404)


def test_figures_say_what_needed_no_case(agent):
    assert "Nobody has used it yet" in agent.get("/desk/help/figures").text
    for event in (Event.HELPED, Event.HELPED, Event.HELPED, Event.WENT_ON):
        counting.count(Source.TREE, event, clock.now())
    db.session.commit()
    assert "75 %" in agent.get("/desk/help/figures").text


def test_a_question_says_which_kind_it_sounds_like(agent, owner, claim, technician):
    path, told = f"/desk/help/sounds/{claim.code}", "Paket penyok, isinya pecah karena kurir, dus hancur"
    assert "Sounds like" not in agent.get(path, htmx=True).text  # a claim's own form was filled in
    question = talks.ask(owner.actor, None, [], told, clock.now())
    db.session.commit()
    path = f"/desk/help/sounds/{question.code}"
    assert f'hx-get="{path}"' in agent.get(f"/desk/cases/{question.code}").text
    hint = agent.get(path, htmx=True).text
    assert "Sounds like" in hint and f"/desk/cases/{question.code}/kind?to=damage" in hint
    assert "kind?to=" not in technician.get(path, htmx=True).text
    agent.get("/desk/help/sounds/ZZZZZZZZ", expect=404)


def test_a_list_names_sectors_in_the_readers_words(agent):
    factories_help.article(about="sector", value="food")
    assert "Food and drink" in agent.get("/desk/help").text
