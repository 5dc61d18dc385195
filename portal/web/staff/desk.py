"""The desk: the queue of cases, filtered by what stands in the address."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.cases.queries import COUNT_CAP, Filters
from portal.domain.workflows.engine import Stage
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock, paging
from portal.kernel.codes import normalise
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.render import leave_for, page, wants_block

bp = Blueprint("desk", __name__)

STAGES: dict[str, Message] = {
    Stage.NEW: _("New"),
    Stage.REVIEW: _("Under review"),
    Stage.CUSTOMER: _("With the customer"),
    Stage.ITEM: _("Item with us"),
    Stage.DECIDED: _("Decided"),
    Stage.WORK: _("In progress"),
    Stage.OUT: _("Ready or sent"),
    Stage.CLOSED: _("Closed"),
}
KEEP = ("stage", "whose", "outlet", "sort", "q", "after")


def filters_of(args: MultiDict[str, str], actor: Actor) -> Filters:
    """What the address asks for; values that mean nothing are ignored."""
    whose, outlet = args.get("whose", ""), args.get("outlet", "")
    return Filters(
        stage=args["stage"] if args.get("stage") in STAGES else "",
        assignee=actor.id if whose == "mine" else 0 if whose == "nobody" else None,
        outlet=int(outlet) if outlet.isdecimal() and len(outlet) < 10 else None,
        words=args.get("q", "").strip()[:100],
        by_due=args.get("sort") == "due",
    )


def address(args: MultiDict[str, str], **changes: str) -> str:
    """The query of the same list, or of its first page with values changed; "" takes one away."""
    kept = {name: args.get(name, "") for name in KEEP}
    if changes:
        kept |= {"after": ""} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def came_from() -> MultiDict[str, str]:
    """The list that a case was opened from, as its query."""
    text = request.form.get("back", "") if request.method == "POST" else request.query_string.decode()
    return MultiDict(parse_qsl(text[:900]))


def query() -> str:
    """The same with its question mark, for links."""
    here = address(came_from())
    return f"?{here}" if here else ""


def rows_of(actor: Actor, args: MultiDict[str, str]) -> paging.Page[Any]:
    """The page of the queue that the address asks for."""
    filters = filters_of(args, actor)
    rows = cases.queue(actor, filters, paging.decode(args.get("after"), datetime, int))
    return paging.cut(rows, lambda r: [r.due_at if filters.by_due else r.touched_at, r.id])


@bp.get("/desk")
@requires(Permission.CASE_VIEW)
def queue() -> Response:
    actor = signin.me()
    filters = filters_of(request.args, actor)
    exact = _exact(actor, filters.words)
    if exact:
        return leave_for(f"/desk/cases/{exact}")
    found = rows_of(actor, request.args)
    here = address(request.args)
    return page(
        "staff/desk.html",
        block="queue",
        nav_current="desk",
        rows=found.rows,
        states=KINDS,
        now=clock.now(),
        filters=filters,
        whose=request.args.get("whose", ""),
        first=not request.args.get("after"),
        query=f"?{here}" if here else "",
        next=f"/desk?{address(request.args, after=found.next)}" if found.next else None,
        chips=[(address(request.args, stage=stage), label, stage) for stage, label in STAGES.items()],
        links={
            name: address(request.args, **change)
            for name, change in {
                "all": {"stage": ""},
                "mine": {"whose": "mine"},
                "nobody": {"whose": "nobody"},
                "anyone": {"whose": ""},
                "due": {"sort": "due"},
                "newest": {"sort": ""},
                "first": {"after": ""},
            }.items()
        },
        counts=cases.counts(),
        cap=COUNT_CAP,
    )


@bp.get("/desk/lane")
@requires(Permission.CASE_VIEW)
def lane() -> Response:
    """The queue as the column beside a case, which htmx puts there; whoever opens it alone gets the desk."""
    if not wants_block():
        return redirect(f"/desk{query()}", 303)
    found = rows_of(signin.me(), request.args)
    return page(
        "staff/cases/lane.html",
        rows=found.rows,
        next=address(request.args, after=found.next) if found.next else None,
        states=KINDS,
        now=clock.now(),
        query=query(),
    )


def _exact(actor: Actor, words: str) -> str | None:
    """The code of the one case that was typed in full."""
    code = normalise(words)
    if len(code) != 8 or len(words.split()) != 1:
        return None
    found = cases.visible_to(actor).with_only_columns(Case.code).where(Case.code == code)
    return db.session.scalar(found)


def next_case(actor: Actor, args: MultiDict[str, str], case: Any) -> str | None:
    """The code of the case that follows `case` in the list; after the last one, of the first."""
    filters = filters_of(args, actor)
    place = case.due_at if filters.by_due else case.touched_at
    rows = cases.queue(actor, filters, [place, case.id], limit=1) if place else []
    rows = rows or cases.queue(actor, filters, None, limit=2)
    return next((row.code for row in rows if row.code != case.code), None)
