"""A PostgreSQL server of our own, from Debian's package; a missing one fails the tests."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

PORT = 54320  # names the socket's file only; nothing listens on the network


def _postgres_program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        pytest.fail("PostgreSQL is missing: apt-get install postgresql")
    return str(found[-1])


def _as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


class Postgres:
    """The databases of a server whose socket lies in `folder`."""

    def __init__(self, folder: Path):
        self._at = f"postgresql://postgres@/%s?host={folder}&port={PORT}"

    def create(self, name: str, template: str = "template0") -> str:
        """A database as its template stands; its address. Whatever bore the name before is gone."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self._at % name

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._at % "postgres", autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server of our own."""
    folder = Path("/tmp") / f"purna-pg-{os.getpid()}"  # short, as a socket's path must be
    folder.mkdir(mode=0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    control = _postgres_program("pg_ctl")
    try:
        rest = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        _as_postgres(_postgres_program("initdb"), "-D", data, *rest)
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} -p {PORT} -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=40"
        )
        _as_postgres(control, "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
        yield Postgres(folder)
        _as_postgres(control, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
