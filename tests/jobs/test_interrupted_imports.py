"""An import that is cancelled, killed or moved to another machine."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.demo import online_retail
from portal.domain.intake import imports, writer
from portal.domain.intake.models import Import
from portal.domain.intake.rules import LEASE, Brought, Fate, Stage
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.imports import worker
from portal.imports.hold import Hold
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _

from .uploads import Send, kept, sender, work


@pytest.fixture
def settings() -> dict[str, object]:
    return {}


@pytest.fixture
def send(app: Flask) -> Send:
    return sender(app)


def test_a_cancelled_import_stops_and_keeps_what_is_in(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    job = send(online_retail.FILE.read_bytes(), "GBP", start=False)
    imports.start(job)
    db.session.commit()
    monkeypatch.setattr("portal.imports.running.PAUSE", 0)
    step = Hold.step

    def cancelled(hold: Any, **values: Any) -> None:
        step(hold, **values)
        imports.cancel(db.session.get_one(Import, hold.job.id), clock.now())
        db.session.commit()

    monkeypatch.setattr(Hold, "step", cancelled)
    job = work(job)
    assert job.stage == Stage.CANCELLED and 0 < kept()[0] < 315
    assert not worker.work_on_next()


def test_killed_in_the_middle_it_goes_on_and_nothing_is_lost_or_doubled(
    app: Flask, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = online_retail.FILE.read_bytes()
    job = send(data, "GBP", start=False)
    imports.start(job)
    db.session.commit()
    settings = app.extensions["settings"]
    names = ("database", "queue", "files", "mail", "scratch")
    env = {**os.environ, **{f"PURNA_{name.upper()}": getattr(settings, name) for name in names}}
    flask = Path(sys.executable).parent / "flask"
    child = subprocess.Popen([flask, "--app", "wsgi", "worker"], env=env, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not kept()[0] and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    before = kept()[0]
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + LEASE)
    job = work(job)
    assert job.stage == Stage.DONE and 0 < before < 315
    assert kept() == (315, 5549, 9_597_382)
    assert job.counts["run"] == {"created": 315} and job.done == 315


def test_without_its_scratch_an_import_starts_over_where_it_was(app: Flask, send: Send) -> None:
    job = send(online_retail.FILE.read_bytes(), "GBP", start=False)
    (Path(app.extensions["settings"].scratch) / job.code / "rows.db").unlink()
    imports.start(job)
    job = work(job)
    assert job.stage == Stage.DONE and kept()[0] == 315
    assert (job.done, job.total) == (315, 315)


def test_a_cancellation_that_sorts_before_its_sale_takes_it_back(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.imports.running.FIRST", 1)
    rows = ["No Nota;Tanggal;SKU;Barang;Qty;Harga;Jenis;Nota Asal"]
    rows += [f"S{n};01/03/2024;K-1;Kabel;2;1000;Penjualan;" for n in range(50)]
    rows += ["R7;02/03/2024;K-1;Kabel;-1;1000;Refund;S7"]
    job = send("\n".join(rows).encode())
    assert (job.stage, job.counts["run"]) == (Stage.DONE, {"created": 51})
    back = select(PurchaseLine.returned).join(Purchase).where(Purchase.number == "S7")
    assert db.session.scalar(back) == 1


def test_killed_after_a_refusal_its_rows_come_back_all_the_same(
    app: Flask, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused in the run only: its number was taken between the check and the start."""
    rows = ["No Nota;Tanggal;SKU;Barang;Qty;Harga", *(f"S{n};01/03/2024;K-1;Kabel;2;1000" for n in range(90))]
    job = send("\n".join(rows).encode(), start=False)
    monkeypatch.setattr("portal.imports.running.FIRST", 1)
    bring, step = writer.bring, Hold.step

    def refusing(sales: Any, *rest: Any, **more: Any) -> Any:
        no = Brought(Fate.REFUSED, problem=Refused(_("A receipt needs a number."), "number"))
        return [no if sale.number == "S0" else told
                for sale, told in zip(sales, bring(sales, *rest, **more), strict=True)]  # fmt: skip

    def killed(hold: Any, **values: Any) -> None:
        step(hold, **values)
        raise KeyboardInterrupt

    imports.start(job)
    db.session.commit()
    monkeypatch.setattr(writer, "bring", refusing)
    monkeypatch.setattr(Hold, "step", killed)
    with pytest.raises(KeyboardInterrupt):
        work(job)
    monkeypatch.setattr(Hold, "step", step)
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + LEASE)
    job = work(job)
    assert job.stage == Stage.DONE and job.counts["run"] == {"created": 89, "refused": 1, "refused_rows": 1}
    assert job.refused_key and b"S0" in app.extensions["files"].get(job.refused_key)
