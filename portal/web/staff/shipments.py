"""Parcels at the desk: those that need somebody, one with its movements, and what a person writes down."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.validators import Optional

from portal.adapters.couriers.registry import COURIERS
from portal.domain.accounts.rules import Permission
from portal.domain.cases import legs
from portal.domain.damage import queries as damage
from portal.domain.shipments import actions as shipments
from portal.domain.shipments import events
from portal.domain.shipments.models import Checkpoint
from portal.domain.shipments.rules import EXCEPTIONS, FINAL, Status
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web import road_words
from portal.web.access import requires
from portal.web.fields import AtMost, DayField, Form, Required
from portal.web.load import one_or_404, row_or_404
from portal.web.render import go_to, page, refuse
from portal.web.signin import me
from portal.web.staff.case_forms import DIRECTIONS, STATUSES, choices
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("shipments", __name__, url_prefix="/desk/legs")

SHOWN: dict[str, Message] = {
    legs.ATTENTION: _("Needs somebody"),
    **{str(trouble): label for trouble, label in road_words.TROUBLES.items()},
    legs.UNDER_WAY: _("Under way"),
    legs.EVERYTHING: _("All"),
}
NOTHING = "nothing"  # what a courier's word may mean


class MovementForm(Form):
    status = SelectField(_("Status"))
    at = DateTimeLocalField(_("When"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    place = StringField(_("Where"), [AtMost(120)])
    note = StringField(_("Note"), [AtMost(300)])

    def __init__(self, *args: object, **values: object):
        super().__init__(*args, **values)
        self.status.choices = choices(STATUSES)


class ParcelForm(Form):
    version = version_field()
    courier = StringField(_("Courier"), [Required(_("Write the name of the courier.")), AtMost(40)])
    waybill = StringField(_("Waybill number"), [AtMost(60)])
    eta_from = DayField(_("Should arrive from"))
    eta_until = DayField(_("Should arrive by"))


class WordForm(Form):
    meaning = SelectField(_("What does it mean?"))

    def __init__(self, *args: object, **values: object):
        super().__init__(*args, **values)
        self.meaning.choices = choices(STATUSES | {NOTHING: _("Nothing that matters")})


@bp.get("")
@requires(Permission.CASE_VIEW)
def listed() -> Response:
    words = request.args.get("q", "").strip()[:60]
    after = decode(request.args.get("after"), datetime, int)
    show = request.args.get("show", legs.ATTENTION)
    show = show if show in SHOWN else legs.ATTENTION
    found = cut(legs.listed(me(), show, words, after), lambda row: [row.moved_at, row.id])
    return page(
        "staff/legs/list.html", nav_current="legs", found=found, words=words, show=show, shown=SHOWN,
        after=after, troubles=legs.troubles(me()), statuses=STATUSES, directions=DIRECTIONS,
        tone=road_words.tone, ended=FINAL,
    )  # fmt: skip


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    return _page(_load(code))


@bp.post("/<code>")
@requires(Permission.SHIPMENT_RECORD)
def record(code: str) -> Response:
    found, form, now = _load(code), MovementForm(), clock.now()

    if form.validate():
        typed = form.at.data
        try:
            shipments.move(
                me(), found.Leg, Status(form.status.data), place=form.place.data or "",
                at=now if typed is None else typed.replace(tzinfo=ZoneInfo(_zone(found))),
                note=form.note.data or "", now=now,
            )  # fmt: skip
            return go_to(_path(found), _("Recorded."))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(found, 422, movement=form)


@bp.post("/<code>/change")
@requires(Permission.SHIPMENT_RECORD)
def change(code: str) -> Response:
    """Another courier or number, or when the shop expects it."""
    found, form = _load(code), ParcelForm()
    last = form.eta_until.data or form.eta_from.data
    eta = (form.eta_from.data or last, last) if last else None
    _saved, status = save(
        form,
        lambda: shipments.change(
            found.Leg, form.version.data or 0, courier=damage.named(form.courier.data or ""),
            waybill=form.waybill.data or "", eta=eta, now=clock.now(),
        ),
    )  # fmt: skip
    if status == 303:
        return go_to(_path(found), _("Saved."))
    found = _load(code)
    conflict = stored_now(form, _stored(found.Leg)) if status == 409 else None
    return _page(found, status, parcel=form, conflict=conflict)


@bp.post("/<code>/settle")
@requires(Permission.SHIPMENT_RECORD)
def settle(code: str) -> Response:
    found = _load(code)
    shipments.settle(found.Leg, clock.now())
    return go_to(_path(found), _("Done. It shows up again if something else happens."))


@bp.post("/<code>/points/<int:number>/strike")
@requires(Permission.SHIPMENT_RECORD)
def strike(code: str, number: int) -> Response:
    """Take a movement out that did not happen, or put it back."""
    found, form = _load(code), MovementForm(formdata=None, status=Status.IN_TRANSIT)
    point = _point(found, number)
    said = _("It counts again.") if point.struck_by else _("It no longer counts.")
    try:
        shipments.strike(me(), found.Leg, point, clock.now())
    except Refused as refusal:
        refuse(form, refusal)
        return _page(found, 422, movement=form)
    return go_to(_path(found), said)


@bp.post("/<code>/points/<int:number>/word")
@requires(Permission.DESK_EDIT)
def explain(code: str, number: int) -> Response:
    """Say what a courier's word means, for this parcel and all others."""
    found, form = _load(code), WordForm()
    point = _point(found, number)
    if not point.word or not form.validate():
        return _page(found, 422, word=form)
    status = None if form.meaning.data == NOTHING else Status(form.meaning.data)
    events.explain(me().id, found.Leg, point, status, COURIERS, clock.now())
    return go_to(_path(found), _("Thank you. From now on it is understood for every parcel."))


