"""The answers to a kind's questions as people read them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.requests.answers import OTHER
from portal.domain.workflows.engine import Ask, Kind, Question
from portal.kernel.text import _
from portal.web import words


def told_answers(kind: Kind, given: Mapping[str, Any], currency: str, language: str) -> list[tuple[str, str]]:
    """(question, answer) in the order of the form; the story stands on the timeline."""
    return [
        (words.translate(question.label), _said(question, given[question.name], given, currency, language))
        for question in kind.questions
        if question.name in given and question.name != "story"
    ]


def _said(question: Question, value: Any, given: Mapping[str, Any], currency: str, language: str) -> str:
    match question.ask:
        case Ask.CHOICE if value in question.choices:
            return words.translate(question.choices[value])
        case Ask.CHOICE:  # a line of the price list
            return _offer(given.get("offer"), value, currency, language)
        case Ask.DAY:
            return words.day(date.fromisoformat(value))
        case Ask.MONEY:
            return words.money(value, currency)
        case Ask.PHONE:
            return words.show_phone(value)
    return str(value)


def _offer(offer: Mapping[str, Any] | None, chosen: str, currency: str, language: str) -> str:
    if offer is None:
        return words.translate(_("Another service")) if chosen == OTHER else chosen
    name: str = (language == "en" and offer["en"]) or offer["id"]
    return name if offer["price"] is None else f"{name}, {words.money(offer['price'], currency)}"
