"""Making units out of purchases, registering others, deciding, voiding, replacing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update

from portal.db import among, db
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.versions import Versions
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.units import queries
from portal.domain.units.facts import RegistrationDecided, RegistrationSent
from portal.domain.units.models import CardLink, Unit, UnitEvent, UnitPhoto
from portal.domain.units.numbers import check_free, clean_serial, serial_holder
from portal.domain.units.rules import MOVES, REPLACED_BY, Registration
from portal.kernel.clock import day_in
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def follow_purchase(purchase_id: int, customer_id: int, from_id: int | None = None) -> None:
    """The units of a receipt go where the receipt went, if they are where it was."""
    db.session.execute(
        update(Unit)
        .where(Unit.purchase_id == purchase_id, or_(Unit.holder_id.is_(None), Unit.holder_id == from_id))
        .values(holder_id=customer_id)
    )


def move_all(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """The units of one record go to another, all or `only` some; returns the ids of those that went."""
    found = update(Unit).where(Unit.holder_id == source_id)
    if only is not None:
        found = found.where(among(Unit.id, only))
    return list(db.session.scalars(found.values(holder_id=target_id).returning(Unit.id)))


def register(
    actor: Actor, product: Product, outlet: Outlet, *, serial: str, bought_on: date, bought_at_shop: str,
    photos: Sequence[str], now: datetime,
) -> Unit:  # fmt: skip
    """A customer registers something bought elsewhere or earlier; staff will approve or reject it.

    `photos` are codes of stored files. Raises Refused.
    """
    _check_registration(product, outlet, serial, bought_on, photos, now, but=None)
    unit = Unit(
        code=new_code(10),
        product=product,
        outlet=outlet,
        holder_id=actor.id,
        policy_version_id=Versions().of(product, outlet.code),
        serial=clean_serial(serial),
        bought_on=bought_on,
        bought_at_shop=bought_at_shop,
        registration=Registration.PENDING,
        created_at=now,
    )
    db.session.add(unit)
    db.session.flush()
    db.session.add_all(UnitPhoto(unit_id=unit.id, file_code=code) for code in photos)
    _log(unit, "send", actor, "", now)
    announce(RegistrationSent(unit.id, again=False))
    return unit


def resend(
    actor: Actor,
    unit: Unit,
    *,
    serial: str,
    bought_on: date,
    bought_at_shop: str,
    photos: Sequence[str],
    now: datetime,
) -> None:
    """Send a rejected registration again, corrected. Raises Refused."""
    _check_registration(unit.product, unit.outlet, serial, bought_on, photos, now, but=unit.id)
    _move(unit, "resend")
    unit.serial, unit.bought_on, unit.bought_at_shop = clean_serial(serial), bought_on, bought_at_shop
    unit.reason = ""
    db.session.execute(delete(UnitPhoto).where(UnitPhoto.unit_id == unit.id))
    db.session.add_all(UnitPhoto(unit_id=unit.id, file_code=code) for code in photos)
    _log(unit, "resend", actor, "", now)
    db.session.flush()
    announce(RegistrationSent(unit.id, again=True))


def decide_registration(
    actor: Actor, unit: Unit, *, approve: bool, reason: str, version: int, now: datetime
) -> None:
    """Approve or reject. Raises Refused, Stale."""
    if unit.version != version:
        raise Stale
    if not approve and not reason.strip():
        raise Refused(_("Say why, so that the customer can correct it."), "reason")
    _move(unit, "approve" if approve else "reject")
    unit.reason = "" if approve else reason
    if approve:
        links.issue(CardLink, now, unit_id=unit.id)
    _log(unit, "approve" if approve else "reject", actor, reason, now)
    db.session.flush()
    announce(RegistrationDecided(unit.id, approve, reason))


def void(actor: Actor, unit: Unit, *, reason: str, now: datetime) -> None:
    """End the warranty from today, for a reason that is kept. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why the warranty ends."), "reason")
    today = day_in(unit.outlet.timezone, now)  # before the move: a void unit is written with its day
    _move(unit, "void")
    unit.reason, unit.void_on = reason, today
    _log(unit, "void", actor, reason, now)
    db.session.flush()


def take_back(unit: Unit, now: datetime) -> None:
    """The till says that it came back, or that it was never sold: its warranty ends today."""
    today = day_in(unit.outlet.timezone, now)
    _move(unit, "return")
    unit.void_on = today
    _log(unit, "return", SYSTEM, "", now)


def restore(unit: Unit, now: datetime) -> None:
    """The till takes back what it said: it was not returned."""
    _move(unit, "restore")
    unit.void_on = None
    _log(unit, "restore", SYSTEM, "", now)


