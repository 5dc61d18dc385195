"""An import in the hands of the worker: its lease, its folder, its file."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from portal.adapters import tables
from portal.adapters.filestore import FileStore
from portal.adapters.tables import Spelling, Table
from portal.db import db
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.domain.intake.rules import Stage
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _


class Halted(Exception):
    """The worker is told to end; the import goes on after the next start."""


@dataclass
class Hold:
    """`job` is the row as it was taken, detached; `until` when the lease ends, unless a step renews it."""

    job: Import
    stage: Stage
    until: datetime
    folder: Path
    ended: threading.Event

    @property
    def scratch(self) -> Path:
        return self.folder / "rows.db"

    def step(self, **values: Any) -> None:
        """Commit what was written since the last step, and how far that is. Raises Stopped, Halted."""
        if self.ended.is_set():
            raise Halted
        self.until = imports.progress(self.job.id, self.stage, self.until, clock.now(), **values)
        db.session.commit()

    def look(self) -> Table:
        """The upload as a table from its first row on. Raises Refused."""
        store: FileStore = current_app.extensions["files"]
        try:
            file = store.fetch(self.job.file_key or "-", self.folder / "upload")
        except KeyError:
            raise Refused(_("The file is not there any more. Please upload it again.")) from None
        return tables.look(file, self.folder, self.job.options.get("delimiter"))

    def table(self) -> Table:
        """The upload from its header on, as it was found to be written. Raises Refused."""
        guess = self.job.guess
        spelling = Spelling(guess["kind"], guess["encoding"], guess["delimiter"], guess["skip"])
        return replace(self.look(), spelling=spelling)
