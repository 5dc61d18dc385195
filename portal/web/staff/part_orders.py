"""The parts of a case at the desk: reserved, picked, sent, collected or fitted, and paid."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.parts import orders, showing
from portal.domain.parts.models import PartLine
from portal.domain.parts.rules import LINES, PAID, PAYING, WAYS, Line, Paid, Way
from portal.domain.repairs import actions as repairs
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, Form, MoneyField, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.words import translate

bp = Blueprint("desk_part_orders", __name__, url_prefix="/desk/cases")


class AddForm(Form):
    number = StringField(_("Part number"), [Required(_("Write the part number."))])
    pieces = NumberField(_("Pieces"), default=1)


class HoldForm(Form):
    outlet = SelectField(_("From"), coerce=int, validate_choice=False)


class WayForm(Form):
    way = SelectField(_("How it goes to the customer"), choices=lambda: choices(WAYS))
    paying = SelectField(_("Payment"), choices=lambda: choices(PAYING))
    address = StringField(_("Address"), [AtMost(orders.ADDRESS)])
    freight = MoneyField(_("Delivery fee"), [Optional()])


class PayForm(Form):
    amount = MoneyField(_("Amount"))
    paid_way = RadioField(_("How it was paid"), choices=lambda: choices(PAID), default=Paid.CASH)
    at = DateTimeLocalField(_("When"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@bp.get("/<code>/parts")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    """The lines with what can be done now: beside the case, or alone."""
    return _page(_load(code))


@bp.get("/<code>/parts/fitting")
@requires(Permission.CASE_DECIDE)
def fitting(code: str) -> Response:
    """The parts that fit the item of a claim, to choose what is sent: htmx puts it into the decision."""
    case = _load(code)
    return page(
        "staff/parts/fitting.html", block="fitting", nav_current="desk", case=case,
        parts=showing.fitting(signin.me(), case),
    )  # fmt: skip


@bp.post("/<code>/parts/add")
@requires(Permission.CASE_TRIAGE)
def add(code: str) -> Response:
    form = AddForm()
    return _act(
        code, "add", form,
        lambda case: orders.add(signin.me(), case, form.number.data or "", form.pieces.data, clock.now()),
    )  # fmt: skip


@bp.post("/<code>/parts/<int:line>/reserve")
@requires(Permission.STOCK_KEEP)
def reserve(code: str, line: int) -> Response:
    form = HoldForm()
    return _act(
        code, "hold", form,
        lambda case: orders.reserve(
            signin.me(), case, _line(case, line), form.outlet.data or case.outlet_id, clock.now()
        ),
        line=line,
    )  # fmt: skip


@bp.post("/<code>/parts/<int:line>/give-up")
@requires(Permission.CASE_TRIAGE)
def give_up(code: str, line: int) -> Response:
    return _act(
        code, "hold", HoldForm(),
        lambda case: orders.give_up(signin.me(), case, _line(case, line), clock.now()), line=line,
    )  # fmt: skip


@bp.post("/<code>/parts/pick")
@requires(Permission.STOCK_KEEP)
def pick(code: str) -> Response:
    return _act(code, "pick", Form(), lambda case: orders.pick(signin.me(), case, clock.now()))


@bp.post("/<code>/parts/way")
@requires(Permission.CASE_TRIAGE)
def way(code: str) -> Response:
    form = WayForm()
    return _act(
        code, "way", form,
        lambda case: orders.change_way(
            case, form.way.data, form.paying.data, form.address.data or "", form.freight.data
        ),
    )  # fmt: skip


@bp.post("/<code>/parts/pay")
@requires(Permission.CASE_TRIAGE)
def pay(code: str) -> Response:
    form = PayForm()

    def act(case: Case) -> None:
        zone = ZoneInfo(case.outlet.timezone)
        at = form.at.data.replace(tzinfo=zone) if form.at.data else clock.now()
        orders.pay(signin.me(), case, form.amount.data, form.paid_way.data or "", at, clock.now())

    return _act(code, "pay", form, act)


@bp.post("/<code>/parts/fit")
@requires(Permission.CASE_TRIAGE)
def fit(code: str) -> Response:
    """A work order for a technician to fit the parts; harmless when there is one."""

    def act(case: Case) -> None:
        if case.state != S.FULFILLING:
            raise Refused(_("Reserve every part first, or give it up."))
        repairs.open_for(signin.me(), case, clock.now())

    return _act(code, "pick", Form(), act)


def _act(code: str, name: str, form: Form, act: Callable[[Case], Any], line: int = 0) -> Response:
    """Do it and go back to the case; or show the form with what is wrong, or that somebody was faster."""
    case = _load(code)
    if not form.validate():
        return _page(case, 422, name, form, line)
    try:
        act(case)
        db.session.flush()
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return _page(_load(code), 422, name, form, line)
    except (Stale, StaleDataError):
        db.session.rollback()
        form.form_errors.append(
            translate(_("Somebody else changed this case meanwhile. Look again, then send it once more."))
        )
        return _page(_load(code), 409, name, form, line)
    return go_to(f"/desk/cases/{code}", _("Saved."))


def _load(code: str) -> Case:
    found = cases.visible_to(signin.me()).where(Case.code == code)
    case: Case = one_or_404(found.options(joinedload(Case.outlet), joinedload(Case.unit)))
    return case


def _line(case: Case, number: int) -> PartLine:
    line: PartLine = one_or_404(showing.lines_of(case.id).where(PartLine.id == number))
    return line


def _page(
    case: Case, status: int = 200, name: str = "", form: Form | None = None, line: int = 0
) -> Response:  # fmt: skip
    made, lines = showing.of_case(case.id)
    states = {row.state for row in lines}
    due = orders.total(made, lines) if made else 0
    empty: dict[str, Any] = {"formdata": None}
    forms: dict[str, Form] = {"add": AddForm(**empty), "way": WayForm(obj=made, **empty)}
    forms["pay"] = PayForm(**empty, amount=due or None)
    if form is not None:
        forms[name] = form
    return page(
        "staff/parts/case.html", block="parts", status=status, nav_current="desk", case=case, order=made,
        lines=lines, free=showing.free({row.part_id for row in lines if row.state == Line.WANTED}),
        total=due, forms=forms, failed=name if form is not None else "", failed_line=line, states=LINES,
        ways=WAYS, paying=PAYING, paid=PAID, fits=made is not None and made.way == Way.FIT,
        may_pick=Line.HELD in states and Line.WANTED not in states, open=case.on_desk,
        way=f"/desk/cases/{case.code}/parts",
    )  # fmt: skip
