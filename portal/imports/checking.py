"""The whole file is read and judged, and nothing is written: what a person sees before the start."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from flask import current_app

from portal.adapters import sheets
from portal.adapters.filestore import FileStore
from portal.adapters.scratch import Receipt, Scratch
from portal.db import db, writing
from portal.domain.intake import imports, writer
from portal.domain.intake.rules import Fate, Stage
from portal.domain.intake.sales import Place, Reader, Reading
from portal.domain.purchases.rules import PurchaseKind, Sale
from portal.imports.hold import Hold
from portal.imports.parcel import pack
from portal.imports.rows import Gatherer, Places
from portal.imports.tally import Tally
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import words

SOURCE = "file"
STEPS = 1_000  # of a check: the first half is reading, the second judging
AT_ONCE = 2_000  # lines that are judged together
MOST_OUTLETS = 30  # that nobody knows, of which a person is asked


class Check:
    """One reading of the whole file into the scratch."""

    def __init__(self, hold: Hold):
        self.hold, self.plan, self.tally = hold, imports.plan_of(hold.job), Tally()
        self.header: list[str] = hold.job.guess["header"]
        self.reader = Reader(self.plan, len(self.header))
        self.places = Places.load(hold.job.outlet_id, imports.called(hold.job))
        self.now = clock.now()
        self.stepped = self.now
        db.session.rollback()

    def run(self) -> dict[str, object]:
        """Fill the scratch, and return the counts."""
        with Scratch(self.hold.scratch, new=True) as scratch:
            self.scratch = scratch
            table = self.hold.table()
            size = max(table.path.stat().st_size, 1)
            joint = self.hold.job.guess["delimiter"]
            gatherer = Gatherer(scratch, self.plan, self.places, len(self.header), joint, self._refuse_row)
            rows = gatherer.gather(table, lambda read: self._step(STEPS * read // size // 2))
            self._judge(scratch.sort())
            with reading():
                unknown = [name for name, _times in self.places.unknown.most_common(MOST_OUTLETS)]
            counts = {"rows": rows, "refused_rows": scratch.count_refused(), "outlets": unknown}
            counts |= self.tally.counts()
            scratch.complete()
        return counts

    def _judge(self, receipts: int) -> None:
        by_code = {place.code: place for place in self.places.known.values()}
        chunk: list[tuple[Place, Receipt, Reading]] = []
        lines = 0
        for n, receipt in enumerate(self.scratch.receipts()):
            place = by_code[receipt.outlet]
            found = self.reader.read(place, receipt.number, receipt.rows)
            if found.sale is None:
                self.tally.fates[Fate.REFUSED] += 1
                self._refuse_receipt(receipt, found.reasons)
                continue
            chunk.append((place, receipt, found))
            lines += len(receipt.rows)
            if lines >= AT_ONCE:
                self._foresee(chunk)
                chunk, lines = [], 0
                self._step(STEPS // 2 + STEPS * n // receipts // 2)
        self._foresee(chunk)

    def _foresee(self, chunk: list[tuple[Place, Receipt, Reading]]) -> None:
        with reading():
            sales = [found.sale for _place, _receipt, found in chunk if found.sale is not None]
            fates = writer.foresee(sales, self.now, source=SOURCE)
        understood = []
        for (place, receipt, found), brought in zip(chunk, fates, strict=True):
            self.tally.take(place, found, brought)
            if brought.problem is not None:
                reasons = reasons_of(brought.problem, found.sale, len(receipt.rows))
                self._refuse_receipt(receipt, reasons)
            elif found.sale is not None:
                late = found.sale.kind == PurchaseKind.CANCELLATION  # what it takes back is there by then
                understood.append((late, receipt.outlet, receipt.number, pack(found.sale)))
        self.scratch.understand(understood)

    def _refuse_row(self, n: int, row: list[str], message: Message) -> None:
        self.tally.refuse(message)
        self.scratch.refuse([(n, row, words.translate(message))])

    def _refuse_receipt(self, receipt: Receipt, reasons: dict[int, Refused]) -> None:
        for reason in reasons.values():
            self.tally.refuse(reason.message)
        self.scratch.refuse(refused_rows(receipt, reasons, self.hold.job.guess))

    def _step(self, done: int) -> None:
        """Now and then say how far it is; a stopped import ends here."""
        now = clock.now()
        if (now - self.stepped).total_seconds() >= 1:
            self.stepped = now
            self.hold.step(done=min(done, STEPS), total=STEPS)


def check(hold: Hold) -> None:
    """CHECKING → CHECKED. Raises Refused, Stopped, Halted."""
    hold.step(done=0, total=STEPS)
    counts = Check(hold).run()
    key = keep_refused(hold) if counts["refused_rows"] else None
    imports.finish(hold.job.id, Stage.CHECKING, Stage.CHECKED, counts=counts, refused_key=key)


def reasons_of(problem: Refused, sale: Sale | None, rows: int) -> dict[int, Refused]:
    """Which rows a problem of a sale is about: one where it names a line, else all."""
    part = (problem.field or "").split(".")
    if part[0] == "lines" and len(part) > 1 and sale is not None and len(sale.lines) == rows:
        return {int(part[1]): problem}
    return dict.fromkeys(range(rows), problem)


def refused_rows(
    receipt: Receipt, reasons: dict[int, Refused], guess: dict[str, Any]
) -> Iterable[tuple[int, list[str], str]]:
    """Every row of a receipt with its reason; a row without one names the row that has it."""
    bad = receipt.numbers[min(reasons)] + guess["skip"] + 1
    width = len(guess["header"])
    others = words.translate(_("Row %(row)s of this receipt was refused, so none of it was let in.", row=bad))
    for n, (number, row) in enumerate(zip(receipt.numbers, receipt.rows, strict=True)):
        yield number, row[:width], words.translate(reasons[n].message) if n in reasons else others


def keep_refused(hold: Hold) -> str:
    """Put the refused rows into the file store, as what was uploaded; returns the key."""
    job = hold.job
    book = job.guess["kind"] == "xlsx"
    made = hold.folder / "refused"
    header = [*job.guess["header"], words.translate(_("Reason"))]
    with Scratch(hold.scratch) as scratch:
        rows = chain([header], ([*cells, reason] for cells, reason in scratch.refused()))
        if book:
            sheets.write_xlsx(made, rows)
        else:
            sheets.write_csv(made, rows, job.guess["delimiter"])
    store: FileStore = current_app.extensions["files"]
    key = f"imports/{job.code}-refused.{'xlsx' if book else 'csv'}"
    store.put_file(key, made)
    return key


@contextmanager
def reading() -> Iterator[None]:
    """Queries inside do not take the write lock."""
    token = writing.set(False)
    try:
        yield
        db.session.rollback()
    finally:
        writing.reset(token)
