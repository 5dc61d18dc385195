"""An uploaded file on its way through the worker: looked at, checked, let in, told again."""

import csv
import gzip
import io
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select

from portal.adapters import tables
from portal.db import db
from portal.demo import online_retail
from portal.domain.catalog.models import Product
from portal.domain.intake.rules import KEPT, Stage
from portal.domain.purchases.models import Purchase
from portal.imports import worker
from portal.kernel import clock
from tests import factories

from .uploads import Send, kept, sender

HALF = Path(__file__).parents[3] / "shared" / "data" / "purchases" / "uci_dev_half.csv.gz"
SMALL = "No Nota;Tanggal;Kode Barang;Nama Barang;Qty;Harga Satuan\n"


@pytest.fixture
def settings() -> dict[str, object]:
    return {}


@pytest.fixture
def send(app: Flask) -> Send:
    return sender(app)


def exact(data: bytes) -> Decimal:
    rows = csv.DictReader(io.StringIO(data.decode()))
    return sum((Decimal(row["UnitPrice"]) * int(row["Quantity"]) for row in rows), Decimal(0))


def test_the_shipped_receipts_come_in_to_the_cent_and_once(send: Send) -> None:
    data = online_retail.FILE.read_bytes()
    job = send(data, "GBP")
    assert job.stage == Stage.DONE and job.counts["refused_rows"] == 0
    assert job.counts["kinds"] == {"sale": 247, "cancellation": 61, "adjustment": 7}
    assert Decimal(job.counts["sums"]["GBP"][0]) == exact(data)
    assert kept() == (315, 5549, int(exact(data) * 100))
    again = send(gzip.compress(data), "GBP", start=False)
    assert again.counts["same"] == 315 and again.guess["known"]
    corrected = send(data.replace(b",12,2010-12-01 16:15:00,4.65", b",13,2010-12-01 16:15:00,4.65"), "GBP")
    assert corrected.counts["run"] == {"same": 314, "changed": 1}
    assert kept() == (315, 5549, int(exact(data) * 100) + 465)


@pytest.mark.slow
@pytest.mark.skipif(not HALF.exists(), reason="../shared/data is not here: half of Online Retail")
def test_a_quarter_of_a_million_lines_come_in_to_the_cent_and_once(send: Send) -> None:
    data = HALF.read_bytes()
    job = send(data, "GBP")
    total = exact(gzip.decompress(data))
    assert (job.stage, job.counts["refused_rows"]) == (Stage.DONE, 0)
    assert Decimal(job.counts["sums"]["GBP"][0]) == total == Decimal("4832300.073")
    assert kept() == (12_367, 261_823, job.counts["sums"]["GBP"][1])
    assert send(data, "GBP", start=False).counts["same"] == 12_367


def test_bad_rows_come_back_with_a_reason_and_the_rest_goes_through(app: Flask, send: Send) -> None:
    rows = [
        "1;01/03/2024;A;Kopi;1;25.500", "2;01/03/0202;A;Kopi;1;25.500", "3;01/03/2024;A;Kopi;1;x",
        "3;01/03/2024;B;Teh;1;5.000", "1,5E+12;01/03/2024;A;Kopi;1;1", ";01/03/2024;A;Kopi;1;1",
        "4;01/03/2024;A;Kopi;1;5.000;x", "5;01/03/2199;A;Kopi;1;5.000", "6;01/03/2024;=A1;=cmd;1;5.000",
    ]  # fmt: skip
    job = send((SMALL + "\n".join(rows)).encode())
    assert job.counts["run"] == {"created": 2} and job.counts["refused_rows"] == 7
    text = app.extensions["files"].get(job.refused_key).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    reasons = {row[0] + row[2]: row[-1] for row in table}
    assert table[0][-1] == "Alasan" and {len(row) for row in table} == {7}
    assert "x" in reasons["3A"] and "Baris 4" in reasons["3B"] and "0202" in reasons["2A"]
    fixed = text.replace("0202", "2024").replace(";x;", ";7.000;").replace("2199", "2024")
    assert send(fixed.encode()).counts["run"] == {"created": 3}


