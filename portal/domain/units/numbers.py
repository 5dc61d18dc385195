"""Serial numbers: how they are compared, whose they are, and another one after a repair."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.units.models import Unit, UnitEvent
from portal.domain.units.rules import Registration
from portal.kernel.errors import Refused
from portal.kernel.text import _

RENUMBERED = "renumber"
ARROW = " → "
_ALIVE = Unit.registration.not_in((Registration.REJECTED, Registration.RETURNED))


def clean_serial(serial: str | None) -> str | None:
    """Serial numbers are compared without spaces and in capitals."""
    return "".join((serial or "").split()).upper() or None


def serial_holder(product_id: int | None, serial: str) -> int | None:
    """The id of the unit of this product that has this serial number, or had it before a repair: what still
    stands on its box gives nobody a second warranty."""
    now = select(Unit.id).where(Unit.product_id == product_id, Unit.serial == serial, _ALIVE)
    before = (
        select(Unit.id)
        .join(UnitEvent, UnitEvent.unit_id == Unit.id)
        .where(
            UnitEvent.event == RENUMBERED, UnitEvent.reason.startswith(serial + ARROW, autoescape=True),
            Unit.product_id == product_id, _ALIVE,
        )
    )  # fmt: skip
    return db.session.scalar(now) or db.session.scalar(before.limit(1))


def check_free(unit: Unit, serial: str | None) -> None:
    """Raises Refused when another unit of the same product has this serial number."""
    holder = serial_holder(unit.product_id, serial) if serial else None
    if holder not in (None, unit.id):
        raise Refused(_("This serial number is registered to another item. Check it again."), "serial")


def renumber(actor: Actor, unit: Unit, serial: str, now: datetime) -> str:
    """A repair changed what bears the serial number; warranty and card go on with the new one.

    Returns what became what, as people read it. Raises Refused.
    """
    new = clean_serial(serial)
    if new is None or new == unit.serial:
        raise Refused(_("Write the serial number that it has now."), "serial")
    check_free(unit, new)
    changed = f"{unit.serial or '–'}{ARROW}{new}"
    unit.serial = new
    db.session.add(UnitEvent(unit_id=unit.id, at=now, event=RENUMBERED, staff_id=actor.id, reason=changed))
    db.session.flush()
    return changed


def former(unit_id: int) -> list[str]:
    """The serial numbers that a unit had before its repairs, the first one first."""
    changes = select(UnitEvent.reason).where(UnitEvent.unit_id == unit_id, UnitEvent.event == RENUMBERED)
    told = [reason.partition(ARROW)[0] for reason in db.session.scalars(changes.order_by(UnitEvent.id))]
    return [serial for serial in told if serial != "–"]
