"""What a person has started: receipts are let in, a few at a time, and it goes on after any interruption."""

import time
from collections import Counter

from portal.adapters.scratch import Receipt, Scratch
from portal.domain import reactions
from portal.domain.intake import imports, writer
from portal.domain.intake.rules import Stage
from portal.domain.intake.sales import Place, Reader, Reading
from portal.imports.checking import SOURCE, Check, keep_refused, reasons_of, refused_rows
from portal.imports.hold import Hold
from portal.imports.rows import Places
from portal.kernel import clock

LONGEST = 0.2  # seconds of one transaction, so that people who write do not wait
FIRST, MOST = 200, 4_000  # lines of one transaction
PAUSE = 0.02  # seconds between two, in which others get the lock


class Run:
    """One pass over the scratch. `position` is the last receipt that is in; what follows is not."""

    def __init__(self, hold: Hold):
        self.hold = hold
        self.reader = Reader(imports.plan_of(hold.job), len(hold.job.guess["header"]))
        places = Places.load(hold.job.outlet_id)
        self.by_code = {place.code: place for place in places.known.values()}
        self.counts = dict(hold.job.counts)
        self.fates = Counter(self.counts.get("run", {}))
        self.done, self.lines = hold.job.done, FIRST
        self.refused = False

    def run(self) -> None:
        after = tuple(self.hold.job.position or ())
        chunk: list[tuple[Receipt, Reading]] = []
        lines = 0
        with Scratch(self.hold.scratch) as self.scratch:
            for receipt in self.scratch.receipts((after[0], after[1]) if after else None):
                place: Place = self.by_code[receipt.outlet]
                found = self.reader.read(place, receipt.number, receipt.rows)
                if found.sale is None:
                    continue  # the check has refused it
                chunk.append((receipt, found))
                lines += len(receipt.rows)
                if lines >= self.lines:
                    self._bring(chunk)
                    chunk, lines = [], 0
            if chunk:
                self._bring(chunk)

    def _bring(self, chunk: list[tuple[Receipt, Reading]]) -> None:
        """One transaction: receipts, and how far it is."""
        began, now = time.monotonic(), clock.now()
        sales = [found.sale for _receipt, found in chunk if found.sale is not None]
        brought = writer.bring(sales, now, source=SOURCE)
        reactions.settle(now)
        self.fates.update(answer.fate.value for answer in brought)
        self.done += len(chunk)
        receipt = chunk[-1][0]
        self.counts["run"] = dict(self.fates)
        self.hold.step(done=self.done, position=[receipt.outlet, receipt.number], counts=self.counts)
        for (receipt, found), answer in zip(chunk, brought, strict=True):
            if answer.problem is not None:
                reasons = reasons_of(answer.problem, found, len(receipt.rows))
                self.scratch.refuse(refused_rows(receipt, reasons, self.hold.job.guess))
                self.refused = True
        took = time.monotonic() - began
        self.lines = max(20, min(MOST, int(self.lines * min(2.0, LONGEST / max(took, 0.001)))))
        time.sleep(PAUSE)


def run(hold: Hold) -> None:
    """RUNNING → DONE. Raises Refused, Stopped, Halted."""
    if not hold.scratch.exists():  # another machine, or a disk that was emptied
        Check(hold).run()
    work = Run(hold)
    work.run()
    key = keep_refused(hold) if work.refused else hold.job.refused_key
    imports.finish(hold.job.id, Stage.RUNNING, Stage.DONE, ended_at=clock.now(), refused_key=key)
