"""Recording shipment legs and their movements by hand."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.news import announce
from portal.domain.shipments.facts import LegMoved
from portal.domain.shipments.models import Checkpoint, Leg
from portal.domain.shipments.rules import FINAL, Direction, Status, current
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import _


def start(
    actor: Actor,
    direction: Direction,
    *,
    courier: str,
    waybill: str,
    status: Status,
    at: datetime,
    now: datetime,
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
        created_at=now,
    )
    db.session.add(leg)
    db.session.flush()
    move(actor, leg, status, at=at, place="", note="", now=now)
    return leg


def move(
    actor: Actor, leg: Leg, status: Status, *, at: datetime, place: str, note: str, now: datetime
) -> None:
    """Write down a movement; the same one twice is harmless. Raises Refused for a moment in the future."""
    if at > now:
        raise Refused(_("The time cannot be in the future."), "at")
    known = list(
        db.session.execute(select(Checkpoint.at, Checkpoint.status).where(Checkpoint.leg_id == leg.id))
    )
    if (at, status) in {(moment, kind) for moment, kind in known}:
        return
    if leg.status in FINAL and known and status not in FINAL and at >= max(moment for moment, _s in known):
        raise Refused(_("This shipment has ended. Record a new one instead."), "status")
    db.session.add(
        Checkpoint(leg=leg, at=at, status=status, place=place, note=note, staff_id=actor.id, created_at=now)
    )
    leg.status = current([(moment, Status(kind)) for moment, kind in known] + [(at, status)])
    db.session.flush()
    if leg.status == status and status not in {kind for _m, kind in known}:
        announce(LegMoved(leg.id, status, leg.direction))
