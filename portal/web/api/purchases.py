"""The API's way in: a till records one sale or many, and has the codes for its receipts in the answer."""

import json
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, request

from portal.domain.intake import answers, writer
from portal.domain.intake.answers import Answer, UnderWay
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import bearer, problems
from portal.web.access import machine
from portal.web.api import reading, telling
from portal.web.api.reading import Read
from portal.web.problems import Problem

bp = Blueprint("api_purchases", __name__, url_prefix="/api/v1/purchases")


@bp.post("")
@machine("purchases:write")
def record() -> Response:
    """The body is read and checked before the database is touched; good sales of a batch go through."""
    forms, paper = telling.forms_asked()
    key = _key()
    raw, found = reading.read()
    if not found.batch and found.wrong:
        return _refused(found)
    try:
        first = _first_answer(key, raw)
    except UnderWay as refusal:
        busy = problems.answer(409, refusal.message)
        busy.headers["Retry-After"] = "5"
        return busy
    told = json.loads(first.body) if first else telling.entries(found, _bring(found))
    if not found.batch and found.wrong:
        return _refused(found)
    answer = telling.answer(told, batch=found.batch, forms=forms, paper=paper)
    if first:
        answer.headers["Idempotent-Replayed"] = "true"
    elif key:
        answers.settle(bearer.caller().token_id, key, Answer(answer.status_code, json.dumps(told)))
    return answer


def _bring(found: Read) -> dict[int, Any]:
    places = list(found.sales)
    brought = writer.bring([found.sales[place] for place in places], clock.now(), source="api")
    return dict(zip(places, brought, strict=True))


def _key() -> str | None:
    """The request's Idempotency-Key. Raises Problem for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= answers.LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Problem(400, _("An Idempotency-Key has 1 to %(most)s signs.", most=answers.LONGEST_KEY))
    return key


def _first_answer(key: str | None, raw: bytes) -> Answer | None:
    if key is None:
        return None
    return answers.claim(bearer.caller().token_id, key, sha256(raw).digest(), clock.now())


def _refused(found: Read) -> Response:
    errors = found.wrong[0]
    return problems.answer(422, errors[0]["detail"], errors)
