"""Asking the shop for something, the shop's decision, an appeal against it, an appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog.models import Outlet
from portal.domain.claims.models import Refund
from portal.domain.news import announce
from portal.domain.purchases.models import Purchase
from portal.domain.requests import queries
from portal.domain.requests.answers import OTHER, PLACE, SERVICE, kept, problems
from portal.domain.requests.facts import RequestDecided
from portal.domain.requests.models import Request, Resolution, Service
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import About, Kind, Outcome
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import TO_LOOK_AT, E, S
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import _

TITLE = 90  # letters of a story that stand for it in lists
Tried = Sequence[tuple[str, str]]  # (question, answer) of the troubleshooting before


@dataclass(frozen=True)
class Subject:
    """What a case is about: an item, a receipt, or the outlet that shall answer."""

    unit: Unit | None = None
    purchase: Purchase | None = None
    outlet: Outlet | None = None

    @property
    def place(self) -> Outlet:
        thing = self.unit or self.purchase
        found = self.outlet or (thing.outlet if thing else None)
        assert found is not None, "somebody answers"
        return found


def ask(
    actor: Actor,
    customer: Customer,
    kind: str,
    subject: Subject,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    title: tuple[str, str] = ("", ""),
    photos: Sequence[str] = (),
    tried: Tried = (),
) -> Case:
    """Open a case of any kind but the warranty claim, and send it. Raises Refused.

    `answers` by the names of the kind's questions: text, int, or a date. `title` is what lists call it, in
    Indonesian and English; without one it is the beginning of the story. Staff ask in a customer's name.
    """
    table = KINDS[kind]
    _check_subject(actor, table, subject)
    questions, services = queries.questions(table, subject.place)
    for name, problem in problems(questions, answers, day_in(subject.place.timezone, now)).items():
        raise Refused(problem, name)
    given = kept(questions, answers) | _offer(services, answers)
    story = str(given.get("story", ""))
    case = cases.open_case(
        kind, customer, subject.unit, purchase=subject.purchase, outlet=subject.place,
        title=(title[0] or _brief(story) or str(table.label))[:200], story=" ".join(_words(given)), now=now,
    )  # fmt: skip
    case.title_en = title[1][:200]
    db.session.add(Request(case_id=case.id, answers=given, tried=[list(step) for step in tried]))
    sender = actor if actor.is_customer else SYSTEM
    entry = cases.move(sender, case, E.SUBMIT, now, body=story)
    cases.attach(actor, case, entry, photos)
    if actor.is_staff:
        cases.note(actor, case, "opened", now, internal=True)
    return case


@dataclass(frozen=True)
class Ruling:
    """What a member of staff decided; `outcome` is one of the kind's."""

    outcome: str
    reason: str
    amount: int | None = None  # in minor units
    clause: str = ""
    evidence: str = ""
    alternative: str = ""


def open_outcomes(kind: Kind, state: str) -> dict[str, Outcome]:
    """What can be decided in a state. After the first decision only what refuses or costs money is one
    again; going on with what was accepted is a plain move."""
    found = {name: o for name, o in kind.outcomes.items() if (state, o.event) in kind.moves}
    if state in (*TO_LOOK_AT, S.APPEALED):
        return found
    costly = {outcome.event for outcome in found.values() if outcome.money or outcome.refuses}
    return {name: outcome for name, outcome in found.items() if outcome.event in costly}


def decide(
    actor: Actor, case: Case, ruling: Ruling, *, version: int | None, now: datetime, by_line: bool = False
) -> Resolution:
    """Decide on a case, or on the appeal against its rejection; `by_line` says that each of its lines has its
    answer. Raises Refused, Stale."""
    cases.check_version(case, version)
    if KINDS[case.kind].by_line and not by_line:
        raise Refused(_("A return is answered line by line, under “What comes back”."))
    outcome = open_outcomes(KINDS[case.kind], case.state).get(ruling.outcome)
    if outcome is None:
        raise Refused(_("Choose what is done."), "outcome")
    earlier = queries.resolutions(case.id)
    if earlier and earlier[-1].appeal and earlier[-1].staff_id == actor.id:
        raise Refused(_("You decided before; somebody else has to decide on the appeal."))
    _check_ruling(case, outcome, ruling)
    resolution = Resolution(
        case_id=case.id, at=now, staff_id=actor.id, kind=case.kind, outcome=ruling.outcome,
        amount=ruling.amount if outcome.money else None, currency=case.outlet.currency,
        reason=ruling.reason.strip(),
        **({"clause": ruling.clause, "evidence": ruling.evidence, "alternative": ruling.alternative}
           if outcome.refuses else {}),
    )  # fmt: skip
    db.session.add(resolution)
    db.session.flush()
    if resolution.amount:
        owed = Refund(case_id=case.id, amount=resolution.amount, currency=resolution.currency, created_at=now)
        db.session.add(owed)
    told = {
        "kind": case.kind, "outcome": ruling.outcome, "amount": resolution.amount,
        "clause": resolution.clause, "evidence": resolution.evidence, "alternative": resolution.alternative,
    }  # fmt: skip
    entry = cases.move(
        actor, case, outcome.event, now, body=resolution.reason,
        data={name: value for name, value in told.items() if value},
    )  # fmt: skip
    announce(RequestDecided(case.id, resolution.id, entry.id))
    return resolution


