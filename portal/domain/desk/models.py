"""What the desk itself keeps: views, rules of assignment, work on many cases at once, who looks at a case."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff


class SavedView(Model):
    """A name for a filter set: the query of the desk's address. Without an owner everybody has it."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_staff", "staff_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class AssignRule(Model):
    """Who gets a case that nobody has. What is None or "" says nothing; all that is said has to be so.

    It goes to the one of `people` (ids of staff) with the fewest open cases, or of everybody in `role`.
    """

    __tablename__ = "assign_rules"
    __table_args__ = (Index("ix_assign_rules_position", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[str] = mapped_column(String(12), default="")
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"))
    category: Mapped[str] = mapped_column(String(40), default="")  # of the product
    priority: Mapped[str] = mapped_column(String(8), default="")
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    words: Mapped[str] = mapped_column(String(200), default="")  # one of them is enough
    language: Mapped[str] = mapped_column(String(2), default="")
    role: Mapped[str] = mapped_column(String(12), default="")
    people: Mapped[list[int]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Verb(StrEnum):
    """What can be done to many cases at once."""

    ASSIGN = auto()
    TAG = auto()
    UNTAG = auto()
    PRIORITY = auto()
    REPLY = auto()
    CLOSE = auto()


class RunState(StrEnum):
    HELD = auto()  # it waits, because what reaches customers cannot be taken back
    DONE = auto()
    UNDONE = auto()


class BulkRun(Model):
    """Something done to many cases at once. `value` is what with; `done` says of each case what was before,
    {case id: value}; `refused` why not, {case code: [sentence, values]}."""

    __tablename__ = "bulk_runs"
    __table_args__ = (
        one_of("verb", Verb),
        one_of("state", RunState),
        Index(
            "ix_bulk_runs_held", "due_at",
            sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)  # until then it can be undone
    verb: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(5000))
    label: Mapped[str] = mapped_column(String(120), default="")  # of the value, as people call it
    done: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    refused: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(default=1)

    staff: Mapped[Staff] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Presence(Model):
    """Somebody has a case open."""

    __tablename__ = "presences"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment)
