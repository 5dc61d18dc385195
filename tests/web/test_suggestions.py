"""What is suggested beside a form while it is written."""

import pytest

from portal.db import db
from portal.domain.guidance import suggesting
from portal.domain.guidance.models import HelpCount
from tests import factories, factories_help
from tests.browser import Browser

SUGGEST = "/suggestions"


@pytest.fixture
def visitor(app):
    return Browser(app)


def suggest(browser, story, query="", **more):
    return browser.post(f"{SUGGEST}{query}", expect=200, htmx=True, story=story, **more).text


def test_texts_that_fit_are_shown_while_somebody_types(owner, statements):
    article = factories_help.article()
    with statements() as seen:
        text = suggest(owner, "cara bersihkan sari")
    assert f"/help/{article.code}" in text and "<html" not in text and len(seen) <= 6
    assert article.code not in suggest(owner, "halo")
    assert "<html" in owner.post(SUGGEST, expect=200, story="saringan").text  # without scripts: a page


def test_own_open_cases_are_named_and_nobody_elses(owner, stranger):
    case = factories.claim(owner.actor, owner.unit)
    factories.settle()
    assert f"/cases/{case.code}" in suggest(owner, "masih rusak", f"?unit={owner.unit.code}")
    assert case.code not in suggest(stranger, case.title, f"?unit={owner.unit.code}")


def test_nonsense_and_very_long_texts_bring_nothing_and_no_fault(owner):
    factories_help.article()
    for story in ("", "zxqv " * 2000, "'; DROP TABLE cases; --", "\u202e" * 500):
        assert "/help/" not in suggest(owner, story)


def test_it_asks_for_an_account_and_changes_nothing_until_it_helped(owner, visitor, agent):
    visitor.post(SUGGEST, story="x", expect=401)
    agent.post(SUGGEST, story="x", expect=403)
    owner.get(SUGGEST, expect=405)
    suggest(owner, "saringan kotor")
    assert db.session.query(HelpCount).count() == 0
    owner.post(f"{SUGGEST}/helped")
    assert db.session.query(HelpCount).one().event == "helped"


def test_forms_ask_for_suggestions_and_have_a_plain_link(owner):
    sku = owner.unit.product.sku
    for path in (f"/units/{owner.unit.code}/claims/new/story", f"/ask/question?unit={owner.unit.code}"):
        text = owner.get(path).text
        assert 'hx-post="/suggestions' in text and f"/help/for/{sku}" in text and "htmx.js" in text


def test_a_kind_is_named_only_when_the_words_are_clear(owner):
    clear = "Salah kirim, warna tidak sesuai pesanan, ukuran kekecilan, mau tukar atau retur uang kembali"
    assert suggesting.kind_of(clear) == "return"
    assert "/ask/return" in suggest(owner, clear, "?kind=question")
    assert "/ask/return" not in suggest(owner, clear, "?kind=return")
    assert suggesting.kind_of("halo kak") == suggesting.kind_of("") == suggesting.kind_of("x" * 10_000) == ""
