"""Estimates at the desk: sending the lines of a work order, and writing down what was answered by word."""

from datetime import timedelta

from flask import Blueprint
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.estimates import actions as estimates
from portal.domain.estimates import queries
from portal.domain.estimates.models import Estimate
from portal.domain.estimates.rules import HOWS, STATES, USUAL_DAYS, How, S
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs import queries as repairs
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.money import totals
from portal.domain.repairs.rules import Billing
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import estimate_sheets, signin
from portal.web.access import requires
from portal.web.fields import AtMost, DayField, Form, MoneyField
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.staff.case_forms import choices
from portal.web.staff.saving import version_field

bp = Blueprint("desk_estimates", __name__, url_prefix="/desk/work-orders")
BY_STAFF = (How.COUNTER, How.PHONE)


class SendForm(Form):
    version = version_field()
    optional = SelectMultipleField(_("May be left out"), coerce=int, validate_choice=False)
    until = DayField(_("Valid until"))
    fee = MoneyField(_("What the diagnosis costs if it is declined"))
    note = TextAreaField(_("A word to the customer"), [AtMost(2000)])
    here = HiddenField()  # the customer stands at the counter and agrees


class AnswerForm(Form):
    """`number` is the version that was on the screen when the customer answered."""

    number = HiddenField()
    how = SelectField(_("How did the answer come?"))
    name = StringField(_("Who answered?"), [AtMost(120)])
    lines = SelectMultipleField(_("Which lines?"), coerce=int, validate_choice=False)
    answer = HiddenField()
    reason = TextAreaField(_("Why not?"), [AtMost(1000)])

    def __init__(self, *args: object, **values: object):
        super().__init__(*args, **values)
        self.how.choices = choices({how: HOWS[how] for how in BY_STAFF})


@bp.get("/<code>/estimate")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    return _page(_order(code))


@bp.post("/<code>/estimate")
@requires(Permission.ESTIMATE_SEND)
def send(code: str) -> Response:
    order, form, actor, now = _order(code), SendForm(), signin.me(), clock.now()
    status = 422
    if form.validate():
        try:
            sent = estimates.send(
                actor, order, until=form.until.data, fee=form.fee.data or 0, note=form.note.data or "",
                optional=form.optional.data or (), version=form.version.data, now=now,
                told=not form.here.data,
            )  # fmt: skip
            if form.here.data:
                by, whole = order.case.customer.name, [line.id for line in sent.lines]
                estimates.approve(actor, sent, whole, how=How.COUNTER, by=by, now=now)
                return go_to(f"/desk/work-orders/{code}", _("Recorded; the customer gets it in writing."))
            return go_to(f"/desk/work-orders/{code}/estimate", _("Sent. The customer gets a message."))
        except Refused as refusal:
            refuse(form, refusal)
        except (Stale, StaleDataError):
            status = 409
        db.session.rollback()
        order = _order(code)
    return _page(order, send_form=form, status=status)


@bp.post("/<code>/estimate/answer")
@requires(Permission.ESTIMATE_ANSWER)
def answer(code: str) -> Response:
    """What the customer said at the counter or by phone."""
    order, form, actor, now = _order(code), AnswerForm(), signin.me(), clock.now()
    if form.validate():
        seen = form.number.data or ""
        number = int(seen) if seen.isdecimal() and len(seen) < 5 else 0
        mine = Estimate.work_order_id == order.id, Estimate.number == number
        sent = one_or_404(queries.visible_to(actor).where(*mine))
        how, by = How(form.how.data), form.name.data or order.case.customer.name
        try:
            if not by:
                raise Refused(_("Write who answered."), "name")
            if form.answer.data not in ("approve", "decline"):
                raise Refused(_("Choose whether the customer approved or declined."))
            if form.answer.data == "approve":
                estimates.approve(actor, sent, form.lines.data or [], how=how, by=by, now=now)
            else:
                estimates.decline(actor, sent, form.reason.data or "", how=how, by=by, now=now)
            return go_to(f"/desk/work-orders/{code}", _("Recorded."))
        except Refused as refusal:
            db.session.rollback()
            refuse(form, refusal)
            order = _order(code)
    return _page(order, answer_form=form, status=422)


@bp.get("/<code>/estimate/<int(max=9999):number>.pdf")
@requires(Permission.CASE_VIEW)
def sheet(code: str, number: int) -> Response:
    found = queries.visible_to(signin.me()).where(WorkOrder.code == code, Estimate.number == number)
    return estimate_sheets.pdf(one_or_404(found))


def _order(code: str) -> WorkOrder:
    order: WorkOrder = one_or_404(repairs.visible_to(signin.me()).where(WorkOrder.code == code))
    return order


def _page(
    order: WorkOrder,
    *,
    send_form: SendForm | None = None,
    answer_form: AnswerForm | None = None,
    status: int = 200,
) -> Response:
    actor, now, case = signin.me(), clock.now(), order.case
    lines, versions = work_lines.of_order(order.id), queries.of_order(actor, order.id)
    waiting = next((v for v in versions if v.state == S.SENT and not estimates.is_over(v, now)), None)
    asked = [line for line in lines if line.billing == Billing.BILLABLE]
    agreed = all(line.pieces * line.price <= (line.agreed or 0) for line in asked)
    usual = day_in(case.outlet.timezone, now) + timedelta(days=USUAL_DAYS)
    form = send_form or SendForm(formdata=None, until=usual, version=order.version)
    answered = answer_form or AnswerForm(formdata=None, name=case.customer.name)
    number = str(waiting.number) if waiting else ""
    if answered.number.data != number:  # another version than the one on the screen: as it was sent
        answered.number.data = number
        answered.lines.data = [line.id for line in waiting.lines] if waiting else []
    if status == 409:
        form.version.data = order.version
    return page(
        "staff/estimates/show.html",
        status=status,
        nav_current="work-orders",
        order=order,
        case=case,
        lines=lines,
        sums=totals(lines),
        billable=Billing.BILLABLE,
        versions=versions,
        waiting=waiting,
        settled=waiting is not None or (bool(versions) and agreed),
        sendable=order.state in estimates.TOWARDS,
        form=form,
        answer_form=answered,
        conflict=status == 409,
        states=STATES,
        hows=HOWS,
        kinds=estimate_sheets.KINDS,
        pays=estimate_sheets.PAYS,
    )
