"""The clock of a case: what the shop promised, how much of it is left, and how a pause stops it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet
from portal.domain.workflows.clock import ALWAYS, add_service_time, service_minutes
from portal.domain.workflows.engine import Category, State
from portal.domain.workflows.registry import KINDS


def run(case: Case, before: State, now: datetime) -> None:
    """Bring the targets of a case that has just left the state `before` up to date."""
    kind = KINDS[case.kind]
    state = kind.states[case.state]
    _pause(case, before.category, now)
    case.due_at = _due(case, state, now)
    if before.category == Category.DRAFT:
        case.created_at = now
        case.respond_by = first_answer_by(case.kind, case.outlet, now)
    if not _counts(before) and _counts(state):
        case.resolve_by = _later(case, now, kind.targets.done)


def refiled(case: Case, before: State, now: datetime) -> None:
    """A case that became one of another kind is promised what that kind is, from when it was sent."""
    targets = KINDS[case.kind].targets
    run(case, before, now)
    if case.first_responded_at is None:
        case.respond_by = _later(case, case.created_at, targets.first)
    case.resolve_by = _later(case, case.created_at, targets.done)


def first_answer_by(kind: str, outlet: Outlet, now: datetime) -> datetime:
    """Until when the shop promises to answer a case that is sent now."""
    return add_service_time(now, KINDS[kind].targets.first, *_place(kind, outlet))


def _pause(case: Case, before: str, now: datetime) -> None:
    """Stop the clock while somebody else has to act; what was left then is left afterwards."""
    if case.category == Category.PAUSED and before != Category.PAUSED:
        case.paused_since = now
    elif case.category != Category.PAUSED and case.paused_since is not None:
        case.resolve_by = _resumed(case, case.resolve_by, now)
        if case.first_responded_at is None:
            case.respond_by = _resumed(case, case.respond_by, now)
        case.paused_since = None
    case.closed_at = now if case.category == Category.RESOLVED else None


def _counts(state: State) -> bool:
    """Whether the shop still has something to resolve."""
    return state.category in (Category.OPEN, Category.PAUSED)


def _resumed(case: Case, target: datetime | None, now: datetime) -> datetime | None:
    """A target after a pause: as much service time is left as was left when it began."""
    if target is None or case.paused_since is None or target <= case.paused_since:
        return target
    place = _place(case.kind, case.outlet)
    return add_service_time(now, service_minutes(case.paused_since, target, *place), *place)


def _due(case: Case, state: State, now: datetime) -> datetime | None:
    """By when the next step should be done: the shop's hours, or days of the customer."""
    if state.hours is not None:
        return _later(case, now, state.hours * 60)
    return now + timedelta(days=state.days) if state.days is not None else None


def _later(case: Case, start: datetime, minutes: int) -> datetime:
    return add_service_time(start, minutes, *_place(case.kind, case.outlet))


def _place(kind: str, outlet: Outlet) -> tuple[Mapping[str, str], str]:
    """When the clock of a kind runs at an outlet."""
    return (ALWAYS if KINDS[kind].always else outlet.hours), outlet.timezone
