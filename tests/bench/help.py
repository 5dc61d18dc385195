"""Whether the help pages answer: questions with the text that answers them, and questions that nothing answers;
and what a search costs at 200 and at 20,000 passages.

The texts are the demo's; the questions are our own, none is taken from a text. SURE and NEAR were chosen with these
questions in view: the figures show when something gets worse, not how well strangers are answered.
"""

import csv
import statistics
import time
from pathlib import Path

from flask import Flask

from portal.db import db
from portal.demo import catalogue, helping
from portal.domain import reactions
from portal.domain.guidance import index
from portal.domain.guidance.index import Found
from portal.kernel import clock
from tests.bench import limits
from tests.bench.data import portal_on
from tests.bench.serving import ROOT

QUESTIONS = Path(__file__).with_name("questions.csv")
FEW, MANY = 200, 20_000
ROUNDS = 40


def questions() -> list[tuple[str, str]]:
    """(question, title of the text that answers it, "" for none)."""
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return [(row["question"], row["title"]) for row in csv.DictReader(file)]


def ask(question: str) -> list[Found]:
    return index.near(index.search(question, "id", clock.now(), limit=3))


def measure() -> None:
    database = ROOT / "var" / "bench" / "help.db"
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    app = portal_on(database)
    with app.app_context():
        _fill(app)
        _report()
        _cost()
        db.session.rollback()


def _fill(app: Flask) -> None:
    now = clock.now()
    db.create_all()
    catalogue.make(now)
    reactions.settle(now)
    helping.write(now)
    db.session.commit()


def _report() -> None:
    asked = [(ask(question), title) for question, title in questions()]
    known = [(found, title) for found, title in asked if title]
    none = [found for found, title in asked if not title]
    first = sum(bool(found) and found[0].title == title for found, title in known)
    three = sum(any(text.title == title for text in found) for found, title in known)
    sure = [(found[0].title == title) for found, title in asked if found and found[0].share >= index.SURE]
    limits.check("the right text first, of a hundred", 100 * first / len(known), 75, least=True)
    limits.check("among the first three", 100 * three / len(known), 90, least=True)
    limits.check("right where it says that it is sure", 100 * sum(sure) / len(sure), 75, least=True)
    fooled = sum(bool(found) and found[0].share >= index.SURE for found in none)
    limits.check("sure of what nothing answers", 100 * fooled / len(none), 10)
    limits.check("texts shown where nothing answers", 100 * sum(map(bool, none)) / len(none), 10)
    print(f"  {len(known)} questions with an answer, {len(none)} without")


def _cost() -> None:
    spent: dict[int, float] = {}
    for size in (FEW, MANY):
        _grow(size)
        asked = [question for question, _title in questions()]
        rounds = []
        for _round in range(ROUNDS // 10):
            begun = time.process_time()
            for question in asked:
                index.search(question, "id", clock.now())
            rounds.append(time.process_time() - begun)
        spent[size] = 1000 * statistics.median(rounds) / len(asked)
        print(f"  {spent[size]:.2f} ms a search at {size:,} passages more")
    limits.check(f"a search at {MANY:,}, × at {FEW:,}", spent[MANY] / spent[FEW], 2.5)


def _grow(size: int) -> None:
    """Passages of the demo again and again, under other names."""
    texts = [(f"{title} {n}", question) for n in range(1) for question, title in questions()]
    for number in range(size // 10):
        body = [("", texts[(number + place) % len(texts)][1] + f" bagian {place}") for place in range(5)]
        index.put(
            "guide", 100_000 + number, {"id": body, "en": body}, kind="care", path="/help/care/X",
            title_id=f"Barang {number}", title_en="", about="everything",
        )  # fmt: skip
    db.session.commit()
