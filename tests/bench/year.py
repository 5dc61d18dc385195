"""A year of a retailer's sales is let in: in how much memory, and whether pages are still answered."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.csv
import pyarrow.parquet
from flask_migrate import upgrade
from sqlalchemy import func, select

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Role
from portal.domain.catalog.models import Outlet
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.domain.intake.rules import Stage
from portal.domain.purchases.models import Purchase
from portal.kernel import clock
from tests.bench import data, limits
from tests.bench.serving import ROOT, Server, cookie, environment

YEAR = (
    ROOT.parent / "shared" / "data" / "purchases" / "complete_journey" / "transactions.parquet"
)  # not shipped
COLUMNS = {
    "basket_id": "Receipt number", "transaction_timestamp": "Date", "product_id": "SKU", "quantity": "Quantity",
    "sales_value": "Total price", "household_id": "Customer ID",
}  # fmt: skip
PATIENCE = 900  # seconds


def measure() -> None:
    """1,469,307 lines through the worker while the portal is asked for pages."""
    if not YEAR.exists():
        print(f"  {YEAR} is not there: its import is not measured")
        return
    with TemporaryDirectory() as folder:
        path, upload = Path(folder) / "year.db", Path(folder) / "year.csv"
        table = pyarrow.parquet.read_table(YEAR, columns=list(COLUMNS))
        pyarrow.csv.write_csv(table.rename_columns(list(COLUMNS.values())), upload)
        with data.portal_on(path).app_context():
            _let_in(path, upload)
            db.session.remove()
            db.engine.dispose()


def _let_in(path: Path, upload: Path) -> None:
    upgrade()
    data.catalog()
    db.session.get_one(Outlet, 1).currency = "USD"
    db.session.commit()
    Path(f"{path}.files/imports").mkdir(parents=True)
    upload.rename(f"{path}.files/imports/year")
    number = imports.begin(
        Actor(Role.MANAGER, 1), outlet_id=1, file_name="year.csv", file_key="imports/year",
        size=Path(f"{path}.files/imports/year").stat().st_size, now=clock.now(),
    ).id  # fmt: skip
    db.session.commit()
    with _at_work(path) as (worker, visit):
        _wait(number, Stage.MATCHING, visit)
        plan = imports.plan_of(_job(number))
        imports.confirm(
            _job(number), plan.columns, numbers=plan.numbers, quantities=plan.quantities, dates=plan.dates
        )
        db.session.commit()
        checked, slow = _wait(number, Stage.CHECKED, visit)
        imports.start(_job(number))
        db.session.commit()
        let_in, slower = _wait(number, Stage.DONE, visit)
        most = _memory(worker.pid)
    counts = _job(number).counts
    print(
        f"  {counts['rows']:,} lines, {counts['refused_rows']} refused: {checked:.0f} s to check, {let_in:.0f} to let in"
    )
    print(
        f"  {db.session.scalar(select(func.sum(Purchase.total))):,} in receipts, {counts['sums']} in the file"
    )
    limits.check("most memory of the worker, MB", most, 400)
    limits.check("slowest page meanwhile, s", max(slow, slower), 1)


@contextmanager
def _at_work(path: Path) -> Iterator[tuple[subprocess.Popen[bytes], "Visit"]]:
    """The worker, and a visit of somebody at the desk."""
    server = Server("wsgi:app", path)
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=environment(path, server.host),
    )  # fmt: skip
    try:
        yield worker, Visit(server, cookie(data.portal_on(path), db.session.get_one(Staff, 1)))
    finally:
        worker.terminate()
        worker.wait(60)
        server.stop()


class Visit:
    """Pages that are asked for now and then; `slowest` is the longest anybody waited, in seconds."""

    def __init__(self, server: Server, who: str):
        self.server, self.who, self.slowest = server, who, 0.0

    def look(self) -> None:
        for path in ("/desk", "/desk/receipts", "/desk/customers", "/"):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            began = time.monotonic()
            connection.request("GET", path, headers={"Cookie": self.who})
            status = connection.getresponse().status
            self.slowest = max(self.slowest, time.monotonic() - began)
            connection.close()
            if status not in (200, 303):
                raise RuntimeError(f"{path}: {status}")


def _wait(number: int, stage: Stage, visit: Visit) -> tuple[float, float]:
    """(seconds until the import is at `stage`, the slowest page meanwhile)."""
    began = time.monotonic()
    while (job := _job(number)).stage != stage:
        if job.stage == Stage.FAILED or time.monotonic() - began > PATIENCE:
            raise RuntimeError(f"the import stands at {job.stage}: {job.problem}")
        db.session.rollback()
        visit.look()
        time.sleep(0.2)
    return time.monotonic() - began, visit.slowest


def _job(number: int) -> Import:
    db.session.rollback()
    return db.session.get_one(Import, number, populate_existing=True)


def _memory(pid: int) -> float:
    """The most that a process ever held, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
