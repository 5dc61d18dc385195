"""What a customer reads of a case: where it stands, who acts next, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product, Symptom
from portal.domain.claims import queries as claims
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim, Decision, PartOwed, Refund, ReplacementUnit
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.repairs import queries as repairs
from portal.domain.repairs.rules import STATES as WORK
from portal.domain.units.coverage import Verdict
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, Stage, State, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.text import Message, _
from portal.web.customer.case_timeline import WHO, Line, Parcel, parcel, told
from portal.web.load import row_or_404
from portal.web.words import moment

PAYMENTS: dict[str, tuple[Message, str]] = {
    Payment.FREE: (_("Accepted: free of charge"), "good"),
    Payment.PARTLY: (_("Accepted: partly free"), "good"),
    Payment.PAID: (_("Accepted: at your cost"), "waiting"),
    Payment.REJECTED: (_("Rejected"), "bad"),
}
STEPS: tuple[tuple[Message, tuple[Stage, ...]], ...] = (
    (_("Sent"), (Stage.DRAFT,)),
    (_("Review"), (Stage.NEW, Stage.CUSTOMER, Stage.REVIEW, Stage.ITEM)),
    (_("Decision"), (Stage.DECIDED,)),
    (_("Work"), (Stage.WORK,)),
    (_("Finished"), (Stage.OUT,)),
)
_WORK = 3  # its place among the steps


@dataclass(frozen=True)
class Next:
    """Who has to act, what, by when; `tone` is that of the box."""

    who: Message
    what: Message
    by: Message | None
    tone: str


@dataclass(frozen=True)
class Step:
    """One of the usual steps of a case; `how` is done, now or later."""

    name: Message
    how: str


@dataclass(frozen=True)
class Shown:
    """Everything on the page. `row` is one of _ONE."""

    row: Any
    title: str
    stamp: tuple[Message, str]
    next: Next
    decisions: list[Decision]
    verdict: Verdict | None
    work: tuple[Message, str] | None
    steps: list[Step]
    parcel: Parcel | None
    lines: list[Line]
    older: int | None
    can: frozenset[str]

    @property
    def question(self) -> Line | None:
        """The newest words of the shop that an answer is waited for."""
        return next((line for line in reversed(self.lines) if line.kind == "staff" and line.text), None)

    @property
    def last(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def ruling(self) -> tuple[Message, str]:
        """Of the last decision: who pays, and the tone of its stamp."""
        assert self.last
        return PAYMENTS[self.last.payment]

    @property
    def outcome(self) -> Message | None:
        assert self.last
        return OUTCOMES[Outcome(self.last.outcome)].customer if self.last.outcome else None


_new = aliased(Unit)
_new_codes = select(func.max(_new.code)).join(ReplacementUnit, ReplacementUnit.unit_id == _new.id)


def _of_case(found: Any, table: Any) -> Any:
    return found.where(table.case_id == Case.id).correlate(Case).scalar_subquery()


_ONE = (
    select(
        Case.id, Case.code, Case.kind, Case.state, Case.category, Case.acts, Case.due_at, Case.created_at,
        Outlet.name.label("outlet"), Outlet.address, Outlet.city, Outlet.phone, Outlet.hours, Outlet.timezone,
        Outlet.currency, Unit.code.label("unit"), Product.name.label("product"), Product.icon, Claim.verdict,
        Claim.payment,
        Symptom.name_id, Symptom.name_en,
        _of_case(select(func.sum(Refund.amount)), Refund).label("refund"),
        _of_case(select(func.max(PartOwed.description)), PartOwed).label("part"),
        _of_case(_new_codes, ReplacementUnit).label("replacement"),
    )
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Claim, Claim.case_id == Case.id)
    .outerjoin(Symptom, Symptom.code == Claim.symptom)
)  # fmt: skip


def load(actor: Actor, code: str, now: datetime, language: str, *, before: int | None = None) -> Shown:
    """The case `code` for its customer, or NotFound; its newest entries, or those before the number `before`.

    At most five queries beside the one that recognised the person.
    """
    row = row_or_404(cases.limit_to(actor, _ONE).where(Case.code == code))
    kind = KINDS[row.kind]
    state = kind.states[row.state]
    decisions = claims.decisions(row.id) if row.payment else []
    work = repairs.of_case(row.id) if row.state == S.FULFILLING else None
    entries, older = cases.timeline(row.id, internal=False, before=before)
    legs = cases.legs(row.id)
    rejected = bool(decisions) and decisions[-1].payment == Payment.REJECTED
    title = (language == "en" and row.name_en) or row.name_id or row.product or ""
    can = set(kind.events_from(row.state)) & {E.CANCEL, E.REOPEN, E.ANSWER}
    if rejected and row.state in (S.DECIDED, S.CLOSED) and not any(decision.appeal for decision in decisions):
        can.add(E.APPEAL)
    return Shown(
        row=row,
        title=title,
        stamp=PAYMENTS[Payment.REJECTED]
        if rejected and row.state == S.DECIDED
        else (state.customer, state.tone),
        next=_next(row, state, now, can, rejected),
        decisions=decisions,
        verdict=verdicts.from_json(row.verdict) if row.verdict else None,
        work=WORK[work.state][1:] if work else None,
        steps=[] if row.state == S.CANCELLED else _steps(state, rejected),
        parcel=parcel(legs),
        lines=told(entries, kind, legs, newest=before is None, oldest=older is None),
        older=older,
        can=frozenset(can),
    )


def _steps(state: State, rejected: bool) -> list[Step]:
    """Where a case stands of the usual steps; a rejection leaves out the work."""
    usual = [step for n, step in enumerate(STEPS) if n != _WORK or not rejected]
    at = next((n for n, (_name, stages) in enumerate(usual) if state.stage in stages), len(usual))
    return [
        Step(name, "done" if n < at else "now" if n == at else "later") for n, (name, _s) in enumerate(usual)
    ]


def _next(row: Any, state: State, now: datetime, can: set[str], rejected: bool) -> Next:
    if row.category == Category.RESOLVED:
        return Next(WHO[Who.NOBODY], _closing(row.state, state, rejected), None, "done")
    due = row.due_at and moment(row.due_at, row.timezone)
    if row.state == S.DECIDED and rejected:
        by = (
            _("The shop closes this case after %(moment)s.", moment=due) if due and row.due_at > now else None
        )
        if E.APPEAL in can:
            return Next(WHO[Who.CUSTOMER], state.customer_next, by, "yours")
        return Next(
            WHO[Who.AGENT],
            _("This is the shop's second decision. What you can still do is described below."),
            by,
            "theirs",
        )
    if row.acts == Who.CUSTOMER:
        by = _("Please do so by %(moment)s.", moment=due) if due and row.due_at > now else None
        return Next(WHO[Who.CUSTOMER], state.customer_next, by, "yours")
    if due and row.due_at < now:
        by = _("It should have happened by %(moment)s. We are sorry; the shop sees this too.", moment=due)
        return Next(WHO[row.acts], state.customer_next, by, "late")
    by = _("By %(moment)s at the latest.", moment=due) if due else None
    return Next(WHO[row.acts], state.customer_next, by, "theirs")


def _closing(name: str, state: State, rejected: bool) -> Message:
    if name == S.CLOSED and rejected:
        return _("The shop's decision stands. If you disagree, BPSK can help you further.")
    return state.customer_next
