"""The one row that says how the shop presents itself; while it is missing, `rules.Look()` holds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model, Moment
from portal.domain.shop import rules

ONLY = 1  # the id of the row


class Shop(Model):
    """The logo lies in the row: small, and so in every backup and before every web worker."""

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint(f"id = {ONLY}", name="only_one"),
        CheckConstraint(f"length(logo) <= {rules.LOGO_BYTES}", name="logo_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(rules.NAME_LENGTH))
    colour: Mapped[str] = mapped_column(String(7))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    receipt_greeting: Mapped[str] = mapped_column(String(rules.GREETING_LENGTH), default="")
    receipt_terms: Mapped[str] = mapped_column(String(rules.TERMS_LENGTH), default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    updated_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    __mapper_args__ = {"version_id_col": version}
