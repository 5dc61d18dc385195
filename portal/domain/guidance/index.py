"""The index over all help texts: written with each text, asked by terms, at a cost that does not grow.

A term keeps its passages by weight (BM25's, reckoned when a passage is written), and a question looks at the
first CANDIDATES of each of its terms: the same statements and the same order on both databases.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, literal, or_, select, union_all, update
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.guidance.models import HelpPassage, HelpPosting, HelpTerm
from portal.domain.guidance.passages import quote
from portal.domain.guidance.rules import About
from portal.domain.guidance.terms import asked, terms

CANDIDATES = 150  # passages looked at for each term
LOOKED_UP = 30  # passages read to make the list
SATURATION, LENGTH_COUNTS, USUAL_LENGTH = 1.2, 0.5, 45
TITLE, HEADING = 3, 2  # how often a word of these counts
# Below this share of a question's weight a passage is no answer to it; between the two it is one when the
# question names its title. Chosen by the figures of `make bench ARGS=help`.
SURE, NEAR = 0.55, 0.4
_known: Any = HelpTerm.__table__
_add = update(_known).where(_known.c.term == bindparam("of"))
_add = _add.values(passages=_known.c.passages + bindparam("more"))


@dataclass(frozen=True)
class Reach:
    """What somebody's items are, so that texts about them come first."""

    products: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


EVERYBODY = Reach()


@dataclass(frozen=True)
class Found:
    """A text that answers, quoted at its best place. `share` is how much of the question it holds, 0 to 1;
    `named` whether a word of the question stands in its title."""

    source: str
    source_id: int
    kind: str
    path: str
    title: str
    heading: str
    quotation: str
    share: float
    score: float
    named: bool


def put(source: str, source_id: int, texts: Mapping[str, list[tuple[str, str]]], **shown: Any) -> None:
    """Write the passages of a text anew: [(heading, body), …] by language; none takes it out.

    `shown` are columns of HelpPassage; those named title_id and title_en are the title by language.
    """
    _take_out(source, source_id)
    titles = {language: shown.pop(f"title_{language}", "") for language in ("id", "en")}
    gained: Counter[str] = Counter()
    for language, passages in texts.items():
        for place, (heading, body) in enumerate(passages):
            title = titles[language] or titles["id"]
            passage = HelpPassage(
                source=source, source_id=source_id, language=language, place=place, title=title[:200],
                heading=heading[:200], body=body, **shown,
            )  # fmt: skip
            db.session.add(passage)
            db.session.flush()
            weights = _weights(title, heading, body)
            if weights:
                db.session.execute(
                    insert(HelpPosting),
                    [{"term": t, "passage_id": passage.id, "weight": w} for t, w in weights.items()],
                )
            gained.update([*weights, ""])
    _recount(gained)


def _weights(title: str, heading: str, body: str) -> dict[str, float]:
    counted = Counter(terms(body))
    length = sum(counted.values())
    for text, times in ((title, TITLE), (heading, HEADING)):
        for term in terms(text):
            counted[term] += times
    norm = SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * length / USUAL_LENGTH)
    return {term: n * (SATURATION + 1) / (n + norm) for term, n in counted.items()}


def _take_out(source: str, source_id: int) -> None:
    mine = select(HelpPassage.id).where(HelpPassage.source == source, HelpPassage.source_id == source_id)
    numbers = list(db.session.scalars(mine))
    if not numbers:
        return
    lost = Counter({"": len(numbers)})
    of_mine = HelpPosting.passage_id.in_(numbers)
    for term, count in db.session.execute(
        select(HelpPosting.term, func.count()).where(of_mine).group_by(HelpPosting.term)
    ):
        lost[term] = count
    db.session.execute(delete(HelpPosting).where(of_mine))
    db.session.execute(delete(HelpPassage).where(HelpPassage.id.in_(numbers)))
    _recount(Counter({term: -count for term, count in lost.items()}))


def _recount(changed: Mapping[str, int]) -> None:
    """Add to the counts of terms, always in the same order so that two writers do not wait for each other."""
    known = set(db.session.scalars(select(HelpTerm.term).where(HelpTerm.term.in_(changed))))
    if more := [{"of": term, "more": n} for term, n in sorted(changed.items()) if term in known]:
        db.session.execute(_add, more)
    if fresh := [{"term": term, "passages": n} for term, n in sorted(changed.items()) if term not in known]:
        db.session.execute(insert(HelpTerm), fresh)


