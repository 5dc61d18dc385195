"""Addresses that machines ask for: health, robots, and files of a page that was made before an update."""

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy import text
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from portal.db import db
from portal.web import look
from portal.web.access import public

bp = Blueprint("machines", __name__)


@bp.get("/health")
@public()
def health() -> Response:
    """`ok` when the database answers."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", content_type="text/plain")


@bp.get("/robots.txt")
@public(cacheable=True)
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain")


@bp.get("/favicon.ico")
@public(cacheable=True)
def favicon() -> AnyResponse:
    return redirect(look.current().icon, 303)


@bp.get("/assets/<build>/<path:name>")
@public()
def older_asset(build: str, name: str) -> AnyResponse:
    """The present files are served before Flask is asked.

    What comes here belongs to an older page, or to a look that another process has heard of before this one.
    """
    file = name.rpartition("/")[2]
    present: str = current_app.jinja_env.globals["assets"].root  # type: ignore[attr-defined]
    leads_to = present + name
    if file in look.FILES:
        look.forget()
        leads_to = look.current().root + file
    if leads_to == request.path:  # no such file now: no logo, or another shape of it
        raise NotFound
    return redirect(leads_to, 303)
