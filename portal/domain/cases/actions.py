"""The verbs of every case: open, move, say, assign, ship. The only place where a case changes its state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import search
from portal.domain.cases.facts import CaseMoved, CaseSpoken
from portal.domain.cases.models import Case, CaseEvent, CaseLeg, CaseLink, CasePhoto
from portal.domain.catalog.models import Outlet
from portal.domain.files import actions as files
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.shipments.models import Leg
from portal.domain.units.models import Unit
from portal.domain.workflows.clock import add_service_time, service_minutes
from portal.domain.workflows.engine import Category, Stage, State
from portal.domain.workflows.registry import KINDS
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

BODY_LIMIT = 5000


def open_case(kind: str, customer: Customer, unit: Unit, *, title: str, story: str, now: datetime) -> Case:
    """A new case in its kind's first state."""
    table = KINDS[kind]
    state = table.states[table.initial]
    case = Case(
        code=new_code(),
        kind=kind,
        state=table.initial,
        category=state.category,
        stage=state.stage,
        on_desk=state.category in (Category.OPEN, Category.PAUSED),
        acts=state.acts,
        title=title,
        customer=customer,
        unit=unit,
        outlet=unit.outlet,
        created_at=now,
        touched_at=now,
    )
    db.session.add(case)
    db.session.flush()
    refresh_search(case, story)
    links.issue(CaseLink, now, case_id=case.id)
    return case


def refresh_search(case: Case, story: str) -> None:
    """What the case is found by, after something of it changed."""
    unit, customer = case.unit, case.customer
    thing = (unit.serial, unit.product.name, unit.code) if unit else ()
    case.search_text = search.text_of(
        case.code, customer.name, customer.email, *thing, story, phone=customer.phone
    )


def forget(case: Case) -> None:
    """Delete a case that nobody but its customer has seen: one that was never sent."""
    db.session.execute(delete(CaseLink).where(CaseLink.case_id == case.id))
    db.session.delete(case)
    db.session.flush()


def check_version(case: Case, version: int | None) -> None:
    """Raises Stale when the case changed since the form was made."""
    if version is not None and version != case.version:
        raise Stale


def move(
    actor: Actor, case: Case, event: str, now: datetime, *,
    body: str = "", photos: Sequence[str] = (), data: dict[str, Any] | None = None, internal: bool = False,
) -> CaseEvent:  # fmt: skip
    """Move a case along its table; writes the state, a timeline entry and a fact.

    Raises Refused when the event does not lead anywhere from here, or the actor may not cause it.
    """
    kind = KINDS[case.kind]
    step = kind.moves.get((case.state, event))
    if step is None:
        raise Refused(
            _(
                "That can no longer be done: the case is now “%(state)s”.",
                state=kind.states[case.state].staff,
            )
        )
    if actor.role is not Role.SYSTEM and not actor.may(step.by):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    before, after = case.state, (_came_from(case) if step.back else None) or step.to
    state = kind.states[after]
    case.state, case.category, case.stage, case.acts = after, state.category, state.stage, state.acts
    case.on_desk = state.category in (Category.OPEN, Category.PAUSED)
    _run_clock(case, kind.states[before].category, now)
    case.due_at = _due(case, state, now)
    if before == kind.initial:
        case.created_at = now
        case.respond_by = first_answer_by(case.kind, case.outlet, now)
    if not _counts(kind.states[before]) and _counts(state):
        case.resolve_by = _service(case, now, kind.resolve_hours)
    entry = _write(
        actor, case, event, now, before=before, after=after, body=body, data=data, internal=internal
    )
    attach(actor, case, entry, photos)
    announce(CaseMoved(case.id, event, before, after, body, entry.id))
    return entry


def say(
    actor: Actor, case: Case, body: str, now: datetime, *, photos: Sequence[str] = (), internal: bool = False
) -> CaseEvent:
    """Write a message, or a note that only staff see. Raises Refused when there is nothing in it, or the case
    was not sent yet."""
    check_body(body, photos)
    if case.stage == Stage.DRAFT:
        raise Refused(_("Send your claim first; what you write goes with it."))
    entry = _write(actor, case, "note" if internal else "message", now, body=body, internal=internal)
    attach(actor, case, entry, photos)
    if not internal:
        announce(CaseSpoken(case.id, entry.author, body, entry.id))
    return entry


def note(actor: Actor, case: Case, event: str, now: datetime, **fields: Any) -> CaseEvent:
    """Write an entry of another slice's making on the timeline. `fields` are columns of CaseEvent."""
    return _write(actor, case, event, now, **fields)


def assign(actor: Actor, case: Case, staff_id: int | None, name: str, now: datetime) -> None:
    """Give the case to somebody, or to nobody."""
    if case.assignee_id == staff_id:
        return
    case.assignee_id = staff_id
    _write(actor, case, "assign", now, internal=True, data={"to": name})


def add_leg(actor: Actor, case: Case, leg: Leg, now: datetime) -> None:
    """Put a shipment leg on the case's timeline."""
    db.session.add(CaseLeg(case_id=case.id, leg_id=leg.id))
    case.touched_at = now
    db.session.flush()


def attach(actor: Actor, case: Case, entry: CaseEvent, photos: Sequence[str], stage: str = "") -> None:
    """Hang stored photos of this person on a timeline entry."""
    if photos:
        kept = files.keep(actor, photos)
        db.session.add_all(
            CasePhoto(event_id=entry.id, case_id=case.id, file_code=code, stage=stage) for code in kept
        )
        db.session.flush()


def check_body(body: str, photos: Sequence[str] = ()) -> None:
    if not body.strip() and not photos:
        raise Refused(_("Write something, or add a photo."), "body")
    if len(body) > BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=BODY_LIMIT), "body")


def _write(actor: Actor, case: Case, event: str, now: datetime, **fields: Any) -> CaseEvent:
    author = "staff" if actor.is_staff else "customer" if actor.is_customer else "system"
    if author == "staff" and not fields.get("internal") and case.first_responded_at is None:
        case.first_responded_at = now
    case.touched_at = max(now, case.touched_at)
    db.session.flush()  # the version that the entry notes is the one after this change
    entry = CaseEvent(
        case_id=case.id, at=now, event=event, author=author, staff_id=actor.id if actor.is_staff else None,
        version=case.version, **fields,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def _run_clock(case: Case, before: str, now: datetime) -> None:
    """Stop the clock while the customer has to act; what was left then is left afterwards."""
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
    place = (case.outlet.hours, case.outlet.timezone)
    return add_service_time(now, service_minutes(case.paused_since, target, *place), *place)


def _came_from(case: Case) -> str | None:
    """The state from which the present one was entered."""
    return db.session.scalar(
        select(CaseEvent.before)
        .where(CaseEvent.case_id == case.id, CaseEvent.after == case.state)
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )


def _due(case: Case, state: State, now: datetime) -> datetime | None:
    """By when the next step should be done: the shop's hours, or days of the customer."""
    if state.hours is not None:
        return _service(case, now, state.hours)
    return now + timedelta(days=state.days) if state.days is not None else None


def first_answer_by(kind: str, outlet: Outlet, now: datetime) -> datetime:
    """Until when the shop promises to answer a case that is sent now."""
    return add_service_time(now, KINDS[kind].respond_hours * 60, outlet.hours, outlet.timezone)


def _service(case: Case, now: datetime, hours: int) -> datetime:
    return add_service_time(now, hours * 60, case.outlet.hours, case.outlet.timezone)
