"""What tills send: checked by its signature before anything of it is read, then kept and folded."""

from typing import Any

from flask import Blueprint, Response, after_this_request, current_app, request
from sqlalchemy import select

from portal import jobs
from portal.adapters.pos.registry import FORMATS
from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts import limits
from portal.domain.accounts.rules import MISSES_AN_ADDRESS
from portal.domain.intake import hooks
from portal.domain.intake.models import Connection
from portal.domain.intake.tills import BROKEN
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import problems
from portal.web.access import machine
from portal.web.printed import public_address
from portal.web.transaction import apart, reading

bp = Blueprint("api_hooks", __name__)
LARGEST = 2 * 1024 * 1024


@bp.post("/hooks/<code>")
@machine(None)
def receive(code: str) -> Response:
    """200 for whatever is signed, of a known kind or not; its twin changes nothing."""
    request.max_content_length = LARGEST
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    with reading():
        found = db.session.scalar(select(Connection).where(Connection.code == code))
        db.session.close()  # `found` is detached: the write lock is not taken for strangers
    if found is None:
        return problems.answer(404)
    if found.ended_at is not None:
        return problems.answer(410, _("The shop has ended this connection."))
    form = FORMATS[found.format]
    if form.ping(headers, body):
        return _taken()
    secrets: Secrets = current_app.extensions["vault"].open(found.sealed)
    if not form.verify(headers, body, secrets.keys, _address()):
        return _stranger()
    return _keep(found, headers, body, secrets)


def _keep(found: Connection, headers: dict[str, str], body: bytes, secrets: Secrets) -> Response:
    form, now = FORMATS[found.format], clock.now()
    try:
        told = form.read(headers, body, now)
    except Refused as refusal:
        return problems.answer(400, refusal.message)
    except BROKEN:
        return problems.answer(422, _("This is JSON, but not in the shape that this kind of till sends."))
    connection = db.session.get_one(Connection, found.id)
    if hooks.receive(connection, form, told, now, asks=bool(secrets.token)):
        after_this_request(_ask)
    return _taken()


def _address() -> str:
    """The address as the till knows it: from the configuration, never from the Host header."""
    query = request.query_string.decode("ascii", "replace")
    return public_address(request.path) + (f"?{query}" if query else "")


def _taken() -> Response:
    return Response("ok\n", content_type="text/plain")


def _stranger() -> Response:
    apart(lambda: limits.hit(MISSES_AN_ADDRESS, "hook", request.remote_addr or ""))
    answer = problems.answer(
        401, _("The signature does not match. The key at the till has to be the one that the shop entered.")
    )
    answer.headers["WWW-Authenticate"] = "Signature"
    return answer


def _ask(answer: Any) -> Any:
    """After the commit: what is not known yet is asked for at once."""
    jobs.nudge("ask_tills")
    return answer
