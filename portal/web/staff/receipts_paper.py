"""What the desk prints of a receipt: its QR code, and the receipt itself for an 80 mm roll."""

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import Gone, ServiceUnavailable

from portal.adapters import pdf, qr
from portal.adapters.documents import PrintedReceipt, receipt_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.purchases.models import Purchase
from portal.kernel.codes import normalise
from portal.kernel.money import minor
from portal.kernel.text import _
from portal.web import look, words
from portal.web.access import requires
from portal.web.staff.receipts import lines_of, load, paper_address

bp = Blueprint("staff_receipts_paper", __name__, url_prefix="/desk/receipts")


@bp.get("/<code>/qr.svg")
@requires(Permission.PURCHASE_VIEW)
def qr_svg(code: str) -> Response:
    drawing = qr.svg(_address(load(code))).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return _file(drawing, "image/svg+xml", f"qr-{normalise(code)}.svg")


@bp.get("/<code>/qr.png")
@requires(Permission.PURCHASE_VIEW)
def qr_png(code: str) -> Response:
    return _file(qr.png(_address(load(code))), "image/png", f"qr-{normalise(code)}.png")


@bp.get("/<code>/receipt.pdf")
@requires(Permission.PURCHASE_VIEW)
def printed(code: str) -> Response:
    """The read ends before the document is made: nothing holds the database meanwhile."""
    values = _values(load(code))
    db.session.rollback()
    try:
        made = receipt_pdf(values)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("receipt not made: %s", error)
        raise ServiceUnavailable from error
    return _file(made, "application/pdf", f"receipt-{values.code}.pdf", "inline")


def _values(purchase: Purchase) -> PrintedReceipt:
    outlet, currency = purchase.outlet, purchase.currency
    return PrintedReceipt(
        shop_name=look.current().name,
        outlet_name=outlet.name,
        outlet_address=f"{outlet.address}, {outlet.city} {outlet.postal_code}".strip(", "),
        outlet_phone=words.show_phone(outlet.phone),
        code=words.code(purchase.code),
        number=purchase.number,
        bought_at=words.moment(purchase.bought_at, outlet.timezone),
        cashier=purchase.cashier or None,
        lines=[
            (
                line.description,
                str(line.quantity),
                words.money(minor(line.unit_price, currency), currency),
                words.money(line.amount, currency),
            )
            for line in lines_of(purchase)
        ],
        total=words.money(purchase.total, currency),
        qr_url=_address(purchase),
        message=words.translate(_("Keep this receipt: it opens your warranty.")),
        language=words.language(),
    )


def _address(purchase: Purchase) -> str:
    """What the QR code says. Raises Gone when the link was revoked and no new one was made."""
    address = paper_address(purchase)
    if address is None:
        raise Gone
    return address


def _file(content: str | bytes, kind: str, name: str, disposition: str = "attachment") -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer
