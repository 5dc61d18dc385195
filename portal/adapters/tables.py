"""Tables that people upload: CSV in any spelling, gzipped CSV and XLSX, as rows of text in bounded memory."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from portal.adapters import workbooks
from portal.domain.intake import columns
from portal.kernel.errors import Refused
from portal.kernel.text import _

LARGEST = 200 * 1024 * 1024  # of an upload
LARGEST_OPEN = 1024 * 1024 * 1024  # unpacked
MOST_ROWS = 5_000_000
MOST_CELLS = 200  # in a row
LONGEST_LINE = 1024 * 1024
LONGEST_CELL_LINES = 200  # a cell with more line breaks is a quotation mark that was never closed
HEAD_BYTES = 256 * 1024
DELIMITERS = ",;\t|"
_CONTROL = bytes(n for n in range(32) if n not in b"\t\n\r") + b"\x7f"
FALLBACK = "purna-cp1252"


def _byte_by_byte(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 in a file of UTF-8 was pasted in from Windows."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "".join(_windows(byte) for byte in bad), error.end


def _windows(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return ""


codecs.register_error(FALLBACK, _byte_by_byte)


@dataclass(frozen=True)
class Spelling:
    """How a file is written. What stands above the header are `skip` rows that are not empty."""

    kind: str  # "csv", "gz" or "xlsx"
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0


@dataclass(frozen=True)
class Table:
    """A file that can be read: `path` is CSV, plain or gzipped, whatever was uploaded."""

    path: Path
    spelling: Spelling


def look(path: Path, scratch: Path, delimiter: str | None = None) -> Table:
    """Find out how a file is written; an XLSX is converted to CSV below `scratch` first. Raises Refused."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Refused(_("The file is empty. Export the sales from the till again."))
    if start.startswith(b"PK\x03\x04"):
        return Table(workbooks.convert(path, scratch), Spelling("xlsx"))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_("This is an old Excel file. Save it as XLSX or CSV and upload that."))
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise Refused(_("This is no table. Export the sales from the till as CSV or XLSX."))
    plain = Spelling("gz" if start.startswith(b"\x1f\x8b") else "csv")
    head = _head(path, plain)
    encoding = _encoding(head)
    text = head.decode(encoding, FALLBACK if encoding == "utf-8-sig" else "replace")
    if not text.strip():
        raise Refused(_("The file is empty. Export the sales from the till again."))
    named = text[4:5] if text[:4].lower() == "sep=" else ""
    found = replace(plain, encoding=encoding, delimiter=delimiter or named or _delimiter(text))
    return Table(path, found)


def rows(table: Table, progress: Any = None) -> Iterator[list[str]]:
    """Each row that has something in it, `skip` of them left out; `progress` is told the bytes read so far.

    Raises Refused when the file cannot be read on.
    """
    spelling = table.spelling
    source, counted = _open(table.path, spelling)
    with counted, source:
        clean = _Clean(source, spelling.encoding, LARGEST_OPEN)
        lines = io.TextIOWrapper(
            io.BufferedReader(clean, 65536), encoding="utf-8-sig", errors=FALLBACK, newline=""
        )
        reader = csv.reader(lines, delimiter=spelling.delimiter)
        try:
            yield from _checked(reader, spelling.skip, counted, progress)
        except (OSError, EOFError, zlib.error) as error:
            raise workbooks.damaged() from error


def _checked(reader: Any, skip: int, counted: IO[bytes], progress: Any) -> Iterator[list[str]]:
    last = number = 0
    while (row := _next(reader, last)) is not None:
        if reader.line_num - last > LONGEST_CELL_LINES:
            raise _never_closed(last + 1)
        last = reader.line_num
        whole = "".join(row)
        if not whole or whole.isspace():
            continue
        number += 1
        if number <= skip:
            continue
        if number > MOST_ROWS:
            raise Refused(
                _("The file has more than %(count)s rows. Export a shorter period.", count=MOST_ROWS)
            )
        if len(row) > MOST_CELLS:
            raise Refused(_("Row %(row)s has more than %(count)s columns.", row=last, count=MOST_CELLS))
        if '="' in whole:
            row = [_unwrapped(cell) for cell in row]
        if progress is not None and number % 4096 == 0:
            progress(counted.tell())
        yield row


def _next(reader: Any, last: int) -> list[str] | None:
    """The row behind line `last`; None at the end."""
    try:
        row: list[str] | None = next(reader, None)
    except csv.Error as error:  # a cell without an end
        raise _never_closed(last + 1) from error
    return row


def _unwrapped(cell: str) -> str:
    """`="0812"` is how a spreadsheet is told to leave a number alone."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell


def _never_closed(line: int) -> Refused:
    return Refused(
        _(
            "A quotation mark in line %(line)s is never closed. Correct it and upload the file again.",
            line=line,
        )
    )


class _Clean(io.RawIOBase):
    """UTF-8 of a file in `encoding`, without control characters; it stops at `most` bytes."""

    def __init__(self, source: IO[bytes], encoding: str, most: int):
        self._source, self._left, self._run = source, most, 0
        self._decode = codecs.getincrementaldecoder(encoding)("replace") if "16" in encoding else None
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            chunk = self._source.read(65536)
            if not chunk:
                return 0
            self._left -= len(chunk)
            if self._left < 0:
                raise Refused(_("Unpacked, the file is larger than 1 GB. Export a shorter period."))
            if self._decode is not None:
                chunk = self._decode.decode(chunk).encode("utf-8", "replace")
            chunk = chunk.translate(None, _CONTROL)
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            self._run = self._run + len(chunk) if end < 0 else len(chunk) - end
            if self._run > LONGEST_LINE:
                raise Refused(_("This is no table of lines. Export the sales from the till as CSV or XLSX."))
            self._ready = chunk
        part = self._ready[: len(buffer)]
        buffer[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)


def _open(path: Path, spelling: Spelling) -> tuple[Any, IO[bytes]]:
    """(the bytes of the table, the file whose position tells how far it was read)."""
    file = path.open("rb")
    return (gzip.GzipFile(fileobj=file), file) if spelling.kind == "gz" else (file, file)


def _head(path: Path, spelling: Spelling) -> bytes:
    source, file = _open(path, spelling)
    try:
        with file, source:
            head: bytes = source.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise workbooks.damaged() from error
    return head


def _encoding(head: bytes) -> str:
    """UTF-16 by its mark or by the zeros between Latin letters; everything else reads as UTF-8 first."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    half = len(head[:2000]) // 4
    if odd > half > even:
        return "utf-16-le"
    if even > half > odd:
        return "utf-16-be"
    return "utf-8-sig"


def _delimiter(text: str) -> str:
    """The sign that makes the most columns which we know, and then the most columns at all."""

    def worth(sign: str) -> tuple[int, float]:
        lines = [
            row
            for row, _n in zip(
                csv.reader(io.StringIO(text, newline=""), delimiter=sign), range(60), strict=False
            )
        ]
        widths = sorted(len(row) for row in lines)
        return max(map(columns.score, lines), default=0), widths[len(widths) // 2] if widths else 0

    try:
        return max(DELIMITERS, key=worth)
    except csv.Error:
        return ","
