"""The case: one table for every kind, its timeline, its photos and its shipments."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Customer, Staff
from portal.domain.catalog.models import Outlet
from portal.domain.links.models import PaperLink
from portal.domain.purchases.models import Purchase
from portal.domain.shipments.models import Leg
from portal.domain.units.models import Unit
from portal.domain.workflows.clock import Promise
from portal.domain.workflows.engine import Category, Priority, Stage, Who

OUTSIDE = "on_desk AND acts NOT IN ('agent', 'customer', 'technician', 'nobody')"  # as lists asks it


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


_ON_DESK = _where("on_desk")
ASKED = ("kind", "stage", "acts", "priority", "outlet_id", "assignee_id")


def _listing(name: str, *columns: str, where: dict[str, Any] = _ON_DESK) -> Index:
    """The order of a list. What else may be asked of it stands in the index, too: filters that few cases fit
    read no rows to leave them out."""
    return Index(name, *columns, *(asked for asked in ASKED if asked not in columns), **where)


class Case(Model):
    __tablename__ = "cases"
    __table_args__ = (
        one_of("category", Category),
        one_of("stage", Stage),
        one_of("acts", Who),
        one_of("priority", Priority),
        CheckConstraint("on_desk = (category IN ('open', 'paused'))", name="on_desk"),
        _listing("ix_cases_desk_touched", "touched_at", "id"),
        _listing("ix_cases_desk_due", "due_at", "id"),
        _listing("ix_cases_desk_assignee_due", "assignee_id", "due_at", "id"),
        _listing("ix_cases_desk_outlet_due", "outlet_id", "due_at", "id"),
        _listing("ix_cases_desk_assignee", "assignee_id", "touched_at", "id"),
        _listing("ix_cases_desk_kind", "kind", "touched_at", "id"),
        Index(
            "ix_cases_alarm",
            "alarm_at",
            sqlite_where=text("alarm_at IS NOT NULL"),
            postgresql_where=text("alarm_at IS NOT NULL"),
        ),
        Index(
            "ix_cases_merged_into",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        _listing("ix_cases_desk_outlet", "outlet_id", "touched_at", "id"),
        _listing("ix_cases_desk_acts", "acts", "touched_at", "id"),
        _listing("ix_cases_desk_priority", "priority", "touched_at", "id"),
        Index("ix_cases_desk_outside", "touched_at", "id", **_where(OUTSIDE)),
        Index("ix_cases_desk_paused", "touched_at", "id", **_where("category = 'paused'")),
        Index(
            "uq_cases_open_claim",
            "unit_id",
            unique=True,
            sqlite_where=text("on_desk AND kind = 'warranty'"),
            postgresql_where=text("on_desk AND kind = 'warranty'"),
        ),
        Index(
            "uq_cases_draft",
            "unit_id",
            "customer_id",
            unique=True,
            sqlite_where=text("category = 'draft' AND kind = 'warranty'"),
            postgresql_where=text("category = 'draft' AND kind = 'warranty'"),
        ),
        _listing("ix_cases_stage", "stage", "touched_at", "id", where={}),
        Index("ix_cases_touched", "touched_at", "id"),
        Index("ix_cases_customer", "customer_id", "touched_at", "id"),
        Index("ix_cases_unit", "unit_id"),
        Index(
            "ix_cases_purchase",
            "purchase_id",
            sqlite_where=text("purchase_id IS NOT NULL"),
            postgresql_where=text("purchase_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(8))
    stage: Mapped[str] = mapped_column(String(10))
    on_desk: Mapped[bool]
    acts: Mapped[str] = mapped_column(String(12))
    priority: Mapped[str] = mapped_column(String(8), default=Priority.NORMAL)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")  # "" when it is the same
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))  # when it is about a receipt
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    step_by: Mapped[datetime | None] = mapped_column(Moment)  # when the present step should be done
    due_at: Mapped[datetime | None] = mapped_column(Moment)  # the earliest of all that is owed now
    respond_by: Mapped[datetime | None] = mapped_column(Moment)
    first_responded_at: Mapped[datetime | None] = mapped_column(Moment)
    reply_by: Mapped[datetime | None] = mapped_column(Moment)  # the customer wrote after the first answer
    resolve_by: Mapped[datetime | None] = mapped_column(Moment)
    outside_by: Mapped[datetime | None] = mapped_column(Moment)  # what a courier takes no longer then
    paused_since: Mapped[datetime | None] = mapped_column(Moment)
    paused_minutes: Mapped[int] = mapped_column(default=0)  # of the kind's clock, in all earlier pauses
    alarm_at: Mapped[datetime | None] = mapped_column(Moment)  # when a target is to be looked at next
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    loaned: Mapped[bool] = mapped_column(default=False)  # the customer still has a unit of the shop
    search_text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship()
    unit: Mapped[Unit | None] = relationship()
    purchase: Mapped[Purchase | None] = relationship()
    outlet: Mapped[Outlet] = relationship()
    assignee: Mapped[Staff | None] = relationship()
    merged_into: Mapped["Case | None"] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}


class Tag(Model):
    """A word that staff mark cases with; `name` in lower case."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class CaseTag(Model):
    __tablename__ = "case_tags"
    __table_args__ = (Index("ix_case_tags_tag", "tag_id", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)


class CaseMark(Model):
    """A number that people tell by its end (telephone, serial, receipt), written backwards, so that its
    last digits are a beginning."""

    __tablename__ = "case_marks"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class Target(Model):
    """Minutes of service time that this shop gives itself; NULL follows from the kind."""

    __tablename__ = "case_targets"
    __table_args__ = (one_of("priority", Priority),)

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    priority: Mapped[str] = mapped_column(String(8), primary_key=True)
    first: Mapped[int | None]
    again: Mapped[int | None]
    done: Mapped[int | None]


class CaseAlarm(Model):
    """A promise that is nearly, or already, over; `told_at` is when its message was owed to somebody."""

    __tablename__ = "case_alarms"
    __table_args__ = (
        one_of("promise", Promise),
        Index("ix_case_alarms_untold", "id", **_where("told_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    promise: Mapped[str] = mapped_column(String(7))
    over: Mapped[bool]
    due: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)


class ClockChange(Model):
    """Targets or holidays changed, so open cases are reckoned anew, bit by bit; NULL stands for all."""

    __tablename__ = "clock_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str | None] = mapped_column(String(12))
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"))
    after_case_id: Mapped[int] = mapped_column(default=0)


class CaseEvent(Model):
    """One entry of the timeline: a move, a message, a note. Internal ones are for staff only."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(String(24))
    before: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str | None] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(10))  # customer, staff, system
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int]  # of the case after it, so that a conflict can show what happened since


class CasePhoto(Model):
    """A photo on the timeline; it is as internal as its entry. `stage` is "", before or after."""

    __tablename__ = "case_photos"
    __table_args__ = (UniqueConstraint("event_id", "file_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    file_code: Mapped[str] = mapped_column(String(16), index=True)
    stage: Mapped[str] = mapped_column(String(8), default="")


class CaseLeg(Model):
    """A shipment leg that belongs to a case."""

    __tablename__ = "case_legs"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"), primary_key=True, unique=True)

    leg: Mapped[Leg] = relationship()
    case: Mapped[Case] = relationship()


class CaseLink(Model, PaperLink):
    """A link in a message that opens one case without an account; those that were replaced stay known."""

    __tablename__ = "case_links"
    __table_args__ = (
        Index(
            "uq_case_links_case",
            "case_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))


class Mention(Model):
    """A colleague who was called by name in a note."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("event_id", "staff_id"),
        Index("ix_mentions_staff", "staff_id", "id"),
        Index(
            "ix_mentions_unseen",
            "staff_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None] = mapped_column(Moment)

    event: Mapped[CaseEvent] = relationship()
