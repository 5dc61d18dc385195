"""Wording, as far as a machine can see: no language in the other, one word for each thing, no slips."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.adapters.document_words import WORDS

ROOT = Path(__file__).resolve().parents[2]
Sentence = tuple[str, str, str]  # where it stands, its English id, what is said

SAME_IN_BOTH = {
    "Admin", "Blender", "Diagnosis", "Distributor", "Indonesia", "Laptop", "Logo", "Microwave", "Model",
    "Monitor", "Sofa", "Status", "Tag", "Total",
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|your|you|please|and|or|with|of|is|are|this|not|new|case|claim|receipt|item|e-mail|shop)\b", re.I
)
INDONESIAN = re.compile(
    r"\b(yang|dan|untuk|anda|kami|dengan|tidak|atau|sudah|belum|silakan|nota|kasus|klaim|barang|garansi)\b",
    re.I,
)
# One word for each thing: email, koneksi, kalau, minimal, maksimal, nota, cabang; a capital in Anda.
OTHER_WORDS = re.compile(
    r"\b(anda|[Ss]urel|[Ss]ambungan|[Jj]ika|[Bb]ila|[Aa]pabila|[Pp]aling (sedikit|banyak)|[Ss]truk|[Gg]erai"
    r"|[Kk]omplain|[Tt]iket|[Dd]ahulu|[Hh]andphone|HP)\b"
)
AMERICAN = re.compile(r"\b(colors?|center|catalog|organize|recognize|labor|email|cancel(ed|ing))\b", re.I)
SLIP = re.compile(r"  |\"|\.\.\.|[‘’]|\w\s[,.;:!?]|\b(\w+) \1\b", re.I)
END = re.compile(r"[.?!:…]?$")
LONG = 200  # signs; the pages and letters that explain may take more
EXPLAINING = ("templates/customer/about/", "templates/help/", "templates/emails/")


def sentences(language: str) -> Iterator[Sentence]:
    """Each form of each message of a catalog, and what is printed on documents."""
    for key, text in WORDS[language].items():
        yield "document", WORDS["en"][key], text
    path = ROOT / "portal/translations" / language / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [message.string] if isinstance(message.string, str) else list(message.string or ())
            where = message.locations[0][0] if message.locations else ""
            if message.id:
                yield from ((where, one, text) for one, text in zip(ids[-len(said) :], said, strict=True))


def words(text: str) -> str:
    return re.sub(r"%\(\w+\)s", "…", text)


def found(pattern: re.Pattern[str], language: str) -> list[str]:
    return [text for _where, _one, text in sentences(language) if pattern.search(words(text))]


def test_no_english_is_left_in_the_indonesian() -> None:
    assert found(ENGLISH, "id") == []
    alike = [
        one for _where, one, text in sentences("id") if text == one and re.search("[a-z]{2}", words(one))
        and one not in SAME_IN_BOTH
    ]  # fmt: skip
    assert alike == []


def test_no_indonesian_is_left_in_the_english() -> None:
    assert found(INDONESIAN, "en") == []


def test_each_thing_has_one_word() -> None:
    assert found(OTHER_WORDS, "id") == []
    assert found(AMERICAN, "en") == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_slip_of_the_pen(language: str) -> None:
    assert found(SLIP, language) == []


def test_the_english_is_said_in_the_source() -> None:
    assert {one for _where, one, text in sentences("en") if text != one} <= {
        "Not a valid choice."
    }  # WTForms'


def test_a_sentence_ends_alike_in_both_languages() -> None:
    ends = [
        (one, text) for _where, one, text in sentences("id") if END.findall(one)[0] != END.findall(text)[0]
    ]
    assert ends == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_sentences_are_short(language: str) -> None:
    long = [
        text
        for where, _one, text in sentences(language)
        if len(text) > LONG and not where.startswith(EXPLAINING)
    ]
    assert long == []
