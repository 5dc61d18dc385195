"""Uploaded files of sales, tills that are connected, and what they sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.accounts.models import Staff
from portal.domain.catalog.models import Outlet
from portal.domain.intake.rules import HookState, Stage


class Import(Model):
    """One uploaded file of sales. What its JSON columns hold stands in intake/imports.py."""

    __tablename__ = "imports"
    __table_args__ = (
        one_of("stage", Stage),
        Index(
            "ix_imports_at_work", "id",
            sqlite_where=text("stage IN ('reading', 'checking', 'running')"),
            postgresql_where=text("stage IN ('reading', 'checking', 'running')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    stage: Mapped[str] = mapped_column(String(10), default=Stage.READING)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))  # of rows that name none
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str | None] = mapped_column(String(80))  # in the file store; None once swept
    size: Mapped[int]
    guess: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the head of the file told
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what a person confirmed
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(default=0)  # steps of the present stage
    done: Mapped[int] = mapped_column(default=0)
    position: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # the last receipt that is in
    problem: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # [message id, values]
    refused_key: Mapped[str | None] = mapped_column(String(80))  # the refused rows, in the file store
    cancel: Mapped[bool] = mapped_column(default=False)  # somebody asked the worker to stop
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)

    outlet: Mapped[Outlet] = relationship()
    staff: Mapped[Staff] = relationship()


class ApiAnswer(Model):
    """An answer that was given to a request with an idempotency key."""

    __tablename__ = "api_answers"
    __table_args__ = (Index("ix_api_answers_created_at", "created_at"),)

    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None]  # None while the first request is under way
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Connection(Model):
    """A till that sends webhooks: `sealed` are its secrets, `places` leads from its locations to outlets."""

    __tablename__ = "connections"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)  # stands in the address it sends to
    format: Mapped[str] = mapped_column(String(20))  # a name of adapters/pos/registry.py
    name: Mapped[str] = mapped_column(String(80))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    places: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    outlet: Mapped[Outlet] = relationship()

    __mapper_args__ = {"version_id_col": version}


class HookEvent(Model):
    """One webhook as it came. An order is what its events, sorted by their own time, add up to."""

    __tablename__ = "hook_events"
    __table_args__ = (
        UniqueConstraint("connection_id", "event_id"),
        one_of("state", HookState),
        Index("ix_hook_events_order", "connection_id", "order_key"),
        Index("ix_hook_events_newest", "connection_id", "id"),
        Index(
            "ix_hook_events_waiting", "id",
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_hook_events_failed", "connection_id", "id",
            sqlite_where=text("state = 'failed'"), postgresql_where=text("state = 'failed'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    event_id: Mapped[str] = mapped_column(String(160))
    topic: Mapped[str] = mapped_column(String(80))
    order_key: Mapped[str | None] = mapped_column(String(80))
    happened_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    problem: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # [message id, values]
    tries: Mapped[int] = mapped_column(default=0)

    connection: Mapped[Connection] = relationship()
