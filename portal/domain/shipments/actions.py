"""Legs by hand: begun, moved, corrected, given to a receipt; and what follows from each change of a leg."""

from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.news import announce
from portal.domain.purchases.models import Purchase
from portal.domain.shipments.facts import LegArrived, LegMoved, LegTroubled
from portal.domain.shipments.models import Checkpoint, Leg, LegNumber, PurchaseLeg
from portal.domain.shipments.rules import (
    FINAL,
    Alarm,
    Direction,
    Standing,
    Status,
    alarm,
    current,
    next_look,
)
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

ZONE = "Asia/Jakarta"  # of a leg that no outlet looks after
MOST_NUMBERS = 20  # of one leg


def start(
    actor: Actor,
    direction: Direction,
    *,
    courier: str,
    waybill: str,
    status: Status,
    at: datetime,
    now: datetime,
    outlet_id: int | None = None,
) -> Leg:
    """A new leg with its first checkpoint. Raises Refused."""
    if not courier.strip():
        raise Refused(_("Write the name of the courier."), "courier")
    leg = Leg(
        code=new_code(),
        direction=direction,
        courier=courier,
        waybill=waybill.strip(),
        status=status,
        outlet_id=outlet_id,
        moved_at=at,
        proof=[],
        settled=[],
        created_at=now,
    )
    db.session.add(leg)
    db.session.flush()
    know(leg, leg.waybill)
    move(actor, leg, status, at=at, place="", note="", now=now)
    return leg


def move(
    actor: Actor, leg: Leg, status: Status, *, at: datetime, place: str, note: str, now: datetime
) -> None:
    """Write down a movement; the same one twice is harmless. Raises Refused for a moment in the future."""
    if at > now:
        raise Refused(_("The time cannot be in the future."), "at")
    standing = [point for point in leg.checkpoints if not point.struck_by and point.status]
    if any((point.at, point.status) == (at, status) for point in standing):
        return
    ended = leg.status in FINAL and standing and at >= max(point.at for point in standing)
    if ended and status not in FINAL:
        raise Refused(_("This shipment has ended. Record a new one instead."), "status")
    leg.checkpoints.append(
        Checkpoint(
            at=at, status=status, place=place, note=note, staff_id=actor.id if actor.is_staff else None,
            mark=f"hand:{token_hex(6)}", created_at=now,
        )
    )  # fmt: skip
    reckon(leg, now)


def strike(actor: Actor, leg: Leg, point: Checkpoint, now: datetime) -> None:
    """Take out a movement that did not happen, whoever told it, or put it back. Raises Refused."""
    left = [p for p in leg.checkpoints if p is not point and p.status and not p.struck_by]
    if point.struck_by is None and not left:
        raise Refused(_("This is the only movement. Write down what really happened first."))
    point.struck_by = None if point.struck_by else actor.id
    reckon(leg, now)


def change(
    leg: Leg, version: int, *, courier: str, waybill: str, eta: tuple[date, date] | None, now: datetime
) -> None:
    """Another courier or number; former numbers still lead here. `eta` is what the shop expects. Raises
    Refused, Stale."""
    if leg.version != version:
        raise Stale
    if not courier.strip():
        raise Refused(_("Write the name of the courier."), "courier")
    if eta and eta[1] < eta[0]:
        raise Refused(_("The last day is before the first."), "eta_until")
    if (courier.strip(), waybill.strip()) != (leg.courier, leg.waybill):
        leg.account_id = leg.ask_at = leg.ask_problem = None  # it is found anew whom to ask
    leg.courier, leg.waybill = courier.strip(), waybill.strip()
    know(leg, leg.waybill)
    if eta != _expected(leg):
        leg.eta_from, leg.eta_until = eta or (None, None)
        leg.eta_by = ""
    reckon(leg, now)


def settle(leg: Leg, now: datetime) -> None:
    """Somebody has dealt with what is wrong; the next trouble shows again."""
    found = trouble(leg, now)
    if found is not None:
        leg.settled = [*leg.settled, found.key][-20:]
        reckon(leg, now)


def send_purchase(
    actor: Actor, purchase: Purchase, *, courier: str, waybill: str, at: datetime, now: datetime
) -> Leg:
    """A receipt's goods travel to the customer; the same waybill twice is the same leg. Raises Refused."""
    known = select(Leg).join(PurchaseLeg).where(PurchaseLeg.purchase_id == purchase.id)
    if waybill.strip():
        found = db.session.scalar(
            known.join(LegNumber, LegNumber.leg_id == Leg.id).where(LegNumber.number == number(waybill))
        )
    else:
        found = db.session.scalar(known.where(Leg.waybill == "", Leg.courier == courier.strip()))
    if found is not None:
        return found
    leg = start(
        actor, Direction.TO_CUSTOMER, courier=courier.strip()[:40], waybill=waybill[:60],
        status=Status.LABEL_CREATED, at=at, now=now, outlet_id=purchase.outlet_id,
    )  # fmt: skip
    db.session.add(PurchaseLeg(leg_id=leg.id, purchase_id=purchase.id))
    db.session.flush()
    return leg


def reckon(leg: Leg, now: datetime) -> None:
    """The leg's status, its trouble and its next alarm, from its checkpoints; what changed is announced."""
    told = [(p.at, Status(p.status)) for p in leg.checkpoints if p.status and not p.struck_by]
    before, leg.status = leg.status, current(told)
    leg.moved_at = max((p.at for p in leg.checkpoints if not p.struck_by), default=leg.created_at)
    watch(leg, now)
    db.session.flush()
    if leg.status != before or len(leg.checkpoints) == 1:
        announce(LegMoved(leg.id, leg.status, leg.direction))
    if Status.DELIVERED in (before, leg.status):
        announce(LegArrived(leg.id))


def watch(leg: Leg, now: datetime) -> None:
    """Whether somebody has to look at it, and when that may change by time alone."""
    found = trouble(leg, now)
    leg.attention = found.trouble if found else None
    leg.alarm_at = next_look(_standing(leg), now)
    if leg.status in FINAL:
        leg.ask_at = None
    if found:
        announce(LegTroubled(leg.id, found.trouble, found.key, found.since))


def trouble(leg: Leg, now: datetime) -> Alarm | None:
    return alarm(_standing(leg), now)


def know(leg: Leg, *numbers: str | None) -> None:
    """Numbers by which the leg is found from now on."""
    known = set(db.session.scalars(select(LegNumber.number).where(LegNumber.leg_id == leg.id)))
    fresh = {number(one) for one in numbers if one} - known - {""}
    db.session.add_all(
        LegNumber(leg_id=leg.id, number=one) for one in sorted(fresh)[: MOST_NUMBERS - len(known)]
    )
    db.session.flush()


def number(typed: str) -> str:
    """A waybill as it is compared: in capitals, without spaces."""
    return "".join(typed.split()).upper()[:60]


def _expected(leg: Leg) -> tuple[date, date] | None:
    return (leg.eta_from or leg.eta_until, leg.eta_until) if leg.eta_until else None


def _standing(leg: Leg) -> Standing:
    zone = leg.outlet.timezone if leg.outlet else ZONE
    odd = {p.word for p in leg.checkpoints if p.word and not p.struck_by}
    return Standing(
        Status(leg.status), leg.courier, leg.moved_at, leg.eta_until, zone, odd, frozenset(leg.settled)
    )
