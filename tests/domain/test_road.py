"""A parcel is what its events add up to: thirty events, each three times, in twenty orders, one end."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.adapters.couriers.registry import COURIERS
from portal.db import db
from portal.domain.outbox.models import OutboxMessage
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import actions, events, watch
from portal.domain.shipments.models import Checkpoint, CourierAccount, CourierEvent, Leg, LegNumber
from portal.domain.shipments.rules import EventState, Status, Trouble
from portal.kernel import clock
from tests import factories
from tests.adapters.couriers.samples import aftership, biteship, hours, recorded, tell
from tests.browser import Browser
from tests.fixtures.couriers import connect, hear, sent, states
from tests.threads import at_once

START = datetime.fromisoformat("2026-11-02T08:00:00+07:00")
NUMBER = "111111111111"


def life() -> list[dict[str, Any]]:
    """Thirty webhooks of one parcel: its recorded history step by step, told again, and what came after."""
    steps = len(recorded("aftership-tracking")["data"]["tracking"]["checkpoints"])
    told = [aftership(event=f"e{n}", steps=n) for n in range(1, steps + 1)]
    again = [aftership(event=f"again{n}", steps=n) for n in range(2, steps + 1)]
    lost = recorded("aftership-lost")["data"]["tracking"]
    return [*told, *again, aftership(lost, event="lost"), aftership(event="end"), aftership(event="very end")]


def end(leg_id: int) -> Any:
    """All that is there in the end, but for the numbers of rows."""
    db.session.expire_all()
    leg = db.session.get_one(Leg, leg_id)
    points = db.session.execute(
        select(Checkpoint.at, Checkpoint.status, Checkpoint.said, Checkpoint.place, Checkpoint.word)
        .where(Checkpoint.leg_id == leg_id, Checkpoint.raw.is_not(None))
        .order_by(Checkpoint.at, Checkpoint.mark)
    )
    told = (
        leg.status,
        leg.waybill,
        leg.moved_at,
        leg.eta_until,
        leg.received_by,
        leg.attention,
        leg.alarm_at,
    )
    numbers = select(LegNumber.number).where(LegNumber.leg_id == leg_id).order_by(LegNumber.number)
    days = [unit.delivered_on for unit in _units(leg_id)]
    return told, [tuple(row) for row in points], list(db.session.scalars(numbers)), days, states()


def _units(leg_id: int) -> list[Any]:
    found = db.session.scalars(select(Purchase).order_by(Purchase.id.desc())).first()
    return factories.units_of(found) if found else []


@pytest.fixture
def bought(product: Any) -> Purchase:
    return factories.purchase(factories.outlet(), [(product, 1)], at=clock.now() - timedelta(days=30))


def test_thirty_events_each_three_times_in_twenty_orders(app: Flask, product: Any) -> None:
    connect(app, "aftership")
    assert len(life()) == 30
    ends = []
    for seed in range(20):
        purchase = factories.purchase(factories.outlet(), [(product, 1)])
        leg = sent(purchase, NUMBER, courier="FedEx", at=START)
        mixed = life() * 3
        if seed:
            random.Random(seed).shuffle(mixed)
        account = db.session.scalars(select(CourierAccount)).one()
        for body in mixed:
            events.receive(account, COURIERS, [tell("aftership", body)], START + timedelta(days=2))
        factories.settle()
        ends.append(end(leg.id))
        db.session.execute(CourierEvent.__table__.delete())
        db.session.execute(LegNumber.__table__.delete())
        db.session.commit()
    assert all(found == ends[0] for found in ends)
    (status, _waybill, _moved, _eta, signed, trouble, alarm), points, _numbers, days, kept = ends[0]
    assert (status, signed, trouble, alarm) == (Status.DELIVERED, "..KOSUTOKO", None, None)
    assert len(points) == 15
    assert days == [factories.units_of(purchase)[0].bought_on], "never before it was bought"
    assert kept == {EventState.APPLIED: 30}


def test_all_at_the_same_moment(both: Flask) -> None:
    connect(both, "aftership")
    lamp = factories.product(sku="LAMPU-1", serialised=False)
    leg = sent(factories.purchase(factories.outlet(), [(lamp, 1)]), NUMBER, courier="FedEx", at=START)
    told, leg_id = life()[:12] * 2, leg.id

    def take(n: int) -> None:
        account = db.session.scalars(select(CourierAccount)).one()
        events.receive(account, COURIERS, [tell("aftership", told[n])], START + timedelta(days=2))

    at_once(both, len(told), take)
    db.session.rollback()
    assert states() == {EventState.APPLIED: 12}
    assert len(end(leg_id)[1]) == 12


def test_the_waybill_changes_on_the_way_and_all_numbers_lead_there(app: Flask, bought: Purchase) -> None:
    """The order in which the courier's words come makes no difference, nor that the first come too early."""
    connect(app, "biteship")
    told = [
        biteship("confirmed", None, updated_at="2026-11-01T01:00:00Z"),
        biteship("picked", "LAMA1", updated_at="2026-11-01T05:00:00Z"),
        {"event": "order.waybill_id", "order_id": "ORD1", "courier_waybill_id": "BARU2", "status": "picked"},
        biteship("in_transit", "BARU2", updated_at="2026-11-02T05:00:00Z"),
    ]
    for order in (told, told[::-1], [told[2], told[0], told[3], told[1]]):
        hear("biteship", *order[:3], now=START + timedelta(days=1))
        leg = sent(bought, "lama 1", at=START - timedelta(days=3))
        assert events.adopt(COURIERS, clock.now()) == (order[2] is not told[3])
        assert not events.adopt(COURIERS, clock.now())
        factories.settle()
        hear("biteship", order[3], now=START + timedelta(days=1))
        assert (leg.waybill, leg.status) == ("BARU2", Status.IN_TRANSIT)
        known = set(db.session.scalars(select(LegNumber.number).where(LegNumber.leg_id == leg.id)))
        assert known == {"LAMA1", "BARU2", "ORD1"}
        assert states() == {EventState.APPLIED: 4}
        db.session.execute(CourierEvent.__table__.delete())
        actions.change(leg, leg.version, courier="JNE", waybill=f"X{leg.id}", eta=None, now=clock.now())
        db.session.execute(LegNumber.__table__.delete())
        db.session.commit()


