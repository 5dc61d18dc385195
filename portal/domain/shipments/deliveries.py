"""Deliveries of what was sold: begun with the sale, and the day of arrival told to the items."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.purchases.facts import PurchaseSent
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import actions
from portal.domain.shipments.models import Leg, PurchaseLeg
from portal.domain.shipments.rules import FINAL, Direction, Status, named
from portal.domain.units import actions as units
from portal.domain.units.facts import UnitsMade
from portal.kernel.clock import day_in


def begin(fact: PurchaseSent, now: datetime) -> None:
    """What a till told: the same again is the same delivery."""
    purchase = db.session.get_one(Purchase, fact.purchase_id)
    actions.send_purchase(
        SYSTEM, purchase, courier=named(fact.courier), waybill=fact.waybill, at=min(fact.at, now), now=now
    )


def follow(leg_id: int, now: datetime) -> None:
    """Tell the items of a receipt when they arrived: once all that was sent is there, on its last day.

    A day that was told is told anew only when it turns out to be wrong.
    """
    mine = select(PurchaseLeg.purchase_id).where(PurchaseLeg.leg_id == leg_id).scalar_subquery()
    sent = db.session.scalars(
        select(PurchaseLeg)
        .join(PurchaseLeg.leg)
        .where(PurchaseLeg.purchase_id == mine, Leg.direction == Direction.TO_CUSTOMER)
        .options(joinedload(PurchaseLeg.purchase).joinedload(Purchase.outlet), joinedload(PurchaseLeg.leg))
    ).all()
    if not sent:
        return
    zone = sent[0].purchase.outlet.timezone
    days = [day for one in sent if (day := delivered_on(one.leg, zone))]
    waits = any(one.leg.status not in FINAL for one in sent)
    told = max((one.delivered_on for one in sent if one.delivered_on), default=None)
    if told in days or (told is None and (waits or not days)):
        return
    day = max(days, default=None)
    units.deliver(sent[0].purchase_id, told, day, now)
    for one in sent:
        one.delivered_on = day
    db.session.flush()


def tell_new(fact: UnitsMade, now: datetime) -> None:
    """Items that are made after their goods arrived are told the day, too."""
    told = (
        select(PurchaseLeg.purchase_id, func.max(PurchaseLeg.delivered_on))
        .where(PurchaseLeg.purchase_id.in_(fact.purchase_ids), PurchaseLeg.delivered_on.is_not(None))
        .group_by(PurchaseLeg.purchase_id)
    )
    for purchase_id, day in db.session.execute(told):
        units.deliver(purchase_id, None, day, now)


def delivered_on(leg: Leg, zone: str) -> date | None:
    """The day on which it arrived; None while it has not."""
    if leg.status != Status.DELIVERED:
        return None
    arrived = [p.at for p in leg.checkpoints if p.status == Status.DELIVERED and not p.struck_by]
    return day_in(zone, min(arrived))


def purchase_of(leg_id: int) -> Purchase | None:
    """The receipt whose goods a leg carries."""
    found = select(Purchase).join(PurchaseLeg, PurchaseLeg.purchase_id == Purchase.id)
    return db.session.scalar(found.where(PurchaseLeg.leg_id == leg_id))
