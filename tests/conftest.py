"""The test ground: a portal on a database of its own for each test, and the people who use it."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event

from portal.db import db
from portal.domain import news
from portal.kernel import clock
from portal.settings import Settings
from portal.web.app import create_app
from tests.browser import Browser

pytest_plugins = (
    "tests.fixtures.cast",
    "tests.fixtures.services",
    "tests.fixtures.statements",
    "tests.fixtures.tills",
    "tests.fixtures.world",
)

HOST = "http://127.0.0.1:8000"
KEYS = ("a key of the tests, long enough for production", "an older key that still opens what it signed")

hypothesis_settings.register_profile("quick", max_examples=60, deadline=None)
hypothesis_settings.load_profile("quick")


@event.listens_for(Engine, "connect")
def _hurry(connection: Any, _record: Any) -> None:
    """Nobody pulls the plug on a test: do not wait for the disk."""
    if connection.__class__.__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=OFF")


def portal_in(folder: Path, **changes: object) -> Flask:
    """A portal that keeps everything below `folder`; its database may be missing still."""
    values: dict[str, object] = {
        "database": f"sqlite:///{folder}/purna.db",
        "queue": f"sqlite:///{folder}/queue.db",
        "files": f"{folder}/files",
        "scratch": f"{folder}/scratch",
        "mail": f"folder:{folder}/mail",
        "whatsapp": f"folder:{folder}/mail",
        "public_url": HOST,
        "secret_keys": KEYS,
        "demo": True,
    }
    app = create_app(Settings(**{**values, **changes}))  # type: ignore[arg-type]
    app.testing = True
    return app


def close(app: Flask) -> None:
    """Let go of the portal's connections."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, made once in each process and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    app = portal_in(folder)
    with app.app_context():
        upgrade()
        db.session.connection().exec_driver_sql("SELECT 1")
    close(app)
    return folder / "purna.db"


@pytest.fixture
def settings() -> dict[str, object]:
    """Settings that a test wants otherwise: override this fixture in its module."""
    return {}


@pytest.fixture
def app(tmp_path: Path, empty_database: Path, settings: dict[str, object]) -> Iterator[Flask]:
    """The portal, in whose context the test runs; requests run outside of it, as they do in a server."""
    shutil.copy(empty_database, tmp_path / "purna.db")
    app = portal_in(tmp_path, **settings)
    with app.app_context():
        yield app
        db.session.rollback()
        news.take()
    close(app)


@pytest.fixture
def now() -> datetime:
    """The moment the test began; `time_machine` moves the clock where a test needs another one."""
    return clock.now()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser that nobody signed in with."""
    return Browser(app)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The portal on each database in turn, for what happens at the same moment."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    app = portal_in(tmp_path, database=request.getfixturevalue("postgres"))
    with app.app_context():
        upgrade()
        yield app
        db.session.rollback()
        news.take()
    close(app)
