"""What a customer reads of a case: where it stands, who acts next, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.domain.accounts.rules import Actor
from portal.domain.cases import clocks, live
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import queries as claims
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim, Decision, PartOwed, Refund, ReplacementUnit
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.purchases.models import Purchase
from portal.domain.requests import queries as requests
from portal.domain.requests.models import Request, Resolution
from portal.domain.units.coverage import Verdict
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, State, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.text import Message, _
from portal.web import promises
from portal.web.answers import told_answers
from portal.web.customer import case_work, closed_days
from portal.web.customer.case_steps import Step, steps
from portal.web.customer.case_timeline import WHO, Line, Parcel, parcel, told
from portal.web.load import row_or_404
from portal.web.words import moment, money

WARRANTY = "warranty"

PAYMENTS: dict[str, tuple[Message, str]] = {
    Payment.FREE: (_("Accepted: free of charge"), "good"),
    Payment.PARTLY: (_("Accepted: partly free"), "good"),
    Payment.PAID: (_("Accepted: at your cost"), "waiting"),
    Payment.REJECTED: (_("Rejected"), "bad"),
}


@dataclass(frozen=True)
class Next:
    """Who has to act, what, by when; `tone` is that of the box."""

    who: Message
    what: Message
    by: Message | None
    tone: str


@dataclass(frozen=True)
class Decided:
    """A decision of any kind of case, as the customer reads it. `gives` says what they get: money, a part."""

    stamp: tuple[Message, str]
    outcome: Message | None
    gives: str
    replacement: str | None  # the code of the new item
    reason: str
    at: datetime
    clause: str
    evidence: str
    alternative: str
    refused: bool


@dataclass(frozen=True)
class Shown:
    """Everything on the page. `row` is one of _ONE."""

    row: Any
    title: str
    stamp: tuple[Message, str]
    next: Next
    promise: Message | None
    closed: Message | None
    decided: Decided | None
    second: bool  # it answers an appeal
    answers: list[tuple[str, str]]
    tried: list[list[str]]
    verdict: Verdict | None
    work: case_work.Work | None
    steps: list[Step]
    parcel: Parcel | None
    lines: list[Line]
    older: int | None
    mark: str  # after it comes what is new
    can: frozenset[str]

    @property
    def question(self) -> Line | None:
        """The newest words of the shop that an answer is waited for."""
        return next((line for line in reversed(self.lines) if line.kind == "staff" and line.text), None)


_new = aliased(Unit)
_into = aliased(Case)
_goes_on = select(_into.code).where(_into.id == Case.merged_into_id).correlate(Case).scalar_subquery()
_new_codes = select(func.max(_new.code)).join(ReplacementUnit, ReplacementUnit.unit_id == _new.id)


def _of_case(found: Any, table: Any) -> Any:
    return found.where(table.case_id == Case.id).correlate(Case).scalar_subquery()


_ONE = (
    select(
        Case.id, Case.code, Case.kind, Case.state, Case.category, Case.acts, Case.due_at, Case.created_at,
        *promises.COLUMNS, *closed_days.COLUMNS,
        Case.title, Case.title_en, Request.answers, Request.tried, Purchase.code.label("receipt"),
        Purchase.number,
        Outlet.name.label("outlet"), Outlet.address, Outlet.city, Outlet.phone, Outlet.hours, Outlet.timezone,
        Outlet.currency, Unit.code.label("unit"), Product.name.label("product"), Product.icon, Claim.verdict,
        Claim.payment,
        _goes_on.label("goes_on"),
        _of_case(select(func.sum(Refund.amount)), Refund).label("refund"),
        _of_case(select(func.max(PartOwed.description)), PartOwed).label("part"),
        _of_case(_new_codes, ReplacementUnit).label("replacement"),
    )
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Claim, Claim.case_id == Case.id)
    .outerjoin(Request, Request.case_id == Case.id)
    .outerjoin(Purchase, Purchase.id == Case.purchase_id)
)  # fmt: skip


def load(actor: Actor, code: str, now: datetime, language: str, *, before: int | None = None) -> Shown:
    """The case `code` for its customer, or NotFound; its newest entries, or those before the number `before`.

    At most five queries beside the one that recognised the person.
    """
    row = row_or_404(cases.limit_to(actor, _ONE).where(Case.code == code))
    kind = KINDS[row.kind]
    state = kind.states[row.state]
    decisions = _decisions(row)
    last = decisions[-1] if decisions else None
    work = case_work.load(row)
    entries, older = cases.timeline(row.id, internal=False, before=before)
    legs = cases.legs(row.id)
    decided = decided_by(last, row) if last else None
    refused = decided is not None and decided.refused
    possible = {event for event, move in kind.events_from(row.state).items() if actor.may(move.by)}
    can = possible & {E.CANCEL, E.REOPEN, E.ANSWER, E.CONFIRM}
    open_to_it = row.state in (S.DECIDED, S.GOING_BACK, S.CLOSED)
    if refused and open_to_it and not any(decision.appeal for decision in decisions):
        can.add(E.APPEAL)
    return Shown(
        row=row,
        title=(language == "en" and row.title_en) or row.title,
        stamp=decided.stamp
        if decided and refused and row.state == S.DECIDED
        else (state.customer, state.tone),
        next=_next(row, state, now, can, refused),
        promise=promises.end(row, now),
        closed=closed_days.before(row, now, language),
        decided=decided,
        second=len(decisions) > 1,
        answers=told_answers(kind, row.answers or {}, row.currency, language),
        tried=row.tried or [],
        verdict=verdicts.from_json(row.verdict) if row.verdict and row.kind == WARRANTY else None,
        work=work,
        steps=steps(row.kind, row.state, state, refused=refused),
        parcel=parcel(legs),
        lines=told(entries, kind, legs, newest=before is None, oldest=older is None),
        older=older,
        mark=live.mark(entries, legs),
        can=frozenset(can),
    )


def _decisions(row: Any) -> list[Decision] | list[Resolution]:
    """Those of the case's own kind; the desk alone sees what was decided before it became that."""
    if row.kind == WARRANTY:
        return claims.decisions(row.id) if row.payment else []
    return requests.resolutions(row.id) if KINDS[row.kind].outcomes else []


