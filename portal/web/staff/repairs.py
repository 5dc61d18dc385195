"""The workshop's lists, and one work order with its steps, notes and time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Actor, Permission, Role
from portal.domain.cases import queries as cases
from portal.domain.estimates.rules import STATES as ESTIMATE_STATES
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import queries, rules, times
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.money import totals
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.paging import PAGE_SIZE, Page, cut, decode
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.render import go_to, page
from portal.web.staff.repair_forms import BILLINGS, KINDS, PROOFS, TimeForm, WorkForm
from portal.web.staff.repair_page import act, load, shown

bp = Blueprint("work_orders", __name__, url_prefix="/desk/work-orders")

AT_THE_BENCH = (Role.TECHNICIAN, Role.MANAGER, Role.ADMIN)
LISTS: dict[str, Message] = {
    "mine": _("Mine"), "all": _("Everybody's"), "ready": _("To collect"), "shelf": _("On the shelf"),
    "away": _("At suppliers"), "lent": _("Lent"),
}  # fmt: skip
WHOLE: dict[str, Callable[[Actor], list[Any]]] = {
    "mine": queries.mine, "away": queries.away, "lent": queries.lent,
}  # fmt: skip
# The others come in pages, by this column.
PAGED: dict[str, tuple[Callable[..., list[Any]], str]] = {
    "all": (queries.board, "touched_at"), "ready": (queries.ready, "ready_at"),
    "shelf": (queries.shelf, "received_at"),
}  # fmt: skip


@bp.get("")
@requires(Permission.CASE_VIEW)
def board() -> Response:
    """A technician sees the own ones first; what is typed or scanned opens a work order or lists some."""
    actor, now = signin.me(), clock.now()
    words = request.args.get("q", "").strip()[:60]
    name = request.args.get("whose", "mine" if actor.role is Role.TECHNICIAN else "all")
    name = name if name in LISTS else "all"
    found = Page(queries.find(actor, _scanned(words))[:PAGE_SIZE], None) if words else _listed(actor, name)
    if words and len(found.rows) == 1:
        return go_to(f"/desk/work-orders/{found.rows[0].code}")
    mine, today = name == "mine" and not words, clock.day_in("Asia/Jakarta", now)
    first = found.rows[0] if mine and found.rows else None
    if first and first.state not in rules.AT_HAND and not first.part_is_here:
        first = None  # others have to act
    return page(
        "staff/repairs/board.html", nav_current="work-orders", found=found, name="found" if words else name,
        first=first, lists=LISTS, words=words, counts=queries.counts(today), states=rules.STATES,
        next_of=rules.NEXT, running=times.running(actor.id) if mine else None, now=now, today=today,
    )  # fmt: skip


@bp.post("/mine/next")
@requires(Permission.WORK_MOVE)
def take_next() -> Response:
    order = repairs.take_next(signin.me(), clock.now())
    if order is None:
        return go_to("/desk/work-orders?whose=all", _("Nothing waits for a technician now."), "waiting")
    return go_to(f"/desk/work-orders/{order.code}", _("This one is yours now."))


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    order = load(code)
    return _page(order, WorkForm(formdata=None, version=order.version), 200)


@bp.post("/<code>/move")
@requires(Permission.WORK_MOVE, photos=True)
def move(code: str) -> Response:
    form = WorkForm()

    def do(order: WorkOrder) -> None:
        repairs.move(
            signin.me(), order, form.to.data or "", note=form.note.data or "",
            photos=form.photos.data or [], version=form.version.data, now=clock.now(),
        )  # fmt: skip

    return act(code, form, do, _page)


@bp.post("/<code>/notes")
@requires(Permission.WORK_MOVE, photos=True)
def write(code: str) -> Response:
    form = WorkForm()
    stage = "after" if request.form.get("stage") == "after" else "before"

    def do(order: WorkOrder) -> None:
        repairs.write(
            signin.me(), order, form.note.data or "", photos=form.photos.data or [], stage=stage,
            version=form.version.data, now=clock.now(),
        )  # fmt: skip

    return act(code, form, do, _page)


@bp.post("/<code>/take")
@requires(Permission.WORK_MOVE)
def take(code: str) -> Response:
    """Give it to a technician, oneself by default."""
    order, actor = load(code), signin.me()
    chosen = request.form.get("technician", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else actor.id
    if number not in {i for i, _name, _role in staff_names()}:
        raise Refused(_("Choose somebody who works here."))
    repairs.take(actor, order, number, clock.now())
    return go_to(f"/desk/work-orders/{code}", _("Saved."))


@bp.post("/<code>/time")
@requires(Permission.WORK_MOVE)
def time(code: str) -> Response:
    """Start or stop one's clock, or write minutes by hand; whoever starts has begun to look for the cause."""
    form, what = TimeForm(), request.form.get("what", "")

    def do(order: WorkOrder) -> None:
        actor, now = signin.me(), clock.now()
        if what == "start":
            times.start(actor, order, now)
            if order.state == rules.S.OPEN:
                repairs.move(actor, order, rules.S.DIAGNOSING, now=now)
        elif what == "stop":
            times.stop(actor, order, now)
        else:
            times.add(actor, order, form.minutes.data, form.note.data or "", now)

    said = {"start": _("The clock runs."), "stop": _("The clock stands still.")}.get(what)
    return act(code, form, do, lambda order, bad, status: _page(order, None, status, bad), said)


def _page(order: WorkOrder, form: Form | None, status: int, time_form: Form | None = None) -> Response:
    actor = signin.me()
    entries, _older = cases.timeline(order.case_id, internal=True, limit=1000)
    lines, beside = queries.lines(order.id), queries.beside(order.id, actor.id)
    return shown(
        "show", order, status, form=form or WorkForm(formdata=None, version=order.version),
        entries=[e for e in entries if e.data.get("order") == order.code or e.event == "submit"],
        intake_photos=[p for e in entries if e.event == "taken_in" for p, _stage in e.photos],
        moves=rules.buttons(order.state), next_of=rules.NEXT,
        part_is_here=order.state == rules.S.WAITING_PARTS and _is_here(lines),
        to_collect=order.state in rules.TO_COLLECT, ended=order.state in rules.ENDED,
        may_send=rules.S.AT_SUPPLIER in rules.MOVES[order.state], lines=lines, totals=totals(lines),
        beside=beside, estimate_states=ESTIMATE_STATES, kinds=KINDS, billings=BILLINGS, proofs=PROOFS,
        now=clock.now(),
        today=clock.day_in(order.case.outlet.timezone, clock.now()),
        time_form=time_form or TimeForm(formdata=None),
        strokes=rules.strokes(order.signature) if order.signature else (),
        technicians=[(i, name) for i, name, role in staff_names() if role in AT_THE_BENCH],
    )  # fmt: skip


def _is_here(lines: list[Any]) -> bool:
    """Whether every part of the catalogue that is needed is set aside."""
    parts = [line for line in lines if line.part_id]
    return bool(parts) and all(line.stock for line in parts)


def _scanned(words: str) -> str:
    """The code in the address of a label, or what was typed."""
    return words.rsplit("/", 1)[-1] if "/desk/work-orders/" in words else words


def _listed(actor: Actor, name: str) -> Page[Any]:
    if name in WHOLE:
        return Page(WHOLE[name](actor), None)
    read, column = PAGED[name]
    rows = read(actor, after=decode(request.args.get("after"), datetime, int))
    return cut(rows, lambda row: [getattr(row, column), row.id])
