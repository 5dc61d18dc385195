"""Finding cases: by the beginning of a code, last digits, words, beginnings of words, parts of words."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, column, func, literal, select, table, text
from sqlalchemy import case as choose

from portal.db import db
from portal.domain.cases.models import Case, CaseMark
from portal.domain.workflows.engine import Category
from portal.kernel.codes import normalise
from portal.kernel.phone import parse, show

CAP = 500  # newest matches looked at
SHORTEST_END = 4  # signs of a telephone, serial or receipt number
LONGEST_MARK = 60
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

    The first rung of the ladder that finds something counts; when none does, the last. One statement.
    """
    rungs = _rungs(typed)
    if not rungs:
        return None
    *tried, last = rungs
    seen = [select(Case.id).where(rung, Case.category != Category.DRAFT).exists() for rung in tried]
    which = (
        choose(*((there, number) for number, there in enumerate(seen)), else_=len(tried))
        if seen
        else literal(0)
    )
    return [*tried, last][db.session.scalar(select(which)) or 0]


def any_of(words: list[str]) -> Select[Any]:
    """The ids of cases that have one of these words, newest first."""
    if db.engine.dialect.name == "sqlite":
        return _matching("case_search", " OR ".join(f'"{word}"' for word in words))
    query = func.to_tsquery(text("'simple'"), " | ".join(f"'{word}'" for word in words))
    return select(Case.id).where(_document().op("@@")(query)).order_by(Case.id.desc())


def _rungs(typed: str) -> list[ColumnElement[bool]]:
    words = re.findall(r"\w+", typed.lower())[:8]
    if not words:
        return []
    phone = _phone_digits(typed)
    found = [*_beginning_of_a_code(typed), *_end_of_a_number(phone or typed)]
    if db.engine.dialect.name == "sqlite":
        return [*found, *_sqlite(words, phone)]
    return [*found, *_postgresql(words, phone)]


def _beginning_of_a_code(typed: str) -> list[ColumnElement[bool]]:
    """Codes hold digits; a word without any is a word."""
    code = normalise(typed)
    if len(typed.split()) != 1 or not 3 <= len(code) < 8 or not re.search(r"\d|-", typed):
        return []
    return (
        [Case.code.between(code, code + "Z" * (8 - len(code)))] if code.isascii() and code.isalnum() else []
    )


def _end_of_a_number(typed: str) -> list[ColumnElement[bool]]:
    """The last signs of a telephone, serial or receipt number; telephone numbers with spaces, too."""
    end = _backwards(typed)
    one = len(typed.split()) == 1 or not re.search(r"[^\d\s+().-]", typed)
    if not one or len(end) < SHORTEST_END or not re.search(r"\d", end):
        return []
    newest = select(CaseMark.case_id).where(CaseMark.mark.between(end, end + _LAST))
    return [Case.id.in_(newest.order_by(CaseMark.case_id.desc()).limit(CAP))]


def _sqlite(words: list[str], phone: str | None) -> list[ColumnElement[bool]]:
    """Whole words and their beginnings; then parts of them, of three signs at least."""
    asked = []
    for end in ("", "*"):
        query = " ".join(f'"{word}"{end}' for word in words)
        asked.append(("case_search", query + (f' OR "{phone}"{end}' if phone else "")))
    parts = [word for word in words if len(word) >= 3]
    if parts:
        asked.append(("case_search_parts", " ".join(f'"{part}"' for part in parts)))
    return [Case.id.in_(_matching(name, query).limit(CAP)) for name, query in asked]


def _matching(name: str, query: str) -> Select[Any]:
    """The ids of cases that an index of words finds, newest first."""
    rowid: Any = column("rowid")
    asked = text(f"{name} MATCH :query").bindparams(bindparam("query", query, unique=True))
    return select(rowid.label("id")).select_from(table(name)).where(asked).order_by(rowid.desc())


def _postgresql(words: list[str], phone: str | None) -> list[ColumnElement[bool]]:
    """The same. Only of whole words does the database know how common they are: beginnings and parts are
    looked up in their index and put in order then, else rare ones would be looked for in every case."""
    found = []
    for end in ("", ":*"):
        query = " & ".join(f"'{word}'{end}" for word in words) + (f" | '{phone}'{end}" if phone else "")
        asked = select(Case.id).where(_document().op("@@")(func.to_tsquery(text("'simple'"), query)))
        found.append(asked.order_by((Case.id + 0).desc() if end else Case.id.desc()))
    parts = [Case.search_text.contains(word, autoescape=True) for word in words if len(word) >= 3]
    if parts:
        found.append(select(Case.id).where(*parts).order_by((Case.id + 0).desc()))
    return [Case.id.in_(each.limit(CAP)) for each in found]


def _document() -> Any:
    """In the words of its index."""
    return func.to_tsvector(text("'simple'"), Case.search_text)


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
