"""The assistant: own records, sources, not knowing, handing over, limits and forgetting."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.guidance import index, talks, tending
from portal.domain.guidance.index import Found
from portal.domain.guidance.models import HelpCount, Talk
from portal.domain.requests.models import Request
from portal.kernel import clock
from tests import factories, factories_help
from tests.browser import Browser

ASSISTANT = "/help/assistant"


@pytest.fixture
def visitor(app):
    return Browser(app)


@pytest.fixture
def article(app):
    return factories_help.article()


def ask(browser, question):
    answer = browser.post(ASSISTANT, question=question)
    return browser.get(ASSISTANT).text if answer.status_code == 303 else answer.text


def test_it_quotes_the_text_and_links_to_it(visitor, article):
    text = ask(visitor, "How do I clean the filter?")
    assert "This is what our help pages say" in text
    assert "Rinse the filter with water" in text and f"/help/{article.code}" in text


def test_it_says_when_it_does_not_know(visitor, article):
    for question in ("who is the president?", "zxqv", "🙈", "'; DROP TABLE x"):
        text = ask(visitor, question)
        assert "I do not know that." in text.rsplit("You asked:", 1)[1]


@pytest.mark.parametrize(
    ("share", "named", "shown"),
    [(1.0, False, True), (0.55, False, True), (0.5, True, True), (0.5, False, False), (0.3, True, False)],
)
def test_a_weak_match_is_shown_only_when_the_question_names_its_text(share, named, shown):
    text = Found("article", 1, "guide", "/help/A", "Membersihkan saringan", "", "…", share, 1.0, named)
    assert bool(index.near([text])) is shown


def test_what_a_question_names_is_a_word_of_the_title_in_any_language(article):
    named = {
        question: [text.named for text in index.search(question, language, clock.now())]
        for question, language in (("cleaning", "id"), ("saringan", "en"), ("water", "en"))
    }
    assert named == {"cleaning": [True], "saringan": [True], "water": [False]}


@pytest.mark.parametrize("question", ["sampai kapan TV saya ditanggung?", "Until when is my TV covered?"])
def test_until_when_is_understood_without_the_word_warranty(owner, question):
    assert f"/units/{owner.unit.code}" in ask(owner, question)


def test_until_when_is_answered_from_ones_own_units(owner, stranger, visitor, article):
    question = "sampai kapan garansi TV saya?"
    text = ask(owner, question)
    assert owner.unit.product.name in text and f"/units/{owner.unit.code}" in text and "Covered until" in text
    assert owner.unit.code not in ask(stranger, question)
    seen = ask(visitor, question)
    assert owner.unit.code not in seen and "Sign in, and I answer this from your own receipts" in seen


def test_open_cases_are_told_to_their_owner_alone(owner, stranger):
    case = factories.claim(owner.actor, owner.unit)
    factories.settle()
    assert f"/cases/{case.code}" in ask(owner, "status klaim saya sudah sampai mana?")
    assert case.code not in ask(stranger, "status klaim saya sudah sampai mana?")


def test_a_person_gets_everything_that_was_said(owner, agent, article):
    ask(owner, "cara bersihkan saringan")
    ask(owner, "apa rahasia alam semesta?")
    assert "apa rahasia alam semesta?" in owner.get(f"{ASSISTANT}/handover").text
    answer = owner.post(f"{ASSISTANT}/handover", story="Saringannya retak, bagaimana?", _key="k")
    assert owner.post(f"{ASSISTANT}/handover", story="Saringannya retak, bagaimana?", _key="k").location == (
        answer.location
    )
    request = db.session.query(Request).one()
    assert [line[0] for line in request.tried] == ["cara bersihkan saringan", "apa rahasia alam semesta?"]
    assert request.case.kind == "question" and db.session.query(Talk).count() == 0
    assert "apa rahasia alam semesta?" in owner.get(f"/cases/{request.case.code}").text
    events = {row.event: row.count for row in db.session.query(HelpCount) if row.source == "assistant"}
    assert events == {"asked": 2, "went_on": 1}


def test_handing_over_needs_words_and_an_account(owner, visitor, agent):
    assert owner.post(f"{ASSISTANT}/handover", story=" ", expect=422)
    assert "Copy what you wrote" in visitor.post(f"{ASSISTANT}/handover", expect=401, story="Halo").text
    agent.post(f"{ASSISTANT}/handover", story="Halo", expect=403)


def test_a_talk_belongs_to_its_session_and_is_forgotten(owner, visitor, article):
    ask(owner, "clean the filter")
    assert "You asked:" not in visitor.get(ASSISTANT).text
    owner.post(f"{ASSISTANT}/forget")
    assert "You asked:" not in owner.get(ASSISTANT).text
    ask(owner, "clean the filter")
    tending.tend(clock.now() + talks.KEPT + timedelta(seconds=1))
    db.session.commit()
    assert db.session.query(Talk).count() == 0


def test_what_a_visitor_asked_goes_on_after_signing_in(visitor, owner, article):
    ask(visitor, "clean the filter")
    with visitor.session() as session:
        name = session["browser"]
    with owner.session() as session:
        session["browser"] = name
    assert "clean the filter" in owner.get(f"{ASSISTANT}/handover").text
    owner.post(f"{ASSISTANT}/handover", story="Halo")
    assert "You asked:" not in visitor.get(ASSISTANT).text


def test_too_long_and_too_often_are_refused_with_the_words_kept(visitor, article):
    assert visitor.post(ASSISTANT, question="", expect=422)
    assert "x" * 600 in visitor.post(ASSISTANT, question="x" * 600, expect=422).text
    assert visitor.post(ASSISTANT, question="y" * 10_000, expect=422)
    for _n in range(20):
        visitor.post(ASSISTANT, question="filter")
    assert "tried too often" in visitor.post(ASSISTANT, question="filter", expect=429).text


def test_htmx_gets_the_talk_alone(visitor, article):
    text = visitor.get(ASSISTANT, htmx=True).text
    assert 'id="talk"' in text and "<html" not in text
