"""Handing over what is ready, and the papers of a work order: label and receipt of intake."""

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from portal.adapters import pdf
from portal.adapters.work_papers import WorkLabel, work_label_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.repairs import handing
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import FIELD
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import look, signin, words, work_papers
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.printed import public_address
from portal.web.staff.repair_forms import HandForm
from portal.web.staff.repair_page import act, load, shown
from portal.web.transaction import keep

bp = Blueprint("work_handing", __name__, url_prefix="/desk/work-orders")


@bp.get("/<code>/hand-over")
@requires(Permission.SHIPMENT_RECORD)
def ask(code: str) -> AnyResponse:
    order = load(code)
    form = HandForm(formdata=None, version=order.version, to=order.case.customer.name)
    return _page(order, form, 200)


@bp.post("/<code>/hand-over")
@requires(Permission.SHIPMENT_RECORD)
def hand_over(code: str) -> AnyResponse:
    """A wrong code is counted, so that nobody can try them all."""
    form = HandForm()

    def do(order: WorkOrder) -> None:
        right = handing.hand_over(signin.me(), order, form.told(), version=form.version.data, now=clock.now())
        if not right:
            raise WrongCode

    try:
        return act(code, form, do, _page, _("Handed over. The case is closed."))
    except WrongCode:
        keep()
        order = load(code)
        form.version.raw_data, form.version.data = None, order.version
        left = handing.CODE_TRIES - order.wrong_codes
        again = _("This code is wrong. Ask for it again; it can be tried %(count)s more times.", count=left)
        form.code.errors = [words.translate(again if left else handing.TOO_OFTEN)]
        return _page(order, form, 422)


class WrongCode(Exception):
    """Nothing is undone: the try counts."""


@bp.get("/<code>/label.pdf")
@requires(Permission.CASE_VIEW)
def label(code: str) -> Response:
    """A sticker of 58 mm whose code opens the work order."""
    order = load(code)
    case, unit = order.case, order.case.unit
    values = WorkLabel(
        look.current().look, words.language(), words.code(order.code),
        public_address(f"/desk/work-orders/{order.code}"), unit.product.name if unit else case.title,
        unit.serial or "" if unit else "", case.customer.name, order.shelf,
        words.brief_day(order.received_at or order.created_at, case.outlet.timezone), words.code(case.code),
    )  # fmt: skip
    db.session.rollback()  # nothing holds the database while it is made
    try:
        made = work_label_pdf(values)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("label not made: %s", error)
        raise ServiceUnavailable from error
    answer = Response(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="label-{values.code}.pdf"'
    return answer


@bp.get("/<code>/intake.pdf")
@requires(Permission.CASE_VIEW)
def receipt(code: str) -> Response:
    """What was handed in and in what condition, for the customer to take along and to sign."""
    order = load(code)
    if order.received_at is None:
        raise NotFound
    return work_papers.intake_receipt(order)


def _page(order: WorkOrder, form: Form, status: int) -> AnyResponse:
    return shown(
        "hand_over", order, status, form=form, field_size=FIELD, loaned=order.case.loaned
    )  # fmt: skip
