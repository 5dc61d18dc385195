"""Files on their way in, stored before the request's transaction begins; photos are re-encoded.

A file that was taken in stays usable for a day, so a form that has to be sent again does not lose it.
"""

import errno
import logging
from contextlib import suppress
from typing import Any

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from portal.adapters import images
from portal.adapters.attachments import MAX_BYTES, BadFile, content_type, is_photo
from portal.adapters.filestore import FileStore
from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.files import actions as files
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import signin

MOST = 10  # photos in one request
LARGEST = 10 * 1024 * 1024  # bytes of a logo

REASONS = {
    "not_an_image": _("%(name)s is not a photo that can be read. Send a JPEG, PNG, WebP or HEIC."),
    "too_large_bytes": _("%(name)s is larger than 10 MB. Choose a smaller photo."),
    "too_many_pixels": _("%(name)s has more than 40 megapixels. Choose a smaller photo."),
    "broken": _("%(name)s is damaged and cannot be read. Take the photo again."),
    "wrong_kind": _("%(name)s cannot be sent here. Send a photo, a PDF or a video (MP4, MOV, 3GP, WebM)."),
    "too_large_file": _("%(name)s is larger than 25 MB. Send a shorter video or a smaller PDF."),
    "broken_file": _("%(name)s did not arrive whole or is damaged. Please choose it again."),
}


class NoRoom(HTTPException):
    """The disk is full."""

    code = 507


def store() -> FileStore:
    found: FileStore = current_app.extensions["files"]
    return found


def take_in(*, papers: bool = False) -> None:
    """Store the request's new photos (and PDFs and videos, where `papers`) and note their codes, and what was
    wrong with others, for the form."""
    g.new_photos, g.photo_problems = [], []
    chosen = [file for file in request.files.getlist("photos") if file and file.filename]
    if len(chosen) > MOST:
        g.photo_problems.append(_("Send at most %(count)s photos at once.", count=MOST))
        chosen = chosen[:MOST]
    for file in chosen:
        name = file.filename or ""
        try:
            g.new_photos.append(keep(signin.me(), file.stream.read(MAX_BYTES + 1), name, papers=papers))
        except (images.BadImage, BadFile) as problem:
            g.photo_problems.append(Message(REASONS[problem.reason].id, {"name": name[:60]}))
        except Refused as refusal:
            g.photo_problems.append(refusal.message)
            break
        except OSError as error:
            logging.getLogger(__name__).exception("photo could not be stored")
            raise (NoRoom if error.errno == errno.ENOSPC else ServiceUnavailable) from error


def keep(actor: Actor, raw: bytes, name: str, *, papers: bool) -> str:
    """Store one file of this person and return its code; the row is committed before the bytes are written.

    Raises BadImage or BadFile for what cannot be taken, Refused over the quota, OSError without room.
    """
    if papers and not is_photo(raw):
        kind = content_type(raw)
        return _store(raw, None, actor=actor, content_type=kind, name=name)
    picture = images.reencode_bounded(raw)
    return _store(
        picture.jpeg, picture.thumbnail, actor=actor, content_type="image/jpeg", width=picture.width,
        height=picture.height,
    )  # fmt: skip


def _store(data: bytes, thumbnail: bytes | None, *, actor: Actor, **told: Any) -> str:
    row = files.begin(actor, size=len(data), now=clock.now(), **told)
    key, code = row.key, row.code
    db.session.commit()
    try:
        store().put(key, data)
        if thumbnail is not None:
            store().put(key + ".thumb", thumbnail)
    except OSError:
        with suppress(OSError):  # then the sweep does it
            store().delete(key)
            files.forget(code)
            db.session.commit()
        raise
    return code
