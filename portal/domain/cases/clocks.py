"""The clock of a case as its row keeps it: what was promised, what is owed first, when to look again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.cases import targets
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog.models import Outlet
from portal.domain.workflows.clock import Clock, Happened, Terms, fold
from portal.domain.workflows.engine import Category, Priority, Stage, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import EVENTS, E, S

MESSAGE, REFILE = "message", "refile"
# Moves of staff that tell the customer nothing, unless something was written with them.
QUIET = frozenset({E.REVIEW, E.RECEIVE, E.INSPECT, E.MERGE, E.UNMERGE})
OUTSIDE = (Who.CUSTOMER, Who.SUPPLIER, Who.COURIER)
INSTANT = timedelta(microseconds=1)


def follow(case: Case, entry: CaseEvent) -> None:
    """Bring the clock up to date with an entry that is being written."""
    happened = _happened(case.kind, entry)
    if not happened:
        return
    terms, clock = _terms(case), of(case)
    for what in happened:
        clock = clock.after(what, entry.at, terms)
    if Happened.SENT in happened:
        case.created_at = entry.at
    if _moved(entry):
        case.step_by = _agreed(entry) or _step(case, entry.at, terms)
    _keep(case, clock, terms, entry.at)


def bound(case: Case, until: datetime | None, now: datetime) -> None:
    """Somebody outside takes no longer than `until` what the shop has to send; None: nothing of the kind.

    What was over before anybody knew of it disturbs nobody.
    """
    if case.outside_by is None and until is not None and until <= now:
        return
    if case.outside_by != until:
        case.outside_by = until
        _keep(case, of(case), _terms(case), now)
        db.session.flush()


def reckon(case: Case, now: datetime) -> None:
    """Bring the clock of a case whose kind or priority changed up to date."""
    db.session.flush()
    for name, value in anew(case, now).items():
        setattr(case, name, value)
    db.session.flush()


def anew(case: Case, now: datetime, *, keeping: bool = False) -> dict[str, Any]:
    """The clock's columns reckoned from all that happened to a case, by the targets and hours of today.

    `keeping`: what was promised is not put off. Nothing for a case that was never sent.
    """
    rows = db.session.execute(_entries.where(CaseEvent.case_id == case.id)).all()
    if not any(row.before == S.DRAFT for row in rows):
        return {}
    terms = _terms(case)
    clock = replace(fold(_story(case.kind, rows), terms), outside=case.outside_by)
    if keeping:
        clock = clock.sooner(of(case))
    entered = max((row for row in rows if _moved(row)), key=lambda row: row.at)
    case_step = _agreed(entered) or _step(case, entered.at, terms)
    values = {"step_by": case_step, **_columns(case, clock, terms, now, case_step)}
    if case.on_desk and any(due <= now for due in clock.running().values()):
        values["alarm_at"] = now  # what is over by this new reckoning is looked at once
    return values


def of(case: Any) -> Clock:
    """The clock that a case's row keeps."""
    return Clock(
        first=case.respond_by,
        next=case.reply_by,
        done=case.resolve_by,
        outside=case.outside_by,
        answered=case.first_responded_at,
        paused_since=case.paused_since,
        paused=timedelta(minutes=case.paused_minutes),
        finished=case.closed_at,
    )


def awaited(case: Any) -> datetime | None:
    """By when whoever has to act should have done the present step, also for the sake of somebody outside."""
    return min((at for at in (case.step_by, case.outside_by) if at), default=None)


def first_answer_by(kind: str, outlet: Outlet, now: datetime) -> datetime:
    """Until when the shop promises to answer a case that is sent now. One query."""
    terms = targets.terms(kind, Priority.NORMAL, outlet.id)
    return terms.calendar.after(now, terms.first)


def next_alarm(clock: Clock, terms: Terms, since: datetime) -> datetime | None:
    return min((at for at, _promise, _over in clock.alarms(terms) if at > since), default=None)


