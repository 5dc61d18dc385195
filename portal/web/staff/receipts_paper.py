"""What the desk prints of a receipt: its QR code, and the receipt itself for a 58 or 80 mm roll or on A4."""

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import Gone, NotFound, ServiceUnavailable

from portal.adapters import pdf, qr
from portal.adapters.printed_receipts import Paper, PrintedReceipt, ReceiptLine, receipt_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.purchases.models import Purchase
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.money import minor
from portal.kernel.text import _
from portal.web import look, printed, words
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
def receipt(code: str) -> Response:
    """On `?paper=58|80|a4`. Its reading ends first: nothing holds the database meanwhile."""
    try:
        paper = Paper(request.args.get("paper", Paper.WIDE))
    except ValueError as error:
        raise NotFound from error
    values = _values(load(code))
    db.session.rollback()
    try:
        made = receipt_pdf(values, paper)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("receipt not made: %s", error)
        raise ServiceUnavailable from error
    return _file(made, "application/pdf", f"receipt-{values.code}-{paper}.pdf", "inline")


def _values(purchase: Purchase) -> PrintedReceipt:
    outlet, currency = purchase.outlet, purchase.currency
    covers = printed.covers_by_line(purchase.id, day_in(outlet.timezone, clock.now()))
    where = printed.place(outlet)
    return PrintedReceipt(
        look=look.current().look,
        outlet_name=where.name,
        outlet_address=where.address,
        outlet_phone=where.phone,
        code=words.code(purchase.code),
        number=purchase.number,
        bought_at=words.moment(purchase.bought_at, outlet.timezone),
        cashier=purchase.cashier,
        lines=[
            ReceiptLine(
                line.description,
                str(line.quantity),
                words.money(minor(line.unit_price, currency), currency),
                words.money(line.amount, currency),
                covers.get(line.id, ()),
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
