"""Files that come in one by one, and stored ones, to those who may see what they hang on."""

from io import BytesIO
from typing import Any

from flask import Blueprint, g, redirect, request, send_file
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.adapters.attachments import MAX_BYTES, PDF
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import queries as cases
from portal.domain.claims import queries as claims
from portal.domain.files.actions import owner_of
from portal.domain.files.models import FileState, StoredFile
from portal.domain.units import queries as units
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import PhotosField
from portal.web.load import row_or_404
from portal.web.render import page
from portal.web.uploads import store
from portal.web.words import translate

bp = Blueprint("photos", __name__)

_FILE = select(StoredFile.key, StoredFile.content_type, StoredFile.name, StoredFile.state, StoredFile.owner)
THUMBNAIL = "image/jpeg"


@bp.get("/photos/<code>")
@requires(Permission.PHOTO_VIEW)
def show(code: str) -> Response:
    row = _load(code)
    if request.args.get("size") != "thumb":
        return _send(row.key, row.content_type, row.name)
    if not row.content_type.startswith("image/"):
        raise NotFound
    return _send(row.key + ".thumb", THUMBNAIL, "")


@bp.post("/photos")
@requires(Permission.PHOTO_VIEW, photos=True)
def add() -> Response:
    """One photo, sent while a form is open; the form takes it along by its code."""
    return taken()


@bp.post("/files")
@requires(Permission.PHOTO_VIEW, papers=True, largest=MAX_BYTES + 100_000)
def add_file() -> Response:
    """The same for a form that takes PDFs and videos too."""
    return taken()


@bp.get("/photos/<code>/taken")
@requires(Permission.PHOTO_VIEW)
def again(code: str) -> Response:
    """The same answer as when it was sent, for the form that did not hear it; the photo itself for others."""
    _load(code)
    return _item(code) if request.headers.get("HX-Request") else redirect(f"/photos/{code}")


def taken() -> Response:
    """The photo of this request as an entry of the form's list, or why it was not taken (422)."""
    if g.photo_problems or not g.new_photos:
        said = translate(g.photo_problems[0]) if g.photo_problems else gettext("Choose a photo.")
        return Response(said, 422, content_type="text/plain; charset=utf-8")
    answer = _item(g.new_photos[0])
    answer.headers["Location"] = f"/photos/{g.new_photos[0]}/taken"
    return answer


def _load(code: str) -> Any:
    actor = signin.me()
    row = row_or_404(_FILE.where(StoredFile.code == code))
    if not _is_visible(actor, code, pending=row.state == FileState.PENDING, own=row.owner == owner_of(actor)):
        raise NotFound
    return row


def _item(code: str) -> Response:
    return page("ui/photo.html", photo=PhotosField.shown([code])[0])


def _is_visible(actor: Actor, code: str, *, pending: bool, own: bool) -> bool:
    """A photo that hangs nowhere yet is its uploader's alone."""
    if pending:
        return own
    if cases.photo_is_visible(actor, code) or units.photo_is_visible(actor, code):
        return True
    return own and actor.is_customer and claims.drafts_hold(actor, code)


def _send(key: str, content_type: str, name: str) -> Response:
    """The bytes as what they are, a video in parts if a player asks so; a PDF is never opened in our name."""
    path = None if content_type.startswith("image/") else store().path(key)
    try:
        answer = send_file(
            path if path is not None else BytesIO(store().get(key)),
            content_type,
            as_attachment=content_type == PDF,
            download_name=name or None,
            conditional=True,
            etag=False,
        )
    except (KeyError, FileNotFoundError):
        raise NotFound from None
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers.setdefault("Content-Disposition", "inline")
    return answer
