"""Taking things in at the counter or out of a parcel; what was wrong with them."""

from typing import Any

from flask import Blueprint, request, session
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog import queries as catalog
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import diagnosis, intake
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import ENDED
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff.repair_forms import DiagnosisForm, IntakeForm, SerialForm, WalkInForm
from portal.web.staff.repair_page import act, load, shown, typed
from portal.web.staff.saving import save
from portal.web.words import translate

bp = Blueprint("work_intake", __name__, url_prefix="/desk")


@bp.post("/cases/<code>/work-order")
@requires(Permission.SHIPMENT_RECORD)
def open_for_case(code: str) -> Response:
    """The item of a case is here: to the form that says in what condition."""
    actor = signin.me()
    case: Case = one_or_404(cases.visible_to(actor).where(Case.code == code))
    order = repairs.open_for(actor, case, clock.now())
    return go_to(f"/desk/work-orders/{order.code}/intake")


@bp.get("/work-orders/new")
@requires(Permission.SHIPMENT_RECORD)
def walk_in() -> Response:
    return _walk_in(WalkInForm(formdata=None, outlet=session.get("outlet")))


@bp.post("/work-orders/new")
@requires(Permission.SHIPMENT_RECORD)
def take_walk_in() -> Response:
    """Somebody without a case brings something."""
    form = WalkInForm()
    outlets = {outlet.code: outlet for outlet in catalog.outlets()}
    form.outlet.choices = list(outlets)
    order, status = save(
        form, lambda: intake.walk_in(signin.me(), form.told(), outlets[form.outlet.data], clock.now())
    )
    if order is None:
        return _walk_in(form, status)
    session["outlet"] = form.outlet.data  # as at the till
    return go_to(f"/desk/work-orders/{order.code}/intake", _("The work order is open. Now take the item in."))


@bp.get("/work-orders/<code>/intake")
@requires(Permission.SHIPMENT_RECORD)
def take_in(code: str) -> Response:
    order = load(code)
    names = _names(order)
    others = [name for name in order.accessories if name not in names]
    form = IntakeForm(
        names, formdata=None, version=order.version, condition=order.condition, shelf=order.shelf,
        said=order.said or intake.told_before(order.case), accessories=order.accessories,
        others=", ".join(others),
    )  # fmt: skip
    return _intake(order, form, 200)


@bp.post("/work-orders/<code>/intake")
@requires(Permission.SHIPMENT_RECORD, photos=True)
def keep_intake(code: str) -> Response:
    form = IntakeForm(_names(load(code)))

    def do(order: WorkOrder) -> None:
        intake.receive(
            signin.me(), order, form.told(), photos=form.photos.data or [], version=form.version.data,
            now=clock.now(),
        )  # fmt: skip

    return act(code, form, do, _intake, _("Taken in. Print the label and the receipt now."), "#intake")


@bp.post("/work-orders/<code>/shelf")
@requires(Permission.SHIPMENT_RECORD)
def shelve(code: str) -> Response:
    order = load(code)
    intake.shelve(signin.me(), order, typed("shelf"), clock.now())
    return go_to(f"/desk/work-orders/{code}", _("Saved."))


@bp.get("/work-orders/<code>/diagnosis")
@requires(Permission.WORK_MOVE)
def diagnose(code: str) -> Response:
    """Empty, as it was written, or filled from an earlier work order of the same product."""
    order = load(code)
    suggested = diagnosis.suggestions(order)
    like = next((row for row in suggested if row.code == request.args.get("like")), None)
    return _diagnosis(order, _written(order, like or order), 200, suggested)


@bp.post("/work-orders/<code>/diagnosis")
@requires(Permission.WORK_MOVE)
def keep_diagnosis(code: str) -> Response:
    form = DiagnosisForm()

    def do(order: WorkOrder) -> None:
        diagnosis.write(signin.me(), order, form.found(), version=form.version.data, now=clock.now())

    return act(code, form, do, _diagnosis, None, "#diagnosis")


@bp.post("/work-orders/<code>/serial")
@requires(Permission.WORK_MOVE)
def renumber(code: str) -> Response:
    """The part that bears the serial number was changed."""
    form = SerialForm()

    def do(order: WorkOrder) -> None:
        diagnosis.renumber(
            signin.me(), order, form.serial.data or "", version=form.version.data, now=clock.now()
        )

    said = _("Saved. The warranty goes on, and the card bears the new serial number.")
    return act(code, form, do, lambda order, bad, status: _diagnosis(order, None, status, serial=bad), said)


def _names(order: WorkOrder) -> list[str]:
    unit = order.case.unit
    return intake.names_for(unit.product.category if unit else "")


def _intake(order: WorkOrder, form: Form, status: int) -> Response:
    return shown("intake", order, status, form=form)


def _written(order: WorkOrder, told: Any) -> DiagnosisForm:
    return DiagnosisForm(
        formdata=None, version=order.version, symptom=told.symptom, finding=told.finding, cause=told.cause,
        component=told.component,
    )  # fmt: skip


def _diagnosis(
    order: WorkOrder, form: Any, status: int, suggested: list[Any] | None = None, serial: Form | None = None
) -> Response:
    form = form or _written(order, order)
    form.component.choices = [
        ("", translate(_("Not known"))),
        *((name, name) for name in diagnosis.components(order)),
    ]
    return shown(
        "diagnosis", order, status, form=form,
        suggested=diagnosis.suggestions(order) if suggested is None else suggested,
        serial=serial or SerialForm(formdata=None, version=order.version), ended=order.state in ENDED,
    )  # fmt: skip


def _walk_in(form: WalkInForm, status: int = 200) -> Response:
    outlets = [(outlet.code, outlet.name) for outlet in catalog.outlets()]
    asks = len(outlets) > 1 and form.outlet.data not in dict(outlets)
    form.outlet.choices = [*([("", translate(_("Choose")))] if asks else []), *outlets]
    return page("staff/repairs/walk_in.html", status=status, nav_current="work-orders", form=form)
