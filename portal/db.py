"""The database: base class, names, column types, SQLite's pragmas, how a transaction begins."""

import json
from collections.abc import Collection, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    cast,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

# Whether the transaction that begins next may write. On SQLite a writer takes its lock at the start
# (BEGIN IMMEDIATE), so that it waits for its turn and never fails half-way.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Exact(TypeDecorator[Decimal]):
    """A decimal that stays exact on both databases, kept as text."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` is given for this database."""
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "connect_args": {"isolation_level": None, "timeout": 5, "check_same_thread": False},
        }
    return {
        "hide_parameters": True,  # what is written into rows stands in no log
        "pool_pre_ping": True,
        "pool_timeout": 3,
        "connect_args": {
            "connect_timeout": 2,
            # Compiling a statement takes longer than any of ours runs.
            "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c jit=off",
            "tcp_user_timeout": 2000,  # milliseconds: a line that was cut is noticed, not waited for
            "keepalives_idle": 10,
            "keepalives_interval": 2,
            "keepalives_count": 2,
        },
    }


def driver_url(url: str) -> str:
    """The address with the driver we ship: `postgresql://` means psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@event.listens_for(Engine, "connect")
def _pragmas(connection: Any, _record: Any) -> None:
    if connection.__class__.__module__.startswith("sqlite3"):
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=5000",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            connection.execute("PRAGMA " + pragma)


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    """The database's own copy of the rule that `column` holds one of `kinds`."""
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def reserve(table: Any, count: int) -> range | list[int]:
    """Ids for `count` new rows of a table, so that rows of others can refer to them before they are written.

    Only inside a transaction that writes: on SQLite it is the lock of the transaction that keeps them.
    """
    name = table.name
    if db.session.connection().dialect.name == "sqlite":
        first = db.session.scalar(text(f"SELECT coalesce(max(id), 0) + 1 FROM {name}")) or 1  # noqa: S608  # nosec B608: a table of ours
        return range(first, first + count)
    drawn = text(
        f"SELECT nextval('{name}_id_seq') FROM generate_series(1, :count)"  # noqa: S608  # nosec B608: a table of ours
    )
    return list(db.session.scalars(drawn, {"count": count}))


def insert(table: Any) -> Any:
    """An INSERT that can say what to do on a conflict, in the words of the database."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)


def among(column: Any, values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """`column IN values` for thousands of texts or numbers: one parameter, whatever how many."""
    if db.session.connection().dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))
    return column.in_(select(func.unnest(cast(list(values), ARRAY(column.type)))))


def bulk(table: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, ready: bool = False) -> None:
    """Insert many rows, given as tuples in the order of `columns`: the fastest way that each database has.

    Python-side defaults are not filled in: every column that needs a value is named. `ready` says that the
    values are such as the driver takes.
    """
    if not rows:
        return
    connection = db.session.connection()
    statement, converters = _bulk_plan(table, tuple(columns), connection.dialect)
    if converters and not ready:
        turned: list[Any] = list(zip(*rows, strict=True))
        for place, convert in converters:
            turned[place] = [convert(value) for value in turned[place]]
        rows = list(zip(*turned, strict=True))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement, rows)
        return
    cursor: Any = connection.connection.cursor()
    driver: Any = connection.dialect.dbapi
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:  # as SQLAlchemy itself would raise it
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error


@lru_cache(maxsize=64)
def _bulk_plan(table: Any, columns: tuple[str, ...], dialect: Any) -> tuple[str, list[tuple[int, Any]]]:
    """The statement, and for the columns that need it how a value becomes what the driver takes."""
    names = ", ".join(columns)
    converters = [
        (place, convert)
        for place, name in enumerate(columns)
        if (convert := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    if dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        return f"INSERT INTO {table.name} ({names}) VALUES ({marks})", converters  # noqa: S608  # nosec B608: names of ours
    return f"COPY {table.name} ({names}) FROM STDIN", converters
