"""What couriers send: checked by its signature before anything of it is read, then kept and folded."""

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select

from portal.adapters.couriers.registry import COURIERS
from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts import limits
from portal.domain.accounts.rules import MISSES_AN_ADDRESS
from portal.domain.shipments import events
from portal.domain.shipments.models import CourierAccount
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import problems
from portal.web.access import machine
from portal.web.transaction import apart, reading

bp = Blueprint("api_couriers", __name__)
LARGEST = 2 * 1024 * 1024
_STRANGER = _("The signature does not match. The key at the courier has to be the one that the shop entered.")


@bp.post("/hooks/couriers/<code>")
@machine(None)
def receive(code: str) -> Response:
    """200 for whatever is signed, readable or not: a courier that is told otherwise stops sending."""
    request.max_content_length = LARGEST
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    with reading():
        found = db.session.scalar(select(CourierAccount).where(CourierAccount.code == code))
        db.session.close()  # `found` is detached: the write lock is not taken for strangers
    if found is None:
        _missed()
        return problems.answer(404)
    if found.ended_at is not None:
        return problems.answer(410, _("The shop has ended this connection."))
    courier, now = COURIERS[found.format], clock.now()
    if courier.ping(headers, body):
        return _taken()
    secrets: Secrets = current_app.extensions["vault"].open(found.sealed)
    try:
        if not courier.verify(headers, body, secrets.keys, now):
            return _turned_away(_STRANGER)
    except Refused as refusal:
        return _turned_away(refusal.message)
    events.receive(found, COURIERS, courier.read(headers, body, now), now)
    return _taken()


def _taken() -> Response:
    return Response("ok\n", content_type="text/plain")


def _turned_away(why: Message) -> Response:
    _missed()
    answer = problems.answer(401, why)
    answer.headers["WWW-Authenticate"] = "Signature"
    return answer


def _missed() -> None:
    """Raises TooMany for an address that misses again and again."""
    apart(lambda: limits.hit(MISSES_AN_ADDRESS, "hook", request.remote_addr or ""))
