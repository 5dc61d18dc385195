"""A receipt whose QR code cannot be scanned: its printed code and four digits open it as the scan would."""

from flask import Blueprint, request
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.domain.accounts import limits
from portal.domain.purchases import actions as purchases
from portal.kernel import clock
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web.access import public
from portal.web.customer.receipts import DigitsForm, enter
from portal.web.fields import AtMost, Form, Required
from portal.web.render import page, refuse
from portal.web.transaction import keep

bp = Blueprint("receipt_code", __name__)


class PaperForm(DigitsForm):
    code = StringField(
        _("Code on the receipt"),
        [Required(_("Write the eight letters and digits below the QR code.")), AtMost(20)],
    )


@bp.get("/receipt")
@public()
def ask() -> Response:
    """A message from the shop brings the code along; the digits are asked for all the same."""
    return _page(PaperForm(formdata=None, code=request.args.get("code", "")[:20]))


@bp.post("/receipt")
@public()
def prove() -> Response:
    """Only misses count: many honest buyers may share the address of their carrier."""
    form, misses = PaperForm(), ("10 per 15 minutes", "receipt-code", request.remote_addr or "")
    if not form.validate():
        return _page(form, 422)
    keep()
    try:
        if limits.is_used_up(*misses):
            limits.hit(*misses)
        purchase = purchases.prove_by_paper(form.code.data or "", form.digits.data or "")
    except TooMany as refusal:
        refuse(form, refusal)
        return _page(form, 429)
    except Refused as refusal:
        limits.hit(*misses)
        refuse(form, refusal)
        return _page(form, 422)
    return enter(purchase, clock.now())


def _page(form: Form, status: int = 200) -> Response:
    return page("customer/receipts/type.html", status=status, area="public", nav_current="sign-in", form=form)
