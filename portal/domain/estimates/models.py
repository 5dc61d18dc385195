"""Estimates as they were sent, and what the customer agreed to."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.estimates.rules import How, S
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import Billing, LineKind


class Estimate(Model):
    """One version for a work order; amounts are in minor units of `currency`.

    `until` is the last day on which it can be approved, in the outlet's zone. `fee` is what the diagnosis
    costs if it is declined. `agreed` is the sum of the lines that the customer chose, None before.
    """

    __tablename__ = "estimates"
    __table_args__ = (
        one_of("state", S),
        one_of("how", How),
        UniqueConstraint("work_order_id", "number"),
        CheckConstraint("total >= 0 AND fee >= 0 AND agreed >= 0", name="amounts"),
        CheckConstraint("state <> 'approved' OR agreed IS NOT NULL", name="approved_has_a_sum"),
        Index(
            "uq_estimates_sent", "work_order_id", unique=True,
            sqlite_where=text("state = 'sent'"), postgresql_where=text("state = 'sent'"),
        ),
        Index(
            "uq_estimates_approved", "work_order_id", unique=True,
            sqlite_where=text("state = 'approved'"), postgresql_where=text("state = 'approved'"),
        ),
        Index(
            "ix_estimates_until", "until", "id",
            sqlite_where=text("state = 'sent'"), postgresql_where=text("state = 'sent'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=S.SENT)
    note: Mapped[str] = mapped_column(Text, default="")  # to the customer
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    fee: Mapped[int] = mapped_column(BigInteger, default=0)
    until: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(Moment)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    how: Mapped[str | None] = mapped_column(String(8))
    decided_by: Mapped[str] = mapped_column(String(120), default="")  # the name of whoever said so
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agreed: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was declined
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[WorkOrder] = relationship()
    sent_by: Mapped[Staff | None] = relationship(foreign_keys=sent_by_id)
    recorded_by: Mapped[Staff | None] = relationship(foreign_keys=recorded_by_id)
    lines: Mapped[list["EstimateLine"]] = relationship(
        order_by="EstimateLine.id", back_populates="estimate", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class EstimateLine(Model):
    """A line as it was sent. `accepted` is None until there is an answer."""

    __tablename__ = "estimate_lines"
    __table_args__ = (
        one_of("kind", LineKind),
        one_of("billing", Billing),
        CheckConstraint("pieces >= 1 AND price >= 0", name="amounts"),
        Index("ix_estimate_lines_estimate", "estimate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimates.id"))
    work_line_id: Mapped[int] = mapped_column(ForeignKey("work_lines.id"))
    kind: Mapped[str] = mapped_column(String(6))
    description: Mapped[str] = mapped_column(String(200))
    pieces: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)
    billing: Mapped[str] = mapped_column(String(10))
    optional: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[bool | None]

    estimate: Mapped[Estimate] = relationship(back_populates="lines")

    @property
    def amount(self) -> int:
        """What the customer pays for it, in minor units."""
        return self.pieces * self.price if self.billing == Billing.BILLABLE else 0
