"""Colleagues who are called by name in a note: whom it calls, and what waits for each of them."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Actor
from portal.domain.cases.facts import Mentioned
from portal.domain.cases.models import Case, CaseEvent, Mention
from portal.domain.news import announce

COUNT_CAP = 99
PAGE = 50


def called(body: str, colleagues: Iterable[tuple[int, str]]) -> list[int]:
    """Whose names stand behind an @ in `body`: the whole name, or the first one where only one bears it."""
    people = sorted(colleagues, key=lambda person: -len(person[1]))
    first = [name.split()[0].casefold() for _id, name in people]
    found, left = [], body
    for number, name in people:
        short = name.split()[0]
        names = [name] + [short] * (first.count(short.casefold()) == 1)
        pattern = r"(?<![\w.])@(?:" + "|".join(map(re.escape, names)) + r")(?!\w)"
        left, times = re.subn(pattern, " ", left, flags=re.IGNORECASE)
        if times:
            found.append(number)
    return found


def add(actor: Actor, entry: CaseEvent) -> None:
    """Note whom a note calls; each is told. Who writes it needs no message."""
    if "@" not in entry.body:
        return
    colleagues = [(number, name) for number, name, _role in staff_names() if number != actor.id]
    for number in called(entry.body, colleagues):
        db.session.add(Mention(event_id=entry.id, staff_id=number))
        announce(Mentioned(entry.id, entry.case_id, number, actor.name))


def unseen(staff_id: int) -> int:
    """How many mentions somebody has not opened, counted up to COUNT_CAP. One query of constant cost."""
    some = select(Mention.id).where(Mention.staff_id == staff_id, Mention.seen_at.is_(None)).limit(COUNT_CAP)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def listed(staff_id: int, before: int | None = None) -> list[Any]:
    """Rows of somebody's mentions, newest first: at most PAGE and one more."""
    found = (
        select(
            Mention.id, Mention.seen_at, CaseEvent.at, CaseEvent.body, Case.code, Case.title, Case.title_en,
            Staff.name.label("author"),
        )
        .join(CaseEvent, CaseEvent.id == Mention.event_id)
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(Staff, Staff.id == CaseEvent.staff_id)
        .where(Mention.staff_id == staff_id)
        .order_by(Mention.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    return list(db.session.execute(found if before is None else found.where(Mention.id < before)))


def see(staff_id: int, mention_id: int, now: datetime) -> str | None:
    """Somebody opens one of their mentions: the code of its case, None when it is not theirs."""
    code = db.session.scalar(
        select(Case.code)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .join(Mention, Mention.event_id == CaseEvent.id)
        .where(Mention.id == mention_id, Mention.staff_id == staff_id)
    )
    if code is not None:
        _mark(now, Mention.id == mention_id)
    return code


def see_all(staff_id: int, now: datetime) -> None:
    _mark(now, Mention.staff_id == staff_id)


def _mark(now: datetime, condition: Any) -> None:
    db.session.execute(update(Mention).where(condition, Mention.seen_at.is_(None)).values(seen_at=now))
