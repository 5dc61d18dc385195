"""The answers to a kind's questions: which are asked, what is wrong with them, and how they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.cases.actions import BODY_LIMIT
from portal.domain.requests.models import Service
from portal.domain.workflows.engine import Ask, Question
from portal.kernel.text import Message, _

LINE = 200  # characters of an answer in one line
MOST = 999  # of a number
OTHER = "other"  # a service that is not on the price list
SERVICE = "service"  # the question that the price list answers
PLACE = "where"  # and where it is done


def with_services(questions: Sequence[Question], services: Sequence[Service]) -> tuple[Question, ...]:
    """The questions with the price list as the choices of the one about services."""
    listed = {s.code: Message(s.name_en or s.name_id) for s in services} | {OTHER: _("Another service")}
    return tuple(replace(q, choices=listed) if q.name == SERVICE else q for q in questions)


def is_asked(question: Question, given: Mapping[str, Any]) -> bool:
    """Whether a question makes sense after the answers before it."""
    return question.when is None or given.get(question.when[0]) in question.when[1]


def problems(questions: Sequence[Question], given: Mapping[str, Any], today: date) -> dict[str, Message]:
    """What is missing or wrong, by question, in their order. `today` is the outlet's day.

    Photos are no answers: whether there are enough is for a person to see.
    """
    asked = [q for q in questions if q.ask is not Ask.PHOTOS and is_asked(q, given)]
    found = {q.name: _problem(q, given.get(q.name), today) for q in asked}
    return {name: problem for name, problem in found.items() if problem is not None}


def kept(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that were asked, as JSON; an answer that no longer applies is left out."""
    asked = [q for q in questions if q.ask is not Ask.PHOTOS and is_asked(q, given)]
    values = {q.name: _plain(given.get(q.name)) for q in asked}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


def _problem(question: Question, value: Any, today: date) -> Message | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return _missing(question) if question.required else None
    match question.ask:
        case Ask.CHOICE if value not in question.choices:
            return _("Choose one of these.")
        case Ask.TEXT if len(value) > LINE:
            return _("Please keep it under %(count)s characters.", count=LINE)
        case Ask.STORY if len(value) > BODY_LIMIT:
            return _("Please keep it under %(count)s characters.", count=BODY_LIMIT)
        case Ask.DAY if value > today:
            return _("That day is still to come.")
        case Ask.NUMBER if not 1 <= value <= MOST:
            return _("Write a number from %(least)s to %(most)s.", least=1, most=MOST)
        case Ask.MONEY if value <= 0:
            return _("Write an amount above zero.")
    return None


def _missing(question: Question) -> Message:
    match question.ask:
        case Ask.CHOICE:
            return _("Choose one of these.")
        case Ask.STORY:
            return _("Tell us in a sentence or two.")
        case Ask.PHONE:
            return _("Write a phone number such as 0812-3456-7890.")
        case Ask.DAY:
            return _("Choose the day.")
    return _("Please fill this in.")
