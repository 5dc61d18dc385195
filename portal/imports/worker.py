"""The thread that works on uploaded files of sales, one by one, beside the one that sends messages."""

import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from flask import Flask, current_app, g
from sqlalchemy.exc import DBAPIError

from portal.db import db
from portal.domain import news
from portal.domain.intake import imports
from portal.domain.intake.rules import ENDED, Stage
from portal.imports import checking, reading, running
from portal.imports.hold import Halted, Hold
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

EVERY = 1.0  # seconds between two looks for work
WORK: dict[Stage, Callable[[Hold], None]] = {
    Stage.READING: reading.read_head,
    Stage.CHECKING: checking.check,
    Stage.RUNNING: running.run,
}
BROKEN = _("Something went wrong on our side. Please upload the file again.")
NO_ROOM = _("The disk of the server is full. Make room on it, then upload the file again.")
log = structlog.get_logger("purna.imports")


def run(app: Flask, ended: threading.Event) -> None:
    """Work until `ended`; what is under way then goes on after the next start."""
    with app.app_context():
        while not ended.wait(EVERY):
            try:
                while not ended.is_set() and work_on_next(ended):
                    pass
            except DBAPIError as error:  # the database is away; the lease ends, then somebody goes on
                log.warning("imports", error=type(error).__name__)
                db.session.rollback()


def work_on_next(ended: threading.Event | None = None) -> bool:
    """Take the next import and bring it to the end of its stage; False when there is none."""
    hold = _take(ended or threading.Event())
    if hold is None:
        return False
    log.info("import", code=hold.job.code, stage=hold.stage.value)
    try:
        WORK[hold.stage](hold)
    except Halted:
        db.session.rollback()
        imports.let_go(hold.job.id, hold.until)
    except imports.Stopped:
        db.session.rollback()
        imports.end_cancelled(hold.job.id, clock.now())
    except Refused as refusal:
        _fail(hold, refusal.message)
    except DBAPIError:
        raise
    except (OSError, sqlite3.Error) as error:
        full = getattr(error, "errno", 0) == errno.ENOSPC or "disk is full" in str(error)
        log.exception("import", code=hold.job.code)
        _fail(hold, NO_ROOM if full else BROKEN)
    except Exception:  # one file that cannot be worked on must not hold up the others
        log.exception("import", code=hold.job.code)
        _fail(hold, BROKEN)
    news.take()
    db.session.commit()
    job = imports.stage_of(hold.job.id)
    db.session.rollback()
    if job in ENDED:
        shutil.rmtree(hold.folder, ignore_errors=True)
    return True


def sweep(now: datetime) -> None:
    """Delete files that were kept long enough, and what was left on this machine's disk; commits."""
    store = current_app.extensions["files"]
    for job in imports.outdated(now):
        for key in (job.file_key, job.refused_key):
            if key:
                store.delete(key)
        job.file_key = job.refused_key = None
    alive = imports.alive_codes()
    db.session.commit()
    root = Path(current_app.extensions["settings"].scratch)
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in alive:
            shutil.rmtree(folder, ignore_errors=True)


def _take(ended: threading.Event) -> Hold | None:
    job = imports.lease(clock.now())
    if job is None:
        db.session.rollback()
        return None
    db.session.commit()
    db.session.refresh(job)
    g.language = job.staff.language
    assert job.leased_until is not None
    folder = Path(current_app.extensions["settings"].scratch) / job.code
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    hold = Hold(job, Stage(job.stage), job.leased_until, folder, ended)
    db.session.expunge(job)
    db.session.rollback()
    return hold


def _fail(hold: Hold, message: Message) -> None:
    db.session.rollback()
    imports.fail(hold.job.id, message, clock.now())
