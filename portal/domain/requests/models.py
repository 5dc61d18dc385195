"""What a customer asked for and what the shop decided, in every kind of case but the warranty claim."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case


class Request(Model):
    """One row beside its case: the answers to its kind's questions by their names, and the troubleshooting
    that was tried before, [[question, answer], …]."""

    __tablename__ = "requests"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    tried: Mapped[list[list[str]]] = mapped_column(JSON, default=list)

    case: Mapped[Case] = relationship()


class Resolution(Model):
    """A decision with its reason; `outcome` is one of its kind's. The second one answers an appeal."""

    __tablename__ = "resolutions"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("amount IS NULL OR amount > 0", name="positive"),
        Index("ix_resolutions_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(12))  # of the case at that time
    outcome: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    reason: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    alternative: Mapped[str] = mapped_column(Text, default="")
    appeal: Mapped[str] = mapped_column(Text, default="")  # what the customer wrote against it

    staff: Mapped[Staff] = relationship()
