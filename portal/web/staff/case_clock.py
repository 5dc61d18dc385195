"""The clock of a case at the desk: what is owed, how much of it is left, and how urgent the case is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import clocks, queries, targets
from portal.domain.cases.models import Case
from portal.domain.workflows.clock import REMINDERS, WARNING, Clock, Promise, Terms
from portal.domain.workflows.engine import Priority
from portal.kernel import clock as present
from portal.kernel.text import Message, _
from portal.web import durations, signin
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to
from portal.web.staff import desk

bp = Blueprint("desk_case_clock", __name__, url_prefix="/desk/cases")

# What the head of a case needs for its clock; the query is then passed through `targets.joined`.
COLUMNS = (
    Case.priority, Case.respond_by, Case.first_responded_at, Case.reply_by, Case.resolve_by, Case.outside_by,
    Case.paused_since, Case.paused_minutes, Case.closed_at, *targets.COLUMNS,
)  # fmt: skip
PRIORITIES: dict[str, tuple[Message, str]] = {
    Priority.URGENT: (_("Urgent"), "bad"),
    Priority.HIGH: (_("High"), "waiting"),
    Priority.NORMAL: (_("Normal"), "quiet"),
    Priority.LOW: (_("Low"), "quiet"),
}
NAMES: dict[str, Message] = {
    Promise.FIRST: _("First answer"),
    Promise.NEXT: _("Next answer"),
    Promise.DONE: _("Solution"),
    Promise.OUTSIDE: _("Courier's deadline"),
}


@dataclass(frozen=True)
class Line:
    """One promise. `how` is met, missed, running, soon, late or paused; `share` of 100 is left."""

    name: Message
    how: str
    said: str  # how much is left, or over
    due: datetime
    share: int | None = None
    done: datetime | None = None


def lines(head: Any, now: datetime) -> list[Line]:
    """The promises of a case. `head` is a row with COLUMNS and `kind`."""
    terms, clock = targets.terms_of(head.kind, head.priority, head), clocks.of(head)
    ends = {Promise.FIRST: clock.answered, Promise.NEXT: None, Promise.DONE: clock.finished}
    spans = {Promise.FIRST: terms.first, Promise.NEXT: terms.next, Promise.DONE: terms.done}
    dues = {Promise.FIRST: clock.first, Promise.NEXT: clock.next, Promise.DONE: clock.done}
    found = [
        _line(promise, due, ends[promise], spans[promise], clock, terms, now)
        for promise, due in dues.items()
        if due
    ]
    outside = clock.running().get(Promise.OUTSIDE)
    return [_outside(outside, terms, now), *found] if outside else found


def _line(
    promise: Promise, due: datetime, end: datetime | None, span: timedelta, clock: Clock, terms: Terms,
    now: datetime,
) -> Line:  # fmt: skip
    if end:
        over = terms.calendar.between(due, end)
        return Line(NAMES[promise], "missed" if end > due else "met", _say(over, terms), due, done=end)
    left = clock.left(promise, now, terms.calendar) or timedelta()
    how = "running" if left > span / WARNING else "soon" if due > now else "late"
    if promise not in clock.running():
        how = "paused" if left else "late"
    share = max(0, min(100, round(100 * left / span)))
    return Line(NAMES[promise], how, _say(abs(left), terms), due, share)


def _outside(due: datetime, terms: Terms, now: datetime) -> Line:
    """A time that the shop did not set is told in days of the calendar."""
    soon = now >= terms.calendar.before(due, REMINDERS[0])
    how = "late" if due <= now else "soon" if soon else "running"
    said = durations.say(int(abs(due - now) / timedelta(minutes=1)), always=True, most=1)
    return Line(NAMES[Promise.OUTSIDE], how, said, due)


def _say(span: timedelta, terms: Terms) -> str:
    """The largest part, and the next one too where it matters."""
    minutes = int(span / timedelta(minutes=1))
    return durations.say(
        minutes, always=terms.calendar.always, most=1 if minutes >= 2 * durations.WORKDAY else 2
    )


@bp.post("/<code>/priority")
@requires(Permission.CASE_TRIAGE)
def prioritise(code: str) -> Response:
    """Say how urgent a case is."""
    actor = signin.me()
    case: Case = one_or_404(queries.visible_to(actor).where(Case.code == code))
    cases.prioritise(actor, case, request.form.get("priority", ""), present.now())
    return go_to(f"/desk/cases/{code}{desk.query()}", _("Saved. The deadlines are reckoned anew."))
