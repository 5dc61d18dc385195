"""The desk: the queue of cases, filtered by what stands in the address."""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, request
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
from portal.web.render import leave_for, page

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
KEEP = ("stage", "whose", "outlet", "sort", "q")


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
    """The query of the same list with some values changed; "" takes one away."""
    kept = {name: args.get(name, "") for name in KEEP} | changes
    return urlencode({name: value for name, value in kept.items() if value})


@bp.get("/desk")
@requires(Permission.CASE_VIEW)
def queue() -> Response:
    actor = signin.me()
    filters = filters_of(request.args, actor)
    exact = _exact(actor, filters.words)
    if exact:
        return leave_for(f"/desk/cases/{exact}")
    rows = cases.queue(actor, filters, paging.decode(request.args.get("after"), datetime, int))
    found = paging.cut(rows, lambda r: [r.due_at if filters.by_due else r.touched_at, r.id])
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
            }.items()
        },
        counts=cases.counts(),
        cap=COUNT_CAP,
    )


def _exact(actor: Actor, words: str) -> str | None:
    """The code of the one case that was typed in full."""
    code = normalise(words)
    if len(code) != 8 or len(words.split()) != 1:
        return None
    found = cases.visible_to(actor).with_only_columns(Case.code).where(Case.code == code)
    return db.session.scalar(found)


def next_case(actor: Actor, args: MultiDict[str, str], but: str) -> str | None:
    """The code of the first case of the same list that is not `but`."""
    rows = cases.queue(actor, filters_of(args, actor), None, limit=2)
    return next((row.code for row in rows if row.code != but), None)
