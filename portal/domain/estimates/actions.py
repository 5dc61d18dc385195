"""Sending estimates, and the customer's answer to them."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import SYSTEM, Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.estimates.facts import EstimateDue, EstimateMoved
from portal.domain.estimates.models import Estimate, EstimateLine
from portal.domain.estimates.rules import LONGEST_DAYS, MOVES, REMIND_BEFORE, How, S, accepted, total
from portal.domain.news import announce
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs.lines import NewLine
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import Billing, LineKind
from portal.domain.repairs.rules import S as Work
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E
from portal.domain.workflows.vocabulary import S as CaseS
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

DIAGNOSIS = "Diagnosis"  # in either language
ESTIMATE = "estimate"  # the entry on the timeline
FEW = 50  # estimates in one transaction

# From where a work order gets to waiting for an answer, step by step.
TOWARDS: dict[str, tuple[str, ...]] = {
    Work.OPEN: (Work.DIAGNOSING, Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.DIAGNOSING: (Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.ESTIMATING: (Work.WAITING_APPROVAL,),
    Work.APPROVED: (Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.IN_PROGRESS: (Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.WAITING_PARTS: (Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.DECLINED: (Work.ESTIMATING, Work.WAITING_APPROVAL),
    Work.WAITING_APPROVAL: (),
}


def send(
    actor: Actor,
    order: WorkOrder,
    *,
    until: date | None,
    fee: int,
    note: str,
    optional: Collection[int],
    version: int | None,
    now: datetime,
    told: bool = True,
) -> Estimate:
    """Freeze the lines of a work order as its next version and ask the customer; the one before is replaced.

    `optional` are the ids of lines that the customer may leave out, `fee` (minor units) what the diagnosis
    costs if the estimate is declined (nothing where an earlier one was approved: the repair goes on then),
    `until` the last day of the answer. `told` False: the customer is here and answers at once.

    Raises Refused, Stale.
    """
    if version is not None and version != order.version:
        raise Stale
    if order.state not in TOWARDS:
        raise Refused(_("This work order needs no estimate any more."))
    case, lines = order.case, work_lines.of_order(order.id)
    if not any(line.billing == Billing.BILLABLE and line.price for line in lines):
        raise Refused(_("Nothing here is billed to the customer, so no estimate is needed."))
    today = day_in(case.outlet.timezone, now)
    if until is None or until < today:
        raise Refused(_("Choose a day that is still to come."), "until")
    if until > today + timedelta(days=LONGEST_DAYS):
        raise Refused(_("Choose a day within the next %(days)s days.", days=LONGEST_DAYS), "until")
    earlier = versions(order.id)
    if any(one.state == S.APPROVED for one in earlier):
        fee = 0
    estimate = Estimate(
        order=order, number=1 + len(earlier), currency=case.outlet.currency, total=0, fee=fee,
        until=until, note=note.strip(), sent_at=now, sent_by_id=actor.id,
        lines=[
            EstimateLine(
                work_line_id=line.id, kind=line.kind, description=line.description, pieces=line.pieces,
                price=line.price, billing=line.billing, optional=line.id in optional,
            )
            for line in lines
        ],
    )  # fmt: skip
    estimate.total = total(estimate.lines)
    if fee > estimate.total:
        raise Refused(_("The diagnosis cannot cost more than the whole estimate."), "fee")
    for waiting in earlier:
        if waiting.state == S.SENT:
            _enter(waiting, S.SUPERSEDED)
    db.session.flush()
    db.session.add(estimate)
    db.session.flush()
    for state in TOWARDS[order.state]:
        repairs.move(SYSTEM, order, state, now=now)
    _write(actor, estimate, now)
    if (case.state, E.QUOTE) in KINDS[case.kind].moves:
        cases.move(actor, case, E.QUOTE, now, data={"at": end_of(estimate).isoformat()})
    if told:
        announce(EstimateMoved(estimate.id, S.SENT))
    return estimate


def approve(
    actor: Actor, estimate: Estimate, chosen: Collection[int], *, how: How, by: str, now: datetime
) -> None:
    """Agree to it, without the lines that may be left out and are not in `chosen`.

    Those lines leave the work order; the others carry what was agreed to. Raises Refused.
    """
    _check_open(actor, estimate, now)
    taken = accepted(estimate.lines, chosen)
    for line in estimate.lines:
        line.accepted = line.id in taken
    estimate.agreed = total(line for line in estimate.lines if line.accepted)
    _decide(actor, estimate, S.APPROVED, how, by, now)
    order = estimate.order
    living = {line.id: line for line in work_lines.of_order(order.id)}
    for sent in estimate.lines:
        work = living.get(sent.work_line_id)
        if work is not None and sent.accepted:
            work.agreed = sent.amount
        elif work is not None:
            work_lines.remove(SYSTEM, work, now)
    repairs.move(SYSTEM, order, Work.APPROVED, now=now)


def decline(actor: Actor, estimate: Estimate, reason: str, *, how: How, by: str, now: datetime) -> None:
    """Say no. What an earlier version agreed to stays; without one nothing is repaired, and the diagnosis is
    paid once, as this estimate said. Raises Refused."""
    _check_open(actor, estimate, now)
    estimate.reason = reason.strip()
    for sent in estimate.lines:
        sent.accepted = False
    _decide(actor, estimate, S.DECLINED, how, by, now)
    order = estimate.order
    approved = versions(order.id, S.APPROVED)
    for line in work_lines.of_order(order.id):
        diagnosis = (line.kind, line.description) == (LineKind.FEE, DIAGNOSIS) and not approved
        if line.billing == Billing.BILLABLE and (line.agreed is None or diagnosis):
            work_lines.remove(SYSTEM, line, now)
    if approved:
        repairs.move(SYSTEM, order, Work.APPROVED, now=now)
        return
    if estimate.fee:
        told = NewLine(LineKind.FEE, DIAGNOSIS, estimate.fee, billing=Billing.BILLABLE, reason=DIAGNOSIS)
        fee = work_lines.add(SYSTEM, order, told, now)
        fee.agreed = estimate.fee
    repairs.move(SYSTEM, order, Work.DECLINED, now=now)


def ask_again(actor: Actor, estimate: Estimate, words: str, now: datetime) -> None:
    """The customer asks in these words for a new estimate in place of one that is over. Raises Refused."""
    if estimate.state != S.EXPIRED:
        raise Refused(_("This estimate can still be answered, or was answered already."))
    cases.say(actor, estimate.order.case, words, now)


def expire(now: datetime) -> bool:
    """End some estimates whose last day is over in their outlet's zone; False when none is left."""
    over = [found for found in _waiting(now.date() + timedelta(days=1)) if is_over(found, now)]
    for estimate in over:
        _enter(estimate, S.EXPIRED)
        _go_on(SYSTEM, estimate, Work.ESTIMATING, now)
        announce(EstimateMoved(estimate.id, S.EXPIRED))
    return bool(over)


def remind(now: datetime) -> bool:
    """Remind of some estimates that end soon, once each; False when none is left."""
    due = [
        found
        for found in _waiting(now.date() + REMIND_BEFORE)
        if found.reminded_at is None and now - found.sent_at > timedelta(days=1) and not is_over(found, now)
    ]
    for estimate in due:
        estimate.reminded_at = now
        announce(EstimateDue(estimate.id))
    return bool(due)


STEPS = (expire, remind)  # each is called until it says that nothing is left


def is_over(estimate: Estimate, now: datetime) -> bool:
    """Whether its last day has passed at the outlet."""
    return day_in(estimate.order.case.outlet.timezone, now) > estimate.until


def end_of(estimate: Estimate) -> datetime:
    """The last second of its last day, at the outlet."""
    zone = ZoneInfo(estimate.order.case.outlet.timezone)
    return datetime.combine(estimate.until, time(23, 59, 59), zone).astimezone(UTC)


def versions(order_id: int, *states: str) -> list[Estimate]:
    """The estimates of a work order, in order; those in `states` if any are named."""
    found = select(Estimate).where(Estimate.work_order_id == order_id).order_by(Estimate.number)
    return list(db.session.scalars(found.where(Estimate.state.in_(states)) if states else found))


def _waiting(last: date) -> list[Estimate]:
    found = select(Estimate).where(Estimate.state == S.SENT, Estimate.until <= last)
    return list(db.session.scalars(found.order_by(Estimate.until, Estimate.id).limit(FEW).with_for_update()))


def _check_open(actor: Actor, estimate: Estimate, now: datetime) -> None:
    if not actor.may(Permission.ESTIMATE_ANSWER):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    if estimate.state in (S.APPROVED, S.DECLINED):
        raise Refused(_("This estimate was answered already; what was said then counts."))
    if estimate.state == S.SUPERSEDED:
        raise Refused(_("The shop has sent a newer estimate. Please look at that one."))
    if estimate.state == S.EXPIRED or is_over(estimate, now):
        raise Refused(
            _("This estimate is no longer valid, because prices may have changed. Ask for a new one.")
        )


def _decide(actor: Actor, estimate: Estimate, state: S, how: How, by: str, now: datetime) -> None:
    if state is S.APPROVED:
        for earlier in versions(estimate.work_order_id, S.APPROVED):
            _enter(earlier, S.SUPERSEDED)
        db.session.flush()
    _enter(estimate, state)
    estimate.decided_at, estimate.how = now, how
    estimate.decided_by = by.strip() or actor.name
    estimate.recorded_by_id = actor.id if actor.is_staff else None
    _go_on(actor, estimate, None, now)
    db.session.flush()
    announce(EstimateMoved(estimate.id, state))


def _enter(estimate: Estimate, state: S) -> None:
    assert state in MOVES[estimate.state], f"{estimate.state} does not lead to {state}"
    estimate.state = state


def _go_on(actor: Actor, estimate: Estimate, order_state: str | None, now: datetime) -> None:
    """The case and the work order wait for the customer no more."""
    order, case = estimate.order, estimate.order.case
    _write(actor, estimate, now)
    if case.state == CaseS.WAITING_APPROVAL:
        cases.move(actor, case, E.LAPSE if estimate.state == S.EXPIRED else E.AGREE, now)
    if order_state and order.state == Work.WAITING_APPROVAL:
        repairs.move(SYSTEM, order, order_state, now=now)


def _write(actor: Actor, estimate: Estimate, now: datetime) -> None:
    """What became of it stands on the timeline, for both sides."""
    told = {
        "estimate": estimate.number, "state": estimate.state, "order": estimate.order.code,
        "amount": estimate.total if estimate.agreed is None else estimate.agreed,
        "currency": estimate.currency,
    }  # fmt: skip
    cases.note(actor, estimate.order.case, ESTIMATE, now, body=estimate.reason, data=told)
