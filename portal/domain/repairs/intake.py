"""Taking things in: what came, in what condition, with what beside it, and where it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.matching import Buyer, Matcher
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent, CasePhoto
from portal.domain.catalog.models import Outlet
from portal.domain.repairs.actions import check_version, open_for
from portal.domain.repairs.models import AccessoryList, WorkOrder
from portal.domain.repairs.rules import ENDED
from portal.domain.requests.models import Request
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import _

MOST_NAMES = 30
LONGEST_NAME = 60
LONGEST_TITLE = 140  # more than what was brought (120); the rest of the story stands in the case
TAKEN_IN = "taken_in"  # the entry on the timeline


@dataclass(frozen=True)
class Intake:
    """What is written down when an item is taken in."""

    said: str
    condition: str
    accessories: Sequence[str]
    shelf: str


@dataclass(frozen=True)
class WalkIn:
    """Somebody who stands at the counter with something that needs work."""

    name: str
    phone: str | None
    thing: str
    story: str


def names_for(category: str) -> list[str]:
    """What is asked for when goods of a category are taken in."""
    found = {
        row.category: row.names
        for row in db.session.execute(
            select(AccessoryList.category, AccessoryList.names).where(
                AccessoryList.category.in_([category, ""])
            )
        )
    }
    return list(found.get(category) or found.get("", []))


def receive(
    actor: Actor, order: WorkOrder, told: Intake, *, photos: Sequence[str], version: int | None, now: datetime
) -> None:
    """Write down what came; a second time corrects it. The case learns that the item is here.

    Raises Refused, Stale.
    """
    _check(actor)
    check_version(order, version)
    if order.state in ENDED:
        raise Refused(_("This work order is finished."))
    if not told.condition.strip():
        raise Refused(
            _("Write down its condition, also when nothing is wrong: scratches, dents, dirt."), "condition"
        )
    names = list(dict.fromkeys(name.strip()[:LONGEST_NAME] for name in told.accessories if name.strip()))
    order.said, order.condition = told.said.strip(), told.condition.strip()
    order.accessories, order.shelf = names[:MOST_NAMES], told.shelf.strip()[:24]
    first, order.received_at = order.received_at is None, order.received_at or now
    order.touched_at = now
    db.session.flush()
    entry = cases.note(
        actor, order.case, TAKEN_IN, now, body=order.condition, internal=not first,
        data={"order": order.code, "with": order.accessories},
    )  # fmt: skip
    cases.attach(actor, order.case, entry, photos, "before")
    if (order.case.state, E.RECEIVE) in KINDS[order.case.kind].moves:
        cases.move(actor, order.case, E.RECEIVE, now)


def shelve(actor: Actor, order: WorkOrder, shelf: str, now: datetime) -> None:
    """Say where it stands now. Raises Refused."""
    _check(actor)
    order.shelf, order.touched_at = shelf.strip()[:24], now
    db.session.flush()


def walk_in(actor: Actor, told: WalkIn, outlet: Outlet, now: datetime) -> WorkOrder:
    """A service case and its work order for somebody at the counter. Raises Refused."""
    _check(actor)
    for field, value in (("name", told.name), ("thing", told.thing), ("story", told.story)):
        if not value.strip():
            raise Refused(_("Please fill this in."), field)
    told_first = told.story.strip().splitlines()[0]
    title = shorten(f"{told.thing.strip()}: {told_first}", LONGEST_TITLE, placeholder=" …")
    case = cases.open_case(
        "service", _customer(told, now), None, outlet=outlet, title=title, story=told.story, now=now
    )
    db.session.add(Request(case_id=case.id, answers={"story": told.story.strip(), "where": "shop"}, tried=[]))
    cases.move(SYSTEM, case, E.SUBMIT, now, body=told.story.strip())
    cases.note(actor, case, "opened", now, internal=True)
    answers = replace(actor, scopes=actor.can | {Permission.CASE_TRIAGE})  # they stand face to face
    cases.move(answers, case, E.FULFIL, now)
    return open_for(actor, case, now)


def photos(order: WorkOrder) -> list[str]:
    """Codes of the photos that were taken when it came."""
    of_intake = select(CaseEvent.id).where(CaseEvent.case_id == order.case_id, CaseEvent.event == TAKEN_IN)
    found = select(CasePhoto.file_code).where(CasePhoto.event_id.in_(of_intake)).order_by(CasePhoto.id)
    return list(db.session.scalars(found))


def told_before(case: Case) -> str:
    """What the customer wrote when the case was opened."""
    sent = (
        select(CaseEvent.body)
        .where(CaseEvent.case_id == case.id, CaseEvent.event == E.SUBMIT)
        .order_by(CaseEvent.id.desc())
    )
    return db.session.scalar(sent.limit(1)) or ""


def _customer(told: WalkIn, now: datetime) -> Customer:
    buyer = Buyer(told.name.strip(), told.phone)
    if told.phone is None:
        return _new_customer(told, now)
    matcher = Matcher("workshop", [buyer])
    found = matcher.match(buyer)
    if found.doubt or found.record is None:
        raise Refused(
            _("This number belongs to a customer of another name. Open that record and ask there."), "phone"
        )
    matcher.write(now)
    return db.session.get_one(Customer, found.record.id)


def _new_customer(told: WalkIn, now: datetime) -> Customer:
    customer = Customer(code=new_code(), name=told.name.strip()[:120], created_at=now)
    db.session.add(customer)
    db.session.flush()
    return customer


def _check(actor: Actor) -> None:
    if not actor.may(Permission.SHIPMENT_RECORD):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
