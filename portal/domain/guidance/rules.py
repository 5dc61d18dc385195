"""What help articles and troubleshooting trees can be, and what a tree must be before customers walk it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from portal.kernel.text import Message, _


class About(StrEnum):
    """How far an article or a tree reaches."""

    EVERYTHING = auto()
    SECTOR = auto()
    CATEGORY = auto()
    PRODUCT = auto()


class ArticleKind(StrEnum):
    GUIDE = auto()
    ISSUE = auto()  # a fault that the shop knows of
    NOTICE = auto()


class End(StrEnum):
    """How a walk through a tree can end."""

    SOLVED = auto()
    ASK = auto()
    CLAIM = auto()
    STOP = auto()  # using it further is dangerous


ENDS: dict[str, Message] = {
    End.SOLVED: _("Solved"),
    End.ASK: _("Ask the shop"),
    End.CLAIM: _("Start a claim"),
    End.STOP: _("Stop: dangerous"),
}
STEPS_LIMIT, ANSWERS_LIMIT, TEXT_LIMIT = 40, 6, 1200


@dataclass(frozen=True)
class Answer:
    """`to` is the number of a step, or an end."""

    id: str
    en: str
    to: str


@dataclass(frozen=True)
class Step:
    """What the customer is asked or told to do. One with an `end` says its last words and has no answers."""

    number: str
    id: str
    en: str
    answers: tuple[Answer, ...] = ()
    end: str = ""

    @property
    def leads_to(self) -> list[str]:
        return [self.end] if self.end else [answer.to for answer in self.answers]


def read(stored: Sequence[Mapping[str, Any]]) -> dict[str, Step]:
    """The steps of a tree by their numbers, the first one first."""
    return {
        row["number"]: Step(
            row["number"], row["id"], row["en"], tuple(Answer(*a) for a in row["answers"]), row["end"]
        )
        for row in stored
    }


def write(steps: Mapping[str, Step]) -> list[dict[str, Any]]:
    return [
        {
            "number": s.number, "id": s.id, "en": s.en, "end": s.end,
            "answers": [[a.id, a.en, a.to] for a in s.answers],
        }
        for s in steps.values()
    ]  # fmt: skip


def say(row: Any, language: str, name: str = "") -> str:
    """A text that is there in two languages; in Indonesian where the other one is empty."""
    prefix = f"{name}_" if name else ""
    text: str = getattr(row, prefix + language) or getattr(row, f"{prefix}id")
    return text


def problems(steps: Mapping[str, Step]) -> dict[str, list[Message]]:
    """What is wrong with a tree, by the number of the step ("" for the whole); {} when it can be published.

    Every step has words and is reached from the first; every answer leads somewhere; and from every step
    some way ends, so that nobody goes round in a circle.
    """
    if not steps:
        return {"": [_("Add the first step.")]}
    found: dict[str, list[Message]] = {}
    reached, ending = reachable(steps), _ending(steps)
    for number, step in steps.items():
        wrong = []
        if not step.id.strip():
            wrong.append(_("Write what the customer is asked or told, in Indonesian."))
        if not step.end and not step.answers:
            wrong.append(_("Add an answer, or let the step end the search."))
        if any(not answer.id.strip() for answer in step.answers):
            wrong.append(_("Write every answer in Indonesian."))
        if any(to not in steps and to not in ENDS for to in step.leads_to):
            wrong.append(_("An answer leads to a step that is not there."))
        elif (step.end or step.answers) and number not in ending:
            wrong.append(_("From here nobody gets to an end: the answers go round in a circle."))
        if number not in reached:
            wrong.append(_("No answer leads here."))
        if wrong:
            found[number] = wrong
    return found


def reachable(steps: Mapping[str, Step]) -> set[str]:
    """The numbers of the steps to which some way leads from the first."""
    seen: set[str] = set()
    waiting = [next(iter(steps))] if steps else []
    while waiting:
        number = waiting.pop()
        if number in steps and number not in seen:
            seen.add(number)
            waiting += steps[number].leads_to
    return seen


def _ending(steps: Mapping[str, Step]) -> set[str]:
    """The numbers of the steps from which some way ends."""
    good: set[str] = set()
    while more := {
        number
        for number, step in steps.items()
        if number not in good and any(to in ENDS or to in good for to in step.leads_to)
    }:
        good |= more
    return good


@dataclass(frozen=True)
class Walk:
    """How far somebody has come: what was asked and answered, and where that led: a step, or an end."""

    tried: tuple[tuple[Step, Answer], ...]
    step: Step | None
    end: str

    def told(self, language: str) -> list[list[str]]:
        """[[what was asked, what was answered], …], the words of an end last."""
        lines = [[say(step, language), say(answer, language)] for step, answer in self.tried]
        return lines + ([[say(self.step, language), ""]] if self.step and self.end else [])


def walk(steps: Mapping[str, Step], answers: str) -> Walk | None:
    """Follow the answers, one digit each, from the first step; None for a way that is not there."""
    step, end = next(iter(steps.values()), None), ""
    tried: list[tuple[Step, Answer]] = []
    for digit in answers:
        if step is None or step.end or not digit.isdecimal() or int(digit) >= len(step.answers):
            return None
        answer = step.answers[int(digit)]
        tried.append((step, answer))
        step, end = steps.get(answer.to), answer.to if answer.to in ENDS else ""
    if step is None and not end:
        return None
    return Walk(tuple(tried), step, end or (step.end if step else ""))
