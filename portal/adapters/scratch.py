"""Rows of an import on this machine's disk, so that a receipt whose rows lie apart in the file is whole."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

CELL, ROW = "\x1f", "\x1e"  # no cell holds them: control characters are taken out when a file is read
_ROWS = "SELECT outlet, number, first, rows FROM pieces ORDER BY outlet, number, first"
_SALES = """
    SELECT late, outlet, number, sale FROM understood WHERE (late, outlet, number) > (?, ?, ?)
    ORDER BY late, outlet, number
"""
_TABLES = """
    CREATE TABLE pieces (outlet TEXT, number TEXT, first INTEGER, rows TEXT);
    CREATE TABLE refused (row INTEGER PRIMARY KEY, cells TEXT, reason TEXT);
    CREATE TABLE understood (
        late INTEGER, outlet TEXT, number TEXT, sale TEXT, PRIMARY KEY (late, outlet, number)
    ) WITHOUT ROWID;
"""


class Receipt(NamedTuple):
    """All rows of one receipt in the order of the file, `numbers` being where each stands in it."""

    outlet: str
    number: str
    numbers: list[int]
    rows: list[list[str]]


class Scratch:
    """One file of rows. `path` is there once all of them are in it and judged."""

    def __init__(self, path: Path, *, new: bool = False):
        self.path = path
        self._half = path.with_suffix(".half")
        if new:
            self._half.unlink(missing_ok=True)
        self._db = sqlite3.connect(self._half if new else path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000", "temp_store=FILE"):
            self._db.execute("PRAGMA " + pragma)
        if new:
            self._db.executescript(_TABLES)

    def add(self, pieces: Iterable[tuple[str, str, int, str]]) -> None:
        """Pieces of receipts: (outlet, number, where the first row stands in the file, its rows)."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?)", pieces)
        self._db.execute("COMMIT")

    def sort(self) -> int:
        """Bring the pieces of a receipt together; returns how many receipts there are."""
        self._db.execute("CREATE INDEX sorted ON pieces (outlet, number, first)")
        counted = self._db.execute("SELECT count(*) FROM (SELECT DISTINCT outlet, number FROM pieces)")
        return int(counted.fetchone()[0])

    def receipts(self, only: tuple[str, str] | None = None) -> Iterator[Receipt]:
        """Every receipt by outlet and number, or the one of them that is named."""
        found = (
            self._db.execute(_ROWS.replace("ORDER", "WHERE (outlet, number) = (?, ?) ORDER"), only)
            if only
            else self._db.execute(_ROWS)
        )
        with closing(found):
            for (outlet, number), pieces in groupby(found, itemgetter(0, 1)):
                numbers: list[int] = []
                rows: list[list[str]] = []
                for _outlet, _number, first, text in pieces:
                    some = text.split(ROW)
                    numbers.extend(range(first, first + len(some)))
                    rows.extend([(row + CELL).split(CELL) for row in some])
                yield Receipt(outlet, number, numbers, rows)

    def understand(self, sales: Iterable[tuple[bool, str, str, str]]) -> None:
        """Keep what receipts were understood to be: (after the others, outlet, number, the sale as text)."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO understood VALUES (?, ?, ?, ?)", sales)
        self._db.execute("COMMIT")

    def understood(self, after: Sequence[Any]) -> Iterator[tuple[int, str, str, str]]:
        """The same in this order, from the one behind `after`: [0 or 1, outlet, number], or nothing."""
        yield from self._db.execute(_SALES, after or (0, "", ""))

    def refuse(self, rows: Iterable[tuple[int, list[str], str]]) -> None:
        """Keep rows (place, cells, reason) to be given back."""
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR REPLACE INTO refused VALUES (?, ?, ?)",
            ((n, json.dumps(cells), reason) for n, cells, reason in rows),
        )
        self._db.execute("COMMIT")

    def refused(self) -> Iterator[tuple[list[str], str]]:
        """The cells and the reason of each refused row, in the order of the file."""
        for cells, reason in self._db.execute("SELECT cells, reason FROM refused ORDER BY row"):
            yield json.loads(cells), reason

    def count_refused(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM refused").fetchone()[0])

    def complete(self) -> None:
        """All is in it; from now on it is found under its name."""
        self._db.close()
        self._half.rename(self.path)
        self._db = sqlite3.connect(self.path, isolation_level=None)

    def close(self, *_: Any) -> None:
        self._db.close()

    def __enter__(self) -> "Scratch":
        return self

    __exit__ = close
