"""Asking couriers that tell nothing by themselves: whom, when next, and when no more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.db import db
from portal.domain.shipments.models import CourierAccount, Leg
from portal.domain.shipments.rules import FINAL, Status
from portal.kernel.text import Message

A_MINUTE = 20  # questions, over all couriers
OFTEN = {Status.OUT_FOR_DELIVERY: timedelta(minutes=30)}
USUAL = timedelta(hours=2)
# (days without a movement, how often it is asked then); after the last it is asked no more.
SLOWER = ((3, timedelta(hours=6)), (10, timedelta(hours=12)), (20, timedelta(days=1)))
GIVEN_UP = timedelta(days=45)
AGAIN = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720))  # after a question in vain
REST = timedelta(hours=1)  # of an account that was asked too often


@dataclass(frozen=True)
class Owed:
    """A parcel whose courier is asked now."""

    leg_id: int
    account_id: int
    courier: str
    waybill: str


def begin(account: CourierAccount, couriers: Collection[str], now: datetime) -> None:
    """Parcels under way with these couriers that nobody is asked about yet are asked about here."""
    db.session.execute(
        update(Leg)
        .where(
            Leg.account_id.is_(None), Leg.waybill != "", Leg.courier.in_(couriers),
            Leg.status.not_in([str(status) for status in FINAL]), Leg.moved_at > now - GIVEN_UP,
        )
        .values(account_id=account.id, ask_at=now, asked=0)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def accounts(formats: Collection[str]) -> list[CourierAccount]:
    """Those of these formats that are connected."""
    found = select(CourierAccount).where(
        CourierAccount.ended_at.is_(None), CourierAccount.format.in_(formats)
    )
    return list(db.session.scalars(found.order_by(CourierAccount.id)))


def due(now: datetime, limit: int = A_MINUTE) -> list[Owed]:
    """Whose question may be asked now, the longest waiting first."""
    rows = db.session.execute(
        select(Leg.id, CourierAccount.id, Leg.courier, Leg.waybill)
        .join(CourierAccount, CourierAccount.id == Leg.account_id)
        .where(
            Leg.ask_at <= now, CourierAccount.ended_at.is_(None),
            or_(CourierAccount.rests_until.is_(None), CourierAccount.rests_until <= now),
        )
        .order_by(Leg.ask_at)
        .limit(limit)
    )  # fmt: skip
    return [Owed(*row) for row in rows]


def heard(leg_id: int, now: datetime) -> None:
    """It answered: the next question follows from how the parcel stands."""
    leg = db.session.get_one(Leg, leg_id)
    leg.asked, leg.ask_problem = 0, None
    leg.ask_at = next_question(Status(leg.status), leg.moved_at, now)
    db.session.flush()


def unheard(leg_id: int, why: Message, now: datetime) -> None:
    """It did not answer, or knows nothing: later, and each time later still."""
    leg = db.session.get_one(Leg, leg_id)
    regular = next_question(Status(leg.status), leg.moved_at, now)
    again = now + AGAIN[min(leg.asked, len(AGAIN) - 1)]
    leg.ask_at = again if regular else None
    leg.asked, leg.ask_problem = leg.asked + 1, [why.id, dict(why.values)]
    db.session.flush()


def rest(account: CourierAccount, now: datetime) -> None:
    """It says that it was asked too often."""
    account.rests_until = now + REST
    db.session.flush()


def next_question(status: Status, moved_at: datetime, now: datetime) -> datetime | None:
    """None for what has ended, and for what has not moved for so long that nobody will tell."""
    quiet = now - moved_at
    if status in FINAL or quiet > GIVEN_UP:
        return None
    slow = [often for days, often in SLOWER if quiet > timedelta(days=days)]
    return now + (slow[-1] if slow else OFTEN.get(status, USUAL))
