"""What a customer asked for and what the shop decided, in every kind of case but the warranty claim."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case
from portal.domain.catalog.rules import Sector


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


class Service(Model):
    """A line of the price list. `price` None is told after a look; `days` until it is done, 0 for while one
    waits; `at_home`: it can be done at the customer's."""

    __tablename__ = "services"
    __table_args__ = (
        one_of("sector", Sector),
        CheckConstraint("price IS NULL OR price >= 0", name="price"),
        CheckConstraint("days IS NULL OR days >= 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    sector: Mapped[str] = mapped_column(String(12), default=Sector.GENERAL)  # general: at every outlet
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    price: Mapped[int | None] = mapped_column(BigInteger)
    days: Mapped[int | None]
    at_home: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
