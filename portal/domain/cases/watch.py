"""Looking after clocks: warnings, times that are over, promises reckoned anew. A few cases at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Role
from portal.domain.cases import clocks, targets
from portal.domain.cases.models import Case, CaseAlarm, CaseEvent, ClockChange
from portal.domain.catalog import holidays
from portal.domain.catalog.models import Outlet
from portal.domain.outbox.actions import owe
from portal.kernel.clock import day_in

FEW = 50  # cases in one transaction
TOLD = 500  # alarms in one round of messages
LISTED = 10  # cases named in one message
CLOCK = "clock"  # the entry on the timeline

_case = (
    Case.id, Case.code, Case.kind, Case.priority, Case.title, Case.version, Case.on_desk, Case.respond_by,
    Case.first_responded_at, Case.reply_by, Case.resolve_by, Case.outside_by, Case.paused_since,
    Case.paused_minutes, Case.closed_at, Case.alarm_at,
)  # fmt: skip
_waiting = (
    targets.joined(select(*_case, *targets.COLUMNS).join(Outlet), Case.kind, Case.priority)
    .where(Case.alarm_at <= bindparam("now"))
    .order_by(Case.alarm_at)
    .limit(FEW)
)


def ring(now: datetime) -> bool:
    """Write down what is nearly or already over in the cases whose alarm has come; False when none is left.

    A case that somebody else looks at in the same moment is left to them.
    """
    rows = db.session.execute(_waiting, {"now": now}).all()
    known = _known([row.id for row in rows])
    for row in rows:
        terms, clock = targets.terms_of(row.kind, row.priority, row), clocks.of(row)
        following = clocks.next_alarm(clock, terms, now)
        if _take(row, following):
            rung = {promise: (at, over) for at, promise, over in sorted(clock.alarms(terms)) if at <= now}
            for promise, (at, over) in rung.items():
                due = clock.running()[promise]
                if (over and (row.id, promise, due) not in known) or (not over and at >= row.alarm_at):
                    _write_down(row, promise, due, now, over=over)
    return bool(rows)


def tell(now: datetime) -> bool:
    """Owe the messages about alarms: one to each reader, however many cases it is about.

    While an outlet is closed its alarms wait, unless the clock of the case never stands still. Nobody is told
    of what was done meanwhile.
    """
    rows = db.session.execute(_untold).all()
    ready = [row for row in rows if _is_open(row, now)]
    letters: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    managers = _managers() if any(row.over for row in ready) else []
    for row in _worst(ready):
        if row.due in clocks.of(row).running().values():
            desk = (row.email, row.language, row.assignee) if row.email else (row.outlet_email, "id", "")
            for reader in {desk, *(managers if row.over else ())}:
                letters[reader].append(row)
    for (address, language, name), about in letters.items():
        _owe(address, language, name, about, now)
    done = [row.alarm for row in ready]
    db.session.execute(update(CaseAlarm).where(CaseAlarm.id.in_(done)).values(told_at=now))
    return bool(done)


def reckon(now: datetime) -> bool:
    """Reckon some open cases anew after targets or hours changed; False when nothing is left to do.

    A changed target puts no promise off that was made; a day on which the shop is closed does.
    """
    change = db.session.scalar(select(ClockChange).order_by(ClockChange.id).limit(1).with_for_update())
    if change is None:
        return False
    found = select(Case).where(Case.on_desk, Case.id > change.after_case_id)
    if change.kind:
        found = found.where(Case.kind == change.kind)
    if change.outlet_id:
        found = found.where(Case.outlet_id == change.outlet_id)
    some = list(db.session.scalars(found.order_by(Case.id).limit(FEW).with_for_update()))
    for case in some:
        values = clocks.anew(case, now, keeping=change.kind is not None)
        if values:  # apart from its version: who is writing in the case is not disturbed
            db.session.execute(_apart(case.id).values(**values))
    if len(some) < FEW:
        db.session.delete(change)
    else:
        change.after_case_id = some[-1].id
    return True


def note(*, kind: str | None = None, outlet_id: int | None = None) -> None:
    """Let open cases be reckoned anew: all, those of a kind, or those of an outlet."""
    db.session.add(ClockChange(kind=kind, outlet_id=outlet_id))
    db.session.flush()


def seed(now: datetime) -> bool:
    """Keep the national holidays of this year and the next in the list."""
    return holidays.seed(day_in("Asia/Jakarta", now)) > 0


STEPS = (seed, reckon, ring, tell)  # each is called until it says that nothing is left


_untold = (
    targets.joined(
        select(
            *_case, *targets.COLUMNS, CaseAlarm.id.label("alarm"), CaseAlarm.promise, CaseAlarm.over,
            CaseAlarm.due, Staff.email, Staff.language, Staff.name.label("assignee"),
            Outlet.email.label("outlet_email"),
        )
        .select_from(CaseAlarm)
        .join(Case, Case.id == CaseAlarm.case_id)
        .join(Outlet, Outlet.id == Case.outlet_id)
        .outerjoin(Staff, Staff.id == Case.assignee_id),
        Case.kind,
        Case.priority,
    )
    .where(CaseAlarm.told_at.is_(None))
    .order_by(CaseAlarm.id)
    .limit(TOLD)
)  # fmt: skip


def _apart(case_id: int) -> Any:
    """A change of a case that leaves its version as it is."""
    return update(Case).where(Case.id == case_id).execution_options(synchronize_session=False)


def _take(row: Any, following: datetime | None) -> bool:
    """Set the next alarm of a case, unless it was set by somebody else since it was read."""
    taken: Any = db.session.execute(
        _apart(row.id).where(Case.alarm_at == row.alarm_at).values(alarm_at=following)
    )
    return bool(taken.rowcount)


def _known(case_ids: list[int]) -> set[tuple[int, str, datetime]]:
    """What was already noted as over."""
    found = select(CaseAlarm.case_id, CaseAlarm.promise, CaseAlarm.due).where(
        CaseAlarm.case_id.in_(case_ids), CaseAlarm.over
    )
    return {(case_id, promise, due) for case_id, promise, due in db.session.execute(found)}


def _write_down(row: Any, promise: str, due: datetime, now: datetime, *, over: bool) -> None:
    data = {"promise": str(promise), "over": over, "due": due.isoformat()}
    db.session.execute(
        insert(CaseAlarm), {"case_id": row.id, "promise": promise, "over": over, "due": due, "at": now}
    )
    db.session.execute(
        insert(CaseEvent),
        {
            "case_id": row.id, "at": now, "event": CLOCK, "author": "system", "internal": True, "body": "",
            "data": data, "version": row.version,
        },
    )  # fmt: skip


def _is_open(row: Any, now: datetime) -> bool:
    calendar = targets.calendar_of(row.kind, row)
    return calendar.always or calendar.opening(now)[0]


def _worst(rows: Iterable[Any]) -> Iterable[Any]:
    """Of each promise of a case what happened last: nobody is warned of what is already over."""
    return {(row.id, row.promise): row for row in rows}.values()


def _managers() -> list[tuple[str, str, str]]:
    """(address, language, name) of who is told of a broken promise: managers, else admins."""
    found = db.session.execute(
        select(Staff.role, Staff.email, Staff.language, Staff.name).where(
            or_(Staff.role == Role.MANAGER, Staff.role == Role.ADMIN), Staff.disabled_at.is_(None)
        )
    ).all()
    chosen = [row for row in found if row.role == Role.MANAGER] or found
    return [(row.email, row.language, row.name) for row in chosen]


def _owe(address: str, language: str, name: str, about: list[Any], now: datetime) -> None:
    """One message; the worst come first, and a case that is alone is what the message opens."""
    worst = sorted(about, key=lambda row: (not row.over, row.due))
    owe(
        f"clock-{max(row.alarm for row in about)}-{sha256(address.encode()).hexdigest()[:12]}", "staff_clock",
        {
            "name": name, "over": sum(row.over for row in about), "soon": sum(not row.over for row in about),
            "rows": [
                {
                    "code": row.code, "title": row.title, "promise": row.promise, "over": row.over,
                    "due": row.due.isoformat(), "zone": row.outlet_zone,
                }
                for row in worst[:LISTED]
            ],
            "path": f"/desk/cases/{worst[0].code}" if len(about) == 1 else "/desk?sort=due",
        },
        email=address or None, language=language, now=now, about=worst[0].code if len(about) == 1 else None,
    )  # fmt: skip
