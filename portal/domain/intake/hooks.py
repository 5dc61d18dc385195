"""Taking in what tills send: each event is kept, and its order is folded anew from all that is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import structlog
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.intake import writer
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.intake.rules import Fate, HookState
from portal.domain.intake.tills import BROKEN, Ask, Counter, Format, Told
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

MOST_ORDERS = 20  # of one body that are let in at once: others write, too; the worker goes on with the rest
MOST_EVENTS = 500  # of one order; a till that tells more of it is out of order
# When an answer that did not come is asked for again, counted from the event; then it is given up.
AGAIN = tuple(timedelta(minutes=m) for m in (0, 1, 5, 30, 120, 720))
log = structlog.get_logger("purna.hooks")


@dataclass(frozen=True)
class Owed:
    """An order that waits for an answer from the till's company."""

    connection_id: int
    order: str


def receive(connection: Connection, form: Format, told: Sequence[Told], now: datetime, *, asks: bool) -> bool:
    """Keep events and bring in the orders they are about; True when something has to be asked for one.

    A twin changes nothing. `asks` says whether the till's company can be asked.
    """
    orders = sorted({event.order for event in told if event.order})
    for order in orders[:MOST_ORDERS]:  # in one order for everybody, so that no two wait for each other
        _hold(connection, order)
    fresh = {event.order for event in told if _keep(connection, event, now)}
    waiting = [
        settle(connection, form, order, now, asks=asks) for order in orders[:MOST_ORDERS] if order in fresh
    ]
    rest = [order for order in orders[MOST_ORDERS:] if order in fresh]
    later = update(HookEvent).where(HookEvent.connection_id == connection.id)
    db.session.execute(later.where(HookEvent.order_key.in_(rest)).values(state=HookState.WAITING))
    return any(waiting) or bool(rest)


def settle(connection: Connection, form: Format, order: str, now: datetime, *, asks: bool) -> bool:
    """Fold an order from its events and let the sale in; True when something has to be asked first."""
    try:
        ask, state, problem = _fold(connection, form, order, now, asks)
    except Refused as refusal:
        ask, state, problem = None, HookState.FAILED, refusal.message
    except BROKEN as error:
        log.warning("odd event", till=connection.code, error=type(error).__name__)
        ask, state, problem = (
            None,
            HookState.FAILED,
            _("This is not in the shape that we know. Please tell us."),
        )
    db.session.execute(
        update(HookEvent)
        .where(*_of(connection, order))
        .values(state=state, problem=_written(problem), tries=HookEvent.tries if ask else 0)
    )
    return ask is not None


def wanted(connection: Connection, form: Format, order: str) -> Ask | None:
    """What has to be asked for an order as it stands now."""
    try:
        return form.fold(_events(connection, order), _counter(connection, asks=True)).ask
    except (Refused, *BROKEN):
        return None


def heard(connection: Connection, form: Format, order: str, told: Sequence[Told], now: datetime) -> bool:
    """Keep an answer and go on with its order; True when there is more to ask. Raises what `BROKEN` names."""
    receive(connection, form, [event for event in told if event.order != order], now, asks=True)
    _hold(connection, order)
    for event in told:
        if event.order == order:
            _keep(connection, event, now)
    return settle(connection, form, order, now, asks=True)


def unheard(connection: Connection, form: Format, order: str, why: Message, now: datetime) -> None:
    """An answer did not come: try later; after the last time make do without it."""
    _hold(connection, order)
    of_order = update(HookEvent).where(*_of(connection, order))
    tried: int = db.session.scalar(select(func.max(HookEvent.tries)).where(*_of(connection, order))) or 0
    if tried + 1 < len(AGAIN):
        waits = of_order.values(state=HookState.WAITING, tries=tried + 1, problem=_written(why))
        db.session.execute(waits)
        return
    settle(connection, form, order, now, asks=False)
    db.session.execute(of_order.where(HookEvent.state == HookState.FAILED).values(problem=_written(why)))


def due(now: datetime, limit: int = 50) -> list[Owed]:
    """Orders whose question may be asked now, the oldest first."""
    rows = db.session.execute(
        select(
            HookEvent.connection_id,
            HookEvent.order_key,
            func.max(HookEvent.received_at).label("received_at"),
            func.max(HookEvent.tries).label("tries"),
        )
        .where(HookEvent.state == HookState.WAITING, HookEvent.order_key.is_not(None))
        .group_by(HookEvent.connection_id, HookEvent.order_key)
        .order_by(func.min(HookEvent.id))
        .limit(limit)
    )
    return [
        Owed(row.connection_id, row.order_key or "")
        for row in rows
        if row.received_at + AGAIN[min(row.tries, len(AGAIN) - 1)] <= now
    ]


def _fold(
    connection: Connection, form: Format, order: str, now: datetime, asks: bool
) -> tuple[Ask | None, HookState, Message | None]:
    events = _events(connection, order)
    if len(events) > MOST_EVENTS:
        raise Refused(_("There are too many events of this order. Record it by hand."))
    folded = form.fold(events, _counter(connection, asks=asks))
    if folded.sale is None:
        return folded.ask, HookState.WAITING if folded.ask else HookState.KEPT, None
    with db.session.begin_nested():
        [brought] = writer.bring([folded.sale], now, source=f"{form.name}:{connection.code}")
    if brought.fate is Fate.REFUSED and brought.problem is not None:
        raise brought.problem
    return folded.ask, HookState.WAITING if folded.ask else HookState.APPLIED, None


def _keep(connection: Connection, event: Told, now: datetime) -> bool:
    """Insert an event; False when it is here already."""
    row = HookEvent(
        connection_id=connection.id, event_id=event.id, topic=event.topic, order_key=event.order,
        happened_at=event.at, received_at=now, body=event.body, state=HookState.KEPT,
        problem=_written(event.note),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def _events(connection: Connection, order: str) -> list[Told]:
    columns = (
        HookEvent.event_id, HookEvent.topic, HookEvent.order_key, HookEvent.happened_at, HookEvent.body,
        HookEvent.id,
    )  # fmt: skip
    found = select(*columns).where(*_of(connection, order)).limit(MOST_EVENTS + 1)
    rows = db.session.execute(found.order_by(HookEvent.happened_at, HookEvent.event_id))
    return [Told(*row) for row in rows]


def _counter(connection: Connection, *, asks: bool) -> Counter:
    places = connection.places
    ids = {connection.outlet_id, *places.values()}
    rows = db.session.execute(select(Outlet.id, Outlet.code).where(Outlet.id.in_(ids)))
    codes = {row.id: row.code for row in rows}
    known = {place: codes[outlet] for place, outlet in places.items() if outlet in codes}
    return Counter(codes[connection.outlet_id], known, asks)


def _hold(connection: Connection, order: str) -> None:
    """Two events of one order wait for each other. SQLite has one writer at a time anyway."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(connection.id, crc32(order.encode()) >> 1)))


def _of(connection: Connection, order: str) -> tuple[ColumnElement[bool], ...]:
    return HookEvent.connection_id == connection.id, HookEvent.order_key == order


def _written(message: Message | None) -> list[object] | None:
    return None if message is None else [message.id, dict(message.values)]
