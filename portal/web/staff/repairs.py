"""The workshop: work orders along their states, with findings and photos."""

from collections.abc import Callable

from flask import Blueprint, request
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from portal.db import db
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Permission, Role
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import queries as repair_queries
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import MOVES, NEEDS_NOTE, STATES
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form, PhotosField
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse

bp = Blueprint("work_orders", __name__, url_prefix="/desk/work-orders")


class WorkForm(Form):
    version = IntegerField(widget=HiddenInput())
    to = HiddenField()
    note = TextAreaField(_("What was found or done"), [AtMost(3000)])
    photos = PhotosField(_("Photos"))


@bp.get("")
@requires(Permission.CASE_VIEW)
def board() -> Response:
    """A technician sees the own ones first; everybody may see all."""
    actor = signin.me()
    mine = request.args.get("whose", "mine" if actor.role is Role.TECHNICIAN else "all") == "mine"
    return page(
        "staff/repairs/board.html",
        nav_current="work-orders",
        rows=repair_queries.board(actor, mine=mine),
        mine=mine,
        states=STATES,
        now=clock.now(),
    )


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    order = _load(code)
    return _page(order, WorkForm(formdata=None, version=order.version))


@bp.post("/<code>/move")
@requires(Permission.WORK_MOVE, photos=True)
def move(code: str) -> Response:
    form = WorkForm()

    def act(order: WorkOrder) -> None:
        repairs.move(
            signin.me(),
            order,
            form.to.data or "",
            note=form.note.data or "",
            photos=form.photos.data or [],
            version=form.version.data,
            now=clock.now(),
        )

    return _act(code, form, act)


@bp.post("/<code>/notes")
@requires(Permission.WORK_MOVE, photos=True)
def write(code: str) -> Response:
    form = WorkForm()
    stage = "after" if request.form.get("stage") == "after" else "before"

    def act(order: WorkOrder) -> None:
        repairs.write(
            signin.me(),
            order,
            form.note.data or "",
            photos=form.photos.data or [],
            stage=stage,
            version=form.version.data,
            now=clock.now(),
        )

    return _act(code, form, act)


@bp.post("/<code>/take")
@requires(Permission.WORK_MOVE)
def take(code: str) -> Response:
    """Give it to a technician, oneself by default."""
    order, actor = _load(code), signin.me()
    chosen = request.form.get("technician", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else actor.id
    if number not in {i for i, _name, _role in staff_names()}:
        raise Refused(_("Choose somebody who works here."))
    repairs.take(actor, order, number, clock.now())
    return go_to(f"/desk/work-orders/{code}", _("Saved."))


def _act(code: str, form: WorkForm, act: Callable[[WorkOrder], None]) -> Response:
    order = _load(code)
    if not form.validate():
        return _page(order, form, 422)
    try:
        act(order)
        db.session.flush()
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return _page(_load(code), form, 422)
    except (Stale, StaleDataError):
        db.session.rollback()
        order = _load(code)
        form.version.data = order.version
        return _page(order, form, 409)
    return go_to(f"/desk/work-orders/{code}", _("Saved."))


def _load(code: str) -> WorkOrder:
    whole = (
        joinedload(WorkOrder.technician),
        joinedload(WorkOrder.case).joinedload(Case.outlet),
        joinedload(WorkOrder.case).joinedload(Case.customer),
        joinedload(WorkOrder.case).joinedload(Case.unit).joinedload(Unit.product),
    )
    found = repair_queries.visible_to(signin.me()).where(WorkOrder.code == code).options(*whole)
    order: WorkOrder = one_or_404(found)
    return order


def _page(order: WorkOrder, form: WorkForm, status: int = 200) -> Response:
    entries, _older = cases.timeline(order.case_id, internal=True, limit=1000)
    return page(
        "staff/repairs/show.html",
        status=status,
        nav_current="work-orders",
        order=order,
        case=order.case,
        unit=order.case.unit,
        form=form,
        conflict=status == 409,
        entries=[e for e in entries if e.data.get("order") == order.code or e.event == "submit"],
        states=STATES,
        moves=MOVES[order.state],
        needs_note=NEEDS_NOTE,
        technicians=[
            (i, name)
            for i, name, role in staff_names()
            if role in (Role.TECHNICIAN, Role.MANAGER, Role.ADMIN)
        ],
    )
