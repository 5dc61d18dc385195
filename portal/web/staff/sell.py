"""The counter sale: one page on a phone, from the first scan to the QR code that the customer takes along."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, request, session
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet
from portal.domain.intake import counter
from portal.domain.purchases.models import Purchase
from portal.domain.returns import credit
from portal.kernel import clock
from portal.kernel import phone as phones
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import look, words
from portal.web.access import requires
from portal.web.fields import take_out
from portal.web.printed import public_address
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.receipts import PAPERS, drawing, load, paper_address
from portal.web.staff.sell_form import FULL, SellForm, opened
from portal.web.transaction import drop

bp = Blueprint("staff_sell", __name__, url_prefix="/desk/sell")


@bp.get("")
@requires(Permission.PURCHASE_RECORD)
def new() -> Response:
    outlets = catalog.outlets()
    return _page(opened(outlets, session.get("outlet"), typed=False), outlets)


@bp.get("/products")
@requires(Permission.PURCHASE_RECORD)
def products() -> Response:
    """What fits the words typed so far, to be put into the form while it is being written."""
    typed = request.args.get("q", "")[:100]
    outlets = catalog.outlets()
    form = opened(outlets, session.get("outlet"), typed=False)
    return _page(form, outlets, block="found", typed=typed, products=counter.offered(me(), typed))


@bp.post("")
@requires(Permission.PURCHASE_RECORD)
def act() -> Response:
    """Find, add or take out a line, look who has this phone, add up; or record the sale."""
    outlets = catalog.outlets()
    form, do = opened(outlets, None, typed=True), request.form.get("do", "find")
    if do == "record":
        return _record(form, outlets)
    drop()
    if do == "find":
        return _find(form, outlets)
    if do.startswith("add-"):
        product = counter.with_sku(me(), do.removeprefix("add-"))
        if product is not None:
            form.add(product)
    elif do == "free":
        form.add_line()
    elif do.startswith("remove-"):
        take_out(form.lines, do.removeprefix("remove-"))
    elif do in ("who", "total"):
        return _page(form, outlets, block=do)
    return _page(form, outlets, block="items")


def _find(form: SellForm, outlets: list[Outlet]) -> Response:
    """A barcode or code adds its product at once; anything else offers what fits."""
    typed = request.form.get("q", "").strip()[:100]
    product = counter.scanned(me(), typed)
    if product is not None:
        form.add(product)
        return _page(form, outlets, block="items")
    return _page(form, outlets, block="items", typed=typed, products=counter.offered(me(), typed))


def _record(form: SellForm, outlets: list[Outlet]) -> Response:
    if not form.validate():
        return _page(form, outlets, status=422)
    outlet, now = _outlet(form, outlets), clock.now()
    try:
        sold = counter.sell(form.sale(outlet, me().name, now), now, sticker=form.sticker_code())
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form, outlets, status=422)
    session["outlet"] = outlet.code
    if form.email.data and form.send.data:
        counter.send_receipt(sold, form.email.data, form.name.data or "", form.phone.data, now)
    return go_to(f"/desk/sell/{sold.code}")


@bp.get("/<code>")
@requires(Permission.PURCHASE_RECORD)
def done(code: str) -> Response:
    """The QR code for the customer to scan, and every other way to hand the receipt over."""
    purchase = load(code)
    address = paper_address(purchase)
    return page(
        "staff/sell/done.html", nav_current="receipts", purchase=purchase, outlet=purchase.outlet,
        papers=PAPERS, picture=drawing(address) if address else None, whatsapp=_whatsapp(purchase),
        credit=credit.of_receipt(purchase),
        android="Android" in request.user_agent.string,
    )  # fmt: skip


def _whatsapp(purchase: Purchase) -> str | None:
    """A chat with the buyer, its message written; nothing in it opens the receipt without their digits."""
    if not purchase.buyer_phone:
        return None
    message = _(
        "Thank you for shopping at %(shop)s. Your receipt and warranty: %(address)s"
        " – the last four digits of your phone number open them.",
        shop=look.current().name, address=public_address(f"/receipt?code={purchase.code}"),
    )  # fmt: skip
    said = words.catalog(counter.language_of(purchase.buyer_phone)).gettext(message.id) % message.values
    return f"{phones.wa_link(purchase.buyer_phone)}?text={quote(said)}"


def _outlet(form: SellForm, outlets: list[Outlet]) -> Outlet:
    return next((one for one in outlets if one.code == form.outlet.data), outlets[0])


def _known(form: SellForm) -> list[str]:
    """The names of those whose phone this is, enough of them to ask: `D••• A•••••••`."""
    found = counter.known_by(form.phone.data) if form.phone.data else []
    return [" ".join(word[0] + "•" * (len(word) - 1) for word in one.name.split()) or "•••" for one in found]


def _page(
    form: SellForm, outlets: list[Outlet], *, block: str | None = None, status: int = 200, typed: str = "",
    products: list[Any] | None = None,
) -> Response:  # fmt: skip
    currency = _outlet(form, outlets).currency if outlets else "IDR"
    return page(
        "staff/sell/sell.html", block=block, status=status, nav_current="receipts", form=form,
        outlets=outlets, currency=currency, total=form.total(currency), known=_known(form),
        products=products, typed=typed, full=words.translate(FULL) if form.is_full() else "",
    )  # fmt: skip
