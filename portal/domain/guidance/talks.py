"""The talk with the assistant: kept for an hour in its session, then forgotten, or handed to the shop."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases.facts import CaseMoved
from portal.domain.cases.models import Case
from portal.domain.guidance import counting
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.models import Handover, Talk
from portal.domain.requests import actions as requests
from portal.domain.requests import queries as request_queries
from portal.domain.requests.models import Request
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import E
from portal.kernel.errors import Refused
from portal.kernel.text import _

KEPT = timedelta(hours=1)  # after the last word
CARRIED = timedelta(days=1)  # what was tried before a claim that is not written yet
TURNS = 8
QUESTION_LIMIT = 500

Turn = dict[str, Any]


def turns_of(who: str, now: datetime) -> list[Turn]:
    """What was said in a session, oldest first."""
    talk = db.session.get(Talk, who)
    return list(talk.turns) if talk is not None and talk.touched_at > now - KEPT else []


def say(who: str, turn: Turn, now: datetime) -> None:
    """Keep a question with its answer; of many the last TURNS."""
    turns = [*turns_of(who, now), turn][-TURNS:]
    db.session.merge(Talk(who=who, turns=turns, touched_at=now))
    db.session.flush()


def forget(who: str) -> None:
    db.session.execute(delete(Talk).where(Talk.who == who))


def told(turns: list[Turn]) -> list[tuple[str, str]]:
    """A talk as a case keeps it: (question, what was answered)."""
    return [
        (turn["question"], " · ".join([turn["say"], *(item["title"] for item in turn["items"])]).strip(" ·"))
        for turn in turns
    ]


def ask(actor: Actor, unit: Unit | None, tried: Sequence[Sequence[str]], story: str, now: datetime) -> Case:
    """Open a question to the shop with everything that was tried or said before. Raises Refused."""
    assert actor.id is not None
    outlet = unit.outlet if unit else request_queries.usual_outlet(actor.id)
    if outlet is None:
        raise Refused(_("No shop is there to answer yet."))
    return requests.ask(
        actor, db.session.get_one(Customer, actor.id), "question",
        requests.Subject(unit=unit, outlet=outlet), {"story": story, "way": "message"},
        tried=[(line[0], line[1]) for line in tried], now=now,
    )  # fmt: skip


def carry(actor: Actor, unit: Unit, tried: list[list[str]], now: datetime) -> None:
    """Keep what a customer tried, for the claim that they are going to write about this item."""
    db.session.merge(Handover(customer_id=actor.id, unit_id=unit.id, tried=tried, at=now))
    db.session.flush()


def deliver(fact: CaseMoved, now: datetime) -> None:
    """A case that was just sent gets what its customer tried before, when it is about that item.

    One that nothing was tried for went on in spite of what was suggested beside its form.
    """
    if fact.event != E.SUBMIT:
        return
    case, request = db.session.get_one(Case, fact.case_id), db.session.get(Request, fact.case_id)
    carried = db.session.get(Handover, (case.customer_id, case.unit_id)) if case.unit_id else None
    if carried is not None:
        if request is None:
            request = Request(case_id=case.id, answers={}, tried=[])
            db.session.add(request)
        if not request.tried and carried.at > now - CARRIED:
            request.tried = carried.tried
        db.session.delete(carried)
        db.session.flush()
    if request is None or not request.tried:
        counting.count(Source.SUGGESTION, Event.WENT_ON, now)


def sweep(now: datetime) -> None:
    """Forget talks that went quiet, and what was carried for claims that nobody wrote."""
    db.session.execute(delete(Talk).where(Talk.touched_at <= now - KEPT))
    db.session.execute(delete(Handover).where(Handover.at <= now - CARRIED))
