"""What it costs to let sales in, from a file and over the API, against raw inserts of the rows that come of it.

Raw: the same rows into the same tables with their indexes and foreign keys, by executemany on SQLite and by COPY
on PostgreSQL; nothing is read, checked or matched. Processor seconds, PostgreSQL's too; by turns, the best of each.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import groupby, islice
from operator import itemgetter
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade

from portal.db import db
from portal.demo.online_retail import FILE as SHIPPED
from portal.domain.accounts import tokens
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Role
from portal.domain.catalog.models import Outlet
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.imports import worker
from portal.kernel import clock
from portal.settings import Settings
from portal.web.api.shapes import MOST_LINES
from portal.web.app import create_app
from tests.bench.limits import check
from tests.bench.raw import cost, forget, insert, taken_out
from tests.bench.serving import ROOT
from tests.postgres import running_postgres

HALF = ROOT.parent / "shared" / "data" / "purchases" / "uci_dev_half.csv.gz"  # not shipped: it is large
ROUNDS, BATCH = 3, 500


def measure() -> None:
    """Each way in against the floor of its database."""
    upload = HALF.read_bytes() if HALF.exists() else SHIPPED.read_bytes()
    rate = _hold("SQLite executemany", upload, _sqlite, 0.25)
    with _sqlite() as address, portal(address) as app:
        check(f"API in batches of {BATCH}, × file import", _api(app, upload) / rate, 0.5, least=True)
    with running_postgres() as server:
        _hold("PostgreSQL COPY", upload, lambda: nullcontext(server.create("empty")), 0.5)


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/sales.db"


def _hold(floor: str, upload: bytes, empty: Callable[[], AbstractContextManager[str]], limit: float) -> float:
    """Compare the import with its floor; returns its lines a second."""
    let_in, checked, raw, lines = [], [], [], 0
    for _round in range(ROUNDS):
        with empty() as address, portal(address) as app:
            first, second, lines = _import(app, upload)
            let_in.append(second)
            checked.append(first)
            raw.append(insert(taken_out()))
    print(
        f"  {lines:,} lines: {lines / min(let_in):,.0f} a second let in, {lines / min(checked):,.0f} checked"
    )
    check(f"file import, × {floor}", min(raw) / min(let_in), limit, least=True)
    return lines / min(let_in)


@contextmanager
def portal(address: str) -> Iterator[Flask]:
    """A migrated portal with one outlet and one manager, in whose context the body runs."""
    with TemporaryDirectory() as folder:
        app = create_app(
            Settings(
                database=address, queue=f"sqlite:///{folder}/queue.db", files=f"{folder}/files",
                mail=f"folder:{folder}/mail", public_url="http://localhost",
            )
        )  # fmt: skip
        with app.app_context():
            upgrade()
            forget(["staff", "outlets", "imports"])
            db.session.add(
                Outlet(
                    code="LDN", name="London", sector="general", city="London", timezone="Europe/London",
                    currency="GBP",
                )
            )  # fmt: skip
            db.session.add(
                Staff(code="S1", name="Mia", email="mia@toko.id", role="manager", created_at=clock.now())
            )
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


def _import(app: Flask, upload: bytes) -> tuple[float, float, int]:
    """Seconds to check a file, seconds to let it in, its lines."""
    app.extensions["files"].put("imports/bench", upload)
    staff = db.session.query(Staff).one()
    job = imports.begin(
        Actor(Role.MANAGER, staff.id), outlet_id=db.session.query(Outlet).one().id, file_name="a.csv",
        file_key="imports/bench", size=len(upload), now=clock.now(),
    )  # fmt: skip
    number = job.id
    _work()
    job = db.session.get_one(Import, number)
    plan = imports.plan_of(job)
    imports.confirm(job, plan.columns, numbers=plan.numbers, quantities=plan.quantities, dates=plan.dates)
    checked = _work()
    imports.start(db.session.get_one(Import, number, populate_existing=True))
    let_in = _work()
    done = db.session.get_one(Import, number, populate_existing=True)
    assert done.stage == "done" and not done.counts["refused_rows"], done.problem
    return checked, let_in, done.counts["rows"]


def _work() -> float:
    db.session.commit()
    return cost(worker.work_on_next)


def _api(app: Flask, upload: bytes) -> float:
    """Lines a second of sales posted to the API."""
    admin = Actor(Role.ADMIN, db.session.query(Staff).one().id)
    _row, token = tokens.make(admin, "bench", ["purchases:write"], clock.now())
    db.session.commit()
    bodies = list(_batches(upload))
    client = app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post() -> None:
        for _lines, body in bodies:
            answer = client.post("/api/v1/purchases", data=body, headers=headers)
            assert answer.status_code == 200, answer.text[:500]
            assert all(result["status"] == "created" for result in answer.json["results"]), answer.text[:900]

    return sum(lines for lines, _body in bodies) / cost(post)


def _batches(upload: bytes) -> Iterator[tuple[int, bytes]]:
    """(lines, body) of the sales of a file that go out in batches."""
    data = gzip.decompress(upload) if upload[:2] == b"\x1f\x8b" else upload
    rows = sorted(csv.reader(islice(io.StringIO(data.decode()), 1, None)), key=itemgetter(0))
    sales = (
        {
            "outlet": "LDN",
            "number": number,
            "bought_at": lines[0][4].replace(" ", "T"),
            "customer_ref": lines[0][6] or None,
            "lines": [
                {"sku": sku, "description": name or sku, "quantity": int(quantity), "unit_price": price}
                for _number, sku, name, quantity, _at, price, _who, _where in lines
            ],
        }
        for number, group in groupby(rows, key=itemgetter(0))
        if number.isdigit()
        and len(lines := list(group)) <= MOST_LINES
        and all(int(row[3]) > 0 and float(row[5]) >= 0 for row in lines)
    )
    while some := list(islice(sales, BATCH)):
        yield sum(len(sale["lines"]) for sale in some), json.dumps({"purchases": some}).encode()