def decided_by(decision: Decision | Resolution, row: Any) -> Decided:
    """A claim's decision, or a request's resolution, in the words of its kind."""
    if isinstance(decision, Decision):
        refund = money(row.refund, row.currency) if row.refund else ""
        given = {Outcome.REFUND: refund, Outcome.PART: row.part or ""}
        chosen = Outcome(decision.outcome) if decision.outcome else None
        return Decided(
            PAYMENTS[decision.payment], OUTCOMES[chosen].customer if chosen else None,
            given.get(chosen, "") if chosen else "", row.replacement if chosen is Outcome.REPLACE else None,
            decision.reason, decision.at, str(decision.clause or ""), decision.evidence, decision.alternative,
            decision.payment == Payment.REJECTED,
        )  # fmt: skip
    outcome = KINDS[decision.kind].outcomes[decision.outcome]
    return Decided(
        (outcome.customer, "bad" if outcome.refuses else "good"),
        None,
        money(decision.amount, decision.currency) if decision.amount else "", None, decision.reason,
        decision.at, decision.clause, decision.evidence, decision.alternative, outcome.refuses,
    )  # fmt: skip


def _next(row: Any, state: State, now: datetime, can: set[str], refused: bool) -> Next:
    if row.category == Category.RESOLVED:
        return Next(WHO[Who.NOBODY], _closing(row.state, state, refused), None, "done")
    due_then = clocks.awaited(row)
    step = due_then and moment(due_then, row.timezone)
    in_time = due_then is not None and due_then > now
    if row.state == S.DECIDED and refused:
        by = _("The shop closes this case after %(moment)s.", moment=step) if in_time else None
        if E.APPEAL in can:
            return Next(WHO[Who.CUSTOMER], state.customer_next, by, "yours")
        return Next(
            WHO[Who.AGENT],
            _("This is the shop's second decision. What you can still do is described below."),
            by,
            "theirs",
        )
    if row.state == S.BOOKED and in_time:
        return Next(WHO[row.acts], state.customer_next, _("On %(moment)s.", moment=step), "theirs")
    if row.acts == Who.CUSTOMER:
        by = _("Please do so by %(moment)s.", moment=step) if in_time else None
        return Next(WHO[Who.CUSTOMER], state.customer_next, by, "yours")
    due = row.due_at and moment(row.due_at, row.timezone)
    if owed := promises.answer(row, now):
        return Next(WHO[row.acts], state.customer_next, owed, "late" if row.due_at < now else "theirs")
    if due and row.due_at < now:
        by = _("It should have happened by %(moment)s. We are sorry; the shop sees this too.", moment=due)
        return Next(WHO[row.acts], state.customer_next, by, "late")
    by = _("By %(moment)s at the latest.", moment=due) if due else None
    return Next(WHO[row.acts], state.customer_next, by, "theirs")


def _closing(name: str, state: State, refused: bool) -> Message:
    if name == S.CLOSED and refused:
        return _("The shop's decision stands. If you disagree, BPSK can help you further.")
    return state.customer_next
