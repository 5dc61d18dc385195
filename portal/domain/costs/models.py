"""What suppliers are asked to pay back."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, one_of
from portal.domain.costs.rules import Answer
from portal.domain.repairs.models import WorkOrder
from portal.domain.suppliers.models import Supplier


class Recovery(Model):
    """What one supplier is asked for one work order, in minor units of the outlet's currency."""

    __tablename__ = "recoveries"
    __table_args__ = (
        one_of("answer", Answer),
        CheckConstraint("asked > 0", name="asked"),
        CheckConstraint("paid >= 0", name="paid"),
        CheckConstraint("(answer = 'asked') = (answered_on IS NULL)", name="answered"),
        Index("ix_recoveries_supplier", "supplier_id", "work_order_id"),
    )

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    asked: Mapped[int] = mapped_column(BigInteger)
    asked_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[str] = mapped_column(String(8), default=Answer.ASKED)
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    answered_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[WorkOrder] = relationship()
    supplier: Mapped[Supplier] = relationship()

    __mapper_args__ = {"version_id_col": version}