def _load(code: str) -> Any:
    """A leg is seen by those who see cases."""
    return row_or_404(legs.one(me(), code))


def _point(found: Any, number: int) -> Checkpoint:
    point: Checkpoint = one_or_404(
        select(Checkpoint).where(Checkpoint.leg_id == found.Leg.id, Checkpoint.id == number)
    )
    return point


def _page(found: Any, status: int = 200, conflict: Any = None, **forms: Form) -> Response:
    leg = found.Leg
    return page(
        "staff/legs/leg.html", status=status, nav_current="legs", leg=leg, case=found.Case,
        receipt=found.Purchase, customer=found.Customer, outlet=found.Outlet, account=found.CourierAccount,
        movements=legs.movements(leg.id), numbers=legs.numbers(leg.id), zone=_zone(found),
        movement=forms.get("movement") or MovementForm(formdata=None, status=Status.IN_TRANSIT),
        parcel=forms.get("parcel") or _stored(leg), word=forms.get("word") or WordForm(formdata=None),
        open=set(forms), conflict=conflict, directions=DIRECTIONS, statuses=STATUSES,
        expected=road_words.expected(leg), doubtful=FINAL | EXCEPTIONS, troubles=road_words.TROUBLES,
        to_do=road_words.TO_DO, proofs=road_words.PROOFS, tone=road_words.tone(leg.status, leg.attention),
        couriers={name: courier.label for name, courier in COURIERS.items()},
        ask_problem=Message(*leg.ask_problem) if leg.ask_problem else None,
    )  # fmt: skip


def _stored(leg: Any) -> ParcelForm:
    shop = not leg.eta_by
    return ParcelForm(
        formdata=None, version=leg.version, courier=leg.courier, waybill=leg.waybill,
        eta_from=leg.eta_from if shop else None, eta_until=leg.eta_until if shop else None,
    )  # fmt: skip


def _zone(found: Any) -> str:
    return found.Outlet.timezone if found.Outlet else shipments.ZONE


def _path(found: Any) -> str:
    return f"/desk/legs/{found.Leg.code}"
