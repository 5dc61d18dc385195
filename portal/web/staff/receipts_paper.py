"""What the desk prints of a receipt: its QR code, and the receipt itself for a 58 or 80 mm roll or on A4."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound, ServiceUnavailable

from portal.adapters import escpos, pdf, qr
from portal.adapters.printed_receipts import Paper, receipt_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.kernel.codes import normalise
from portal.web.access import requires
from portal.web.printed_receipt import address, values
from portal.web.render import page
from portal.web.staff.receipts import load

bp = Blueprint("staff_receipts_paper", __name__, url_prefix="/desk/receipts")

ROLLS = {Paper.NARROW: "58 mm", Paper.WIDE: "80 mm"}


@bp.get("/<code>/qr.svg")
@requires(Permission.PURCHASE_VIEW)
def qr_svg(code: str) -> Response:
    drawing = qr.svg_file(address(load(code)))
    return _file(drawing, "image/svg+xml", f"qr-{normalise(code)}.svg")


@bp.get("/<code>/qr.png")
@requires(Permission.PURCHASE_VIEW)
def qr_png(code: str) -> Response:
    return _file(qr.png(address(load(code))), "image/png", f"qr-{normalise(code)}.png")


@bp.get("/<code>/receipt.pdf")
@requires(Permission.PURCHASE_VIEW)
def receipt(code: str) -> Response:
    """On `?paper=58|80|a4`. Its reading ends first: nothing holds the database meanwhile."""
    try:
        paper = Paper(request.args.get("paper", Paper.WIDE))
    except ValueError as error:
        raise NotFound from error
    printed = values(load(code))
    db.session.rollback()
    try:
        made = receipt_pdf(printed, paper)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("receipt not made: %s", error)
        raise ServiceUnavailable from error
    return _file(made, "application/pdf", f"receipt-{printed.code}-{paper}.pdf", "inline")


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
    printed = values(load(code))
    name = f"receipt-{printed.code}-{paper}.escpos"
    return _file(escpos.receipt(printed, paper), "application/octet-stream", name)


@bp.get("/<code>/bluetooth")
@requires(Permission.PURCHASE_VIEW)
def bluetooth(code: str) -> Any:
    """Links that hand the receipt to RawBT, the app that prints on Bluetooth printers from Android."""
    purchase = load(code)
    printed = values(purchase)
    links = [(label, _for_rawbt(escpos.receipt(printed, paper))) for paper, label in ROLLS.items()]
    return page("staff/receipts/bluetooth.html", nav_current="receipts", purchase=purchase, links=links)


def _for_rawbt(content: bytes) -> str:
    return "rawbt:base64," + b64encode(content).decode()


def _file(content: str | bytes, kind: str, name: str, disposition: str = "attachment") -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer
