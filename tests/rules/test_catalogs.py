"""Both catalogs say everything that the source asks for."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("id", "en")
JINJA = "jinja2.ext:babel_extract"
METHODS = {"portal": [("**.py", "python")], "templates": [("**.html", JINJA), ("**.txt", JINJA)]}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
# Sentences of WTForms' fields that a person can meet.
FROM_WTFORMS = ("Not a valid choice.", "Not a valid integer value.", "Not a valid date value.")


def source_messages() -> dict[str, str]:
    """message id → where it first stands."""
    found: dict[str, str] = {}
    for folder, method in METHODS.items():
        options = {pattern: {"trimmed": "true", "encoding": "utf-8"} for pattern, _name in method}
        for file, line, message, _comments, _context in extract_from_dir(ROOT / folder, method, options):
            one = message if isinstance(message, str) else message[0]
            found.setdefault(one, f"{folder}/{file}:{line}")
    return {**found, **dict.fromkeys(FROM_WTFORMS, "WTForms")}


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return source_messages()


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    path = ROOT / "portal/translations" / request.param / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def said(message: Message | None) -> list[str]:
    """The translations of a message, one or one for each plural form."""
    if message is None:
        return [""]
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_the_source_speaks(wanted: dict[str, str]) -> None:
    assert len(wanted) > 100


def test_every_message_is_translated(catalog: Catalog, wanted: dict[str, str]) -> None:
    missing = {i: where for i, where in wanted.items() if not all(s.strip() for s in said(catalog.get(i)))}
    assert not missing, f"{len(missing)} of {len(wanted)} are missing"


def test_nothing_is_fuzzy(catalog: Catalog) -> None:
    assert not [m.id for m in catalog if m.id and m.fuzzy]


def test_nothing_is_left_over(catalog: Catalog, wanted: dict[str, str]) -> None:
    ids = [m.id if isinstance(m.id, str) else m.id[0] for m in catalog if m.id]
    assert not [i for i in ids if i not in wanted]


def test_placeholders_are_kept(catalog: Catalog) -> None:
    wrong = []
    for message in catalog:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        if message.id and any(
            set(PLACEHOLDER.findall(s)) != set(PLACEHOLDER.findall(ids[-1])) for s in said(message) if s
        ):
            wrong.append(message.id)
    assert not wrong


def test_spaces_at_the_ends_are_kept(catalog: Catalog) -> None:
    pairs = [(m.id, s) for m in catalog if m.id and isinstance(m.id, str) for s in said(m) if s]
    assert not [one for one, s in pairs if (one[0] == " ", one[-1] == " ") != (s[0] == " ", s[-1] == " ")]
