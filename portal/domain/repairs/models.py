"""Work orders; what happens to one stands on its case's timeline."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case
from portal.domain.repairs.rules import S

_ALIVE: dict[str, Any] = {
    "sqlite_where": text("state NOT IN ('handed_over', 'cancelled')"),
    "postgresql_where": text("state NOT IN ('handed_over', 'cancelled')"),
}


class WorkOrder(Model):
    __tablename__ = "work_orders"
    __table_args__ = (
        one_of("state", S),
        Index("ix_work_orders_alive", "touched_at", "id", **_ALIVE),
        Index("uq_work_orders_case", "case_id", unique=True, **_ALIVE),
        Index("ix_work_orders_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(String(20), default=S.OPEN)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    finding: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    technician: Mapped[Staff | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
