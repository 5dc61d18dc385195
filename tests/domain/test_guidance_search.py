"""Finding help texts by what people type."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.guidance import actions, index
from portal.domain.guidance.index import Reach
from portal.domain.guidance.models import HelpPassage, HelpPosting, HelpTerm
from portal.domain.guidance.passages import cut, quote
from portal.domain.guidance.terms import asked, terms
from portal.kernel import clock
from tests import factories_help


@pytest.fixture
def texts(app, product):
    """Three articles that tell each other apart."""
    return {
        "filter": factories_help.article(),
        "receipt": factories_help.article(
            title_id="Nota hilang", title_en="Lost receipt", body_id="Garansi tetap berlaku tanpa nota.",
            body_en="The warranty counts without the receipt.",
        ),
        "tv": factories_help.article(
            about="product", value=product.sku, title_id="Layar gelap", title_en="Dark screen",
            body_id="Cabut steker TV dua menit.", body_en="Pull the plug of the TV for two minutes.",
        ),
    }  # fmt: skip


def titles(question, language="id", **more):
    return [text.title for text in index.search(question, language, clock.now(), **more)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("menyalakan dinyalakan menyala", ["nyala"] * 3),
        ("garansi kulkasnya smp kapan ya kak", ["garansi", "kulkas", "smp", "kapan"]),
        ("mesin cuci / washing machine", ["mesincuci", "mesincuci"]),
        ("The fridge isn't cold", ["kulkas", "isn", "dingin"]),
        ("", []),
        ("🙈 ?!", []),
    ],
)
def test_words_lose_their_endings_and_synonyms_meet(typed, found):
    assert terms(typed) == found


def test_a_question_finds_its_answer_in_both_languages_with_slips(texts):
    assert titles("gimana cara bersihin saringannya")[0] == "Membersihkan saringan"
    assert titles("how do I clean the filter", "en")[0] == "Cleaning the filter"
    assert titles("I lost my receipt", "id")[0] == "Nota hilang"  # shown in the reader's language
    assert titles("saringn")[0] == "Membersihkan saringan"
    assert titles("sarin", typing=True)[0] == "Membersihkan saringan"


def test_what_is_about_ones_own_things_comes_first(texts, product):
    factories_help.article(
        title_id="Layar gelap", title_en="Dark screen", body_id="Umum.", body_en="General."
    )
    mine = Reach(products=frozenset({product.id}))
    assert index.search("layar gelap", "id", clock.now(), reach=mine)[0].path.endswith(texts["tv"].code)


def test_nonsense_and_ten_thousand_characters_find_nothing_quickly(texts, statements):
    for typed in ("", "'; DROP TABLE articles; --", "\u202e\u0301" * 50, "zxqv " * 2000, "%" * 10_000):
        assert index.near(index.search(typed, "id", clock.now())) == []
    assert len(asked("kata kunci " * 1000 + " ".join(f"w{n}" for n in range(100)))) <= 12
    with statements() as seen:
        titles("nota hilang garansi")
    assert len(seen) == 3


def test_only_what_is_shown_now_is_found(texts):
    actions.withdraw(texts["receipt"], clock.now())
    assert "Nota hilang" not in titles("nota hilang")
    later = factories_help.article(
        kind="notice", title_id="Bengkel pindah", title_en="Workshop moves", body_id="Lantai dua.",
        body_en="Second floor.", starts_at=clock.now() + timedelta(days=1),
        ends_at=clock.now() + timedelta(days=2),
    )  # fmt: skip
    assert titles("bengkel pindah") == []
    found = index.search("bengkel pindah", "id", clock.now() + timedelta(days=1, hours=1))
    assert found[0].path == f"/help/{later.code}"


def test_writing_anew_leaves_nothing_behind(texts):
    before = {row.term: row.passages for row in db.session.query(HelpTerm)}
    for _again in range(3):
        actions.file_article(texts["filter"])
    assert {row.term: row.passages for row in db.session.query(HelpTerm)} == before
    for article in texts.values():
        actions.withdraw(article, clock.now())
    assert db.session.query(HelpPassage).count() == db.session.query(HelpPosting).count() == 0
    assert {row.passages for row in db.session.query(HelpTerm)} == {0}


def test_passages_keep_headings_and_quotations_are_the_text_itself():
    body = (
        "Awal.\n\n## Saringan\n\n- Bilas **saringan** dengan air.\n- Keringkan.\n\n## Gas\n\nPanggil teknisi."
    )
    found = cut(body)
    assert [(p.heading, p.body) for p in found] == [
        ("", "Awal."), ("Saringan", "Bilas saringan dengan air.\nKeringkan."), ("Gas", "Panggil teknisi."),
    ]  # fmt: skip
    assert quote(found[1].body, set(terms("keringkan"))) == "Keringkan."
    assert quote("x " * 2000, set())[-1] == "…"
