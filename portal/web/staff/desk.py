"""The desk: the queue of cases, filtered by what stands in the address."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import lists
from portal.domain.cases.lists import COUNT_CAP, OUTSIDERS, Filters
from portal.domain.desk import bulk, views
from portal.domain.workflows.engine import Priority, Stage, Who
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock, paging
from portal.kernel.codes import normalise
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.render import leave_for, page, wants_block
from portal.web.staff import first_steps
from portal.web.words import translate

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
ACTS: dict[str, Message] = {
    Who.AGENT: _("The shop acts next"),
    Who.TECHNICIAN: _("A technician acts next"),
    Who.CUSTOMER: _("Waiting for customer"),
    OUTSIDERS: _("With courier or supplier"),
}
DUE: dict[str, Message] = {
    "late": _("Late"),
    "today": _("Due today"),
    "paused": _("Clock paused"),
}
PRIORITIES: dict[str, Message] = {
    Priority.URGENT: _("Urgent"),
    Priority.HIGH: _("High"),
    Priority.NORMAL: _("Normal"),
    Priority.LOW: _("Low"),
}
WHOSE: dict[str, Message] = {"mine": _("Mine"), "nobody": _("Nobody's")}
NUMBERS = ("outlet", "product", "tag")
FILTERS = ("kind", "stage", "clock", "who", "whose", "outlet", "product", "tag", "priority")
KEEP = (*FILTERS, "sort", "q", "after")


def filters_of(args: MultiDict[str, str], actor: Actor) -> Filters:
    """What the address asks for; values that mean nothing are ignored. A whole code is looked for alone."""
    words = args.get("q", "").strip()[:100]
    if is_code(words):
        return Filters(words=words)
    whose = args.get("whose", "")
    numbers = {name: _number(args.get(name, "")) for name in NUMBERS}
    return Filters(
        stage=_one_of(STAGES, args.get("stage")),
        kind=_one_of(KINDS, args.get("kind")),
        acts=_one_of(ACTS, args.get("who")),
        clock=_one_of(DUE, args.get("clock")),
        priority=_one_of(PRIORITIES, args.get("priority")),
        assignee=actor.id if whose == "mine" else 0 if whose == "nobody" else _number(whose),
        words=words,
        by_due=args.get("sort") == "due",
        **numbers,
    )


def is_code(words: str) -> bool:
    return len(words.split()) == 1 and len(normalise(words)) == 8


def address(args: MultiDict[str, str], **changes: str) -> str:
    """The query of the same list, or of its first page with values changed; "" takes one away."""
    kept = {name: args.get(name, "") for name in KEEP}
    if changes:
        kept |= {"after": ""} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def came_from() -> MultiDict[str, str]:
    """The list that a case was opened from, as its query."""
    return parsed(request.form.get("back", "") if request.method == "POST" else request.query_string.decode())


def parsed(text: str) -> MultiDict[str, str]:
    """A query as it stood in an address."""
    return MultiDict(parse_qsl(text[:900]))


def query() -> str:
    """The same with its question mark, for links."""
    here = address(came_from())
    return f"?{here}" if here else ""


def rows_of(
    actor: Actor, args: MultiDict[str, str], filters: Filters, known: lists.Heads | None = None
) -> paging.Page[Any]:
    """The page of the queue that the address asks for."""
    after = paging.decode(args.get("after"), datetime, int)
    rows = lists.queue(actor, filters, after, clock.now(), known=known)
    return paging.cut(rows, lambda r: [r.due_at if filters.by_due else r.touched_at, r.id])


def chosen(args: MultiDict[str, str], filters: Filters, known: lists.Heads) -> list[tuple[str, str]]:
    """(label, query without it) of each filter that is on but the stage, which has a row of its own."""
    tables: dict[str, tuple[str, dict[str, Message]]] = {
        "clock": (filters.clock, DUE),
        "who": (filters.acts, ACTS),
        "priority": (filters.priority, PRIORITIES),
        "kind": (filters.kind, {name: kind.label for name, kind in KINDS.items()}),
    }
    found = [(name, translate(table[value])) for name, (value, table) in tables.items() if value]
    found += [(name, known[name][1]) for name in NUMBERS if name in known]
    if filters.assignee is not None:
        whose = args.get("whose", "")
        found.append(
            ("whose", translate(WHOSE[whose]) if whose in WHOSE else known.get("assignee", (0, "?"))[1])
        )
    if filters.by_due:
        found.append(("sort", translate(_("Due first"))))
    return [(label, address(args, **{name: ""})) for name, label in found]


@bp.get("/desk")
@requires(Permission.CASE_VIEW)
def queue() -> Response:
    actor, args = signin.me(), request.args
    filters = filters_of(args, actor)
    known = lists.heads(filters)
    found = rows_of(actor, args, filters, known)
    if is_code(filters.words) and [row.code for row in found.rows] == [normalise(filters.words)]:
        return leave_for(f"/desk/cases/{found.rows[0].code}")
    here, now = address(args), clock.now()
    run = bulk.recent(actor, args["did"], now) if "did" in args else None
    return page(
        "staff/desk.html",
        block="queue",
        nav_current="desk",
        rows=found.rows,
        states=KINDS,
        now=now,
        filters=filters,
        whose=args.get("whose", ""),
        first=not args.get("after"),
        query=f"?{here}" if here else "",
        back=here,
        next=f"/desk?{address(args, after=found.next)}" if found.next else None,
        views=_pins(actor, address(args, after="")),
        on=chosen(args, filters, known),
        run=run,
        undoable=run is not None and bulk.can_undo(run, now),
        priorities=PRIORITIES,
        kept=parse_qsl(here),
        links=_links(args),
        since=paging.encode([now]),
        first_steps=[] if found.rows or here else first_steps.ahead(actor),
        **pulse_of(args, known),
    )


def pulse_of(args: MultiDict[str, str], known: lists.Heads) -> dict[str, Any]:
    """What the row of stages shows, which is refreshed while the desk is open."""
    return {
        "chips": [(address(args, stage=stage), label, stage) for stage, label in STAGES.items()],
        "counts": known,
        "cap": COUNT_CAP,
        "all_open": address(args, stage=""),
    }


@bp.get("/desk/lane")
@requires(Permission.CASE_VIEW)
def lane() -> Response:
    """The queue as the column beside a case, which htmx puts there; whoever opens it alone gets the desk."""
    if not wants_block():
        return redirect(f"/desk{query()}", 303)
    actor = signin.me()
    found = rows_of(actor, request.args, filters_of(request.args, actor))
    return page(
        "staff/cases/lane.html",
        rows=found.rows,
        next=address(request.args, after=found.next) if found.next else None,
        states=KINDS,
        now=clock.now(),
        query=query(),
    )


def next_case(actor: Actor, args: MultiDict[str, str], case: Any) -> str | None:
    """The code of the case that follows `case` in the list; after the last one, of the first."""
    filters, now = filters_of(args, actor), clock.now()
    place = case.due_at if filters.by_due else case.touched_at
    rows = lists.queue(actor, filters, [place, case.id], now, limit=1) if place else []
    rows = rows or lists.queue(actor, filters, None, now, limit=2)
    return next((row.code for row in rows if row.code != case.code), None)


def _pins(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    """(name, query, whether it is the present one) of every view."""
    saved = [(view.name, view.query) for view in views.listed(actor)]
    pins = [*((translate(name), asked) for asked, name in views.STANDARD.items()), *saved]
    return [(name, asked, asked == here) for name, asked in pins]


def _links(args: MultiDict[str, str]) -> dict[str, str]:
    changes = {
        "nobody": {"whose": "nobody"}, "due": {"sort": "due"}, "newest": {"sort": ""}, "first": {"after": ""},
        "unsearched": {"q": ""},
    }  # fmt: skip
    return {name: address(args, **change) for name, change in changes.items()}


def _one_of(known: Any, value: str | None) -> str:
    return value if value is not None and value in known else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
