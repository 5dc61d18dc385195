"""A portal under measurement: filled, started, asked, and read for the CPU it used."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from portal.db import db
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Customer, Staff
from portal.kernel import clock
from portal.settings import Settings
from portal.web.app import create_app
from tests.bench import data

TICK = os.sysconf("SC_CLK_TCK")
AT_ONCE = 5_000
ROOT = Path(__file__).resolve().parents[2]


class Server:
    """One granian worker with one blocking thread, so that its CPU is the pages' CPU."""

    def __init__(self, target: str, database: Path):
        self.port = _free_port()
        self.host = f"127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1",
                   "--no-ws", "--log-level", "critical", "--port", str(self.port), target]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            env=environment(database, self.host),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(800):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def ask(self, path: str, times: int, cookie: str = "") -> float:
        """CPU milliseconds for one request, over `times` requests on one connection. Raises when one is not 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Accept-Encoding": "identity"} | ({"Cookie": cookie} if cookie else {})
        before = self._cpu()
        for _ in range(times):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {answer.getheader('Location')}")
        used = self._cpu() - before
        connection.close()
        return used / times * 1000

    def location(self, path: str) -> str:
        """Where an address leads to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        found = connection.getresponse().getheader("Location")
        if not found:
            raise RuntimeError(f"{path} leads nowhere")
        return found

    def body(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().read()

    def _cpu(self) -> float:
        """Seconds of CPU of the server and its workers."""
        total = 0.0
        for pid in [self.process.pid, *_children(self.process.pid)]:
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0]) / 1e9
        return total

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def cookie(app: Flask, person: Customer | Staff) -> str:
    """A signed-in session as the browser holds it."""
    token = sessions.start(person, clock.now())
    db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    content = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": "c" * 40}
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}"


def environment(database: Path, host: str) -> dict[str, str]:
    """What a process of the portal over this SQLite file is started with."""
    url = f"sqlite:///{database}"
    return os.environ | {
        "PURNA_DATABASE": url, "PURNA_QUEUE": f"{url}.queue", "PURNA_FILES": f"{database}.files",
        "PURNA_PUBLIC_URL": f"http://{host}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def filled(
    address: str, files: Path, size: int, begin: Callable[[], None], chunk: Callable[[range], None]
) -> Flask:
    """A portal on a new database with the catalog, what `begin` writes, and rows 1 to `size` from `chunk`."""
    app = create_app(
        Settings(database=address, queue=f"sqlite:///{files}.queue", files=f"{files}.files",
                 public_url="http://127.0.0.1:8000")
    )  # fmt: skip
    with app.app_context():
        upgrade()
        data.catalog()
        begin()
        for start in range(1, size + 1, AT_ONCE):
            chunk(range(start, min(start + AT_ONCE, size + 1)))
            db.session.commit()
        if address.startswith("postgresql"):  # as it does by itself before long
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        db.session.remove()
    return app
