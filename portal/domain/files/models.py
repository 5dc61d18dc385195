"""Stored photos and documents: the row says what the bytes are and who put them there."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model, Moment, one_of


class FileState(StrEnum):
    PENDING = auto()
    KEPT = auto()


class StoredFile(Model):
    """One uploaded photo, PDF or video. `owner` is "customer:7" or "staff:3".

    Pending ones are swept after a day.
    """

    __tablename__ = "files"
    __table_args__ = (
        one_of("state", FileState),
        Index("ix_files_owner", "owner", "created_at"),
        Index("ix_files_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[str] = mapped_column(String(8), default=FileState.PENDING)
    owner: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(80))
    content_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="")  # as its sender called it; photos have none
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
