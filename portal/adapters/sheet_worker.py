"""The process that turns the sheet of an XLSX that looks most like sales into CSV: `… IN OUT`.

Only adapters/workbooks.py starts it. It ends with 3 when there is no sheet with rows and with 4 when the file
cannot be read; memory, time and what it writes are bounded, so that a hostile file brings down nothing else.
"""

import csv
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.domain.intake import columns

MEMORY = 2 << 30  # bytes of address space
SECONDS = 240  # of processor time
OUTPUT = 1 << 30  # bytes
EXACT = 2**53  # whole numbers from here on have lost digits in a spreadsheet


def text_of(cell: Any) -> str:
    """A cell as it would stand in a CSV of ours: dates as ISO, numbers with a dot and no exponent."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell).partition(".")[0]
    return str(cell)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value)) if abs(value) < EXACT else f"{value:.15E}"
    written = f"{Decimal(repr(value)):f}"
    whole, _mark, rest = written.partition(".")
    return f"{whole}.{rest}0" if len(rest) == 3 else written  # or 1.234 would look like a thousand and more


def best_sheet(book: CalamineWorkbook) -> Any:
    """The sheet whose first rows name most of what a sale has; None when all are empty."""
    best, most = None, -1
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            continue
        head = sheet.to_python(nrows=columns.TITLE_ROWS)
        worth = max((columns.score([text_of(cell) for cell in row]) for row in head), default=0)
        if worth > most:
            best, most = sheet, worth
    return best


def convert(source: str, target: Path) -> int:
    """Write the CSV and return the code to end with."""
    try:
        book = CalamineWorkbook.from_path(source)
        sheet = best_sheet(book)
    except (CalamineError, OSError, ValueError, IndexError):
        return 4
    if sheet is None:
        return 3
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_texts(sheet.iter_rows()))
        file.flush()
        os.fsync(file.fileno())
    return 0


def _texts(rows: Iterable[list[Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [text_of(cell) for cell in row]


def main() -> None:
    os.nice(10)  # web pages first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, OUTPUT),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.exit(convert(sys.argv[1], Path(sys.argv[2])))


if __name__ == "__main__":
    main()