def test_what_a_person_corrected_is_not_put_back(app: Flask, bought: Purchase) -> None:
    connect(app, "biteship")
    leg = sent(bought, "LAMA1")
    hear("biteship", biteship("picked", "LAMA1"))
    actions.change(leg, leg.version, courier="JNE", waybill="BENAR9", eta=None, now=clock.now())
    db.session.commit()
    hear("biteship", biteship("in_transit", "LAMA1", updated_at="2026-11-19T00:00:00Z"))
    assert leg.waybill == "BENAR9"
    assert leg.status == Status.IN_TRANSIT


def test_a_courier_whose_clock_is_ahead(app: Flask, bought: Purchase) -> None:
    """What is told before it happened counts as of when it was told."""
    connect(app, "biteship")
    leg, now = sent(bought), clock.now()
    hear("biteship", biteship("delivered", updated_at=(now + hours(9)).isoformat()), now=now)
    point = db.session.scalars(select(Checkpoint).where(Checkpoint.raw.is_not(None))).one()
    assert (point.at, point.raw) == (now, {"format": "biteship", "early": True})
    assert leg.status == Status.DELIVERED


def test_a_word_nobody_knows_waits_until_it_is_explained_for_all(
    app: Flask, bought: Purchase, product: Any, agent: Browser
) -> None:
    connect(app, "biteship")
    legs = [sent(bought, "SATU"), sent(factories.purchase(factories.outlet(), [(product, 1)]), "DUA")]
    now = clock.now()
    for n, waybill in enumerate(("SATU", "DUA")):
        hear("biteship", biteship("picked", waybill, f"O{n}", updated_at=(now - hours(3)).isoformat()))
        hear("biteship", biteship("disulap", waybill, f"O{n}", updated_at=(now - hours(2)).isoformat()))
    assert [(leg.status, leg.attention) for leg in legs] == [(Status.PICKED_UP, Trouble.UNKNOWN)] * 2
    odd = db.session.scalars(select(Checkpoint).where(Checkpoint.word == "disulap")).all()
    assert [point.status for point in odd] == [None, None]
    told = events.explain(agent.actor.id, legs[0], odd[0], Status.OUT_FOR_DELIVERY, COURIERS, clock.now())
    db.session.commit()
    assert told == 2
    assert [(leg.status, leg.attention) for leg in legs] == [(Status.OUT_FOR_DELIVERY, None)] * 2
    third = sent(factories.purchase(factories.outlet(), [(product, 1)]), "TIGA")
    hear("biteship", biteship("disulap", "TIGA", "O9"))
    assert third.status == Status.OUT_FOR_DELIVERY, "and wherever it is used from now on"


def test_the_customer_hears_of_each_step_once(app: Flask, owner: Browser) -> None:
    connect(app, "biteship")
    leg, now = sent(owner.purchase), clock.now()  # type: ignore[attr-defined]
    steps = ("picked", "in_transit", "on_hold", "in_transit", "delivered", "in_transit")
    for n, status in enumerate(steps):
        body = biteship(status, updated_at=(now - hours(20 - n)).isoformat(), n=n)
        hear("biteship", body, body)
    told = db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.template == "parcel"))
    assert sorted(told) == [f"parcel-{leg.id}-{step}" for step in ("delivered", "held", "sent")]
    alarms = db.session.scalars(select(OutboxMessage.about).where(OutboxMessage.template == "staff_leg"))
    assert len(list(alarms)) == (1 if leg.outlet and leg.outlet.email else 0)


@pytest.mark.parametrize(("days", "letters"), [(5, 1), (300, 0)])
def test_what_was_over_long_before_anybody_watched_disturbs_nobody(
    app: Flask, bought: Purchase, days: int, letters: int
) -> None:
    """As after an upgrade: it stands in the list, and writes to nobody."""
    bought.outlet.email = "cabang@toko.id"
    leg = sent(bought, at=clock.now() - timedelta(days=days))
    leg.attention, leg.alarm_at = None, clock.now()
    db.session.execute(delete(OutboxMessage))
    while watch.ring(clock.now()):
        factories.settle()
    told = db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.template == "staff_leg")).all()
    assert (leg.attention, len(told)) == (Trouble.STALE, letters)