def correct(
    actor: Actor,
    unit: Unit,
    *,
    serial: str,
    delivered_on: date | None,
    installed_on: date | None,
    version: int,
    now: datetime,
) -> None:
    """Record a serial number, the delivery or the installation. Raises Refused, Stale."""
    if unit.version != version:
        raise Stale
    today = day_in(unit.outlet.timezone, now)
    for name, day in (("delivered_on", delivered_on), ("installed_on", installed_on)):
        if day is not None and day > today:
            raise Refused(_("This date is in the future. Check it again."), name)
        if day is not None and day < unit.bought_on:
            raise Refused(_("This date is before the purchase. Check it again."), name)
    check_free(unit, clean_serial(serial))
    before = (unit.serial, unit.delivered_on, unit.installed_on)
    after = (clean_serial(serial), delivered_on, installed_on)
    if after == before:
        return
    unit.serial, unit.delivered_on, unit.installed_on = after
    changes = [f"{old or '–'} → {new or '–'}" for old, new in zip(before, after, strict=True) if old != new]
    _log(unit, "correct", actor, "; ".join(changes), now)
    db.session.flush()


def deliver(purchase_id: int, before: date | None, day: date | None, now: datetime) -> None:
    """The goods of a receipt arrived on `day`, not on `before` as was told: cover that begins with it begins.

    What a person wrote down otherwise stays.
    """
    found = select(Unit).where(
        Unit.purchase_id == purchase_id, Unit.predecessor_id.is_(None),
        Unit.registration == Registration.VALID,
    )  # fmt: skip
    for unit in db.session.scalars(found.order_by(Unit.id).with_for_update()):
        if unit.delivered_on in (None, max(before, unit.bought_on) if before else None):
            told, unit.delivered_on = unit.delivered_on, max(day, unit.bought_on) if day else None
            _log(unit, "deliver", SYSTEM, f"{told or '–'} → {unit.delivered_on or '–'}", now)
    db.session.flush()


def replace(actor: Actor, unit: Unit, *, serial: str, now: datetime) -> Unit:
    """Hand over another unit in place of this one, whose warranty ends.

    The new one continues what was left, or begins anew, as the policy says. Raises Refused.
    """
    if serial and serial_holder(unit.product_id, clean_serial(serial) or ""):
        raise Refused(_("This serial number is registered to another item. Check it again."), "serial")
    today = day_in(unit.outlet.timezone, now)
    again = queries.restarts(unit.policy_version_id)
    new = Unit(
        code=new_code(10),
        product=unit.product,
        outlet_id=unit.outlet_id,
        purchase_id=unit.purchase_id,
        line_id=unit.line_id,
        holder_id=unit.holder_id,
        policy_version_id=unit.policy_version_id,
        predecessor=unit,
        serial=clean_serial(serial),
        bought_on=today if again else unit.bought_on,
        delivered_on=(today if unit.delivered_on else None) if again else unit.delivered_on,
        installed_on=(today if unit.installed_on else None) if again else unit.installed_on,
        created_at=now,
    )
    db.session.add(new)
    db.session.flush()
    links.issue(CardLink, now, unit_id=new.id)
    _log(new, "replaces", actor, unit.code, now)
    if unit.registration == Registration.VALID:
        void(actor, unit, reason=REPLACED_BY + new.code, now=now)
    return new


def _check_registration(
    product: Product,
    outlet: Outlet,
    serial: str,
    bought_on: date,
    photos: Sequence[str],
    now: datetime,
    but: int | None,
) -> None:
    if bought_on > day_in(outlet.timezone, now):
        raise Refused(_("The date of purchase cannot be in the future."), "bought_on")
    if product.serialised and not clean_serial(serial):
        raise Refused(_("Write the serial number; it is on the sticker of the product."), "serial")
    holder = serial_holder(product.id, clean_serial(serial) or "") if serial else None
    if holder is not None and holder != but:
        raise Refused(
            _("This serial number is registered already. If it is yours, please ask the shop."), "serial"
        )
    if not photos:
        raise Refused(_("Add a photo of the receipt."), "photos")


def _move(unit: Unit, event: str) -> None:
    after = MOVES.get((Registration(unit.registration), event))
    if after is None:
        raise Refused(_("This was decided already. Reload the page to see how it stands."))
    unit.registration = after


def _log(unit: Unit, event: str, actor: Actor, reason: str, now: datetime) -> None:
    db.session.add(
        UnitEvent(
            unit_id=unit.id, at=now, event=event, staff_id=actor.id if actor.is_staff else None, reason=reason
        )
    )
