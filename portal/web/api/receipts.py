"""Receipts that are in: how a till looks one up, and fetches what it prints of it."""

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Gone

from portal.adapters import escpos, qr
from portal.db import db
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.queries import limit_to, visible_to
from portal.kernel.codes import normalise
from portal.kernel.money import MINOR_DIGITS
from portal.kernel.text import _
from portal.web import words
from portal.web.access import machine
from portal.web.api import telling
from portal.web.bearer import caller
from portal.web.load import one_or_404, row_or_404
from portal.web.printed_receipt import values
from portal.web.problems import Problem

bp = Blueprint("api_receipts", __name__, url_prefix="/api/v1/purchases")

_COLUMNS: Select[*tuple[Any, ...]] = select(
    Purchase.id, Purchase.code, Outlet.code.label("outlet"), Purchase.number, Purchase.kind, Purchase.total,
    Purchase.bought_at, Purchase.currency, Purchase.cancelled_at, Purchase.external_id, Outlet.timezone,
).join(Outlet, Outlet.id == Purchase.outlet_id)  # fmt: skip
QR_FILES = {"svg": "image/svg+xml", "png": "image/png", "escpos": "application/octet-stream"}


@bp.get("")
@machine("purchases:read")
def find() -> Response:
    """One receipt by `?external_id=`, or by `?outlet=` and `?number=`."""
    asked = request.args
    if external_id := asked.get("external_id"):
        return _answer(_COLUMNS.where(Purchase.source == "api", Purchase.external_id == external_id))
    if "outlet" in asked and "number" in asked:
        return _answer(_COLUMNS.where(Outlet.code == asked["outlet"], Purchase.number == asked["number"]))
    raise Problem(400, _("Ask with “external_id”, or with “outlet” and “number”."))


@bp.get("/<code>")
@machine("purchases:read")
def show(code: str) -> Response:
    return _answer(_COLUMNS.where(Purchase.code == normalise(code)))


@bp.get("/<code>/qr.<any(svg,png,escpos):form>")
@machine("purchases:read")
def qr_code(code: str, form: str) -> Response:
    """The QR code as a file; as ESC/POS for the `?paper=` that it is printed on."""
    paper = telling.paper_asked()
    found = row_or_404(limit_to(caller().actor, _COLUMNS.where(Purchase.code == normalise(code))))
    address = telling.addresses_of([found.id]).get(found.id)
    if address is None:
        raise Gone
    made: str | bytes
    if form == "svg":
        made = qr.svg_file(address)
    else:
        made = qr.png(address) if form == "png" else escpos.qr(address, paper)
    return Response(made, content_type=QR_FILES[form])


@bp.get("/<code>/receipt.escpos")
@machine("purchases:read")
def receipt(code: str) -> Response:
    """The whole receipt for the `?paper=` of a thermal printer: in Indonesian, or in `?lang=en`."""
    paper = telling.paper_asked()
    words.speak("en" if request.args.get("lang") == "en" else "id")  # the customer reads it
    found: Purchase = one_or_404(
        visible_to(caller().actor)
        .where(Purchase.code == normalise(code))
        .options(joinedload(Purchase.outlet))
    )
    return Response(escpos.receipt(values(found), paper), content_type=QR_FILES["escpos"])


def _answer(wanted: Select[*tuple[Any, ...]]) -> Response:
    forms, paper = telling.forms_asked()
    row = row_or_404(limit_to(caller().actor, wanted))
    zone = ZoneInfo(row.timezone)
    address = telling.addresses_of([row.id]).get(row.id)
    told = {
        "code": row.code,
        "outlet": row.outlet,
        "number": row.number,
        "kind": row.kind,
        "bought_at": row.bought_at.astimezone(zone).isoformat(),
        "currency": row.currency,
        "total": _major(row.total, row.currency),
        "cancelled_at": row.cancelled_at and row.cancelled_at.astimezone(zone).isoformat(),
        "external_id": row.external_id,
        "url": address,
        "lines": [
            {**line, "unit_price": str(line["unit_price"]), "amount": _major(line["amount"], row.currency)}
            for line in _lines(row.id)
        ],
    }
    if forms and address:
        told["qr"] = {form: telling.QR[form](address, paper) for form in forms}
    return Response(json.dumps(told, ensure_ascii=False), content_type="application/json")


def _lines(purchase_id: int) -> list[dict[str, Any]]:
    found = (
        select(
            Product.sku, PurchaseLine.description, PurchaseLine.quantity, PurchaseLine.gone.label("returned"),
            PurchaseLine.unit_price, PurchaseLine.amount,
        )
        .outerjoin(Product, Product.id == PurchaseLine.product_id)
        .where(PurchaseLine.purchase_id == purchase_id)
        .order_by(PurchaseLine.position)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(found).mappings()]


def _major(amount: int, currency: str) -> str:
    """An amount in the major unit, as exact text: `12.50`."""
    return str(Decimal(amount).scaleb(-MINOR_DIGITS.get(currency, 2)))
