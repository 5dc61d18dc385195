"""One shipment leg: its movements, and writing one down by hand."""

from zoneinfo import ZoneInfo

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.validators import Optional

from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case, CaseLeg
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.models import Leg
from portal.domain.shipments.rules import Status
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.staff.case_forms import DIRECTIONS, STATUSES, choices

bp = Blueprint("shipments", __name__, url_prefix="/desk/legs")


class MovementForm(Form):
    status = SelectField(_("Status"))
    at = DateTimeLocalField(_("When"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    place = StringField(_("Where"), [AtMost(120)])
    note = StringField(_("Note"), [AtMost(300)])

    def __init__(self, *args: object, **values: object):
        super().__init__(*args, **values)
        self.status.choices = choices(STATUSES)


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    case, leg = _load(code)
    return _page(case, leg, MovementForm(formdata=None, status=Status.IN_TRANSIT))


@bp.post("/<code>")
@requires(Permission.SHIPMENT_RECORD)
def record(code: str) -> Response:
    case, leg = _load(code)
    form, now = MovementForm(), clock.now()
    if not form.validate():
        return _page(case, leg, form, 422)
    at = now if form.at.data is None else form.at.data.replace(tzinfo=ZoneInfo(case.outlet.timezone))
    try:
        shipments.move(
            signin.me(),
            leg,
            Status(form.status.data),
            at=at,
            place=form.place.data or "",
            note=form.note.data or "",
            now=now,
        )
    except Refused as refusal:
        refuse(form, refusal)
        return _page(case, leg, form, 422)
    return go_to(f"/desk/legs/{code}", _("Recorded."))


def _load(code: str) -> tuple[Case, Leg]:
    """A leg is seen by those who see its case."""
    leg: Leg = one_or_404(
        cases.limit_to(
            signin.me(),
            select(Leg)
            .join(CaseLeg, CaseLeg.leg_id == Leg.id)
            .join(Case, Case.id == CaseLeg.case_id)
            .where(Leg.code == code),
        )
    )
    case = cases.case_of_leg(leg.id)
    assert case is not None
    return case, leg


def _page(case: Case, leg: Leg, form: MovementForm, status: int = 200) -> Response:
    return page(
        "staff/cases/leg.html",
        status=status,
        nav_current="desk",
        case=case,
        leg=leg,
        form=form,
        directions=DIRECTIONS,
        statuses=STATUSES,
        zone=case.outlet.timezone,
    )
