"""Work orders, their lines, times and loaned units; what happens to one stands on its case's timeline."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case
from portal.domain.parts.models import Part
from portal.domain.repairs.rules import Billing, LineKind, Place, Proof, S
from portal.domain.suppliers.models import Supplier


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


_ALIVE = _where("state NOT IN ('handed_over', 'cancelled')")


class WorkOrder(Model):
    """`received_at` is None until the item was taken in. `condition` is its visible damage, `said` what the
    customer told, `accessories` what came with it. `minutes` adds up the time spent. `supplier_*` stay as
    they were when it came back. `signature` holds strokes of a finger, as rules.strokes reads them."""

    __tablename__ = "work_orders"
    __table_args__ = (
        one_of("state", S),
        one_of("place", Place),
        one_of("handed_proof", Proof),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_work_orders_alive", "touched_at", "id", **_ALIVE),
        Index("ix_work_orders_technician", "technician_id", "touched_at", "id", **_ALIVE),
        Index("uq_work_orders_case", "case_id", unique=True, **_ALIVE),
        Index("ix_work_orders_case", "case_id"),
        Index("ix_work_orders_remind", "remind_at", **_where("remind_at IS NOT NULL")),
        Index("ix_work_orders_supplier", "supplier_due_on", **_where("state = 'at_supplier'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(String(20), default=S.OPEN)
    place: Mapped[str] = mapped_column(String(8), default=Place.SHOP)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(Text, default="")
    condition: Mapped[str] = mapped_column(Text, default="")
    accessories: Mapped[list[str]] = mapped_column(JSON, default=list)
    shelf: Mapped[str] = mapped_column(String(24), default="")
    symptom: Mapped[str] = mapped_column(String(200), default="")
    finding: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(String(200), default="")
    component: Mapped[str] = mapped_column(String(24), default="")
    minutes: Mapped[int] = mapped_column(default=0)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    supplier_ref: Mapped[str] = mapped_column(String(40), default="")
    supplier_sent_on: Mapped[date | None]
    supplier_due_on: Mapped[date | None]
    supplier_back_on: Mapped[date | None]
    supplier_pays: Mapped[bool | None]
    supplier_pays_reason: Mapped[str] = mapped_column(Text, default="")  # why not as the coverage says
    created_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    ready_at: Mapped[datetime | None] = mapped_column(Moment)  # since when it can be collected
    remind_at: Mapped[datetime | None] = mapped_column(Moment)  # somebody is reminded next
    reminded: Mapped[int] = mapped_column(default=0)  # times that the customer was asked to collect it
    handed_at: Mapped[datetime | None] = mapped_column(Moment)
    handed_to: Mapped[str] = mapped_column(String(120), default="")
    handed_proof: Mapped[str | None] = mapped_column(String(12))
    signature: Mapped[str] = mapped_column(Text, default="")
    wrong_codes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    technician: Mapped[Staff | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class WorkLine(Model):
    """A part, labour or a fee. `price` (to the customer) and `cost` (to the shop, None unknown) are of one
    piece, in minor units of the outlet's currency. Removed lines stay, so that estimates can name them."""

    __tablename__ = "work_lines"
    __table_args__ = (
        one_of("kind", LineKind),
        one_of("billing", Billing),
        CheckConstraint("pieces > 0", name="pieces"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        CheckConstraint("part_id IS NULL OR kind = 'part'", name="part"),
        Index("ix_work_lines_order", "work_order_id", "id"),
        Index("ix_work_lines_part", "part_id", **_where("part_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    kind: Mapped[str] = mapped_column(String(6))
    description: Mapped[str] = mapped_column(String(200))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"))  # None: not in the catalogue
    pieces: Mapped[int] = mapped_column(default=1)
    minutes: Mapped[int | None]
    price: Mapped[int] = mapped_column(BigInteger)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    billing: Mapped[str] = mapped_column(String(10))
    billing_reason: Mapped[str] = mapped_column(Text, default="")  # why not as the coverage says
    agreed: Mapped[int | None] = mapped_column(BigInteger)  # the most that the customer agreed to pay for it
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[WorkOrder] = relationship()
    part: Mapped[Part | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class WorkTime(Model):
    """Time that somebody spent; `minutes` is None while it runs, one at a time for each person."""

    __tablename__ = "work_times"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (minutes IS NULL)", name="ended"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        Index("uq_work_times_running", "staff_id", unique=True, **_where("ended_at IS NULL")),
        Index("ix_work_times_order", "work_order_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    minutes: Mapped[int | None]
    by_hand: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")

    order: Mapped[WorkOrder] = relationship()
    staff: Mapped[Staff] = relationship()


class Loan(Model):
    """A unit of the shop that a customer uses meanwhile. `condition` is how it went out, `condition_back` how
    it came back."""

    __tablename__ = "loans"
    __table_args__ = (
        Index("ix_loans_order", "work_order_id", "id"),
        Index("ix_loans_out", "due_on", "id", **_where("back_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    product: Mapped[str] = mapped_column(String(120))
    serial: Mapped[str] = mapped_column(String(64), default="")
    condition: Mapped[str] = mapped_column(Text, default="")
    out_at: Mapped[datetime] = mapped_column(Moment)
    due_on: Mapped[date]
    back_at: Mapped[datetime | None] = mapped_column(Moment)
    condition_back: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime | None] = mapped_column(Moment)  # reminded last
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[WorkOrder] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Workshop(Model):
    """How the shop's workshop works; one row. Days after which customers are asked again to collect, the
    price of an hour in minor units (None: written each time), usual days at a supplier, of a loan and of the
    guarantee on a repair."""

    __tablename__ = "workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    remind_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    hour_price: Mapped[int | None] = mapped_column(BigInteger)
    supplier_days: Mapped[int]
    loan_days: Mapped[int]
    guarantee_days: Mapped[int] = mapped_column(default=90)  # on a repair; 0: none
    hour_cost: Mapped[int | None] = mapped_column(BigInteger)  # what an hour costs the shop, in minor units
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class AccessoryList(Model):
    """What is asked for when goods of a category are taken in; "" is for every other category."""

    __tablename__ = "accessory_lists"

    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    names: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
