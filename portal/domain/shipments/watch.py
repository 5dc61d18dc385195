"""Legs that come into trouble by time alone: what should have arrived, what has not moved for days."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.shipments import actions
from portal.domain.shipments.models import Leg

FEW = 50  # legs in one transaction


def ring(now: datetime) -> bool:
    """Look at legs whose alarm has come, a few at a time; False when none is left."""
    found = select(Leg).where(Leg.alarm_at <= now).order_by(Leg.alarm_at).limit(FEW)
    legs = list(db.session.scalars(found.with_for_update(skip_locked=True)))
    for leg in legs:
        actions.watch(leg, now)
    db.session.flush()
    return bool(legs)
