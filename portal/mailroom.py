"""Letters that come in, by a mail server's pipe or from a mailbox: each is kept before it counts as read."""

from datetime import datetime

import structlog
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.adapters import mail_in
from portal.adapters.attachments import BadFile
from portal.adapters.images import BadImage
from portal.adapters.imap import Mailbox, Unreachable
from portal.db import db
from portal.domain import news, reactions
from portal.domain.accounts.rules import Actor, Role
from portal.domain.mailbox import actions as letters
from portal.domain.mailbox.facts import Arrived
from portal.domain.mailbox.models import Outcome
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.web import uploads

LARGEST = 35_000_000  # bytes of a letter whose files are looked at: 25 MB, as mail packs them
MOST_FILES = 10
TRIES = 3
log = structlog.get_logger("purna.mail")


def receive(raw: bytes, *, whole: bool = True) -> Outcome:
    """Keep one letter and say what became of it; the same letter again changes nothing.

    Of a letter that is too large (or not `whole`) the words are kept and the files left out.
    """
    letter, enclosed = mail_in.read(raw)
    earlier = letters.known(letter.message_id)
    db.session.rollback()
    if earlier is not None:
        return earlier
    now = clock.now()
    place = letters.place(letter, current_app.extensions["settings"].mail_in, now)
    files: list[str] = []
    left_out: list[str] = []
    customer = Actor(Role.CUSTOMER, place.case.customer_id) if place.case and place.takes_files else None
    db.session.rollback()
    if not whole or len(raw) > LARGEST:
        left_out = [f"{file.name}: {len(raw) // 1_000_000} MB" for file in enclosed] or ["…"]
    elif customer is not None:
        files, left_out = _keep(customer, enclosed)
    for _try in range(TRIES - 1):
        try:
            return _file(letter, now, files, left_out)
        except (IntegrityError, StaleDataError):  # it came by two ways at once, or somebody was at its case
            earlier = letters.known(letter.message_id)
            db.session.rollback()
            if earlier is not None:
                return earlier
    return _file(letter, now, files, left_out)


def _file(letter: Arrived, now: datetime, files: list[str], left_out: list[str]) -> Outcome:
    """Do with it what its place says, in one transaction."""
    try:
        place = letters.place(letter, current_app.extensions["settings"].mail_in, now)
        outcome = Outcome(letters.file(letter, place, now, files=files, left_out=left_out).outcome)
        reactions.settle(now)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        news.take()
        raise
    return outcome


def poll() -> int:
    """Take in what waits in the mailbox of the settings; how many letters that were."""
    url = current_app.extensions["settings"].imap
    count = 0
    if not url:
        return count
    try:
        with Mailbox(url) as mailbox:
            for number, raw, whole in mailbox.unread():
                receive(raw, whole=whole)
                mailbox.done(number)
                count += 1
    except Unreachable as error:
        log.warning("mailbox", error=str(error))
    return count


def _keep(customer: Actor, enclosed: list[mail_in.Enclosed]) -> tuple[list[str], list[str]]:
    """(codes of the files that could be taken, names of the others)."""
    kept: list[str] = []
    left_out: list[str] = []
    for file in enclosed:
        try:
            if len(kept) == MOST_FILES:
                raise BadFile("too_many")
            kept.append(uploads.keep(customer, file.data, file.name, papers=True))
        except (BadImage, BadFile, Refused):
            db.session.rollback()
            left_out.append(file.name[:80])
    return kept, left_out
