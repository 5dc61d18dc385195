"""What a customer sends to the shop in a case: they say by whom it travels, and everybody can follow it."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import StringField

from portal import jobs
from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries
from portal.domain.cases.models import Case
from portal.domain.damage import queries as couriers
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to

bp = Blueprint("customer_case_parcel", __name__)


class SentForm(Form):
    courier = StringField(_("Courier"), [Required(_("Write the name of the courier.")), AtMost(40)])
    waybill = StringField(
        _("Waybill number"), [Required(_("Write the number on the courier's receipt.")), AtMost(60)]
    )


@bp.post("/cases/<code>/sent")
@requires(Permission.CASE_ANSWER)
def sent(code: str) -> Response:
    """The same number again is the same parcel."""
    actor, now, form = signin.me(), clock.now(), SentForm()
    case: Case = one_or_404(queries.visible_to(actor).where(Case.code == code))
    here = f"/cases/{code}"
    if not form.validate():
        return go_to(f"{here}#sent", next(said[0] for said in form.errors.values()), "bad")
    if case.state != S.WAITING_ITEM:
        raise Refused(_("The shop no longer waits for the item. Reload the page to see how it stands."))
    number = shipments.number(form.waybill.data or "")
    known = {shipments.number(leg.waybill) for leg, _points in queries.legs(case.id)}
    if number not in known:
        leg = shipments.start(
            actor, Direction.TO_SHOP, courier=couriers.named(form.courier.data or ""),
            waybill=form.waybill.data or "", status=Status.LABEL_CREATED, at=now, now=now,
            outlet_id=case.outlet_id,
        )  # fmt: skip
        cases.add_leg(actor, case, leg, now)
        jobs.nudge("look_at_roads")
    return go_to(here, words.translate(_("Thank you. You and the shop can follow the parcel here.")))