_entries = select(
    CaseEvent.at, CaseEvent.event, CaseEvent.author, CaseEvent.internal, CaseEvent.before, CaseEvent.after,
    (CaseEvent.body != "").label("body"), CaseEvent.data,
).order_by(CaseEvent.id)  # fmt: skip


def _story(kind: str, rows: Iterable[Any]) -> Iterable[tuple[Happened, datetime]]:
    """What happened in the entries of a case, each read by the kind that the case was of then."""
    then = next((row.data["from"] for row in rows if row.event == REFILE), kind)
    for row in rows:
        then = row.data["to"] if row.event == REFILE else then
        for what in _happened(then, row):
            yield what, row.at


def _keep(case: Case, clock: Clock, terms: Terms, at: datetime) -> None:
    """Write a clock into its row; an alarm that nobody has looked at yet stays one."""
    waiting = case.alarm_at is not None and case.alarm_at <= at
    since = case.alarm_at - INSTANT if waiting and case.alarm_at else at
    for name, value in _columns(case, clock, terms, since, case.step_by).items():
        setattr(case, name, value)


def _moved(entry: Any) -> bool:
    return entry.after is not None and (entry.event in EVENTS or entry.event == REFILE)


def _happened(kind: str, entry: Any) -> list[Happened]:
    """What an entry means for the clock. It stands still while somebody outside the shop has to act, and in a
    merged case until it is separated again."""
    found: list[Happened] = []
    moved = _moved(entry)
    if moved:
        state = KINDS[kind].states[entry.after]
        if entry.event == E.APPEAL:  # what was decided is over; another decision is promised
            found.append(Happened.FINISHED)
        if entry.after == S.MERGED or (state.acts in OUTSIDE and state.category != Category.DRAFT):
            found += [Happened.REOPENED, Happened.PAUSED]
        elif state.category == Category.RESOLVED:
            found.append(Happened.FINISHED)
        elif state.category == Category.OPEN:
            found += [Happened.RESUMED, Happened.REOPENED]
        if entry.before == S.DRAFT:
            return [Happened.SENT, *found] if found else []
    speaks = entry.event == MESSAGE or (moved and bool(entry.body or entry.event not in QUIET))
    if entry.author == "staff" and speaks and not entry.internal:
        found.append(Happened.ANSWERED)
    if entry.author == "customer" and (moved or entry.event == MESSAGE):
        found.append(Happened.ASKED)
    return found


def _columns(
    case: Case, clock: Clock, terms: Terms, since: datetime, step: datetime | None
) -> dict[str, Any]:
    """`due_at` is the earliest of what is owed: an answer, the present step, the end. Where a case is new,
    the answer is the step."""
    owed = list(clock.running().values())
    answering = clock.next or not clock.answered
    if step and not (case.stage == Stage.NEW and answering):
        owed.append(step)
    return {
        "respond_by": clock.first,
        "first_responded_at": clock.answered,
        "reply_by": clock.next,
        "resolve_by": clock.done,
        "paused_since": clock.paused_since,
        "paused_minutes": round(clock.paused / timedelta(minutes=1)),
        "closed_at": clock.finished,
        "due_at": min(owed, default=None) if case.on_desk else None,
        "alarm_at": next_alarm(clock, terms, since) if case.on_desk else None,
    }


def _agreed(entry: Any) -> datetime | None:
    """The time of the call or visit that was agreed on with this entry."""
    at = (entry.data or {}).get("at") if entry.event in (E.BOOK, E.QUOTE) else None
    return datetime.fromisoformat(at) if at else None


def _step(case: Case, entered: datetime, terms: Terms) -> datetime | None:
    """By when the present step should be done: the shop's hours, or days of whoever is awaited."""
    kind = KINDS[case.kind]
    state = kind.states[case.state]
    if state.hours is not None:
        return terms.calendar.after(entered, timedelta(hours=state.hours * kind.hurry(case.priority)))
    return entered + timedelta(days=state.days) if state.days is not None else None


def _terms(case: Case) -> Terms:
    return targets.terms(case.kind, case.priority, case.outlet_id)
