"""One place for what every request and answer must satisfy: host, origin, input, headers, error pages."""

import logging
import secrets
import time
from urllib.parse import urlsplit

import structlog
from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain import news
from portal.kernel.errors import Refused, Stale, TooMany
from portal.kernel.text import Message, _
from portal.web import access, kept, problems, signin
from portal.web.render import page
from portal.web.transaction import reading

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
TOO_LARGE_FILE = _("A file of sales can have up to 200 MB. Export a shorter period, or pack it as csv.gz.")
log = structlog.get_logger("purna.web")

# (stamp, title, sentence) for each error a person may meet
ERRORS: dict[int, tuple[Message, Message, Message]] = {
    400: (
        _("Incomplete"),
        _("That did not arrive complete"),
        _("Please go back, reload the page and try again."),
    ),
    403: (
        _("Restricted"),
        _("This is not for your role"),
        _("If you need it for your work, ask an admin of your shop."),
    ),
    404: (
        _("Not found"),
        _("Nothing is here"),
        _("Check the address or the code. If it came from a message, ask the shop for a new one."),
    ),
    405: (
        _("Not possible"),
        _("That is not possible here"),
        _("Please go back and use the buttons on the page."),
    ),
    409: (_("Changed"), _("This has just changed"), _("Please reload the page to see how it stands now.")),
    410: (
        _("Link expired"),
        _("This link has expired"),
        _("The shop has replaced it. Ask the shop for a new receipt or link."),
    ),
    413: (
        _("Too large"),
        _("That is too large"),
        _("Send fewer or smaller photos: at most ten, 10 MB each."),
    ),
    415: (_("Unreadable"), _("That cannot be read"), _("Please use the form on the page.")),
    429: (_("Wait a moment"), _("Too many tries"), _("Please wait a few minutes, then try again.")),
    500: (
        _("Out of order"),
        _("Something went wrong on our side"),
        _("Nothing was changed. Please try again in a moment."),
    ),
    503: (_("Busy"), _("The portal is busy"), _("Nothing is lost. Please try again in a moment.")),
    507: (
        _("Full"),
        _("There is no room to store this"),
        _("Nothing that was saved before is lost. Please tell the shop."),
    ),
}


def init_app(app: Flask) -> None:
    app.before_request(_check)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(problems.Problem, problems.told)
    app.register_error_handler(Stale, lambda error: error_page(409))
    app.register_error_handler(IntegrityError, _twin)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(OverflowError, _unfit)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(TimeoutError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _check() -> None:
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    if problems.wanted():
        problems.speak()
    if request.host not in current_app.config["HOSTS"]:
        abort(Response("Unknown host.\n", 400, content_type="text/plain"))
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)
    declared = _declared()
    if request.method not in ("GET", "HEAD", "OPTIONS") and not (declared and declared.machine):
        origin = request.headers.get("Origin")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(400)
        if origin and origin != "null" and urlsplit(origin).netloc != request.host:
            abort(400)
        _admit_large()


def _admit_large() -> None:
    """A large body is taken only from those who may send it; that is known before a byte of it is read."""
    declared = _declared()
    if declared is not None and declared.largest and declared.permission:
        with reading():
            actor = signin.actor_or_none()
        if actor is not None and actor.may(declared.permission):
            request.max_content_length = declared.largest


def _finish(answer: Response) -> Response:
    headers = answer.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    declared = _declared()
    headers.setdefault("Referrer-Policy", "no-referrer" if declared and declared.paper else "same-origin")
    if declared is None or not declared.cacheable or answer.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if answer.status_code in (429, 503):
        headers["Retry-After"] = "30"
    headers["X-Request-ID"] = g.get("request_id", "")
    if log_enabled():
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else "-",
            about=(request.view_args or {}).get("code"),
            status=answer.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else None,
            request_id=g.get("request_id"),
            who=_who(),
        )
    return answer


def _who() -> str:
    if "caller" in g:
        return f"token:{g.caller.code}"
    person = g.get("_login_user")
    return signin.visitor() if person is not None and person.is_authenticated else "-"


def log_enabled() -> bool:
    return logging.getLogger("purna").isEnabledFor(logging.INFO)


def _declared() -> access.Access | None:
    return access.of(current_app, request.endpoint) if request.endpoint else None


def error_page(status: int, sentence: Message | None = None) -> Response:
    """A page, its inner block for htmx, problem details for a machine; with the request id, no trace."""
    if problems.wanted():
        return problems.answer(status, sentence)
    stamp, title, default = ERRORS.get(status, ERRORS[500])
    return page(
        "errors/error.html", block="lost", status=status, stamp=stamp, heading=title,
        sentence=sentence or default, request_id=g.get("request_id"), code=status,
    )  # fmt: skip


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    if status < 400:
        return error.get_response()
    declared = _declared()
    sales = status == 413 and declared and declared.largest and not declared.papers
    sentence = TOO_LARGE_FILE if sales else None
    answer = error_page(status, sentence)
    if status == 405:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _csrf_error(error: CSRFError) -> Response:
    if kept.texts():
        return kept.give_back(
            _("This page was open too long"),
            _("Nothing was sent. Copy what you wrote and paste it on the fresh page."),
            (kept.back() or "/", _("Open the page again")),
            400,
        )
    return error_page(
        400,
        _(
            "This page was open too long. Go back, reload it and send it again; "
            "your browser keeps what you wrote."
        ),
    )


def _refused(error: Refused) -> Response:
    return error_page(429 if isinstance(error, TooMany) else 409, error.message)


def _twin(error: IntegrityError) -> Response:
    """Two did the same at once and the database let one pass; the other sees how it stands now."""
    _forget()
    what = str(error.orig).partition("\n")[0]  # the details of PostgreSQL quote the row
    log.warning("twin", error=what, request_id=g.get("request_id"))
    return error_page(409)


def _unfit(error: Exception) -> Response:
    """A number that no row can have or a sign that cannot be stored: no page of ours sends it."""
    _forget()
    log.warning("unfit", error=type(error).__name__, request_id=g.get("request_id"))
    return error_page(400)


def _database_away(error: Exception) -> Response:
    _forget()
    log.error("database", error=type(error).__name__, request_id=g.get("request_id"))
    return error_page(503)


def _unexpected(error: Exception) -> Response:
    if current_app.testing:
        raise error
    _forget()
    log.exception("unexpected", request_id=g.get("request_id"))
    return error_page(507 if isinstance(error, OSError) and error.errno == 28 else 500)


def _forget() -> None:
    db.session.rollback()
    news.take()
