"""Stored photos, to those who may see what they hang on."""

from flask import Blueprint, Response, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import queries as cases
from portal.domain.claims import queries as claims
from portal.domain.files.actions import owner_of
from portal.domain.files.models import FileState, StoredFile
from portal.domain.units import queries as units
from portal.web import signin
from portal.web.access import requires
from portal.web.load import row_or_404
from portal.web.uploads import store

bp = Blueprint("photos", __name__)

_FILE = select(StoredFile.key, StoredFile.content_type, StoredFile.state, StoredFile.owner)


@bp.get("/photos/<code>")
@requires(Permission.PHOTO_VIEW)
def show(code: str) -> Response:
    actor = signin.me()
    row = row_or_404(_FILE.where(StoredFile.code == code))
    if not _is_visible(actor, code, pending=row.state == FileState.PENDING, own=row.owner == owner_of(actor)):
        raise NotFound
    thumb = request.args.get("size") == "thumb"
    return _send(row.key + ".thumb" if thumb else row.key, "image/jpeg" if thumb else row.content_type)


def _is_visible(actor: Actor, code: str, *, pending: bool, own: bool) -> bool:
    """A photo that hangs nowhere yet is its uploader's alone."""
    if pending:
        return own
    if cases.photo_is_visible(actor, code) or units.photo_is_visible(actor, code):
        return True
    return own and actor.is_customer and claims.drafts_hold(actor, code)


def _send(key: str, content_type: str) -> Response:
    try:
        answer = Response(store().get(key), content_type=content_type)
    except KeyError:
        raise NotFound from None
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Content-Disposition"] = "inline"
    return answer
