"""A receipt's rows as what is printed of it, for the desk and for tills."""

from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import Gone

from portal.adapters.printed_receipts import PrintedReceipt, ReceiptLine
from portal.db import db
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.money import minor
from portal.kernel.text import Message, _
from portal.web import look, printed, words
from portal.web.printed import public_address

NOT_A_SALE = {
    PurchaseKind.CANCELLATION: _("Cancelled sale"),
    PurchaseKind.ADJUSTMENT: _("Adjustment"),
}


def values(purchase: Purchase) -> PrintedReceipt:
    """All that is printed, in the language of the request. Raises Gone as `address` does."""
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
        bought_at=words.brief_moment(purchase.bought_at, outlet.timezone),
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
        qr_url=address(purchase),
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


def address(purchase: Purchase) -> str:
    """What the QR code says. Raises Gone when the link was revoked and no new one was made."""
    found = paper_address(purchase)
    if found is None:
        raise Gone
    return found


def lines_of(purchase: Purchase) -> list[Any]:
    """(description, quantity, unit price, amount, id, returned) in the order of the receipt."""
    return list(
        db.session.execute(
            select(
                PurchaseLine.description,
                PurchaseLine.quantity,
                PurchaseLine.unit_price,
                PurchaseLine.amount,
                PurchaseLine.id,
                PurchaseLine.gone.label("returned"),
            )
            .where(PurchaseLine.purchase_id == purchase.id)
            .order_by(PurchaseLine.position)
        )
    )


def paper_address(purchase: Purchase) -> str | None:
    """What the receipt's QR code holds; None when it was revoked, or made with a key that is gone."""
    try:
        token = queries.token_of(purchase.id)
    except LookupError:
        return None
    return public_address(f"/q/{token}") if token else None
