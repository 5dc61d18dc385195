"""Legs of a journey, the checkpoints on them, and what couriers sent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.catalog.models import Outlet
from portal.domain.purchases.models import Purchase
from portal.domain.shipments.rules import Direction, EventState, Status, Trouble

OPEN = "status NOT IN ('delivered', 'returned', 'cancelled')"  # as lists ask it


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class CourierAccount(Model):
    """A courier or an aggregator that tells by webhook or is asked: `sealed` are its secrets.

    Dates without a zone are read in `zone`. While it says that it was asked too often it rests.
    """

    __tablename__ = "courier_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)  # stands in the address it sends to
    format: Mapped[str] = mapped_column(String(20))  # a name of adapters/couriers/registry.py
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    rests_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Leg(Model):
    """One way of a parcel. `waybill` is its present number; LegNumber has all that it was known by.

    `eta_by` is who said when it should arrive, "" for the shop. `proof` holds (what, address) of a signature
    or a photo. `attention` is why somebody has to look at it, `settled` the troubles that were dealt with.
    `account_id` is who is asked about it, next at `ask_at`, `asked` times in vain so far.
    """

    __tablename__ = "legs"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("status", Status),
        one_of("attention", Trouble),
        Index("ix_legs_waybill", "waybill"),
        Index("ix_legs_moved", "moved_at", "id"),
        Index(
            "ix_legs_under_way",
            "moved_at",
            "id",
            **_where(OPEN),
        ),
        Index("ix_legs_attention", "moved_at", "id", **_where("attention IS NOT NULL")),
        Index("ix_legs_alarm", "alarm_at", **_where("alarm_at IS NOT NULL")),
        Index("ix_legs_ask", "ask_at", **_where("ask_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    direction: Mapped[str] = mapped_column(String(14))
    courier: Mapped[str] = mapped_column(String(40))
    waybill: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(20))
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("courier_accounts.id"))
    moved_at: Mapped[datetime] = mapped_column(Moment)
    eta_from: Mapped[date | None]
    eta_until: Mapped[date | None]
    eta_by: Mapped[str] = mapped_column(String(40), default="")
    received_by: Mapped[str] = mapped_column(String(120), default="")
    proof: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    cost: Mapped[int | None] = mapped_column(BigInteger)  # what sending it cost the shop, in minor units
    attention: Mapped[str | None] = mapped_column(String(10))
    settled: Mapped[list[str]] = mapped_column(JSON, default=list)
    alarm_at: Mapped[datetime | None] = mapped_column(Moment)
    ask_at: Mapped[datetime | None] = mapped_column(Moment)
    asked: Mapped[int] = mapped_column(default=0)
    ask_problem: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # [message id, values]
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    checkpoints: Mapped[list["Checkpoint"]] = relationship(
        order_by="Checkpoint.at, Checkpoint.id", back_populates="leg"
    )
    outlet: Mapped[Outlet | None] = relationship()
    account: Mapped[CourierAccount | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class LegNumber(Model):
    """A number by which a leg is or was known: waybills, and what aggregators call it."""

    __tablename__ = "leg_numbers"
    __table_args__ = (UniqueConstraint("leg_id", "number"), Index("ix_leg_numbers_number", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"))
    number: Mapped[str] = mapped_column(String(60))


class Checkpoint(Model):
    """One movement; `said` are the courier's own words.

    `word` is what it calls a status that nobody has explained yet, else ""; then `status` is None, and the
    leg keeps the one that it had. `raw` is None when a person wrote it down; `mark` makes it one movement
    however often it is told. Who is `struck_by` took it out: it is shown, and counts no more.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (
        one_of("status", Status),
        UniqueConstraint("leg_id", "mark"),
        Index("ix_checkpoints_odd", "word", **_where("word <> ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str | None] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    said: Mapped[str] = mapped_column(String(300), default="")
    word: Mapped[str] = mapped_column(String(120), default="")
    mark: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(Moment)

    leg: Mapped[Leg] = relationship(back_populates="checkpoints")


class PurchaseLeg(Model):
    """A leg by which a receipt's goods travel; `delivered_on` is the day that its items were told."""

    __tablename__ = "purchase_legs"
    __table_args__ = (Index("ix_purchase_legs_purchase", "purchase_id"),)

    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"), primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))
    delivered_on: Mapped[date | None]

    leg: Mapped[Leg] = relationship()
    purchase: Mapped[Purchase] = relationship()


class CourierEvent(Model):
    """One webhook or answer as it came. A leg is what its events, sorted by their own time, add up to.

    `ref` is what the courier calls the parcel, `waybill` the number on it; either leads to the leg.
    """

    __tablename__ = "courier_events"
    __table_args__ = (
        UniqueConstraint("account_id", "event_id"),
        one_of("state", EventState),
        Index("ix_courier_events_leg", "leg_id", **_where("leg_id IS NOT NULL")),
        Index("ix_courier_events_newest", "account_id", "id"),
        Index("ix_courier_events_ref", "ref", **_where("leg_id IS NULL")),
        Index("ix_courier_events_waybill", "waybill", **_where("leg_id IS NULL")),
        Index("ix_courier_events_failed", "account_id", "id", **_where("state = 'failed'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("courier_accounts.id"))
    leg_id: Mapped[int | None] = mapped_column(ForeignKey("legs.id"))
    event_id: Mapped[str] = mapped_column(String(160))
    topic: Mapped[str] = mapped_column(String(80))
    ref: Mapped[str | None] = mapped_column(String(60))
    waybill: Mapped[str | None] = mapped_column(String(60))
    happened_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    problem: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # [message id, values]

    account: Mapped[CourierAccount] = relationship()
    leg: Mapped[Leg | None] = relationship()


class CourierWord(Model):
    """What a person said that a courier's word means; `status` None: nothing that matters."""

    __tablename__ = "courier_words"
    __table_args__ = (one_of("status", Status),)

    format: Mapped[str] = mapped_column(String(20), primary_key=True)
    word: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[str | None] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Moment)
