"""Tables that people download: CSV and XLSX in which no cell starts a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,() ]*$)")  # a plain negative number is none


def guarded(cell: str) -> str:
    """A cell of a CSV that a spreadsheet takes for text."""
    return "'" + cell if _FORMULA.match(cell) else cell


def write_csv(path: Path, rows: Iterable[Sequence[str]], delimiter: str = ",") -> None:
    """With a mark of its encoding in front, so that a spreadsheet shows every letter."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(map(guarded, row) for row in rows)


def write_xlsx(path: Path, rows: Iterable[Sequence[str | int]]) -> None:
    """Whole numbers as numbers, everything else as text, so that codes keep their zeros."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for n, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(n, place, cell)
                else:
                    sheet.write_string(n, place, cell[:32_767])
