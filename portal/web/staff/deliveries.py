"""How the goods of a receipt travel to their buyer, shown and given at the desk."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import StringField

from portal import jobs
from portal.domain.accounts.rules import Permission
from portal.domain.cases import legs
from portal.domain.damage import queries as damage
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import actions as shipments
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import road_words
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.receipts import load
from portal.web.staff.saving import save

bp = Blueprint("staff_deliveries", __name__, url_prefix="/desk/receipts/<code>/deliveries")


class DeliveryForm(Form):
    courier = StringField(_("Courier"), [Required(_("Write the name of the courier.")), AtMost(40)])
    waybill = StringField(_("Waybill number"), [AtMost(60)])


@bp.get("")
@requires(Permission.PURCHASE_VIEW)
def show(code: str) -> Response:
    """A part of the receipt's page, which comes after it; alone it is a page."""
    return _page(load(code))


@bp.post("")
@requires(Permission.SHIPMENT_RECORD)
def send(code: str) -> Response:
    """The same waybill again is the same delivery."""
    purchase, form, now = load(code), DeliveryForm(), clock.now()
    leg, status = save(
        form,
        lambda: shipments.send_purchase(
            me(), purchase, courier=damage.named(form.courier.data or ""), waybill=form.waybill.data or "",
            at=now, now=now,
        ),
    )  # fmt: skip
    if leg is None:
        return _page(load(code), form, status)
    jobs.nudge("look_at_roads")
    return go_to(f"/desk/receipts/{purchase.code}#delivery", _("The customer sees the delivery from now on."))


def _page(purchase: Purchase, form: DeliveryForm | None = None, status: int = 200) -> Response:
    shown = road_words.deliveries(legs.of_purchase(purchase.id))
    return page(
        "staff/receipts/deliveries.html", block="delivery", status=status, nav_current="receipts",
        purchase=purchase, path=f"/desk/receipts/{purchase.code}", deliveries=shown, form=form,
    )  # fmt: skip
