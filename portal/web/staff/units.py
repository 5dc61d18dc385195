"""One unit at the desk: what covers it, what happened to it, and the corrections staff may make."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.units import actions, queries
from portal.domain.units.models import Unit, UnitEvent
from portal.domain.units.numbers import RENUMBERED
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.text import Message, _
from portal.web import cover, words
from portal.web.access import requires
from portal.web.fields import AtMost, DayField, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_units", __name__, url_prefix="/desk/units")

EVENTS: dict[str, Message] = {
    "send": _("Registration sent"),
    "resend": _("Registration sent again"),
    "approve": _("Registration approved"),
    "reject": _("Registration rejected"),
    "void": _("Warranty ended"),
    "return": _("Returned to the shop"),
    "restore": _("Not returned after all"),
    "correct": _("Corrected"),
    RENUMBERED: _("Another serial number after a repair"),
    "repair": _("Repaired under work order"),
    "deliver": _("Delivered, as the courier says"),
    "replaces": _("Handed over in place of"),
}


class CorrectForm(Form):
    version = version_field()
    serial = StringField(_("Serial number"), [AtMost(60)])
    delivered_on = DayField(_("Delivered on"))
    installed_on = DayField(_("Installed on"))


class VoidForm(Form):
    reason = TextAreaField(_("Why the warranty ends"), [Required(), AtMost(1000)])


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def unit(code: str) -> Response:
    return _page(_load(code))


@bp.post("/<code>/correct")
@requires(Permission.UNIT_EDIT)
def correct(code: str) -> Response:
    found, form = _load(code), CorrectForm()
    _none, status = save(
        form,
        lambda: actions.correct(
            me(), found, serial=form.serial.data or "", delivered_on=form.delivered_on.data,
            installed_on=form.installed_on.data, version=form.version.data or 0, now=clock.now(),
        ),
    )  # fmt: skip
    if status == 303:
        return go_to(f"/desk/units/{found.code}", _("The correction is saved."))
    conflict = stored_now(form, CorrectForm(formdata=None, obj=found)) if status == 409 else None
    return _page(found, status, form=form, conflict=conflict)


@bp.post("/<code>/void")
@requires(Permission.UNIT_VOID)
def void(code: str) -> Response:
    found, form = _load(code), VoidForm()
    _none, status = save(
        form, lambda: actions.void(me(), found, reason=form.reason.data or "", now=clock.now())
    )
    if status == 303:
        return go_to(f"/desk/units/{found.code}", _("The warranty ended today."))
    return _page(found, status, ending=form)


def _page(
    found: Unit, status: int = 200, *, form: CorrectForm | None = None, ending: VoidForm | None = None,
    conflict: Any = None,
) -> Response:  # fmt: skip
    terms = queries.terms(*(getattr(found, column.key) for column in queries.TERMS))
    today = day_in(found.outlet.timezone, clock.now())
    before, after = queries.lineage(found)
    events = db.session.execute(
        select(UnitEvent.at, UnitEvent.event, UnitEvent.reason, Staff.name)
        .outerjoin(Staff, Staff.id == UnitEvent.staff_id)
        .where(UnitEvent.unit_id == found.id)
        .order_by(UnitEvent.id.desc())
        .limit(50)
    ).all()
    shown = [
        (row.code, row.title, row.created_at, KINDS[row.kind].states[row.state])
        for row in cases.of_unit(me(), found.id)
    ]
    return page(
        "staff/units/unit.html", status=status, nav_current="receipts", unit=found,
        line=cover.line(terms, today), layers=cover.layers(terms, today, words.language()),
        before=before, after=after, events=events,
        names=EVENTS, cases=shown, form=form or CorrectForm(formdata=None, obj=found),
        ending=ending or VoidForm(formdata=None), conflict=conflict, opened=form is not None,
    )  # fmt: skip


def _load(code: str) -> Unit:
    related = (Unit.product, Unit.outlet, Unit.holder, Unit.purchase, Unit.predecessor)
    found: Unit = one_or_404(
        queries.visible_to(me())
        .where(Unit.code == normalise(code))
        .options(*(joinedload(one) for one in related))
    )
    return found
