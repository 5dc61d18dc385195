"""The customer's receipts: the list, and one as it was printed with what covers each thing on it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select, tuple_
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import Outlet, Product, ReturnPolicy
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.units.models import Unit
from portal.kernel.paging import PAGE_SIZE, cut, decode
from portal.web import signin
from portal.web.access import requires
from portal.web.customer.units import Shown, shelf
from portal.web.load import one_or_404
from portal.web.render import page

bp = Blueprint("customer_purchases", __name__)

UNITS = 300  # of one receipt; larger lots are one unit each

_LIST = (
    select(
        Purchase.id, Purchase.code, Purchase.number, Purchase.kind, Purchase.bought_at, Purchase.total,
        Purchase.currency, Outlet.name.label("outlet"), Outlet.timezone,
    )
    .join(Outlet, Outlet.id == Purchase.outlet_id)
    .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
    .limit(PAGE_SIZE + 1)
)  # fmt: skip
_LINES = (
    select(
        PurchaseLine.id, PurchaseLine.description, PurchaseLine.quantity, PurchaseLine.amount,
        ReturnPolicy.days, ReturnPolicy.text_id, ReturnPolicy.text_en,
    )
    .outerjoin(Product, Product.id == PurchaseLine.product_id)
    .outerjoin(ReturnPolicy, ReturnPolicy.id == Product.return_policy_id)
    .order_by(PurchaseLine.position)
)  # fmt: skip


@bp.get("/purchases")
@requires(Permission.OWN)
def index() -> Response:
    after = decode(request.args.get("after"), datetime, int)
    found = purchases.limit_to(signin.me(), _LIST)
    if after:
        found = found.where(tuple_(Purchase.bought_at, Purchase.id) < tuple_(*after))
    rows = db.session.execute(found).all()
    receipts = cut(rows, key=lambda row: [row.bought_at, row.id])
    return page(
        "customer/purchases/index.html", nav_current="purchases", receipts=receipts, first=after is None
    )


@bp.get("/purchases/<code>")
@requires(Permission.OWN)
def show(code: str) -> Response:
    actor = signin.me()
    found = purchases.visible_to(actor).where(Purchase.code == code)
    purchase = one_or_404(found.join(Purchase.outlet).options(contains_eager(Purchase.outlet)))
    lines = db.session.execute(_LINES.where(PurchaseLine.purchase_id == purchase.id)).all()
    units: dict[int, list[Shown]] = {}
    for line_id, shown in _units(purchase.id):
        units.setdefault(line_id, []).append(shown)
    return page(
        "customer/purchases/show.html",
        nav_current="purchases",
        purchase=purchase,
        outlet=purchase.outlet,
        lines=lines,
        units=units,
        returns=list(dict.fromkeys((line.days, line.text_id, line.text_en) for line in lines if line.days)),
    )


def _units(purchase_id: int) -> list[tuple[int, Any]]:
    """(id of the receipt's line, unit with its cover), in the order they were made."""
    found = shelf(signin.me(), Unit.purchase_id == purchase_id, limit=UNITS)
    return [(shown[0].line_id, shown) for shown in reversed(found)]
