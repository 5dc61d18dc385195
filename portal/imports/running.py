"""What a person has started: receipts are let in, a few at a time, and it goes on after any interruption."""

import gc
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from portal.adapters.scratch import Scratch
from portal.db import db
from portal.domain import reactions
from portal.domain.intake import imports, writer
from portal.domain.intake.rules import Fate, Stage
from portal.domain.purchases.rules import Sale
from portal.imports.checking import SOURCE, Check, keep_refused, reasons_of, refused_rows
from portal.imports.hold import Hold
from portal.imports.parcel import unpack
from portal.kernel import clock

LONGEST = 0.2  # seconds of one transaction on SQLite, so that people who write do not wait
FIRST, MOST = 500, 12_000  # lines of one transaction
PAUSE = 0.02  # seconds between two on SQLite, in which others get the lock
GROWN = (1, 8, 64)  # chunks after which PostgreSQL looks anew at tables that were much smaller before
GROWN_TABLES = "ANALYZE customers, customer_refs, products, purchases, purchase_lines"


class Run:
    """One pass over the scratch. `position` is the last receipt that is in; what follows is not."""

    def __init__(self, hold: Hold):
        self.hold = hold
        self.counts = dict(hold.job.counts)
        self.fates = Counter(self.counts.get("run", {}))
        self.done, self.lines = hold.job.done, FIRST if db.engine.dialect.name == "sqlite" else 2 * MOST
        self.chunks = 0

    def run(self) -> None:
        chunk: list[Sale] = []
        lines = 0
        with Scratch(self.hold.scratch) as self.scratch:
            for *place, sale in self.scratch.understood(self.hold.job.position or ()):
                self.position = place
                chunk.append(unpack(sale))
                lines += len(chunk[-1].lines)
                if lines >= self.lines:
                    self._bring(chunk)
                    chunk, lines = [], 0
            if chunk:
                self._bring(chunk)

    def _bring(self, chunk: list[Sale]) -> None:
        """One transaction: receipts, and how far it is."""
        began, now = time.monotonic(), clock.now()
        brought = writer.bring(chunk, now, source=SOURCE)
        reactions.settle(now)
        self.fates.update(answer.fate.value for answer in brought)
        self.done += len(chunk)
        for sale, answer in zip(chunk, brought, strict=True):
            if answer.problem is not None:
                for receipt in self.scratch.receipts((sale.outlet_code, sale.number)):
                    self.fates["refused_rows"] += len(receipt.rows)
                    reasons = reasons_of(answer.problem, sale, len(receipt.rows))
                    self.scratch.refuse(refused_rows(receipt, reasons, self.hold.job.guess))
        self.counts["run"] = dict(self.fates)
        self.hold.step(done=self.done, total=self.hold.job.total, position=self.position, counts=self.counts)
        gc.collect(1)
        self.chunks += 1
        if db.engine.dialect.name == "sqlite":
            self._make_room(time.monotonic() - began)
        elif self.chunks in GROWN:
            db.session.execute(text(GROWN_TABLES))
            db.session.commit()

    def _make_room(self, took: float) -> None:
        """One writer at a time: after a long transaction the next is shorter, and others get in between."""
        self.lines = max(20, min(MOST, int(self.lines * min(2.0, LONGEST / max(took, 0.001)))))
        time.sleep(PAUSE)


@contextmanager
def no_collection() -> Iterator[None]:
    """Looking for cycles among so many small objects takes a fifth of the time: once a chunk is enough."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run(hold: Hold) -> None:
    """RUNNING → DONE. Raises Refused, Stopped, Halted."""
    if not hold.scratch.exists():  # another machine, or a disk that was emptied
        Check(hold).run()
    work = Run(hold)
    with no_collection():
        work.run()
    key = keep_refused(hold) if work.fates[Fate.REFUSED] else hold.job.refused_key
    imports.finish(hold.job.id, Stage.RUNNING, Stage.DONE, ended_at=clock.now(), refused_key=key)