def test_rows_of_a_receipt_may_lie_apart_and_two_outlets_may_share_a_number(
    send: Send,
) -> None:
    other = factories.outlet()
    head = SMALL.replace("No Nota", "Cabang;No Nota")
    lines = ["01/03/2024;A;Kopi;1;5.000", "01/03/2024;B;Teh;1;5.000"]
    names = [";1", f"{other.code.lower()};1", ";2", ";1", "Entah;9"]
    job = send((head + "\n".join(f"{name};{lines[n % 2]}" for n, name in enumerate(names))).encode())
    assert job.counts["run"] == {"created": 3} and job.counts["refused_rows"] == 1
    assert kept() == (3, 4, 20_000)


def test_a_spreadsheet_is_read_and_its_refused_rows_are_one(app: Flask, tmp_path: Path, send: Send) -> None:
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = made.add_worksheet()
    sheet.write_row(1, 0, ["Nomor Struk", "Tanggal", "Produk", "Jumlah", "Harga"])
    sheet.write_row(2, 0, ["0812", 45352.5, "Kopi", 2, 25500])
    sheet.write_row(3, 0, [12345678901234567890.0, 45352.5, "Kopi", 2, 25500])
    made.close()
    job = send((tmp_path / "a.xlsx").read_bytes())
    assert job.counts["run"] == {"created": 1}
    assert db.session.scalars(select(Purchase.number)).one() == "0812"
    assert db.session.scalars(select(Product.sku)).one() == "KOPI"
    (tmp_path / "b.xlsx").write_bytes(app.extensions["files"].get(job.refused_key))
    refused = list(tables.rows(tables.look(tmp_path / "b.xlsx", tmp_path)))
    assert refused[1][0].startswith("1.2345") and "memendekkan" in refused[1][-1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "empty"), ("No Nota;Tanggal;Barang\n", "no row of sales"), ("halo", "No row names"),
        (SMALL + '1;"' + "x\n" * 400, "never closed"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_fails_with_a_sentence(send: Send, data: str, reason: str) -> None:
    job = send(data.encode())
    assert job.stage == Stage.FAILED and reason in job.problem[0]
    assert not Path(f"{job.code}").exists()


def test_a_disk_that_is_full_is_named(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scratch is given four pages to write to."""
    opened = sqlite3.connect

    def small(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = opened(*args, **options)
        connection.execute("PRAGMA max_page_count = 4")
        return connection

    monkeypatch.setattr("portal.adapters.scratch.sqlite3.connect", small)
    job = send((SMALL * 200).encode(), start=False)
    assert job.stage == Stage.FAILED and "full" in job.problem[0]


def test_other_columns_and_the_currency_of_another_country(send: Send) -> None:
    job = send(SMALL.encode() + b"1;01/03/2024;A;Kopi;1;$5.00\n", start=False)
    assert job.stage == Stage.CHECKED and job.counts["refused"] == 1
    assert job.counts["reasons"][0][1] == {"own": "IDR", "told": "USD"}


def test_files_are_swept_when_they_were_kept_long_enough(app: Flask, send: Send) -> None:
    job = send((SMALL + "1;x;A;Kopi;1;5\n").encode(), start=False)
    store, keys = app.extensions["files"], (job.file_key, job.refused_key)
    worker.sweep(clock.now())
    assert [store.get(key) for key in keys]
    worker.sweep(clock.now() + KEPT)
    for key in keys:
        with pytest.raises(KeyError):
            store.get(key)


def test_on_both_databases(both: Flask) -> None:
    job = sender(both)(online_retail.FILE.read_bytes(), "GBP")
    assert job.stage == Stage.DONE and kept()[0] == 315
