"""An item at a supplier, and a unit that the customer uses meanwhile."""

from datetime import timedelta

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import lines, loans, sending, settings
from portal.domain.repairs.models import Loan, WorkOrder
from portal.domain.repairs.rules import ENDED, S
from portal.domain.suppliers import queries as suppliers
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.staff.repair_forms import LoanBackForm, LoanForm, SupplierForm, WorkForm
from portal.web.staff.repair_page import act, load, shown
from portal.web.words import translate

bp = Blueprint("work_away", __name__, url_prefix="/desk/work-orders")

BACK = (S.IN_PROGRESS, S.DONE, S.UNREPAIRABLE)


@bp.get("/<code>/supplier")
@requires(Permission.WORK_MOVE)
def supplier(code: str) -> Response:
    order = load(code)
    today = clock.day_in(order.case.outlet.timezone, clock.now())
    pays = order.supplier_pays
    if pays is None:
        pays = sending.pays(lines.verdict_of(order.case_id))
    form = SupplierForm(
        formdata=None, version=order.version, supplier=str(order.supplier_id or ""),
        reference=order.supplier_ref, sent_on=order.supplier_sent_on or today,
        due_on=order.supplier_due_on or today + timedelta(days=settings.load().supplier_days),
        pays="yes" if pays else "no", reason=order.supplier_pays_reason,
    )  # fmt: skip
    return _supplier(order, form, 200)


@bp.post("/<code>/supplier")
@requires(Permission.WORK_MOVE)
def send(code: str) -> Response:
    form = SupplierForm()

    def do(order: WorkOrder) -> None:
        sending.send(signin.me(), order, form.told(), version=form.version.data, now=clock.now())

    return act(code, form, do, _supplier, _("Written down. The customer sees where it is and until when."))


@bp.post("/<code>/supplier/back")
@requires(Permission.WORK_MOVE)
def come_back(code: str) -> Response:
    """It is here again: repaired, to be repaired here, or beyond repair."""
    form = WorkForm()

    def do(order: WorkOrder) -> None:
        if order.state != S.AT_SUPPLIER or form.to.data not in BACK:
            raise Refused(_("Choose how it came back."), "to")
        repairs.move(
            signin.me(), order, form.to.data, note=form.note.data or "", version=form.version.data,
            now=clock.now(),
        )  # fmt: skip

    return act(code, form, do, lambda o, bad, status: _supplier(o, _as_sent(o), status, bad))


@bp.get("/<code>/loan")
@requires(Permission.SHIPMENT_RECORD)
def loan(code: str) -> Response:
    order = load(code)
    today = clock.day_in(order.case.outlet.timezone, clock.now())
    due = today + timedelta(days=settings.load().loan_days)
    return _loan(order, LoanForm(formdata=None, due_on=due), 200)


@bp.post("/<code>/loan")
@requires(Permission.SHIPMENT_RECORD)
def lend(code: str) -> Response:
    form = LoanForm()
    return act(
        code, form, lambda order: loans.lend(signin.me(), order, form.told(), clock.now()), _loan,
        _("Written down. The case cannot be closed before the unit is back."),
    )  # fmt: skip


@bp.post("/<code>/loan/back")
@requires(Permission.SHIPMENT_RECORD)
def take_back(code: str) -> Response:
    form = LoanBackForm()

    def do(order: WorkOrder) -> None:
        out = _out(order)
        if out is not None:
            loans.take_back(
                signin.me(), out, form.condition_back.data or "", version=form.version.data, now=clock.now()
            )

    return act(code, form, do, lambda o, bad, status: _loan(o, LoanForm(formdata=None), status, bad))


def _out(order: WorkOrder) -> Loan | None:
    return next((loan for loan in loans.of_order(order.id) if loan.back_at is None), None)


def _as_sent(order: WorkOrder) -> SupplierForm:
    return SupplierForm(
        formdata=None, version=order.version, supplier=str(order.supplier_id or ""),
        reference=order.supplier_ref, sent_on=order.supplier_sent_on, due_on=order.supplier_due_on,
        pays="" if order.supplier_pays is None else "yes" if order.supplier_pays else "no",
        reason=order.supplier_pays_reason,
    )  # fmt: skip


def _supplier(order: WorkOrder, form: Form, status: int, back: Form | None = None) -> Response:
    known = suppliers.choices(signin.me())
    if order.supplier is not None:
        known.setdefault(str(order.supplier.id), order.supplier.name)
    form.supplier.choices = [("", translate(_("Choose"))), *known.items()]
    verdict = lines.verdict_of(order.case_id)
    return shown(
        "supplier", order, status, form=form, back=back or WorkForm(formdata=None, version=order.version),
        failed=back is not None, verdict=verdict, usual=sending.pays(verdict), ways=BACK,
        suppliers=bool(known),
    )  # fmt: skip


def _loan(order: WorkOrder, form: Form, status: int, back: Form | None = None) -> Response:
    out = _out(order)
    earlier = [one for one in loans.of_order(order.id) if one.back_at]
    return shown(
        "loan", order, status, form=form, out=out, earlier=earlier, failed=back is not None,
        back=back or LoanBackForm(formdata=None, version=out.version if out else None),
        ended=order.state in ENDED,
    )  # fmt: skip
