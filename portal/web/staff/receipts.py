"""Receipts at the desk: found, shown, their paper replaced, their customer helped to sign in."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.adapters import qr
from portal.adapters.printed_receipts import Paper
from portal.db import db
from portal.domain.accounts.rules import WRONG_RECEIPT_TRIES, Permission
from portal.domain.catalog.models import Product
from portal.domain.purchases import actions, queries
from portal.domain.purchases.models import Purchase
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.printed import public_address
from portal.web.printed_receipt import lines_of, paper_address
from portal.web.render import go_to, page
from portal.web.signin import me

bp = Blueprint("staff_receipts", __name__, url_prefix="/desk/receipts")

PAPERS = {Paper.NARROW: "58 mm", Paper.WIDE: "80 mm", Paper.A4: "A4"}


@bp.get("")
@requires(Permission.PURCHASE_VIEW)
def receipts() -> Response:
    words = request.args.get("q", "").strip()[:100]
    after = decode(request.args.get("after"), datetime, int)
    found = cut(queries.search(me(), words, after=after), lambda row: [row.bought_at, row.id])
    days = [day_in(row.timezone, row.bought_at) for row in found.rows]
    return page(
        "staff/receipts/list.html", nav_current="receipts", found=found, days=days, words=words, after=after
    )


@bp.get("/<code>")
@requires(Permission.PURCHASE_VIEW)
def receipt(code: str) -> Response:
    purchase = load(code)
    address = paper_address(purchase)
    return page(
        "staff/receipts/receipt.html", nav_current="receipts", purchase=purchase, outlet=purchase.outlet,
        lines=lines_of(purchase), units=_units(purchase), address=address,
        picture=drawing(address) if address else None, papers=PAPERS,
        android="Android" in request.user_agent.string,
        locked=purchase.wrong_tries >= WRONG_RECEIPT_TRIES, most=WRONG_RECEIPT_TRIES,
    )  # fmt: skip


@bp.post("/<code>/revoke")
@requires(Permission.LINK_REISSUE)
def revoke(code: str) -> Response:
    purchase = load(code)
    actions.revoke_link(purchase, clock.now())
    return go_to(_path(purchase), _("The paper already handed out no longer opens this receipt."))


@bp.post("/<code>/reissue")
@requires(Permission.LINK_REISSUE)
def reissue(code: str) -> Response:
    purchase = load(code)
    actions.reissue_link(purchase, clock.now())
    return go_to(_path(purchase), _("The new QR code counts now. Print the receipt again and hand it over."))


@bp.post("/<code>/open-again")
@requires(Permission.LINK_REISSUE)
def open_again(code: str) -> Response:
    purchase = load(code)
    actions.open_again(purchase)
    return go_to(_path(purchase), _("The customer can try the last four digits again."))


@bp.get("/<code>/sign-in")
@requires(Permission.COUNTER_LINK)
def ask_counter_link(code: str) -> Response:
    purchase = load(code)
    return page("staff/receipts/counter.html", nav_current="receipts", purchase=purchase, address=None)


@bp.post("/<code>/sign-in")
@requires(Permission.COUNTER_LINK)
def counter_link(code: str) -> Response:
    """Shown once, in the answer itself: the address is stored nowhere."""
    purchase = load(code)
    address = public_address(f"/sign-in/link/{actions.counter_link(purchase, clock.now())}")
    return page(
        "staff/receipts/counter.html", nav_current="receipts", purchase=purchase, address=address,
        picture=drawing(address),
    )  # fmt: skip


def load(code: str) -> Purchase:
    """The receipt with its outlet and its customer. Raises NotFound."""
    found: Purchase = one_or_404(
        queries.visible_to(me())
        .where(Purchase.code == normalise(code))
        .options(joinedload(Purchase.outlet), joinedload(Purchase.customer))
    )
    return found


def _units(purchase: Purchase) -> list[Any]:
    return list(
        db.session.execute(
            select(Unit.code, Unit.serial, Unit.registration, Unit.pieces, Product.name, Product.icon)
            .join(Product, Product.id == Unit.product_id)
            .where(Unit.purchase_id == purchase.id)
            .order_by(Unit.id)
        )
    )


def drawing(address: str) -> Markup:
    """The QR code as markup: segno writes nothing but paths."""
    return Markup(qr.svg(address))  # noqa: S704  # nosec B704: no text of anybody stands in it


def _path(purchase: Purchase) -> str:
    return f"/desk/receipts/{purchase.code}"
