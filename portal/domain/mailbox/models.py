"""Letters that came in, and the replies that staff keep ready."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model, Moment, one_of


class Outcome(StrEnum):
    """What became of a letter."""

    FILED = auto()  # a message of its case
    CUT = auto()  # the same, without what was too large or of a wrong kind
    OTHER = auto()  # a message of its case, from another address than the customer's
    AUTO = auto()  # an automatic answer: on the case, for staff, and never answered
    BOUNCE = auto()  # a letter of ours that could not be delivered
    HELD = auto()  # nobody knows where it belongs: staff look at it
    LOOP = auto()  # one of too many: counted, not filed
    DROPPED = auto()  # staff threw it away


class InboundLetter(Model):
    """One letter by its Message-ID. `body` is kept only while the letter is held."""

    __tablename__ = "inbound_letters"
    __table_args__ = (
        one_of("outcome", Outcome),
        Index("ix_inbound_letters_case", "case_id", "sender", "at"),
        Index(
            "ix_inbound_letters_held",
            "id",
            sqlite_where=text("outcome = 'held'"),
            postgresql_where=text("outcome = 'held'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), default="")
    body: Mapped[str] = mapped_column(Text, default="")


class QuickReply(Model):
    """A reply that is kept ready in both languages; without an owner it is everybody's."""

    __tablename__ = "quick_replies"
    __table_args__ = (Index("ix_quick_replies_owner", "owner_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    word: Mapped[str] = mapped_column(String(24))  # what is typed after "/"
    title: Mapped[str] = mapped_column(String(60))
    text_id: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