def search(
    question: str, language: str, now: datetime, *, reach: Reach = EVERYBODY, typing: bool = False,
    sources: Collection[str] = (), limit: int = 8,
) -> list[Found]:  # fmt: skip
    """The texts that answer a question best, best first; three statements, [] without a word to look for.

    `typing`: the last word may be the beginning of one. `sources` keeps to those.
    """
    wanted = _Wanted(asked(question))
    if not wanted.typed:
        return []
    wanted.look_up(typing)
    held = _held(wanted) if wanted.worth else {}
    if not held:
        return []
    likely = sorted(held, key=lambda number: -sum(held[number].values()))[:LOOKED_UP]
    found: dict[tuple[str, int], Found] = {}
    for row in _read(likely, language, now, sources):
        weights = held[row.number]
        share = sum(wanted.worth[term] for term in weights) / wanted.whole
        score = sum(weights.values()) * _nearness(row, reach) * (1 if row.own_language else 0.9)
        other = found.get((row.source, row.source_id))
        if other is None or other.score < score:
            found[row.source, row.source_id] = Found(
                row.source, row.source_id, row.kind, row.path, row.title, row.heading,
                quote(row.body, set(weights)), share, score, not weights.keys().isdisjoint(terms(row.read)),
            )  # fmt: skip
    return sorted(found.values(), key=lambda text: -text.score)[:limit]


def near(texts: Sequence[Found]) -> list[Found]:
    """Those that are worth showing: near to the question, not far behind the best, and when that is not sure,
    named by it: a word in passing is no help."""
    best = max((text.share for text in texts), default=0)
    return [text for text in texts if text.share >= (SURE if not text.named else max(NEAR, 0.6 * best))]


@dataclass
class _Wanted:
    """The terms of a question: as typed, and what each is worth where it stands in any text."""

    typed: list[str]
    worth: dict[str, float] = field(default_factory=dict)
    whole: float = 0.0

    def look_up(self, typing: bool) -> None:
        """Give each term its worth: the rarer, the more. One that is nowhere is taken for the beginning of
        one that is, while it is being typed, or for the one that it nearly is."""
        last, heads = self.typed[-1], {term[:2] for term in self.typed if len(term) > 3}
        near = [and_(HelpTerm.term >= head, HelpTerm.term < head + "\U0010ffff") for head in heads]
        rows = db.session.execute(
            select(HelpTerm.term, HelpTerm.passages)
            .where(HelpTerm.passages > 0, or_(HelpTerm.term.in_([*self.typed, ""]), *near))
            .limit(2000)
        )
        counts = {row.term: row.passages for row in rows}
        total = counts.pop("", 0)
        rare = math.log(1 + total / 0.5)
        for term in self.typed:
            meant = [term] if term in counts else _meant(term, counts, typing and term == last)
            for other in meant:
                self.worth[other] = math.log(1 + (total - counts[other] + 0.5) / (counts[other] + 0.5))
            self.whole += max((self.worth[other] for other in meant), default=rare)


def _meant(term: str, counts: Mapping[str, int], typing: bool) -> list[str]:
    longer = [other for other in counts if other.startswith(term)] if typing and len(term) > 1 else []
    if longer:
        return sorted(longer, key=lambda other: -counts[other])[:3]
    return get_close_matches(term, counts, 1, 0.8) if len(term) > 3 else []


def _held(wanted: _Wanted) -> dict[int, dict[str, float]]:
    """What each likely passage is worth by the terms it holds: {passage: {term: worth}}."""
    parts = []
    for term in wanted.worth:
        best = (
            select(HelpPosting.term, HelpPosting.passage_id, HelpPosting.weight)
            .where(HelpPosting.term == term)
            .order_by(HelpPosting.weight.desc(), HelpPosting.passage_id)
            .limit(CANDIDATES)
            .subquery()
        )
        parts.append(select(best))
    held: dict[int, dict[str, float]] = {}
    for term, number, weight in db.session.execute(union_all(*parts)):
        held.setdefault(number, {})[term] = weight * wanted.worth[term]
    return held


def _read(numbers: list[int], language: str, now: datetime, sources: Collection[str]) -> Iterable[Any]:
    """The passages that are shown now, in the reader's language where the text is there in it."""
    hit, same = aliased(HelpPassage), aliased(HelpPassage)
    found = (
        select(
            hit.id.label("number"), hit.source, hit.source_id, hit.kind, hit.path, hit.about, hit.value,
            hit.product_id, hit.title.label("read"), func.coalesce(same.title, hit.title).label("title"),
            func.coalesce(same.heading, hit.heading).label("heading"),
            func.coalesce(same.body, hit.body).label("body"),
            (hit.language == literal(language)).label("own_language"),
        )
        .outerjoin(
            same,
            and_(
                same.source == hit.source, same.source_id == hit.source_id, same.place == hit.place,
                same.language == language, hit.language != language,
            ),
        )
        .where(
            hit.id.in_(numbers),
            or_(hit.starts_at.is_(None), hit.starts_at <= now),
            or_(hit.ends_at.is_(None), hit.ends_at > now),
        )
    )  # fmt: skip
    if sources:
        found = found.where(hit.source.in_(sources))
    return db.session.execute(found)


def _nearness(row: Any, reach: Reach) -> float:
    """More for what is about the asker's own things; less for what is about another product."""
    if row.about == About.PRODUCT:
        return 1.5 if row.product_id in reach.products else 0.85
    if row.about == About.CATEGORY:
        return 1.3 if row.value in reach.categories else 0.95
    if row.about == About.SECTOR:
        return 1.1 if row.value in reach.sectors else 0.95
    return 1.0
