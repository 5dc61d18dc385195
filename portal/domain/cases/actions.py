"""The verbs of every case: open, move, say, assign, ship. The only place where a case changes its state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.db import db
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import clocks, mentions, search
from portal.domain.cases.facts import CaseMoved, CaseRefiled, CaseSpoken
from portal.domain.cases.models import Case, CaseEvent, CaseLeg, CaseLink, CaseMark, CasePhoto
from portal.domain.catalog.models import Outlet
from portal.domain.files import actions as files
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.purchases.models import Purchase
from portal.domain.shipments.models import Leg
from portal.domain.units.models import Unit
from portal.domain.units.numbers import former
from portal.domain.workflows.engine import HURRY, Category, Stage
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import TO_LOOK_AT, S
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

BODY_LIMIT = 5000


def open_case(
    kind: str,
    customer: Customer,
    unit: Unit | None,
    *,
    title: str,
    story: str,
    now: datetime,
    purchase: Purchase | None = None,
    outlet: Outlet | None = None,
) -> Case:
    """A new case in its kind's first state, at the outlet of what it is about unless another one is named."""
    table = KINDS[kind]
    state = table.states[table.initial]
    place = outlet or (unit and unit.outlet) or (purchase and purchase.outlet)
    assert place is not None, "a case belongs to an outlet"
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
        purchase=purchase,
        outlet=place,
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
    serials = (unit.serial, *former(unit.id)) if unit else ()
    thing: tuple[str | None, ...] = (*serials, unit.product.name, unit.code) if unit else ()
    if case.purchase:
        thing = (*thing, case.purchase.number, case.purchase.code)
    case.search_text = search.text_of(
        case.code, customer.name, customer.email, *thing, story, phone=customer.phone
    )
    receipt = case.purchase or (unit.purchase if unit else None)
    marks = search.marks_of(*serials, receipt.number if receipt else None, phone=customer.phone)
    db.session.execute(delete(CaseMark).where(CaseMark.case_id == case.id))
    db.session.add_all(CaseMark(mark=mark, case_id=case.id) for mark in marks)


def find_by_also(case: Case, number: str) -> None:
    """One more number that people know the case by."""
    case.search_text = f"{case.search_text} {search.text_of(number)}"
    for mark in search.marks_of(number):
        db.session.merge(CaseMark(mark=mark, case_id=case.id))


def forget(case: Case) -> None:
    """Delete a case that nobody but its customer has seen: one that was never sent."""
    for beside in (CaseLink, CaseMark):
        db.session.execute(delete(beside).where(beside.case_id == case.id))
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
    if case.loaned and kind.states[after].category is Category.RESOLVED:
        raise Refused(
            _("A unit that the shop lent is not back yet. Once its return is recorded, this can be closed.")
        )
    _enter(case, after)
    entry = _write(
        actor, case, event, now, before=before, after=after, body=body, data=data, internal=internal
    )
    attach(actor, case, entry, photos)
    announce(CaseMoved(case.id, event, before, after, body, entry.id))
    return entry


def refile(actor: Actor, case: Case, kind: str, now: datetime) -> CaseEvent:
    """Make a case one of another kind; thread, files and history stay. Raises Refused.

    It arrives in the state of the same name, else of the same stage, else where it is to be looked at.
    """
    if kind == case.kind or kind not in KINDS:
        raise Refused(_("Choose another kind."), "kind")
    if not case.on_desk:
        raise Refused(_("Only an open case can change its kind."))
    before, table = case.kind, KINDS[kind].states
    alike = [name for name, state in table.items() if state.stage == case.stage]
    came, case.kind = case.state, kind
    case.outside_by = None
    arrives = case.state if case.state in table else next(iter(alike), S.UNDER_REVIEW)
    if KINDS[kind].by_line and arrives not in (*TO_LOOK_AT, S.WAITING_CUSTOMER):
        arrives = S.UNDER_REVIEW  # nothing was approved of what is written down
    _enter(case, arrives)
    entry = _write(
        actor, case, "refile", now, before=came, after=case.state, data={"from": before, "to": kind}
    )
    clocks.reckon(case, now)
    announce(CaseRefiled(case.id, before, kind))
    return entry


