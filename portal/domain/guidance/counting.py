"""Counting what self-service does: sums by day, source and text, with nobody's name in them."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import func, select

from portal.db import db, insert
from portal.domain.guidance.models import HelpCount


class Source(StrEnum):
    SUGGESTION = auto()  # beside a form, while it is written
    ARTICLE = auto()
    TREE = auto()
    ASSISTANT = auto()


class Event(StrEnum):
    ASKED = auto()
    HELPED = auto()
    NOT = auto()  # said that it did not help
    WENT_ON = auto()  # to the shop


def count(source: Source, event: Event, now: datetime, subject: str = "") -> None:
    """One more of it on this day (UTC)."""
    key = {"day": now.date(), "source": source, "subject": subject, "event": event}
    db.session.execute(
        insert(HelpCount)
        .values(**key, count=1)
        .on_conflict_do_update(index_elements=list(key), set_={"count": HelpCount.count + 1})
    )


def by_day(since: date) -> list[Any]:
    """(day, source, event, sum), newest day first."""
    return list(
        db.session.execute(
            select(HelpCount.day, HelpCount.source, HelpCount.event, func.sum(HelpCount.count))
            .where(HelpCount.day >= since)
            .group_by(HelpCount.day, HelpCount.source, HelpCount.event)
            .order_by(HelpCount.day.desc(), HelpCount.source, HelpCount.event)
        )
    )


def by_subject(codes: Iterable[str]) -> dict[str, dict[str, int]]:
    """{code: {event: sum}} of these articles and trees."""
    found: dict[str, dict[str, int]] = {}
    for code, event, total in db.session.execute(
        select(HelpCount.subject, HelpCount.event, func.sum(HelpCount.count))
        .where(HelpCount.subject.in_(list(codes)))
        .group_by(HelpCount.subject, HelpCount.event)
    ):
        found.setdefault(code, {})[event] = int(total)
    return found
