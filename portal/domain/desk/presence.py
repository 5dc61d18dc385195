"""Who else has a case open: noted at most twice a minute, and forgotten when it is no longer renewed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor
from portal.domain.desk.models import Presence

RENEWED = timedelta(seconds=25)  # a look that comes sooner writes nothing
LAPSES = timedelta(seconds=75)


def others(actor: Actor, case_id: int, now: datetime) -> list[str]:
    """The names of the others who have the case open."""
    found = (
        select(Staff.name)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.case_id == case_id, Presence.staff_id != actor.id, Presence.seen_at > now - LAPSES)
        .order_by(Staff.name)
    )
    return list(db.session.scalars(found))


def note(actor: Actor, case_id: int, now: datetime) -> None:
    """This person has the case open."""
    mine = db.session.get(Presence, (case_id, actor.id))
    if mine is None:
        db.session.add(Presence(case_id=case_id, staff_id=actor.id, seen_at=now))
    elif mine.seen_at < now - RENEWED:
        mine.seen_at = now


def sweep(now: datetime) -> None:
    """Forget who has gone."""
    db.session.execute(delete(Presence).where(Presence.seen_at < now - LAPSES))
