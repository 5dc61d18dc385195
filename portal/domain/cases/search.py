"""Finding cases by code, phone, name, serial number or words."""

import re
from typing import Any

from sqlalchemy import ColumnElement, func, select, text

from portal.db import db
from portal.domain.cases.models import Case
from portal.kernel.phone import parse, show

CAP = 500  # newest matches looked at


def text_of(*parts: str | None, phone: str | None = None) -> str:
    """What a case is found by, in lower case."""
    words = [part for part in parts if part]
    if phone:
        digits = "0" + phone.removeprefix("+62")
        words += [digits, phone.lstrip("+"), digits[-4:], digits[-6:]]
    return " ".join(words).lower()


def matching(typed: str, *, beginnings: bool) -> ColumnElement[bool] | None:
    """A condition for Case, None when nothing searchable was typed.

    Every word must occur, whole or with `beginnings` as the beginning of one. Whole words cost the same
    whatever the number of cases; the beginning of a common word costs as many as there are.
    """
    words, phone = re.findall(r"\w+", typed.lower())[:8], _phone_digits(typed)
    if not words:
        return None
    if db.engine.dialect.name == "sqlite":
        end = "*" if beginnings else ""
        query = " ".join(f'"{word}"{end}' for word in words) + (f' OR "{phone}"{end}' if phone else "")
        newest = text(
            "SELECT rowid FROM case_search WHERE case_search MATCH :query ORDER BY rowid DESC LIMIT :cap"
        ).bindparams(query=query, cap=CAP)
        return Case.id.in_(newest)
    document: Any = func.to_tsvector(text("'simple'"), Case.search_text)
    end = ":*" if beginnings else ""
    query = " & ".join(f"'{word}'{end}" for word in words) + (f" | '{phone}'{end}" if phone else "")
    found = document.op("@@")(func.to_tsquery(text("'simple'"), query))
    return Case.id.in_(select(Case.id).where(found).order_by(Case.id.desc()).limit(CAP))


def _phone_digits(typed: str) -> str | None:
    """The digits of a telephone number as text_of writes them, None when it is none."""
    try:
        return "".join(sign for sign in show(parse(typed)) if sign.isdigit())
    except ValueError:
        return None