def may_appeal(resolutions: Sequence[Resolution]) -> bool:
    """Once a case, against a rejection."""
    if not resolutions or any(resolution.appeal for resolution in resolutions):
        return False
    last = resolutions[-1]
    return KINDS[last.kind].outcomes[last.outcome].refuses


def appeal(actor: Actor, case: Case, text: str, *, photos: Sequence[str], now: datetime) -> None:
    """Ask another person to decide. Raises Refused."""
    earlier = queries.resolutions(case.id)
    if any(resolution.appeal for resolution in earlier):
        raise Refused(
            _("You appealed already; the second decision is the shop's last. BPSK can help you further.")
        )
    if not may_appeal(earlier):
        raise Refused(_("Only a rejection can be appealed."))
    cases.check_body(text)
    earlier[-1].appeal = text
    cases.move(actor, case, E.APPEAL, now, body=text, photos=photos)


def book(actor: Actor, case: Case, at: datetime | None, body: str, now: datetime) -> CaseEvent:
    """Agree on a call or a visit; the next step is due then. Raises Refused."""
    if at is None:
        raise Refused(_("Choose the day and the time."), "agreed")
    if at <= now:
        raise Refused(_("Choose a time that is still to come."), "agreed")
    return cases.move(actor, case, E.BOOK, now, body=body, data={"at": at.isoformat()})


def _check_subject(actor: Actor, kind: Kind, subject: Subject) -> None:
    if kind.about is About.UNIT and subject.unit is None:
        raise Refused(_("Choose the item it is about."))
    if kind.about in (About.LINES, About.PARCEL) and subject.purchase is None:
        raise Refused(_("Choose the receipt it is about."))
    if actor.reach is not None and (
        kind.about is About.PERSON or (subject.unit is None and subject.purchase is None)
    ):
        raise Refused(_("Please open your whole account first, so that we know that it is you."))


def _offer(services: Sequence[Service], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The line of the price list that was chosen, as it was shown then. Raises Refused."""
    chosen = answers.get(SERVICE)
    if not services or chosen in (None, OTHER):
        return {}
    line = next(service for service in services if service.code == chosen)
    if answers.get(PLACE) == "home" and not line.at_home:
        raise Refused(_("This is done at the shop only. Choose to bring it."), PLACE)
    return {"offer": {"id": line.name_id, "en": line.name_en, "price": line.price, "days": line.days}}


def _check_ruling(case: Case, outcome: Outcome, ruling: Ruling) -> None:
    if not ruling.reason.strip():
        raise Refused(_("Give a reason; the customer reads it."), "reason")
    if outcome.refuses and not ruling.evidence.strip():
        raise Refused(_("A rejection names its evidence."), "evidence")
    if outcome.refuses and not ruling.alternative.strip():
        raise Refused(_("A rejection says what the customer can do instead."), "alternative")
    if outcome.money:
        if not ruling.amount or ruling.amount <= 0:
            raise Refused(_("Write the amount that is paid back."), "amount")
        receipt = case.purchase or (case.unit and case.unit.purchase)
        if receipt and ruling.amount > receipt.total:
            raise Refused(_("That is more than was paid for the whole receipt."), "amount")


def _brief(story: str) -> str:
    """The first line of a story, cut at a word."""
    line = story.strip().partition("\n")[0]
    return line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + " …"


def _words(given: Mapping[str, Any]) -> list[str]:
    """What was written, for the search."""
    return [value for value in given.values() if isinstance(value, str)]
