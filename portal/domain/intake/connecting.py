"""Tills that are connected: who may see them, and how one is connected, changed and ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Outlet
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.intake.rules import HookState
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.paging import PAGE_SIZE
from portal.kernel.text import _

MOST_PLACES = 60


def visible_to(actor: Actor) -> Select[Connection]:
    """The connections that an actor may look at."""
    found = select(Connection)
    return found if actor.may(Permission.TILL_CONNECT) else found.where(false())


def overview(actor: Actor) -> Select[Any]:
    """Of each connection: code, format, name, outlet, ended_at, when its last event came, how many failed."""
    mine = HookEvent.connection_id == Connection.id
    last = select(HookEvent.received_at).where(mine).order_by(HookEvent.id.desc()).limit(1)
    failed = select(func.count()).where(mine, HookEvent.state == HookState.FAILED)
    return (
        visible_to(actor)
        .join(Outlet, Outlet.id == Connection.outlet_id)
        .with_only_columns(
            Connection.code, Connection.format, Connection.name, Outlet.name.label("outlet"),
            Connection.ended_at, last.correlate(Connection).scalar_subquery().label("last"),
            failed.correlate(Connection).scalar_subquery().label("failed"),
        )
        .order_by(Connection.ended_at.is_not(None), Connection.name, Connection.id)
        .limit(200)
    )  # fmt: skip


def events(actor: Actor, connection: Connection, before: int | None = None) -> Select[Any]:
    """What a till sent, newest first, without the bodies."""
    found = select(
        HookEvent.id, HookEvent.received_at, HookEvent.topic, HookEvent.order_key, HookEvent.state,
        HookEvent.problem,
    ).where(HookEvent.connection_id == connection.id)  # fmt: skip
    if not actor.may(Permission.TILL_CONNECT):
        found = found.where(false())
    if before is not None:
        found = found.where(HookEvent.id < before)
    return found.order_by(HookEvent.id.desc()).limit(PAGE_SIZE + 1)


def connect(form: str, name: str, outlet: Outlet, sealed: bytes, now: datetime) -> Connection:
    """A new connection, with an address of its own."""
    made = Connection(
        code=new_code(16), format=form, name=name, outlet=outlet, places={}, sealed=sealed, created_at=now
    )
    db.session.add(made)
    db.session.flush()
    return made


def change(
    found: Connection, version: int, *, name: str, outlet: Outlet, places: Mapping[str, int]
) -> Connection:
    """Name, outlet and locations. Raises Refused or Stale."""
    if found.version != version:
        raise Stale
    if len(places) > MOST_PLACES:
        raise Refused(
            _("At most %(most)s locations. Connect the rest as another till.", most=MOST_PLACES), "places"
        )
    found.name, found.outlet, found.places = name, outlet, dict(places)
    db.session.flush()
    return found


def entrust(found: Connection, sealed: bytes) -> None:
    """Other secrets, sealed."""
    found.sealed = sealed
    db.session.flush()


def end(found: Connection, sealed: bytes, now: datetime) -> None:
    """What it sends is no longer taken; `sealed` holds no secret any more. Its receipts stay."""
    found.ended_at = found.ended_at or now
    found.sealed = sealed
    db.session.flush()
