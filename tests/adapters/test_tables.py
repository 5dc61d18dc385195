"""Uploaded tables in every spelling, and files that are meant to hurt."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from portal.adapters import sheets, tables, workbooks
from portal.kernel.errors import Refused

TABLE = [["No Nota", "Tanggal", "Barang"], ["0812", "1/2/2030", "Kopi"]]
TEXT = "No Nota,Tanggal,Barang\r\n0812,1/2/2030,Kopi\r\n"


def read(folder: Path, data: bytes) -> list[list[str]]:
    (folder / "upload").write_bytes(data)
    return list(tables.rows(tables.look(folder / "upload", folder)))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_delimiter_in_every_encoding(tmp_path: Path, sign: str, encoding: str) -> None:
    text = TEXT.replace(",", sign).replace("Kopi", "Café “A”")
    expected = [TABLE[0], ["0812", "1/2/2030", "Café “A”"]]
    assert read(tmp_path, text.encode(encoding)) == expected
    assert read(tmp_path, gzip.compress(text.encode(encoding))) == expected


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (TEXT.replace("0812", '="0812"'), TABLE[1]),
        (TEXT.replace("Kopi", '"Kopi\nGayo, ""A"""'), ["0812", "1/2/2030", 'Kopi\nGayo, "A"']),
        (TEXT.replace("Kopi", "Ko\0p\x1fi"), TABLE[1]),
        ("\r\n , ,\r\n" + TEXT + "\r\n,,\r\n", TABLE[1]),
        (TEXT.replace("\r\n", "\r"), TABLE[1]),
        ("sep=;\r\n" + TEXT.replace(",", ";"), TABLE[1]),
    ],
)
def test_what_spreadsheets_and_tills_do_to_a_csv(tmp_path: Path, text: str, row: list[str]) -> None:
    assert read(tmp_path, text.encode())[-1] == row


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    mixed = TEXT.encode() + "1,2,Café\r\n".encode() + "2,2,Café €\r\n".encode("cp1252")
    assert [row[2] for row in read(tmp_path, mixed)[2:]] == ["Café", "Café €"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n \r\n", "empty"),
        (b"%PDF-1.7 ...", "no table"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
        (gzip.compress(TEXT.encode() * 1000)[:-30], "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (gzip.compress(b"0" * 30_000_000), "no table of lines"),
        (TEXT.encode() + b'1,2,"Kopi\r\n' + b"1,2,3\r\n" * 1000, "line 3 is never closed"),
        (TEXT.encode() + b'1,2,"Kopi\r\n' + b"1,2,3\r\n" * 50_000, "line 3 is never closed"),
        (b"a" + b"," * 300 + b"\n", "more than 200 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(tmp_path, data)
    assert reason in str(refusal.value.message)


def test_a_gzip_bomb_is_stopped_at_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_OPEN", 10_000_000)
    with pytest.raises(Refused, match="larger than 1 GB"):
        read(tmp_path, gzip.compress(TEXT.encode() * 300_000))


def book(path: Path) -> Path:
    """An XLSX with a cover sheet, a title above the header and every kind of cell."""
    made = xlsxwriter.Workbook(path)
    made.add_worksheet("Sampul").write(0, 0, "Laporan")
    sheet = made.add_worksheet("Data")
    sheet.write(0, 0, "Toko")
    sheet.write_row(2, 0, ["No Nota", "Tanggal", "Nama Barang", "Harga", "Jumlah"])
    sheet.write_string(3, 0, "0812")
    sheet.write_datetime(3, 1, datetime(2030, 2, 1, 8, 5), made.add_format({"num_format": "dd/mm/yy hh:mm"}))
    sheet.write_row(3, 2, ["Kopi", 1.234, 2])
    sheet.write_row(4, 0, [12345678901234567890.0, "2030-02-01", "=A1", 2.5])
    sheet.write_formula(4, 4, "=1+2", None, 3)
    made.close()
    return path


def test_an_xlsx_is_the_same_as_its_text(tmp_path: Path) -> None:
    rows = read(tmp_path, book(tmp_path / "a.xlsx").read_bytes())
    assert rows[-2] == ["0812", "2030-02-01 08:05:00", "Kopi", "1.2340", "2"]
    assert rows[-1][0] == "1.234567890123457E+19" and rows[-1][3:] == ["2.5", "3"]


def test_an_xlsx_that_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST", 5_000_000)
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(6_000_000))
    with pytest.raises(Refused, match="too large"):
        read(tmp_path, (tmp_path / "bomb").read_bytes())
    lying = (
        (tmp_path / "bomb").read_bytes().replace((6_000_000).to_bytes(4, "little"), (6).to_bytes(4, "little"))
    )
    with pytest.raises(Refused):
        read(tmp_path, lying)


def test_an_xlsx_without_a_sheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "none", "w") as none:
        none.writestr("a.txt", "a")
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path, (tmp_path / "none").read_bytes())
    xlsxwriter.Workbook(tmp_path / "blank").close()
    with pytest.raises(Refused, match="no sheet with rows"):
        read(tmp_path, (tmp_path / "blank").read_bytes())


def test_what_is_downloaded_starts_no_formula(tmp_path: Path) -> None:
    row = ["=1+1", "@a", "-cmd", "+62812", "-4.65", "0812", "\tx"]
    sheets.write_csv(tmp_path / "a.csv", [row], ";")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert text == "'=1+1;'@a;'-cmd;+62812;-4.65;0812;'\tx\n"
    sheets.write_xlsx(tmp_path / "a.xlsx", [TABLE[0], row[:3]])
    assert read(tmp_path, (tmp_path / "a.xlsx").read_bytes())[1] == row[:3]
