"""What only a warranty claim has: its verdict, its decisions and what they led to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.cases.models import Case
from portal.domain.claims.rules import Debt, Outcome, Payment


class Claim(Model):
    """One row beside its case. `verdict` is what the coverage said when the claim was sent."""

    __tablename__ = "claims"
    __table_args__ = (Index("ix_claims_symptom", "symptom", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    symptom: Mapped[str] = mapped_column(String(40))
    component: Mapped[str] = mapped_column(String(24), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    draft_photos: Mapped[list[str]] = mapped_column(JSON, default=list)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    payment: Mapped[str | None] = mapped_column(String(10))  # of the newest decision, for the desk
    outcome: Mapped[str | None] = mapped_column(String(10))

    case: Mapped[Case] = relationship()


class Decision(Model):
    """A decision with its reason; the second one answers an appeal."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("payment", Payment),
        one_of("outcome", Outcome),
        CheckConstraint("(payment = 'rejected') = (outcome IS NULL)", name="outcome_unless_rejected"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        Index("ix_decisions_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    payment: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    clause: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    alternative: Mapped[str] = mapped_column(Text, default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")  # for staff: why not as the coverage says
    appeal: Mapped[str] = mapped_column(Text, default="")  # what the customer wrote against it

    staff: Mapped[Staff] = relationship()


class Refund(Model):
    """Money that is owed to a customer."""

    __tablename__ = "refunds"
    __table_args__ = (one_of("state", Debt), CheckConstraint("amount > 0", name="positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(6), default=Debt.OWED)
    created_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class PartOwed(Model):
    """A part that is to be sent to a customer."""

    __tablename__ = "parts_owed"
    __table_args__ = (one_of("state", Debt), UniqueConstraint("case_id", "description"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    description: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(6), default=Debt.OWED)
    created_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class ReplacementUnit(Model):
    """Which unit was handed over in place of the one the case is about."""

    __tablename__ = "replacements"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
