"""Spare parts, what they fit, what lies where, who holds it, and the orders of both sides."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts import rules
from portal.domain.suppliers.models import Supplier


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Part(Model):
    """A spare part. `number` is its maker's; `component` is the coverage's name for it; prices are in minor
    units of one piece, `cost` is what the shop pays. A universal part fits whatever it is bought for."""

    __tablename__ = "parts"
    __table_args__ = (
        CheckConstraint("price >= 0 AND cost >= 0", name="amounts"),
        CheckConstraint("lead_days IS NULL OR lead_days >= 0", name="lead_days"),
        Index("ix_parts_name", "name_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    name_id: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    brand: Mapped[str] = mapped_column(String(80), default="")
    component: Mapped[str] = mapped_column(String(24), default="")
    about_id: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    picture: Mapped[str] = mapped_column(String(16), default="")  # code of a stored file
    price: Mapped[int] = mapped_column(BigInteger, default=0)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    lead_days: Mapped[int | None]
    universal: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    supplier: Mapped[Supplier | None] = relationship()
    fits: Mapped[list["PartFit"]] = relationship(order_by="PartFit.id", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class PartFit(Model):
    """A product that a part fits; or a model, of any brand or of one."""

    __tablename__ = "part_fits"
    __table_args__ = (
        CheckConstraint("product_id IS NOT NULL OR plain_model <> ''", name="fits_something"),
        Index("ix_part_fits_product", "product_id"),
        Index("ix_part_fits_model", "plain_model"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    brand: Mapped[str] = mapped_column(String(80), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    plain_model: Mapped[str] = mapped_column(String(80), default="")

    product: Mapped[Product | None] = relationship()


class PartWord(Model):
    """A word that a part is found by."""

    __tablename__ = "part_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), primary_key=True, index=True)


class PartMark(Model):
    """A code printed on `pieces` packages, by which a buyer learns whether the part is genuine."""

    __tablename__ = "part_marks"
    __table_args__ = (
        CheckConstraint("pieces > 0 AND checks >= 0", name="counts"),
        Index("ix_part_marks_part", "part_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    sheet: Mapped[str] = mapped_column(String(8), index=True)  # those that were made at once
    batch: Mapped[str] = mapped_column(String(40), default="")
    pieces: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Moment)
    checks: Mapped[int] = mapped_column(default=0)
    first_checked_at: Mapped[datetime | None] = mapped_column(Moment)

    part: Mapped[Part] = relationship()


class PartLevel(Model):
    """How many pieces of a part are at an outlet. Changed by one conditional UPDATE only (stock.py)."""

    __tablename__ = "part_levels"
    __table_args__ = (
        CheckConstraint("on_hand >= 0 AND reserved >= 0 AND on_order >= 0", name="not_negative"),
        CheckConstraint("reserved <= on_hand", name="reserved_is_there"),
        CheckConstraint("minimum >= 0", name="minimum"),
        Index("ix_part_levels_outlet", "outlet_id", "part_id"),
    )

    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    on_order: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[int] = mapped_column(default=0)
    shelf: Mapped[str] = mapped_column(String(40), default="")

    outlet: Mapped[Outlet] = relationship()


class PartHold(Model):
    """Pieces set aside for one thing: `purpose` and `ref` name it."""

    __tablename__ = "part_holds"
    __table_args__ = (
        one_of("purpose", rules.Purpose),
        one_of("state", rules.Hold),
        CheckConstraint("pieces > 0", name="pieces"),
        Index("uq_part_holds_ref", "purpose", "ref", unique=True, **_where("state <> 'released'")),
        Index("ix_part_holds_held", "part_id", "outlet_id", **_where("state = 'held'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    pieces: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(8))
    ref: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(8), default=rules.Hold.HELD)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class PartEntry(Model):
    """One line of the ledger: what changed, by whom and why. Never changed, never deleted."""

    __tablename__ = "part_entries"
    __table_args__ = (one_of("kind", rules.Entry), Index("ix_part_entries_part", "part_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(8))
    on_hand: Mapped[int] = mapped_column(default=0)  # by how much it changed
    reserved: Mapped[int] = mapped_column(default=0)
    on_order: Mapped[int] = mapped_column(default=0)
    level: Mapped[int]  # on hand afterwards
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    about: Mapped[str] = mapped_column(String(40), default="")  # a case, work order or order to a supplier
    reason: Mapped[str] = mapped_column(String(300), default="")

    outlet: Mapped[Outlet] = relationship()
    staff: Mapped[Staff | None] = relationship()


class SupplyOrder(Model):
    """What the shop ordered from a supplier, for one outlet."""

    __tablename__ = "supply_orders"
    __table_args__ = (
        one_of("state", rules.Supply),
        Index("ix_supply_orders_state", "state", "ordered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    state: Mapped[str] = mapped_column(String(10), default=rules.Supply.OPEN)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    expected_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(60), default="")  # the supplier's number for it
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    supplier: Mapped[Supplier] = relationship()
    outlet: Mapped[Outlet] = relationship()
    staff: Mapped[Staff | None] = relationship()
    lines: Mapped[list["SupplyLine"]] = relationship(order_by="SupplyLine.id", back_populates="order")

    __mapper_args__ = {"version_id_col": version}


class SupplyLine(Model):
    __tablename__ = "supply_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "part_id"),
        CheckConstraint("pieces > 0 AND received >= 0 AND received <= pieces", name="pieces"),
        Index("ix_supply_lines_part", "part_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("supply_orders.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    pieces: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)  # of one piece

    order: Mapped[SupplyOrder] = relationship(back_populates="lines")
    part: Mapped[Part] = relationship()


class PartOrder(Model):
    """One row beside a case in which parts are handed out: how they go out, and what was paid.

    `freight` is None until somebody knows what sending costs, `paid` until it was paid.
    """

    __tablename__ = "part_orders"
    __table_args__ = (
        one_of("way", rules.Way),
        one_of("paying", rules.Paying),
        one_of("paid_way", rules.Paid),
        CheckConstraint("(paid IS NULL) = (paid_at IS NULL)", name="paid"),
        CheckConstraint("freight IS NULL OR freight >= 0", name="freight"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    way: Mapped[str] = mapped_column(String(8))
    paying: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(300), default="")
    freight: Mapped[int | None] = mapped_column(BigInteger)
    paid: Mapped[int | None] = mapped_column(BigInteger)
    paid_way: Mapped[str | None] = mapped_column(String(8))
    paid_at: Mapped[datetime | None] = mapped_column(Moment)
    paid_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    lines: Mapped[list["PartLine"]] = relationship(order_by="PartLine.id", back_populates="order")

    __mapper_args__ = {"version_id_col": version}


class PartLine(Model):
    """A part of an order; its price is that of the day on which it was ordered."""

    __tablename__ = "part_lines"
    __table_args__ = (
        one_of("state", rules.Line),
        CheckConstraint("pieces > 0 AND price >= 0", name="pieces"),
        Index("ix_part_lines_case", "case_id", "id"),
        Index("ix_part_lines_wanted", "part_id", **_where("state = 'wanted'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("part_orders.case_id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    pieces: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)  # of one piece
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default=rules.Line.WANTED)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))  # whose shelf it is taken from
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[PartOrder] = relationship(back_populates="lines")
    part: Mapped[Part] = relationship()
    outlet: Mapped[Outlet] = relationship()

    __mapper_args__ = {"version_id_col": version}
