"""Couriers that are connected: who may see them, and how one is connected, changed and ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select, update

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.shipments.models import CourierAccount, CourierEvent, Leg
from portal.domain.shipments.rules import EventState
from portal.kernel.codes import new_code
from portal.kernel.errors import Stale
from portal.kernel.paging import PAGE_SIZE


def visible_to(actor: Actor) -> Select[CourierAccount]:
    """The connections that an actor may look at."""
    found = select(CourierAccount)
    return found if actor.may(Permission.TILL_CONNECT) else found.where(false())


def overview(actor: Actor) -> Select[Any]:
    """Of each connection: code, format, name, ended_at, rests_until, its last event, how many failed."""
    mine = CourierEvent.account_id == CourierAccount.id
    last = select(CourierEvent.received_at).where(mine).order_by(CourierEvent.id.desc()).limit(1)
    failed = select(func.count()).where(mine, CourierEvent.state == EventState.FAILED)
    return (
        visible_to(actor)
        .with_only_columns(
            CourierAccount.code, CourierAccount.format, CourierAccount.name, CourierAccount.ended_at,
            CourierAccount.rests_until,
            last.correlate(CourierAccount).scalar_subquery().label("last"),
            failed.correlate(CourierAccount).scalar_subquery().label("failed"),
        )
        .order_by(CourierAccount.ended_at.is_not(None), CourierAccount.name, CourierAccount.id)
        .limit(200)
    )  # fmt: skip


def events(actor: Actor, account: CourierAccount, before: int | None = None) -> Select[Any]:
    """What a courier sent, newest first, without the bodies; the code of the leg that it is about."""
    found = (
        select(
            CourierEvent.id, CourierEvent.received_at, CourierEvent.topic, CourierEvent.ref,
            CourierEvent.waybill, CourierEvent.state, CourierEvent.problem, Leg.code.label("leg"),
        )
        .outerjoin(Leg, Leg.id == CourierEvent.leg_id)
        .where(CourierEvent.account_id == account.id)
    )  # fmt: skip
    if not actor.may(Permission.TILL_CONNECT):
        found = found.where(false())
    if before is not None:
        found = found.where(CourierEvent.id < before)
    return found.order_by(CourierEvent.id.desc()).limit(PAGE_SIZE + 1)


def connect(form: str, name: str, zone: str, sealed: bytes, now: datetime) -> CourierAccount:
    """A new connection, with an address of its own."""
    made = CourierAccount(code=new_code(16), format=form, name=name, zone=zone, sealed=sealed, created_at=now)
    db.session.add(made)
    db.session.flush()
    return made


def change(found: CourierAccount, version: int, *, name: str, zone: str) -> CourierAccount:
    """Its name, and the zone of dates without one. Raises Stale."""
    if found.version != version:
        raise Stale
    found.name, found.zone = name, zone
    db.session.flush()
    return found


def entrust(found: CourierAccount, sealed: bytes) -> None:
    """Other secrets, sealed."""
    found.sealed = sealed
    found.rests_until = None
    db.session.flush()


def end(found: CourierAccount, sealed: bytes, now: datetime) -> None:
    """What it sends is no longer taken, and nobody is asked; `sealed` holds no secret any more."""
    found.ended_at = found.ended_at or now
    found.sealed = sealed
    db.session.execute(
        update(Leg)
        .where(Leg.account_id == found.id)
        .values(account_id=None, ask_at=None, ask_problem=None)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