def say(
    actor: Actor, case: Case, body: str, now: datetime, *,
    photos: Sequence[str] = (), internal: bool = False, data: dict[str, Any] | None = None,
    told: bool = False,
) -> CaseEvent:  # fmt: skip
    """Write a message, or a note that only staff see and that calls colleagues by their names.

    Raises Refused when there is nothing in it, or the case was not sent yet. `told` is as in CaseSpoken.
    """
    check_body(body, photos)
    if case.stage == Stage.DRAFT:
        raise Refused(_("Send your claim first; what you write goes with it."))
    entry = _write(
        actor, case, "note" if internal else "message", now, body=body, internal=internal, data=data
    )
    attach(actor, case, entry, photos)
    if internal:
        mentions.add(actor, entry)
    else:
        announce(CaseSpoken(case.id, entry.author, body, entry.id, told))
    return entry


def reissue_link(case: Case, now: datetime) -> None:
    """A new link for the case; the old one and what it opened end."""
    db.session.execute(
        update(CaseLink)
        .where(CaseLink.case_id == case.id, CaseLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    links.issue(CaseLink, now, case_id=case.id)
    sessions.end_opened_by_link(case.customer_id, case.id, now)


def note(actor: Actor, case: Case, event: str, now: datetime, **fields: Any) -> CaseEvent:
    """Write an entry of another slice's making on the timeline. `fields` are columns of CaseEvent."""
    return _write(actor, case, event, now, **fields)


def assign(
    actor: Actor,
    case: Case,
    staff_id: int | None,
    name: str,
    now: datetime,
    why: dict[str, Any] | None = None,
) -> None:
    """Give the case to somebody, or to nobody; `why` is kept with the entry."""
    if case.assignee_id == staff_id:
        return
    case.assignee_id = staff_id
    _write(actor, case, "assign", now, internal=True, data={"to": name, **(why or {})})


def prioritise(actor: Actor, case: Case, priority: str, now: datetime) -> None:
    """Say how urgent a case is; what was promised is reckoned anew from its beginning. Raises Refused."""
    if priority not in HURRY:
        raise Refused(_("Choose how urgent it is."), "priority")
    if not case.on_desk:
        raise Refused(_("This case is finished; its priority no longer matters."), "priority")
    if case.priority == priority:
        return
    before, case.priority = case.priority, priority
    _write(actor, case, "priority", now, internal=True, data={"from": before, "to": priority})
    clocks.reckon(case, now)


def add_leg(actor: Actor, case: Case, leg: Leg, now: datetime) -> None:
    """Put a shipment leg on the case's timeline; its outlet looks after it, unless another one does."""
    db.session.add(CaseLeg(case_id=case.id, leg_id=leg.id))
    leg.outlet_id = leg.outlet_id or case.outlet_id
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


def _enter(case: Case, name: str) -> None:
    state = KINDS[case.kind].states[name]
    case.state, case.category, case.stage, case.acts = name, state.category, state.stage, state.acts
    case.on_desk = state.category in (Category.OPEN, Category.PAUSED)


def _write(actor: Actor, case: Case, event: str, now: datetime, **fields: Any) -> CaseEvent:
    author = "staff" if actor.is_staff else "customer" if actor.is_customer else "system"
    entry = CaseEvent(
        case_id=case.id, at=now, event=event, author=author, staff_id=actor.id if actor.is_staff else None,
        **fields,
    )  # fmt: skip
    clocks.follow(case, entry)
    case.touched_at = max(now, case.touched_at)
    db.session.flush()
    entry.version = case.version  # the one after this change
    db.session.add(entry)
    db.session.flush()
    return entry


def _came_from(case: Case) -> str | None:
    """The state from which the present one was entered."""
    return db.session.scalar(
        select(CaseEvent.before)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.after == case.state,
            CaseEvent.before != case.state,
            CaseEvent.before.in_(KINDS[case.kind].states),
        )
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
