"""What is typed finds the newest cases however many have it, and rare ones however old they are."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from portal.db import db
from portal.domain.cases import search
from portal.domain.cases.models import Case
from portal.domain.workflows.engine import Category, Stage
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

OLDEST, OLD, NEW, NEWEST, DRAFT = (
    9,
    search.BLOCK + 1,
    5 * search.BLOCK,
    5 * search.BLOCK + 1,
    6 * search.BLOCK,
)
TEXTS = {
    OLDEST: "televisi purba wayan putra 081298765432",
    OLD: "televisi siti 081234567890",
    NEW: "televisi wayan sutra",
    NEWEST: "televisi siti",
    DRAFT: "purba",
}


@pytest.fixture
def far_apart(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases in distant blocks of ids, of which no more than two are looked at; the newest is not sent yet."""
    monkeypatch.setattr(search, "CAP", 2)
    person = factories.customer("Andi", "andi@contoh.id", "+6281111112222")
    bought = factories.purchase(factories.outlet(), [(factories.product(), 1)], buyer=person)
    made = factories.claim(Browser(both, person).actor, factories.units_of(bought)[0])
    row = dict(db.session.execute(select(Case.__table__).where(Case.id == made.id)).one()._mapping)
    done = {"unit_id": None, "on_desk": False, "category": Category.RESOLVED, "stage": Stage.CLOSED}
    for number, text in TEXTS.items():
        changes: dict[str, Any] = {
            "id": number, "code": f"K{number:07}", "search_text": f"k{number:07} {text}",
            "touched_at": clock.now(),
        }  # fmt: skip
        if number == DRAFT:
            changes["category"] = Category.DRAFT
        db.session.execute(insert(Case.__table__).values(row | done | changes))
    db.session.commit()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("televisi", {NEWEST, NEW}), ("telev", {NEWEST, NEW}), ("levis", {NEWEST, NEW}),
        ("purba", {OLDEST}), ("pur", {OLDEST}), ("urb", {OLDEST}),
        ("siti", {NEWEST, OLD}), ("televisi wayan", {NEW, OLDEST}), ("televi sut", {NEW}),
        ("tele pu", {OLDEST}),
        ("putra", {OLDEST}), ("utra", {NEW, OLDEST}), ("levis rba", {OLDEST}),
        ("wayan p", {OLDEST}), ("0812345", {OLD}), ("0812 3456 7890", {OLD}),
        ("televisi gempa", set()), ("visit", set()),
    ],
)  # fmt: skip
def test_the_newest_of_many_and_each_of_few(far_apart: None, typed: str, expected: set[int]) -> None:
    condition = search.found_by(typed)
    assert condition is not None
    assert set(db.session.scalars(select(Case.id).where(condition, Case.id.in_(TEXTS)))) == expected


def test_any_of_some_words_finds_the_newest_first(far_apart: None) -> None:
    assert list(db.session.scalars(search.any_of(["purba", "sutra"]).limit(3))) == [DRAFT, NEW, OLDEST]
