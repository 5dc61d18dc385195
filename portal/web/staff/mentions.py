"""Notes in which a colleague was called: what waits for whom."""

from flask import Blueprint, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases import mentions
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.render import go_to, page, wants_block

bp = Blueprint("desk_mentions", __name__, url_prefix="/desk/mentions")


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> Response:
    before = request.args.get("before", type=int)
    found = mentions.listed(_me(), before)
    return page(
        "staff/mentions/list.html",
        nav_current="desk",
        rows=found[: mentions.PAGE],
        older=found[mentions.PAGE - 1].id if len(found) > mentions.PAGE else None,
        waiting=any(row.seen_at is None for row in found),
        first=before is None,
    )


@bp.get("/count")
@requires(Permission.CASE_VIEW)
def count() -> Response:
    """How many wait, for the desk's head."""
    signin.unattended()
    if not wants_block():
        return redirect("/desk/mentions", 303)
    return page("staff/mentions/_count.html", mentions=mentions.unseen(_me()))


@bp.post("/<int:number>")
@requires(Permission.CASE_VIEW)
def see(number: int) -> Response:
    """Open one: it is seen then."""
    code = mentions.see(_me(), number, clock.now())
    if code is None:
        raise NotFound
    return go_to(f"/desk/cases/{code}#thread")


@bp.post("/seen")
@requires(Permission.CASE_VIEW)
def see_all() -> Response:
    mentions.see_all(_me(), clock.now())
    return go_to("/desk/mentions", _("All mentions are marked as read."))


def _me() -> int:
    number = signin.me().id
    assert number is not None  # staff have one
    return number
