"""Photos on their way in: re-encoded and stored before the request's transaction begins.

A photo that was taken in stays usable for a day, so a form that has to be sent again does not lose it.
"""

import errno
import logging
from contextlib import suppress

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from portal.adapters import images
from portal.adapters.filestore import FileStore
from portal.db import db
from portal.domain.files import actions as files
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import signin

MOST = 10  # photos in one request
LARGEST = 10 * 1024 * 1024

REASONS = {
    "not_an_image": _("%(name)s is not a photo that can be read. Send a JPEG, PNG, WebP or HEIC."),
    "too_large_bytes": _("%(name)s is larger than 10 MB. Choose a smaller photo."),
    "too_many_pixels": _("%(name)s has more than 40 megapixels. Choose a smaller photo."),
    "broken": _("%(name)s is damaged and cannot be read. Take the photo again."),
}


class NoRoom(HTTPException):
    """The disk is full."""

    code = 507


def store() -> FileStore:
    found: FileStore = current_app.extensions["files"]
    return found


def take_in() -> None:
    """Store the request's new photos and note their codes, and what was wrong with others, for the form."""
    g.new_photos, g.photo_problems = [], []
    chosen = [file for file in request.files.getlist("photos") if file and file.filename]
    if len(chosen) > MOST:
        g.photo_problems.append(_("Send at most %(count)s photos at once.", count=MOST))
        chosen = chosen[:MOST]
    for file in chosen:
        try:
            g.new_photos.append(_take(file))
        except images.BadImage as problem:
            g.photo_problems.append(Message(REASONS[problem.reason].id, {"name": (file.filename or "")[:60]}))
        except Refused as refusal:
            g.photo_problems.append(refusal.message)
            break
        except OSError as error:
            logging.getLogger(__name__).exception("photo could not be stored")
            raise (NoRoom if error.errno == errno.ENOSPC else ServiceUnavailable) from error


def _take(file: FileStorage) -> str:
    raw = file.stream.read(LARGEST + 1)
    picture = images.reencode_bounded(raw)
    row = files.begin(
        signin.me(), size=len(picture.jpeg), width=picture.width, height=picture.height,
        content_type="image/jpeg", now=clock.now(),
    )  # fmt: skip
    key = row.key
    code = row.code
    db.session.commit()
    try:
        store().put(key, picture.jpeg)
        store().put(key + ".thumb", picture.thumbnail)
    except OSError:
        with suppress(OSError):  # then the sweep does it
            store().delete(key)
            files.forget(code)
            db.session.commit()
        raise
    return code
