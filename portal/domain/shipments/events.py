"""Taking in what couriers tell: each event is kept, and its leg is folded anew from all that it has."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zlib import crc32
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import joinedload

from portal.db import db, insert
from portal.domain.shipments import actions
from portal.domain.shipments.couriers import BROKEN, Courier, Told
from portal.domain.shipments.folding import Heard, Story, fold
from portal.domain.shipments.models import (
    Checkpoint,
    CourierAccount,
    CourierEvent,
    CourierWord,
    Leg,
    LegNumber,
)
from portal.domain.shipments.rules import EventState, Status
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

MOST_EVENTS = 500  # of one parcel; a courier that tells more of it is out of order
AT_ONCE = 50  # waiting events that are looked through in one transaction
ODD = _("This is not in the shape that we know. It is kept as it came; please tell us.")
log = structlog.get_logger("purna.couriers")
Couriers = Mapping[str, Courier]


def receive(account: CourierAccount, couriers: Couriers, told: Sequence[Told], now: datetime) -> bool:
    """Keep events and fold the legs that they are about; False when all of them were here already."""
    legs: dict[int, Leg] = {}
    fresh = [event for event in sorted(told, key=lambda event: event.ref or "") if _keep(account, event, now)]
    for event in fresh:
        numbers = {actions.number(one) for one in (event.waybill, event.ref) if one}
        known = select(LegNumber.leg_id).where(LegNumber.number.in_(numbers))
        leg = _held(Leg.id.in_(known)) if numbers else None
        if leg is not None:
            legs[leg.id] = leg
    for leg in legs.values():
        _fold(leg, couriers, now)
    return bool(fresh)


def settle(leg: Leg, couriers: Couriers, now: datetime) -> None:
    """Take up what waits for this leg, and fold it anew."""
    _fold(_held(Leg.id == leg.id) or leg, couriers, now)


def _held(condition: ColumnElement[bool]) -> Leg | None:
    """The newest such leg as it stands now; nobody else folds it meanwhile."""
    found = select(Leg).options(joinedload(Leg.outlet)).where(condition).order_by(Leg.id.desc()).limit(1)
    return db.session.scalar(found.with_for_update(of=Leg).execution_options(populate_existing=True))


def _fold(leg: Leg, couriers: Couriers, now: datetime) -> None:
    known = set(db.session.scalars(select(LegNumber.number).where(LegNumber.leg_id == leg.id)))
    _adopt(leg, set(known))
    heard = _heard(leg, couriers)
    words = {(row.format, row.word): Status(row.status) if row.status else None for row in _words(heard)}
    story = fold(heard, words)
    if story.waybill and actions.number(story.waybill) not in known:
        leg.waybill = story.waybill  # the parcel goes on under another number
    _tell(leg, story, now)


def _tell(leg: Leg, story: Story, now: datetime) -> None:
    """Bring a leg to what its courier has told; what people wrote down stays."""
    if story.eta:
        leg.eta_from, leg.eta_until, leg.eta_by = story.eta.since, story.eta.until, story.eta.by
    leg.received_by = story.received_by or leg.received_by
    leg.proof = [list(pair) for pair in story.proof] or leg.proof
    kept = {point.mark: point for point in leg.checkpoints if point.raw is not None}
    for mark, point in kept.items():
        if mark not in story.points and not point.struck_by:
            leg.checkpoints.remove(point)
            db.session.delete(point)
    for mark, told in sorted(story.points.items(), key=lambda item: (item[1].sighting.at, item[0])):
        row = kept.get(mark)
        if row is None:
            row = Checkpoint(mark=mark, created_at=now, place=told.sighting.place[:120], note="")
            leg.checkpoints.append(row)
        seen = told.sighting
        row.at, row.status, row.word, row.said = seen.at, seen.status, seen.word[:120], seen.said[:300]
        row.raw = {"format": told.format} | ({"early": True} if told.early else {})
    actions.reckon(leg, now)


def adopt(couriers: Couriers, now: datetime) -> bool:
    """Fold some legs that were entered after their courier told of them; False when none is left."""
    numbered = CourierEvent.leg_id.is_(None)
    found = select(LegNumber.leg_id).join(CourierEvent, CourierEvent.waybill == LegNumber.number)
    by_ref = select(LegNumber.leg_id).join(CourierEvent, CourierEvent.ref == LegNumber.number)
    ids = set(db.session.scalars(found.where(numbered).limit(AT_ONCE)))
    ids |= set(db.session.scalars(by_ref.where(numbered).limit(AT_ONCE)))
    for leg_id in sorted(ids, reverse=True):  # of two with one number the newer one
        settle(db.session.get_one(Leg, leg_id), couriers, now)
    return bool(ids)


def explain(
    staff_id: int | None,
    leg: Leg,
    point: Checkpoint,
    status: Status | None,
    couriers: Couriers,
    now: datetime,
) -> int:
    """Say what a courier's word means, here and wherever else it was or will be used; returns how many legs
    had it. None: nothing that matters."""
    form, word = (point.raw or {}).get("format", ""), point.word
    db.session.merge(CourierWord(format=form, word=word, status=status, staff_id=staff_id, at=now))
    db.session.flush()
    found = select(Checkpoint.leg_id).where(Checkpoint.word == word).distinct().limit(AT_ONCE)
    legs = {leg.id, *db.session.scalars(found)}
    for leg_id in sorted(legs):
        settle(db.session.get_one(Leg, leg_id), couriers, now)
    return len(legs)


def _keep(account: CourierAccount, event: Told, now: datetime) -> bool:
    """Insert an event; False when it is here already."""
    _hold(account, event)
    state = EventState.WAITING if _placed(event) else EventState.FAILED if event.note else EventState.KEPT
    fresh = (
        insert(CourierEvent)
        .values(
            account_id=account.id, event_id=event.id[:160], topic=event.topic[:80],
            ref=actions.number(event.ref) if event.ref else None,
            waybill=actions.number(event.waybill) if event.waybill else None, happened_at=event.at,
            received_at=now, body=event.body, problem=_written(event.note), state=state,
        )
        .on_conflict_do_nothing(index_elements=["account_id", "event_id"])
        .returning(CourierEvent.id)
    )  # fmt: skip
    return db.session.scalar(fresh) is not None


def _adopt(leg: Leg, numbers: set[str]) -> None:
    """Events that are about this leg become its own, and what they call it becomes one of its `numbers`,
    until nothing more is found."""
    new = numbers
    while new:
        about = or_(CourierEvent.waybill.in_(new), CourierEvent.ref.in_(new))
        found = (
            update(CourierEvent)
            .where(CourierEvent.leg_id.is_(None), about)
            .values(leg_id=leg.id, state=EventState.APPLIED)
            .returning(CourierEvent.ref, CourierEvent.waybill)
            .execution_options(synchronize_session=False)
        )
        new = {name for row in db.session.execute(found) for name in row if name} - numbers
        numbers = numbers | new
        if new:
            actions.know(leg, *new)


def _heard(leg: Leg, couriers: Couriers) -> list[Heard]:
    """All events of a leg that can be read; what became of each is noted."""
    rows = db.session.execute(
        select(
            CourierEvent.id, CourierEvent.event_id, CourierEvent.happened_at, CourierEvent.received_at,
            CourierEvent.body, CourierEvent.state, CourierAccount.format, CourierAccount.zone,
        )
        .join(CourierAccount, CourierAccount.id == CourierEvent.account_id)
        .where(CourierEvent.leg_id == leg.id)
        .order_by(CourierEvent.happened_at.desc(), CourierEvent.event_id.desc())
        .limit(MOST_EVENTS)
    )  # fmt: skip
    heard, states = [], {}
    for row in rows:
        problem = None
        try:
            report = couriers[row.format].report(row.body, ZoneInfo(row.zone), row.received_at)
            state = EventState.APPLIED if report.sightings or report.waybill else EventState.KEPT
            heard.append(Heard(row.happened_at, row.event_id, row.received_at, row.format, report))
        except Refused as refusal:
            state, problem = EventState.FAILED, refusal.message
        except BROKEN as error:
            log.warning("odd event", leg=leg.code, error=type(error).__name__)
            state, problem = EventState.FAILED, ODD
        if state != row.state:
            states[row.id] = {"state": state, "problem": _written(problem)}
    for event_id, values in states.items():
        db.session.execute(update(CourierEvent).where(CourierEvent.id == event_id).values(**values))
    return heard


def _words(heard: Sequence[Heard]) -> Sequence[CourierWord]:
    unknown = {s.word[:120] for event in heard for s in event.report.sightings if s.status is None and s.word}
    if not unknown:
        return []
    return db.session.scalars(select(CourierWord).where(CourierWord.word.in_(unknown))).all()


def _hold(account: CourierAccount, event: Told) -> None:
    """Two events of one parcel wait for each other. SQLite has one writer at a time anyway."""
    if db.session.connection().dialect.name == "postgresql":
        key = crc32((event.ref or event.waybill or event.id).encode()) >> 1
        db.session.execute(select(func.pg_advisory_xact_lock(1_000_000 + account.id, key)))


def _placed(event: Told) -> bool:
    return bool(event.ref or event.waybill)


def _written(message: Message | None) -> list[object] | None:
    return None if message is None else [message.id, dict(message.values)]
