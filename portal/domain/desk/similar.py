"""Cases like one: of the same item, of the same fault, in the same words, with what was decided on them."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries
from portal.domain.cases.models import Case
from portal.domain.cases.search import any_of
from portal.domain.claims.models import Claim
from portal.domain.requests.models import Resolution
from portal.domain.units.models import Unit
from portal.kernel.text import Message, _

SHOWN = 5
LOOKED_AT = 60  # newest of each sort
NEAR = timedelta(days=14)  # two cases of one customer about one thing
WORDS = 8  # of the customer, the longest
SHORTEST = 5  # letters of a word that tells something
TELL_NOTHING = frozenset(
    [
        "apakah",
        "barang",
        "dalam",
        "dengan",
        "garansi",
        "hanya",
        "karena",
        "kemarin",
        "kenapa",
        "ketika",
        "langsung",
        "lebih",
        "masih",
        "mohon",
        "padahal",
        "pernah",
        "sampai",
        "sangat",
        "sebelum",
        "sejak",
        "semua",
        "seperti",
        "sering",
        "setelah",
        "sudah",
        "terima",
        "terus",
        "tetapi",
        "tidak",
        "tolong",
        "untuk",
        "about",
        "after",
        "again",
        "before",
        "could",
        "please",
        "since",
        "still",
        "there",
        "would",
    ]
)
SAME_UNIT, SAME_FAULT, SAME_PRODUCT, SAME_WORDS = 40, 20, 5, 4

_resolution = aliased(Resolution)
_newest = (
    select(func.max(_resolution.id)).where(_resolution.case_id == Case.id).correlate(Case).scalar_subquery()
)


@dataclass(frozen=True)
class Similar:
    """A case with why it is like the other one, and what was decided."""

    row: Any
    why: Message
    score: int


def like(actor: Actor, case: Case, story: str) -> list[Similar]:
    """The cases most like this one, the most similar first. One statement, whatever the number of cases."""
    words = telling(f"{case.title} {story}")
    rows = db.session.execute(queries.limit_to(actor, _candidates(case, words)).limit(3 * LOOKED_AT))
    best: dict[int, Similar] = {}
    for row in rows:
        score, why = _weigh(case, row, words)
        if score and row.id not in best:
            best[row.id] = Similar(row, why, score)
    return sorted(best.values(), key=lambda found: (-found.score, -found.row.id))[:SHOWN]


def duplicates(actor: Actor, case: Case) -> list[Any]:
    """(code, kind, state, title, title_en, created_at) of open cases of the same customer about the same item
    or of the same kind, sent within days. One statement."""
    near = Case.created_at.between(case.created_at - NEAR, case.created_at + NEAR)
    same = (
        or_(Case.kind == case.kind, Case.unit_id == case.unit_id) if case.unit_id else Case.kind == case.kind
    )
    found = (
        select(Case.code, Case.kind, Case.state, Case.title, Case.title_en, Case.created_at)
        .where(Case.customer_id == case.customer_id, Case.id != case.id, Case.on_desk, near, same)
        .order_by(Case.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.execute(queries.limit_to(actor, found)))


def telling(text: str) -> list[str]:
    """The longest words of a text, which tell most of what it is about."""
    counted = Counter(
        word
        for word in re.findall(r"[^\W\d_]+", text.lower())
        if len(word) >= SHORTEST and word not in TELL_NOTHING
    )
    return sorted(counted, key=lambda word: (-len(word), word))[:WORDS]


def _candidates(case: Case, words: list[str]) -> Any:
    """The newest cases of each sort of likeness, with what was decided on them."""
    symptom = select(Claim.symptom).where(Claim.case_id == case.id).scalar_subquery()
    sorts: list[Any] = [
        select(Claim.case_id.label("id")).where(Claim.symptom == symptom).order_by(Claim.case_id.desc())
    ]
    if case.unit_id:
        sorts.append(select(Case.id).where(Case.unit_id == case.unit_id).order_by(Case.id.desc()))
    if words:
        sorts.append(any_of(words))
    some = union_all(
        *(select(sort.limit(LOOKED_AT).subquery().c[0].label("id")) for sort in sorts)
    ).subquery()
    return (
        select(
            Case.id, Case.code, Case.kind, Case.state, Case.title, Case.title_en, Case.category,
            Case.closed_at, Case.unit_id, Unit.product_id, Case.search_text, Claim.symptom, Claim.outcome,
            Claim.payment, Resolution.outcome.label("resolved"), (Claim.symptom == symptom).label("fault"),
        )
        .join(some, some.c.id == Case.id)
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .outerjoin(Claim, Claim.case_id == Case.id)
        .outerjoin(Resolution, and_(Resolution.case_id == Case.id, Resolution.id == _newest))
        .where(Case.id != case.id)
    )  # fmt: skip


def _weigh(case: Case, row: Any, words: list[str]) -> tuple[int, Message]:
    """How much a case is like this one, and why; 0 when one common word is all that they share."""
    same = sum(word in row.search_text for word in words)
    product = case.unit is not None and row.product_id == case.unit.product_id
    score = SAME_WORDS * same + SAME_PRODUCT * product
    if case.unit_id and row.unit_id == case.unit_id:
        return score + SAME_UNIT, _("the same item")
    if row.fault and product:
        return score + SAME_FAULT, _("same product, same fault")
    if row.fault:
        return score + SAME_FAULT // 2, _("the same fault")
    return (score, _("alike in words")) if same > 1 or (same and product) else (0, _("alike in words"))
