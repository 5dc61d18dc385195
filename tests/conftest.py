"""The test ground: a portal on a database of its own for each test, and the people who use it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event

from portal import jobs
from portal.db import db
from portal.domain import news
from portal.domain.accounts import passwords
from portal.kernel import clock
from portal.settings import Settings
from portal.web.app import create_app
from tests.browser import Browser
from tests.forgetting import Memory, forget
from tests.postgres import Postgres

pytest_plugins = (
    "tests.fixtures.cast",
    "tests.fixtures.couriers",
    "tests.fixtures.services",
    "tests.fixtures.statements",
    "tests.fixtures.tills",
    "tests.fixtures.world",
)

HOST = "http://127.0.0.1:8000"
KEYS = ("a key of the tests, long enough for production", "an older key that still opens what it signed")

LIVE = {"mail", "mail_in", "whatsapp"}  # settings that the portal reads whenever it needs them
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # each test hires somebody
compiled = TemporaryDirectory()  # each template once, whatever the number of portals and languages

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
    for env in (app.jinja_env, *app.extensions["pages"].values()):
        env.bytecode_cache = FileSystemBytecodeCache(compiled.name)
    return app


def close(app: Flask) -> None:
    """Let go of the portal's connections."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    app.extensions["queue"].storage.close()


class Standing:
    """A portal that is wired once and moves from test to test: it keeps everything behind a link."""

    def __init__(self, folder: Path, **changes: object):
        self.first, self.link = folder, folder.with_suffix(".here")
        self.link.symlink_to(folder)
        self.app = portal_in(self.link, **changes)
        with self.app.app_context():
            upgrade()
            self._wired = Memory(self.app)
        close(self.app)

    @contextmanager
    def moved_to(self, folder: Path, **changes: object) -> Iterator[Flask]:
        """As new in this folder, in its context, with nothing of the test before."""
        for database in self.first.glob("*.db"):
            shutil.copy(database, folder)
        self.link.unlink()
        self.link.symlink_to(folder)
        app = self.app
        self._wired.comes_back()
        app.extensions["settings"] = replace(app.extensions["settings"], **changes)
        jobs.init_app(app)
        with working(app):
            yield app


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """The context that a test runs in; requests run outside of it, as they do in a server."""
    forget(app.extensions["settings"])
    with app.app_context():
        yield
        db.session.rollback()
        news.take()
    close(app)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    return Standing(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def empty_database(standing: Standing) -> Path:
    """A migrated database without a row, made once in each process and copied for each test."""
    return standing.first / "purna.db"


@pytest.fixture
def settings() -> dict[str, object]:
    """Settings that a test wants otherwise: override this fixture in its module."""
    return {}


@pytest.fixture
def app(
    tmp_path: Path, standing: Standing, empty_database: Path, settings: dict[str, object]
) -> Iterator[Flask]:
    """The portal, in whose context the test runs."""
    if settings.keys() <= LIVE:
        with standing.moved_to(tmp_path, **settings) as app:
            yield app
    else:
        shutil.copy(empty_database, tmp_path / "purna.db")
        app = portal_in(tmp_path, **settings)
        with working(app):
            yield app


@pytest.fixture
def now() -> datetime:
    """The moment the test began; `time_machine` moves the clock where a test needs another one."""
    return clock.now()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser that nobody signed in with."""
    return Browser(app)


@pytest.fixture(scope="session")
def standing_on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> Standing:
    """With its empty database as "migrated", of which each test gets a copy."""
    standing = Standing(tmp_path_factory.mktemp("postgres"), database=postgres_server.create("portal"))
    postgres_server.create("migrated", "portal")
    return standing


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The portal on each database in turn, for what happens at the same moment."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    standing = request.getfixturevalue("standing_on_postgres")
    request.getfixturevalue("postgres_server").create("portal", "migrated")
    with standing.moved_to(tmp_path) as app:
        yield app
