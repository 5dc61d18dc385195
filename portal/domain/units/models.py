"""Things that somebody owns, and what happened to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, PolicyVersion, Product
from portal.domain.links.models import PaperLink
from portal.domain.purchases.models import Purchase
from portal.domain.units.rules import Registration


class Unit(Model):
    """One thing (or one lot of small things). `code` is the registration number on its warranty card."""

    __tablename__ = "units"
    __table_args__ = (
        one_of("registration", Registration),
        CheckConstraint("registration <> 'void' OR void_on IS NOT NULL", name="void_has_a_day"),
        CheckConstraint("pieces >= 1", name="pieces"),
        Index(
            "uq_units_serial", "product_id", "serial", unique=True,
            sqlite_where=text("serial IS NOT NULL AND registration NOT IN ('rejected', 'returned')"),
            postgresql_where=text("serial IS NOT NULL AND registration NOT IN ('rejected', 'returned')"),
        ),
        Index("ix_units_serial", "serial"),
        Index("ix_units_holder", "holder_id", "id"),
        Index("ix_units_purchase", "purchase_id"),
        Index("ix_units_product", "product_id", "id"),
        Index(  # of the few that replaced another: with all the others in it, SQLite would not use it
            "ix_units_predecessor", "predecessor_id",
            sqlite_where=text("predecessor_id IS NOT NULL"),
            postgresql_where=text("predecessor_id IS NOT NULL"),
        ),
        Index(
            "ix_units_pending", "created_at", "id",
            sqlite_where=text("registration = 'pending'"), postgresql_where=text("registration = 'pending'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_lines.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    policy_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_versions.id"))
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    serial: Mapped[str | None] = mapped_column(String(60))
    pieces: Mapped[int] = mapped_column(default=1)
    bought_on: Mapped[date]
    delivered_on: Mapped[date | None]
    installed_on: Mapped[date | None]
    registration: Mapped[str] = mapped_column(String(8), default=Registration.VALID)
    reason: Mapped[str] = mapped_column(Text, default="")  # of the rejection or the voiding
    void_on: Mapped[date | None]
    bought_at_shop: Mapped[str] = mapped_column(String(120), default="")  # of a product bought elsewhere
    guarantees: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # on repairs: see guarantees.py
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship()
    outlet: Mapped[Outlet] = relationship()
    purchase: Mapped[Purchase | None] = relationship()
    holder: Mapped[Customer | None] = relationship()
    policy_version: Mapped[PolicyVersion | None] = relationship()
    predecessor: Mapped["Unit | None"] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}


class UnitEvent(Model):
    """What was decided about a unit, by whom and why."""

    __tablename__ = "unit_events"
    __table_args__ = (Index("ix_unit_events_unit", "unit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class UnitPhoto(Model):
    """A photo that proves a registration: the receipt, the serial plate."""

    __tablename__ = "unit_photos"
    __table_args__ = (UniqueConstraint("unit_id", "file_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    file_code: Mapped[str] = mapped_column(String(16), index=True)


class UnitsDue(Model):
    """A product that came under a policy after it was sold: what was sold before gets its units from a job.

    `after_line_id` is how far the job has come.
    """

    __tablename__ = "units_due"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    after_line_id: Mapped[int] = mapped_column(default=0)


class CardLink(Model, PaperLink):
    """The QR code of a warranty card."""

    __tablename__ = "card_links"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), unique=True)
