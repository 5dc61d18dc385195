"""Work on many cases at once: what is to be done with those that were chosen, what became of it, undo."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Permission
from portal.domain.cases import lists
from portal.domain.desk import bulk
from portal.domain.desk.deeds import DEEDS
from portal.domain.desk.models import BulkRun, RunState, Verb
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff import desk
from portal.web.words import translate

bp = Blueprint("desk_bulk", __name__, url_prefix="/desk/bulk")

VERBS: dict[str, Message] = {
    Verb.ASSIGN: _("Give to …"),
    Verb.TAG: _("Add a tag"),
    Verb.UNTAG: _("Take a tag off"),
    Verb.PRIORITY: _("Priority"),
    Verb.REPLY: _("Write to the customers"),
    Verb.CLOSE: _("Close"),
}


@bp.get("")
@requires(Permission.CASE_NOTE)
def choose() -> Response:
    """What is to be done with the cases that were ticked."""
    args, actor = request.args, signin.me()
    codes = args.getlist("case")
    if "all" in args:
        codes = [row.code for row in desk.rows_of(actor, args, desk.filters_of(args, actor)).rows]
    return _page(args.get("do", ""), codes, request.query_string.decode())


@bp.post("")
@requires(Permission.CASE_NOTE)
def run() -> Response:
    verb, codes, back = request.form.get("do", ""), request.form.getlist("case"), request.form.get("back", "")
    if verb not in DEEDS:
        return _page(verb, codes, back, status=422)
    try:
        made = bulk.run(signin.me(), codes, verb, request.form.get("value", ""), clock.now())
    except Refused as refusal:
        db.session.rollback()
        return _page(verb, codes, back, 422, translate(refusal.message), request.form.get("value", ""))
    here = desk.address(desk.parsed(back))
    return go_to(f"/desk?{here}{'&' if here else ''}did={made.code}")


@bp.get("/<code>")
@requires(Permission.CASE_NOTE)
def show(code: str) -> Response:
    """What became of it, case by case."""
    made, now = _load(code), clock.now()
    return page(
        "staff/bulk/show.html",
        nav_current="desk",
        run=made,
        verbs=VERBS,
        done=bulk.codes_of(made),
        refused={code: _sentence(told) for code, told in made.refused.items()},
        undoable=bulk.can_undo(made, now),
        now=now,
        priorities=desk.PRIORITIES,
    )


@bp.post("/<code>/undo")
@requires(Permission.CASE_NOTE)
def undo(code: str) -> Response:
    made, here = _load(code), desk.address(desk.came_from())
    stay = bulk.undo(signin.me(), made, clock.now())
    told = (
        _("Undone; %(count)s cases stay as somebody has changed them since.", count=stay)
        if stay
        else _("Undone.")
    )
    return go_to(f"/desk?{here}" if here else "/desk", told)


def _load(code: str) -> BulkRun:
    found: BulkRun = one_or_404(bulk.limit_to(signin.me(), select(BulkRun)).where(BulkRun.code == code))
    return found


def _sentence(told: list[Any]) -> Message:
    """A reason as the run keeps it; a state's name in it is one of the catalog's own words."""
    sentence, values = told
    return Message(
        sentence,
        {name: Message(value) if isinstance(value, str) else value for name, value in values.items()},
    )


def _page(
    verb: str, codes: list[str], back: str, status: int = 200, problem: str | None = None, value: str = ""
) -> Response:
    actor = signin.me()
    try:
        good, refused = bulk.plan(actor, codes[: bulk.MOST + 1], verb) if verb in DEEDS else ([], {})
    except Refused as refusal:
        good, refused, problem, status = [], {}, translate(refusal.message), 422
    offers: dict[str, Callable[[], Any]] = {
        Verb.ASSIGN: staff_names,
        Verb.TAG: lists.tags,
        Verb.UNTAG: lists.tags,
    }
    return page(
        "staff/bulk/choose.html",
        status=status,
        nav_current="desk",
        verb=verb if verb in DEEDS else "",
        label=VERBS.get(verb, _("Many cases at once")),
        good=good,
        refused=refused,
        offers=offers[verb]() if verb in offers else None,
        priorities=desk.PRIORITIES,
        hold=DEEDS[verb].back is None if verb in DEEDS else False,
        seconds=int(bulk.HOLD.total_seconds()),
        minutes=int(bulk.UNDO.total_seconds() // 60),
        back=desk.address(desk.parsed(back)),
        problem=problem,
        value=value,
        limit=bulk.MOST,
        states=RunState,
    )
