"""What couriers' rules say, and the claims that the shop makes against couriers."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.cases.models import Case
from portal.domain.damage.rules import Claimant, Days, Since, Terms


class CourierRule(Model):
    """The rules of one courier, with where they were read and when. NULL is what nobody has found out."""

    __tablename__ = "courier_rules"
    __table_args__ = (
        one_of("damage_since", Since),
        one_of("loss_since", Since),
        one_of("claimant", Claimant),
        CheckConstraint("source <> ''", name="has_a_source"),
        CheckConstraint("damage_days > 0 AND loss_days > 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    damage_days: Mapped[int | None]
    damage_since: Mapped[str] = mapped_column(String(8), default=Since.ARRIVED)
    loss_days: Mapped[int | None]
    loss_since: Mapped[str] = mapped_column(String(8), default=Since.EXPECTED)
    claimant: Mapped[str] = mapped_column(String(8), default=Claimant.UNKNOWN)
    fee_times: Mapped[int | None]
    uninsured_most: Mapped[int | None] = mapped_column(BigInteger)
    insured_most: Mapped[int | None] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(200), default="")  # where a claim is handed in
    source: Mapped[str] = mapped_column(String(400))
    checked_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def terms(self) -> Terms:
        return Terms(
            self.damage_days, Since(self.damage_since), self.loss_days, Since(self.loss_since),
            self.fee_times, self.uninsured_most, self.insured_most,
        )  # fmt: skip


class DamageClaim(Model):
    """One row beside its case: the parcel, what it was worth, the evidence at hand, and the courier's answer.

    `insured` is the value it was insured for, NULL without insurance; `fee` what sending it cost.
    """

    __tablename__ = "damage_claims"
    __table_args__ = (
        CheckConstraint("insured >= 0 AND value >= 0 AND fee >= 0 AND claimed >= 0", name="amounts"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    peril: Mapped[str] = mapped_column(String(12))
    courier: Mapped[str] = mapped_column(String(40), default="")
    waybill: Mapped[str] = mapped_column(String(60), default="")
    shipped_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    value: Mapped[int | None] = mapped_column(BigInteger)
    insured: Mapped[int | None] = mapped_column(BigInteger)
    fee: Mapped[int | None] = mapped_column(BigInteger)
    proofs: Mapped[list[str]] = mapped_column(JSON, default=list)
    claimed: Mapped[int | None] = mapped_column(BigInteger)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[int | None] = mapped_column(BigInteger)  # the amount that the courier pays; 0: refused
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def days(self) -> Days:
        return Days(self.shipped_on, self.expected_on, self.arrived_on)
