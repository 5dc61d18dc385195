"""Moving a case to another kind: what the new kind needs is asked, everything else stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims import queries as claims
from portal.domain.claims.models import Claim
from portal.domain.requests import queries
from portal.domain.requests.answers import is_asked, kept, problems
from portal.domain.requests.counter import WARRANTY, become_claim
from portal.domain.requests.models import Request
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import About, Ask, Question
from portal.domain.workflows.registry import KINDS
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import _


def answers_so_far(case: Case) -> dict[str, Any]:
    """What the customer told already, by the names of questions."""
    request = queries.of_case(case.id)
    claim = db.session.get(Claim, case.id)
    story = claim.story if claim else ""
    return ({"story": story} if story else {}) | (request.answers if request else {})


def lacking(case: Case, kind: str) -> tuple[Question, ...]:
    """The questions of another kind that have to be answered and are not yet, with those that depend on
    them. A warranty claim asks for its item and symptom instead."""
    told = answers_so_far(case)
    whole, _services = queries.questions(KINDS[kind], case.outlet)
    asked = [replace(q, when=None) if is_asked(q, told) else q for q in whole]
    open_ones = {q.name for q in asked if q.required and q.ask is not Ask.PHOTOS and not _is_told(q, told)}
    return tuple(q for q in asked if q.name in open_ones and (q.when is None or q.when[0] in open_ones))


def _is_told(question: Question, told: Mapping[str, Any]) -> bool:
    """Whether there is an answer that means something here: two kinds may give one name to two questions."""
    return question.name in told and (
        question.ask is not Ask.CHOICE or told[question.name] in question.choices
    )


def refile(
    actor: Actor,
    case: Case,
    kind: str,
    given: Mapping[str, Any],
    *,
    now: datetime,
    unit: Unit | None = None,
    symptom: str = "",
) -> None:
    """Make a case one of another kind. `given` answers what `lacking` asked. Raises Refused."""
    if kind not in KINDS:
        raise Refused(_("Choose another kind."), "kind")
    if claims.debts(case.id):
        raise Refused(_("Something is still owed to the customer in this case. Hand it out first."))
    if kind == WARRANTY:
        told = answers_so_far(case).get("story", "")
        become_claim(case, unit or case.unit, symptom, told or case.title)
    else:
        _become_request(case, kind, given, now)
    cases.refile(actor, case, kind, now)


def _become_request(case: Case, kind: str, given: Mapping[str, Any], now: datetime) -> None:
    told = answers_so_far(case) | dict(given)
    asked, _services = queries.questions(KINDS[kind], case.outlet)
    for name, problem in problems(lacking(case, kind), given, day_in(case.outlet.timezone, now)).items():
        raise Refused(problem, name)
    request = queries.of_case(case.id)
    if request is None:
        request = Request(case_id=case.id, answers={}, tried=[])
        db.session.add(request)
    if KINDS[kind].about in (About.LINES, About.PARCEL) and case.unit:
        case.purchase = case.purchase or case.unit.purchase
    request.answers = {**request.answers, **kept(asked, told)}
