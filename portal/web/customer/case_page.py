"""What a customer reads of a case: where it stands, who acts next, what was decided, and one timeline."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.cases.queries import TIMELINE, Entry
from portal.domain.catalog.models import Outlet, Product, Symptom
from portal.domain.claims import queries as claims
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim, Decision, PartOwed, Refund, ReplacementUnit
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.repairs import queries as repairs
from portal.domain.repairs.rules import STATES as WORK
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units.coverage import Verdict
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, Kind, State, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.warranty import E, S
from portal.kernel.text import Message, _
from portal.web.load import row_or_404
from portal.web.words import moment, translate

WHO: dict[str, Message] = {
    Who.CUSTOMER: _("You"),
    Who.AGENT: _("The shop"),
    Who.TECHNICIAN: _("The technician"),
    Who.COURIER: _("The courier"),
    Who.NOBODY: _("Done"),
}
PAYMENTS: dict[str, tuple[Message, str]] = {
    Payment.FREE: (_("Accepted: free of charge"), "good"),
    Payment.PARTLY: (_("Accepted: partly free"), "good"),
    Payment.PAID: (_("Accepted: at your cost"), "waiting"),
    Payment.REJECTED: (_("Rejected"), "bad"),
}
LEGS: dict[str, Message] = {
    Direction.TO_SHOP: _("To the shop"),
    Direction.TO_SUPPLIER: _("To the maker's service centre"),
    Direction.FROM_SUPPLIER: _("Back from the maker's service centre"),
    Direction.TO_CUSTOMER: _("To you"),
}
ROAD: dict[str, Message] = {
    Status.LABEL_CREATED: _("Shipping label made"),
    Status.PICKUP_SCHEDULED: _("Pick-up arranged"),
    Status.PICKED_UP: _("Picked up"),
    Status.IN_TRANSIT: _("On the way"),
    Status.OUT_FOR_DELIVERY: _("Out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: _("Ready to be picked up"),
    Status.DELIVERED: _("Delivered"),
    Status.ATTEMPT_FAILED: _("Delivery was tried without success"),
    Status.EXCEPTION: _("Something holds it up on the way"),
    Status.RETURN_IN_TRANSIT: _("On its way back to the sender"),
    Status.RETURNED: _("Returned to the sender"),
    Status.CANCELLED: _("Shipment cancelled"),
    Status.STALE: _("No news from the courier for some days"),
}
OWN_LEGS = (Direction.TO_SHOP, Direction.TO_CUSTOMER)  # a courier's name and number are shown of these only


@dataclass(frozen=True)
class Line:
    """One entry of the shown timeline."""

    kind: str
    icon: str | None
    who: str
    badge: str
    at: datetime
    text: str
    photos: list[SimpleNamespace]


@dataclass(frozen=True)
class Next:
    """Who has to act, what, by when; `tone` is that of the box."""

    who: Message
    what: Message
    by: Message | None
    tone: str


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
    lines: list[Line]
    cut: bool
    can: frozenset[str]

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


def load(actor: Actor, code: str, now: datetime, language: str, *, whole: bool) -> Shown:
    """The case `code` for its customer, or NotFound. `whole` shows a long timeline to its beginning.

    At most five queries beside the one that recognised the person.
    """
    row = row_or_404(cases.limit_to(actor, _ONE).where(Case.code == code))
    kind = KINDS[row.kind]
    state = kind.states[row.state]
    decisions = claims.decisions(row.id) if row.payment else []
    work = repairs.of_case(row.id) if row.state == S.FULFILLING else None
    entries, older = cases.timeline(row.id, internal=False, limit=WHOLE if whole else TIMELINE)
    lines = [*_carried(cases.legs(row.id), since=entries[0].at if older else None), *_told(entries, kind)]
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
        lines=sorted(lines, key=lambda line: line.at),
        cut=older is not None,
        can=frozenset(can),
    )


WHOLE = 5000


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
            _("This is the shop's second decision. What you can still do stands below."),
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


def _told(entries: list[Entry], kind: Kind) -> list[Line]:
    """Moves, messages and steps of the repair; whatever else a timeline may hold stays with the shop."""
    lines = []
    for entry in entries:
        if entry.internal:
            continue
        if entry.event == "message":
            badge, icon = "", None
        elif entry.event == "work" and entry.after in WORK:
            badge, icon = translate(WORK[entry.after][1]), "wrench"
        elif entry.event in kind.events:
            badge, icon = translate(kind.events[entry.event]), None
        else:
            continue
        lines.append(_line(entry, badge, icon))
    return lines


def _line(entry: Entry, badge: str, icon: str | None) -> Line:
    if icon is None and entry.author == "customer":
        kind, who = "customer", translate(WHO[Who.CUSTOMER])
    elif icon is None and entry.author == "staff" and (entry.body or entry.photos):
        kind, who = "staff", entry.staff or translate(WHO[Who.AGENT])
    else:
        kind, who, badge = "system", badge, ""
    photos = [_photo(code, stage, n) for n, (code, stage) in enumerate(entry.photos, 1)]
    return Line(kind, icon, who, badge, entry.at, entry.body, photos)


def _photo(code: str, stage: str, number: int) -> SimpleNamespace:
    names = {
        "before": _("Photo %(number)s, before the repair", number=number),
        "after": _("Photo %(number)s, after the repair", number=number),
    }
    name = translate(names.get(stage) or _("Photo %(number)s", number=number))
    return SimpleNamespace(url=f"/photos/{code}?size=thumb", href=f"/photos/{code}", name=name)


def _carried(legs: list[tuple[Any, list[Any]]], since: datetime | None) -> list[Line]:
    """The movements of every shipment. Notes on them are the shop's own."""
    lines = []
    for leg, points in legs:
        own = leg.direction in OWN_LEGS
        carrier = " · ".join(filter(None, (leg.courier, leg.waybill))) if own else ""
        for point in points:
            if point.at is None or (since and point.at < since):
                continue
            who = f"{translate(LEGS[leg.direction])}: {translate(ROAD[point.point])}"
            lines.append(Line("ship", None, who, carrier, point.at, point.place if own else "", []))
    return lines
