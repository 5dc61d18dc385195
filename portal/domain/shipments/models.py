"""Legs of a journey and the checkpoints on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.shipments.rules import Direction, Status


class Leg(Model):
    __tablename__ = "legs"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("status", Status),
        Index("ix_legs_waybill", "waybill"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    direction: Mapped[str] = mapped_column(String(14))
    courier: Mapped[str] = mapped_column(String(40))
    waybill: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    checkpoints: Mapped[list["Checkpoint"]] = relationship(order_by="Checkpoint.at", back_populates="leg")

    __mapper_args__ = {"version_id_col": version}


class Checkpoint(Model):
    """One movement: `raw` is what the courier said, None when a person wrote it down."""

    __tablename__ = "checkpoints"
    __table_args__ = (one_of("status", Status), UniqueConstraint("leg_id", "at", "status"))

    id: Mapped[int] = mapped_column(primary_key=True)
    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(Moment)

    leg: Mapped[Leg] = relationship(back_populates="checkpoints")
