"""The customer's receipts: the list, and one as it was printed with what covers each thing on it."""

from datetime import MAXYEAR, MINYEAR, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import legs
from portal.domain.catalog.models import Outlet, Product, ReturnPolicy
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.units.models import Unit
from portal.kernel.clock import day_in
from portal.kernel.paging import PAGE_SIZE, cut, decode
from portal.web import road_words, signin
from portal.web.access import requires
from portal.web.customer.units import Shown, shelf
from portal.web.load import one_or_404
from portal.web.render import page, wants_block

bp = Blueprint("customer_purchases", __name__)

ZONE = "Asia/Jakarta"  # whose New Year parts the years of a list
UNITS = 300  # of one receipt; larger lots are one unit each

_first = (
    select(PurchaseLine.description)
    .where(PurchaseLine.purchase_id == Purchase.id)
    .order_by(PurchaseLine.position)
    .limit(1)
    .scalar_subquery()
)
_more = select(func.count() - 1).where(PurchaseLine.purchase_id == Purchase.id).scalar_subquery()
_LIST = (
    select(
        Purchase.id, Purchase.code, Purchase.number, Purchase.kind, Purchase.bought_at, Purchase.total,
        Purchase.currency, Purchase.cancelled_at, Outlet.name.label("outlet"), Outlet.timezone,
        _first.label("first"), _more.label("more"),
    )
    .join(Outlet, Outlet.id == Purchase.outlet_id)
    .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
    .limit(PAGE_SIZE + 1)
)  # fmt: skip
_LINES = (
    select(
        PurchaseLine.id, PurchaseLine.description, PurchaseLine.quantity, PurchaseLine.amount,
        PurchaseLine.gone.label("returned"), ReturnPolicy.days, ReturnPolicy.text_id, ReturnPolicy.text_en,
    )
    .outerjoin(Product, Product.id == PurchaseLine.product_id)
    .outerjoin(ReturnPolicy, ReturnPolicy.id == Product.return_policy_id)
    .order_by(PurchaseLine.position)
)  # fmt: skip


@bp.get("/purchases")
@requires(Permission.OWN)
def index() -> Response:
    """Newest first, by year; the years are offered once there is more than a page."""
    actor, after = signin.me(), decode(request.args.get("after"), datetime, int)
    year = request.args.get("year", 0, int)
    found = purchases.limit_to(actor, _LIST)
    if MINYEAR < year < MAXYEAR:
        found = found.where(Purchase.bought_at >= _begins(year), Purchase.bought_at < _begins(year + 1))
    if after:
        found = found.where(tuple_(Purchase.bought_at, Purchase.id) < tuple_(*after))
    receipts = cut(db.session.execute(found).all(), key=lambda row: [row.bought_at, row.id])
    return page(
        "customer/purchases/index.html",
        nav_current="purchases",
        receipts=receipts,
        groups=groupby(receipts.rows, key=lambda row: day_in(row.timezone, row.bought_at).year),
        years=_years(actor) if receipts.next or after or year else [],
        year=year,
        first=after is None,
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
    deliveries = road_words.deliveries(legs.of_purchase(purchase.id))
    live: dict[str, Any] = {} if all(one.ended for one in deliveries) else {"live": True}
    return page(
        "customer/purchases/show.html",
        nav_current="purchases",
        purchase=purchase,
        outlet=purchase.outlet,
        lines=lines,
        units=units,
        deliveries=deliveries,
        **live,
        returns=list(dict.fromkeys((line.days, line.text_id, line.text_en) for line in lines if line.days)),
    )


@bp.get("/purchases/<code>/road")
@requires(Permission.OWN)
def road(code: str) -> Response:
    """How the goods travel, asked again while somebody watches the page."""
    signin.unattended()
    found = purchases.visible_to(signin.me()).where(Purchase.code == code)
    purchase = one_or_404(found.join(Purchase.outlet).options(contains_eager(Purchase.outlet)))
    if not wants_block():
        return redirect(f"/purchases/{code}", 303)
    shown = road_words.deliveries(legs.of_purchase(purchase.id))
    return page("customer/purchases/road.html", purchase=purchase, outlet=purchase.outlet, deliveries=shown)


def _units(purchase_id: int) -> list[tuple[int, Any]]:
    """(id of the receipt's line, unit with its cover), in the order they were made."""
    found = shelf(signin.me(), Unit.purchase_id == purchase_id, limit=UNITS)
    return [(shown[0].line_id, shown) for shown in reversed(found)]


def _years(actor: Actor) -> list[int]:
    """Of the newest receipt down to the oldest."""
    ends = select(func.min(Purchase.bought_at), func.max(Purchase.bought_at))
    since, until = db.session.execute(purchases.limit_to(actor, ends)).one()
    return [*range(day_in(ZONE, until).year, day_in(ZONE, since).year - 1, -1)] if since else []


def _begins(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=ZoneInfo(ZONE))
