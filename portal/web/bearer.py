"""The machine behind a request: known by its token alone; a cookie means nothing here."""

from contextlib import suppress

from flask import Response, abort, g, request
from sqlalchemy.exc import OperationalError

from portal.domain.accounts import limits, tokens
from portal.domain.accounts.rules import MISSES_AN_ADDRESS, SCOPES
from portal.domain.accounts.tokens import Caller
from portal.kernel import clock
from portal.web import problems
from portal.web.transaction import apart, reading

LARGEST = 5 * 1024 * 1024  # of a body


def check(scope: str) -> None:
    """Let in who shows a token with this scope, before anything of the body is read.

    Aborts with 401 or 403. Only misses count for the limit of an address, which raises TooMany.
    """
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    shown = text.strip() if kind.lower() == "bearer" else ""
    with reading():
        found = tokens.recognise(shown, clock.now()) if shown else None
    if found is None:
        if shown:
            apart(lambda: limits.hit(MISSES_AN_ADDRESS, "token", request.remote_addr or ""))
        abort(_challenge(401, 'error="invalid_token"' if shown else ""))
    g.caller = found
    if not found.actor.may(SCOPES[scope]):
        abort(_challenge(403, f'error="insufficient_scope", scope="{scope}"'))


def caller() -> Caller:
    """Whose token it is; only behind @machine with a scope."""
    found: Caller = g.caller
    return found


def note_use() -> None:
    """Once a minute, after the answer was made and apart from it."""
    found: Caller | None = g.get("caller")
    if found is not None and found.stale:
        with suppress(OperationalError):  # a busy database must not cost anybody an answer
            apart(lambda: tokens.used(found.token_id, clock.now()))


def _challenge(status: int, why: str) -> Response:
    answer = problems.answer(status)
    answer.headers["WWW-Authenticate"] = ", ".join(part for part in ('Bearer realm="purna"', why) if part)
    return answer
