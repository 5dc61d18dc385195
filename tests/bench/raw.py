"""The floor of imports: rows that are known already, inserted with nothing read, checked or matched."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.db import db
from portal.domain.accounts.models import Customer, CustomerRef
from portal.domain.catalog.models import Product
from portal.domain.purchases.models import LineReturn, Purchase, PurchaseLine, ReceiptLink

Row = tuple[Any, ...]
TABLES = (Customer, CustomerRef, Product, Purchase, PurchaseLine, ReceiptLink, LineReturn)


def cost(work: Callable[[], object]) -> float:
    """Seconds of processor that this process, and PostgreSQL for it, spend on something."""
    before = spent()
    work()
    return spent() - before


def spent() -> float:
    mine = time.process_time()
    if db.engine.dialect.name == "sqlite":
        return mine
    db.session.rollback()
    pid = db.session.connection().connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
    db.session.rollback()
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    return mine + int(nanoseconds) / 1e9


def taken_out() -> list[tuple[Any, list[Row]]]:
    """Empty the tables of what was let in, and return what was in them."""
    run = db.session.connection().exec_driver_sql
    found = [
        (kind.__table__, [tuple(row) for row in run(f"SELECT * FROM {kind.__tablename__}")])
        for kind in TABLES
    ]
    forget([kind.__tablename__ for kind in TABLES])
    return found


def forget(names: list[str]) -> None:
    run = db.session.connection().exec_driver_sql
    if db.engine.dialect.name == "sqlite":
        run("PRAGMA defer_foreign_keys=ON")
        for name in reversed(names):
            run(f"DELETE FROM {name}")
    else:
        run(f"TRUNCATE {', '.join(names)} CASCADE")
    db.session.commit()


def insert(tables: list[tuple[Any, list[Row]]]) -> float:
    def write() -> None:
        connection = db.session.connection()
        raw: Any = connection.connection
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a cancellation names its sale
        for table, rows in tables:
            columns = [column.name for column in table.columns]
            if connection.dialect.name == "sqlite":
                marks = ", ".join("?" * len(columns))
                raw.cursor().executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)
                continue
            with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        db.session.commit()

    return cost(write)
