"""What the desk prints of a receipt: its QR code, and the receipt itself for a 58 or 80 mm roll or on A4."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import Gone, NotFound, ServiceUnavailable

from portal.adapters import escpos, pdf, qr
from portal.adapters.printed_receipts import Paper, PrintedReceipt, ReceiptLine, receipt_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.money import minor
from portal.kernel.text import Message, _
from portal.web import look, printed, words
from portal.web.access import requires
from portal.web.render import page
from portal.web.staff.receipts import lines_of, load, paper_address

bp = Blueprint("staff_receipts_paper", __name__, url_prefix="/desk/receipts")

ROLLS = {Paper.NARROW: "58 mm", Paper.WIDE: "80 mm"}
NOT_A_SALE = {
    PurchaseKind.CANCELLATION: _("Cancelled sale"),
    PurchaseKind.ADJUSTMENT: _("Adjustment"),
}


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


@bp.get("/<code>/receipt.escpos")
@requires(Permission.PURCHASE_VIEW)
def receipt_bytes(code: str) -> Response:
    """On `?paper=58|80`, as a receipt printer takes it without a driver."""
    try:
        paper = Paper(request.args.get("paper", Paper.WIDE))
    except ValueError as error:
        raise NotFound from error
    if paper not in ROLLS:
        raise NotFound
    values = _values(load(code))
    name = f"receipt-{values.code}-{paper}.escpos"
    return _file(escpos.receipt(values, paper), "application/octet-stream", name)


@bp.get("/<code>/bluetooth")
@requires(Permission.PURCHASE_VIEW)
def bluetooth(code: str) -> Any:
    """Links that hand the receipt to RawBT, the app that prints on Bluetooth printers from Android."""
    purchase = load(code)
    values = _values(purchase)
    links = [(label, _for_rawbt(escpos.receipt(values, paper))) for paper, label in ROLLS.items()]
    return page("staff/receipts/bluetooth.html", nav_current="receipts", purchase=purchase, links=links)


def _for_rawbt(content: bytes) -> str:
    return "rawbt:base64," + b64encode(content).decode()


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
                _discount(line, currency),
                _returned(line),
            )
            for line in lines_of(purchase)
        ],
        total=words.money(purchase.total, currency),
        qr_url=_address(purchase),
        message=words.translate(_("Keep this receipt: it opens your warranty.")),
        language=words.language(),
        mark=words.translate(_mark(purchase)) if _mark(purchase) else "",
    )


def _mark(purchase: Purchase) -> Message | None:
    """That it no longer counts, or never was a sale."""
    if purchase.cancelled_at:
        day = day_in(purchase.outlet.timezone, purchase.cancelled_at)
        return _("Cancelled on %(day)s", day=day)
    return NOT_A_SALE.get(PurchaseKind(purchase.kind))


def _discount(line: Any, currency: str) -> str:
    """`-Rp20.000`: what the line costs less than its pieces do."""
    less = line.amount - minor(line.unit_price * line.quantity, currency)
    return words.money(less, currency) if less else ""


def _returned(line: Any) -> str:
    if not line.returned:
        return ""
    return words.translate(_("Returned: %(count)s of %(all)s", count=line.returned, all=line.quantity))


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
