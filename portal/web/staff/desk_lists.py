"""Beside the desk's queue: the panel of filters, saved views, and what came in while it is open."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField

from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Permission
from portal.domain.cases import lists
from portal.domain.catalog import queries as catalog
from portal.domain.desk import views
from portal.domain.desk.models import SavedView
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock, paging
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, wants_block
from portal.web.staff import desk
from portal.web.staff.saving import save, version_field

bp = Blueprint("desk_lists", __name__, url_prefix="/desk")

FIRST_LOOK, LONGEST = 20, 160  # seconds between two looks; twice as long each time nothing came
PRODUCTS = 12  # offered for what was typed


class ViewForm(Form):
    name = StringField(_("Name of the view"), [Required(_("Give the view a name.")), AtMost(40)])
    shared = BooleanField(_("For everybody"))
    query = HiddenField()


class RenameForm(Form):
    version = version_field()
    name = StringField(_("Name of the view"), [Required(_("Give the view a name.")), AtMost(40)])


@bp.get("/filters")
@requires(Permission.CASE_VIEW)
def filters() -> Response:
    return _panel()


@bp.get("/filters/show")
@requires(Permission.CASE_VIEW)
def show() -> Response:
    """To the list that the panel asks for. Its product is written, so several may be meant, or none."""
    args = request.args
    typed, chosen = args.get("thing", "").strip(), args.get("product", "")
    if typed and not chosen:
        found = _products(typed)
        same = [row for row in found if typed.casefold() in (row.name.casefold(), row.sku.casefold())]
        meant = same or found
        if len(meant) != 1:
            return _panel(422, meant)
        chosen = str(meant[0].id)
    return redirect(f"/desk?{desk.address(args, product=chosen)}", 303)


@bp.get("/filters/products")
@requires(Permission.CASE_VIEW)
def products() -> Response:
    """Products for what is typed so far, which htmx puts below the field; alone it is the panel."""
    if not wants_block():
        return redirect("/desk/filters", 303)
    return page(
        "staff/desk_filters.html", block="products", products=_products(request.args.get("thing", ""))
    )


def _products(words: str) -> list[Any]:
    return catalog.search_products(signin.me(), words, limit=PRODUCTS) if words.strip() else []


def _panel(status: int = 200, meant: list[Any] | None = None) -> Response:
    """Everything that the queue can be filtered by; `meant` are the products that what was typed can mean."""
    actor, args = signin.me(), request.args
    chosen = desk.filters_of(args, actor)
    known = lists.heads(chosen, counted=False)
    return page(
        "staff/desk_filters.html",
        block="panel",
        status=status,
        nav_current="desk",
        args=args,
        back=desk.address(args),
        stages=desk.STAGES,
        due=desk.DUE,
        acts=desk.ACTS,
        whose=desk.WHOSE,
        priorities=desk.PRIORITIES,
        kinds={name: kind.label for name, kind in KINDS.items()},
        counts=lists.facets(list(KINDS), actor.id or 0, clock.now()),
        cap=lists.COUNT_CAP,
        outlets=lists.outlets(),
        tags=lists.tags(),
        people=staff_names(),
        thing=args.get("thing") or known.get("product", (0, ""))[1],
        meant=meant,
        products=(),
    )


@bp.get("/pulse")
@requires(Permission.CASE_VIEW)
def pulse() -> Response:
    """How many cases came since the list was made, and the stages' counts; asked less and less often.

    It is a part of the desk: whoever opens it alone gets the desk.
    """
    if not wants_block():
        return redirect(f"/desk?{desk.address(request.args)}", 303)
    args, now = request.args, clock.now()
    since = (paging.decode(args.get("since"), datetime) or [now])[0]
    new = lists.came_since(signin.me(), since)
    before = min(max(args.get("pause", FIRST_LOOK, type=int), FIRST_LOOK), LONGEST)
    told = new == args.get("new", 0, type=int)
    return page(
        "staff/desk_pulse.html",
        since=args.get("since", ""),
        new=new,
        fresh=not told,
        pause=min(2 * before, LONGEST) if told else FIRST_LOOK,
        here=desk.address(args),
        again=desk.address(args, after=""),
        filters=desk.filters_of(args, signin.me()),
        **desk.pulse_of(args, lists.heads(lists.Filters())),
    )


@bp.get("/views")
@requires(Permission.CASE_VIEW)
def index() -> Response:
    """The saved views, and the form that saves the present list as one."""
    return _page(ViewForm(formdata=None, data={"query": desk.address(request.args, after="")}))


@bp.post("/views")
@requires(Permission.CASE_VIEW)
def keep() -> Response:
    form = ViewForm()
    asked = desk.address(desk.parsed(form.query.data or ""), after="")
    made, status = save(
        form, lambda: views.save(signin.me(), form.name.data or "", asked, shared=bool(form.shared.data))
    )
    if made is None:
        return _page(form, status)
    return go_to(f"/desk?{made.query}", _("The view “%(name)s” is kept.", name=made.name))


@bp.post("/views/<code>")
@requires(Permission.CASE_VIEW)
def change(code: str) -> Response:
    """Another name, or away with it."""
    form, view = RenameForm(), _load(code)
    if "remove" in request.form:
        views.remove(view)
        return go_to("/desk/views", _("The view is gone; its cases are where they were."))
    _done, status = save(form, lambda: views.rename(view, form.name.data or "", form.version.data or 0))
    if status == 303:
        return go_to("/desk/views", _("Saved."))
    return _page(ViewForm(formdata=None), status, wrong=(code, form))


def _load(code: str) -> SavedView:
    found: SavedView = one_or_404(views.editable_by(signin.me()).where(SavedView.code == code))
    return found


def _page(form: ViewForm, status: int = 200, wrong: Any = None) -> Response:
    actor = signin.me()
    asked = desk.parsed(form.query.data or "")
    chosen = desk.filters_of(asked, actor)
    return page(
        "staff/desk_views.html",
        status=status,
        nav_current="desk",
        form=form,
        wrong=wrong,
        on=desk.chosen(asked, chosen, lists.heads(chosen, counted=False)),
        stage=desk.STAGES.get(chosen.stage),
        words=chosen.words,
        rows=views.listed(actor),
        mine=actor.id,
    )
