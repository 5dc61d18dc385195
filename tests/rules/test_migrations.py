"""Migrations go up, down and up again on both databases, and their head is what the models say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, inspect, text

from portal.db import db
from portal.domain.cases import lists
from portal.domain.cases.lists import Filters
from portal.kernel import clock
from tests.browser import Browser
from tests.conftest import close, portal_in


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A portal whose database holds nothing yet, in whose context the test runs."""
    changes = {"database": request.getfixturevalue("postgres")} if request.param == "postgresql" else {}
    app = portal_in(tmp_path, **changes)
    with app.app_context():
        yield app
    close(app)


def tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_up_down_and_up_again(empty: Flask) -> None:
    upgrade()
    first = shape()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}
    upgrade()
    assert shape() == first


def test_the_head_is_what_the_models_say(empty: Flask) -> None:
    upgrade()
    check()


def test_constraints_and_partial_indexes_too(empty: Flask) -> None:
    """What Alembic's comparison does not look at: CHECK constraints and the conditions of indexes."""
    upgrade()
    migrated = {table: parts for table, parts in shape().items() if table in db.metadata.tables}
    downgrade(revision="base")
    db.metadata.create_all(db.engine)
    made = {table: parts for table, parts in shape().items() if table in db.metadata.tables}
    assert migrated == made


def test_cases_survive_a_step_back(app: Flask, claim: Any, agent: Browser) -> None:
    def found() -> int:
        return len(lists.queue(agent.actor, Filters(words="siti televisi"), None, clock.now()))

    assert found() == 1
    db.session.commit()
    downgrade(revision="-1")
    upgrade()
    assert found() == 1


def shape() -> dict[str, Any]:
    """Each table's columns, constraints and indexes, in an order of no meaning."""
    with db.engine.connect() as connection:
        return {
            name: _table(connection, name) for name in inspect(connection).get_table_names() if _ours(name)
        }


def _ours(name: str) -> bool:
    return name != "alembic_version" and not name.startswith("case_search")


def _table(connection: Connection, name: str) -> Any:
    look = inspect(connection)
    return {
        "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in look.get_columns(name)},
        "checks": sorted(
            (c["name"] or "", " ".join(c["sqltext"].split())) for c in look.get_check_constraints(name)
        ),
        "uniques": sorted(str(sorted(u["column_names"])) for u in look.get_unique_constraints(name)),
        "foreign": sorted(
            (str(f["constrained_columns"]), f["referred_table"]) for f in look.get_foreign_keys(name)
        ),
        "indexes": sorted(
            " ".join(sql.replace('"', "").split()) for sql in _index_statements(connection, name)
        ),
    }


def _index_statements(connection: Connection, name: str) -> list[str]:
    if connection.dialect.name == "sqlite":
        asked = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :name"
    else:
        asked = (
            "SELECT indexdef FROM pg_indexes WHERE tablename = :name AND indexname NOT LIKE 'ix_cases_words%'"
        )
    return list(connection.scalars(text(asked), {"name": name}))
