"""Finding cases: by the beginning of a code, last digits, words, beginnings of words, parts of words.

Whatever is typed costs about the same, however many cases there are and have it, because each way takes
its newest CAP matches only. SQLite's index of words (FTS5) keeps them in the order of ids and is read from
its end. PostgreSQL's (GIN) gives all matches at once, so it also keeps which block of ids a case is in, and
is asked block by block from the newest one until there are enough: a common word is found in the first
block, and a block without the word costs microseconds.
"""

import re
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy import case as choose

from portal.db import among, db
from portal.domain.cases.models import Case, CaseMark
from portal.domain.workflows.engine import Category
from portal.kernel.codes import normalise
from portal.kernel.phone import parse, show

CAP = 500  # newest matches looked at
SHORTEST_END = 4  # signs of a telephone, serial or receipt number
LONGEST_MARK = 60
BLOCK = 8192  # ids; as in the index
_BLOCK: ColumnElement[int] = literal_column(f"cases.id / {BLOCK}", Integer)
_LAST = "z" * LONGEST_MARK  # after everything that a mark can go on with


def text_of(*parts: str | None, phone: str | None = None) -> str:
    """What a case is found by, in lower case."""
    words = [part for part in parts if part]
    if phone:
        words += [_national(phone), phone.lstrip("+")]
    return " ".join(words).lower()


def marks_of(*numbers: str | None, phone: str | None = None) -> set[str]:
    """What `last digits` find a case by: each number backwards."""
    told = (*numbers, _national(phone) if phone else None)
    return {mark for number in told if len(mark := _backwards(number or "")) >= SHORTEST_END}


def found_by(typed: str) -> ColumnElement[bool] | None:
    """The condition for Case that what was typed means; None when nothing searchable was typed.

    The first rung of the ladder that finds something counts. One statement.
    """
    found: list[Any] = []
    for rung in _rungs(typed):
        newest = rung.limit(CAP).subquery()
        sent = select(Case.id).join(newest, newest.c[0] == Case.id).where(Case.category != Category.DRAFT)
        before = [exists(select(higher.c.id)) for higher in found]
        found.append(sent.limit(choose((or_(*before), 0), else_=CAP) if before else CAP).cte())
    if not found:
        return None
    return among(Case.id, db.session.scalars(union_all(*(select(rung.c.id) for rung in found))).all())


def any_of(words: list[str]) -> Select[Any]:
    """The ids of cases that have one of these words, newest first."""
    if db.engine.dialect.name == "sqlite":
        return _matching("case_search", " OR ".join(f'"{word}"' for word in words))
    return _newest(_worded(" | ".join(f"'{word}'" for word in words)))


def _rungs(typed: str) -> list[Select[Any]]:
    """The ids that each way finds, newest first."""
    words = re.findall(r"\w+", typed.lower())[:8]
    if not words:
        return []
    phone = _phone_digits(typed)
    found = [*_beginning_of_a_code(typed), *_end_of_a_number(phone or typed)]
    if db.engine.dialect.name == "sqlite":
        return [*found, *_sqlite(words, phone)]
    return [*found, *_postgresql(words, phone)]


def _beginning_of_a_code(typed: str) -> list[Select[Any]]:
    """Codes hold digits; a word without any is a word, if it is not a whole code."""
    code = normalise(typed)
    if len(typed.split()) != 1 or not 3 <= len(code) <= 8 or not (code.isascii() and code.isalnum()):
        return []
    if len(code) < 8 and not re.search(r"\d|-", typed):
        return []
    return [select(Case.id).where(Case.code.between(code, code + "Z" * (8 - len(code))))]


def _end_of_a_number(typed: str) -> list[Select[Any]]:
    """The last signs of a telephone, serial or receipt number; telephone numbers with spaces, too."""
    end = _backwards(typed)
    one = len(typed.split()) == 1 or not re.search(r"[^\d\s+().-]", typed)
    if not one or len(end) < SHORTEST_END or not re.search(r"\d", end):
        return []
    ended = CaseMark.mark.between(end, end + _LAST)
    return [select(CaseMark.case_id).where(ended).order_by(CaseMark.case_id.desc())]


def _sqlite(words: list[str], phone: str | None) -> list[Select[Any]]:
    """Whole words and their beginnings; then parts of them, of three signs at least."""
    asked = []
    for end in ("", "*"):
        query = " ".join(f'"{word}"{end}' for word in words)
        asked.append(("case_search", query + (f' OR "{phone}"{end}' if phone else "")))
    parts = [word for word in words if len(word) >= 3]
    if parts:
        asked.append(("case_search_parts", " ".join(f'"{part}"' for part in parts)))
    return [_matching(name, query) for name, query in asked]


def _matching(name: str, query: str) -> Select[Any]:
    """The ids of cases that an index of words finds, newest first."""
    rowid: Any = column("rowid")
    asked = text(f"{name} MATCH :query").bindparams(bindparam("query", query, unique=True))
    return select(rowid.label("id")).select_from(table(name)).where(asked).order_by(rowid.desc())


def _postgresql(words: list[str], phone: str | None) -> list[Select[Any]]:
    """The same; a word begins after a blank."""
    whole = " & ".join(f"'{word}'" for word in words) + (f" | '{phone}'" if phone else "")
    begun = and_(*(_has(f" {word}") for word in words))
    found = [_worded(whole), or_(begun, _has(f" {phone}")) if phone else begun]
    if parts := [_has(word) for word in words if len(word) >= 3]:
        found.append(and_(*parts))
    return [_newest(each) for each in found]


def _worded(query: str) -> ColumnElement[bool]:
    """In the words of its index."""
    document = func.to_tsvector(text("'simple'"), Case.search_text)
    return document.bool_op("@@")(func.to_tsquery(text("'simple'"), query))


def _has(part: str) -> ColumnElement[bool]:
    return Case.search_text.contains(part, autoescape=True)


def _newest(condition: ColumnElement[bool]) -> Select[Any]:
    """The ids of cases that fit, block by block, each giving at most CAP; no more blocks are looked at than
    the limit of the whole needs. Adding nothing to an id keeps the planner from walking through all."""
    newest = select(func.max(Case.id)).scalar_subquery()
    blocks = select(func.generate_series(newest.op("/")(BLOCK), 0, -1).label("block")).subquery()
    fit = select(Case.id).where(blocks.c.block == _BLOCK, condition)
    each = fit.order_by((Case.id + 0).desc()).limit(CAP).lateral()
    return select(each.c.id).select_from(blocks).join(each, text("true"))


def _backwards(number: str) -> str:
    plain = "".join(sign for sign in number.lower() if sign.isascii() and sign.isalnum())
    return plain[: -LONGEST_MARK - 1 : -1]


def _national(phone: str) -> str:
    return "0" + phone.removeprefix("+62")


def _phone_digits(typed: str) -> str | None:
    """The digits of a telephone number as text_of writes them, None when it is none."""
    try:
        return "".join(sign for sign in show(parse(typed)) if sign.isdigit())
    except ValueError:
        return None
