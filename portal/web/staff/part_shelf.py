"""One part at one outlet (`?at=`): counted, moved, given a place and a minimum; and what changed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet
from portal.domain.parts import catalogue, queries, stock
from portal.domain.parts.models import Part
from portal.domain.parts.rules import ENTRIES
from portal.kernel import clock
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import AtMost, Form, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.parts import HERE, load
from portal.web.staff.saving import save

bp = Blueprint("staff_part_shelf", __name__)


class CountForm(Form):
    counted = NumberField(_("Pieces that are there"), [Required(_("Write a whole number."))])
    reason = StringField(_("Why it changes"), [AtMost(300)])


class MoveForm(Form):
    to = SelectField(_("To"), coerce=int)
    pieces = NumberField(_("Pieces"))
    why = StringField(_("Note"), [AtMost(300)])


class PlaceForm(Form):
    minimum = NumberField(_("Minimum"), [Optional()])
    shelf = StringField(_("Shelf"), [AtMost(40)])


@bp.get(f"{HERE}/<code>/stock")
@requires(Permission.CATALOG_VIEW)
def show(code: str) -> Response:
    return _page(load(code), _outlet())


@bp.post(f"{HERE}/<code>/stock/count")
@requires(Permission.STOCK_KEEP)
def count(code: str) -> Response:
    part, place, form = load(code), _outlet(), CountForm()
    return _act(
        part, place, "count", form,
        lambda: stock.count(
            me(), part.id, place.id, form.counted.data or 0, form.reason.data or "", clock.now()
        ),
    )  # fmt: skip


@bp.post(f"{HERE}/<code>/stock/move")
@requires(Permission.STOCK_KEEP)
def move(code: str) -> Response:
    part, place = load(code), _outlet()
    form = MoveForm()
    form.to.choices = _others(part, place)
    return _act(
        part, place, "move", form,
        lambda: stock.transfer(
            me(), part.id, place.id, form.to.data, form.pieces.data or 0, form.why.data or "", clock.now()
        ),
    )  # fmt: skip


@bp.post(f"{HERE}/<code>/stock/place")
@requires(Permission.STOCK_KEEP)
def put(code: str) -> Response:
    part, place, form = load(code), _outlet(), PlaceForm()
    return _act(
        part, place, "place", form,
        lambda: catalogue.place(part.id, place.id, form.minimum.data or 0, form.shelf.data or ""),
    )  # fmt: skip


@bp.get(f"{HERE}/<code>/ledger")
@requires(Permission.CATALOG_VIEW)
def ledger(code: str) -> Response:
    part, before = load(code), decode(request.args.get("before"), int)
    found = queries.ledger(part.id, before=before[0] if before else None)
    return page(
        "staff/parts/ledger.html", nav_current="catalog", part=part, entries=ENTRIES, before=before,
        found=cut(found, lambda row: [row.id]),
    )  # fmt: skip


def _act(part: Part, place: Outlet, name: str, form: Form, act: Callable[[], Any]) -> Response:
    way = _way(part, place, "")
    _done, status = save(form, act)
    if status == 303:
        return go_to(way, _("Saved."))
    db.session.expire_all()
    return _page(part, place, status, **{name: form})


def _page(part: Part, place: Outlet, status: int = 200, **forms: Form) -> Response:
    levels = queries.levels(part.id)
    here = next(level for level in levels if level.code == place.code)
    placed = PlaceForm(formdata=None, minimum=here.minimum, shelf=here.shelf)
    moving = forms.get("move") or MoveForm(formdata=None)
    moving["to"].choices = [(level.id, level.name) for level in levels if level.id != place.id]
    return page(
        "staff/parts/shelf.html", status=status, nav_current="catalog", part=part, outlet=place, here=here,
        count=forms.get("count") or CountForm(formdata=None), move=moving, place=forms.get("place") or placed,
        levels=levels, ways={name: _way(part, place, f"/{name}") for name in ("", "count", "move", "place")},
    )  # fmt: skip


def _others(part: Part, place: Outlet) -> list[tuple[int, str]]:
    return [(level.id, level.name) for level in queries.levels(part.id) if level.id != place.id]


def _way(part: Part, place: Outlet, step: str) -> str:
    return f"{HERE}/{part.code}/stock{step}?at={quote(place.code)}"


def _outlet() -> Outlet:
    """The outlet in the address, else the first. Raises NotFound for one that does not exist."""
    code = request.args.get("at", "")
    first = catalog.limit_to(me(), select(Outlet)).order_by(Outlet.name).limit(1)
    found: Outlet = one_or_404(first.where(Outlet.code == code) if code else first)
    return found
