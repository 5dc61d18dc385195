"""Shopify: whole orders in every event, refunds beside them; money is the shop's, not what the buyer saw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.adapters.pos import base
from portal.domain.intake.tills import Counter, Folded, Told
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel.text import Message, _

NOTES: dict[str, Message] = {
    "customers/redact": _("Shopify asks to erase what is known of a customer. Please look into it by hand."),
    "customers/data_request": _("A customer asks through Shopify what is known of them. Please answer."),
}
TEST = _("A test from Shopify: it arrived and its signature is right. Nothing was recorded.")
PENDING = ("pending", "expired")  # neither paid nor authorised


class Shopify(base.Plain):
    name = "shopify"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], address: str) -> bool:
        return base.signed(keys, body, headers.get("x-shopify-hmac-sha256"))

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        said = base.record(body)
        topic = headers.get("x-shopify-topic", "")
        event = headers.get("x-shopify-webhook-id") or base.fingerprint(topic, body)
        order, at = _about(said, now)
        note = NOTES.get(topic)
        if headers.get("x-shopify-test") == "true":
            order, note = None, TEST
        return [
            Told(
                base.words(f"{topic}:{event}", 160),
                base.words(topic, 80),
                order,
                at,
                body.decode(),
                note=note,
            )
        ]

    def fold(self, events: Sequence[Told], counter: Counter) -> Folded:
        bodies = [(event.at, base.record(event.body.encode())) for event in events]
        orders = [(at, said) for at, said in bodies if "line_items" in said]
        if not any(_counts(said) for _at, said in orders):
            return Folded()
        newest = max(orders, key=lambda one: (one[0], _progress(one[1])))[1]
        refunds = [refund for _at, said in bodies for refund in _refunds(said)]
        deleted = next((at for at, said in bodies if _is_deletion(said)), None)
        cancelled = base.moment(newest["cancelled_at"]) if newest.get("cancelled_at") else deleted
        return Folded(_sale(newest, _returned(refunds), cancelled, counter))


def _about(said: dict[str, Any], now: datetime) -> tuple[str | None, datetime]:
    """The order that a body is about and when, told by its shape: the topic is not signed."""
    if "line_items" in said and "total_price" in said:
        return _id(said), base.moment(said["updated_at"])
    if "refund_line_items" in said:
        at = said.get("processed_at") or said["created_at"]
        return base.ident(said["order_id"]), base.moment(at)
    if "order_edit" in said:  # an event with the whole order follows
        edit = said["order_edit"]
        return base.ident(edit["order_id"]), base.moment(edit["created_at"])
    return (base.ident(said["id"]) if _is_deletion(said) else None), now


def _is_deletion(said: dict[str, Any]) -> bool:
    return said.keys() == {"id"}


def _id(thing: dict[str, Any]) -> str | None:
    """The id at the end of the global one: in `id` itself some senders lose the last digits."""
    return base.ident(str(thing.get("admin_graphql_api_id") or thing.get("id") or "").rpartition("/")[2])


def _counts(order: dict[str, Any]) -> bool:
    """Whether there is a sale: paid or promised, sent, or cancelled after all."""
    unpaid = order.get("financial_status") in PENDING and not order.get("fulfillment_status")
    return not unpaid or bool(order.get("cancelled_at"))


def _progress(order: dict[str, Any]) -> tuple[bool, int, int, bool]:
    """Which of two bodies of the same second is the later one."""
    sent = len(order.get("fulfillments") or ())
    return bool(order.get("cancelled_at")), len(order.get("refunds") or ()), sent, _counts(order)


def _sent(order: dict[str, Any]) -> tuple[str, str]:
    """By whom the goods travel, and under which number: of the newest parcel."""
    parcels = [
        one for one in order.get("fulfillments") or ()
        if one.get("tracking_number") and one.get("status") not in ("failure", "cancelled", "error")
    ]  # fmt: skip
    newest = parcels[-1] if parcels else {}
    return base.words(newest.get("tracking_company"), 40), base.words(newest.get("tracking_number"), 60)


def _refunds(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [said] if "refund_line_items" in said else list(said.get("refunds") or ())


def _returned(refunds: Sequence[dict[str, Any]]) -> dict[str | None, Decimal]:
    """Pieces that came back by line; a refund counts once, however often it is told."""
    found: dict[str | None, Decimal] = {}
    for refund in {_id(refund): refund for refund in refunds}.values():
        for part in refund.get("refund_line_items") or ():
            line = _id(part.get("line_item") or {}) or base.ident(part["line_item_id"])
            found[line] = found.get(line, base.NOUGHT) + base.amount(part["quantity"])
    return found


def _sale(
    order: dict[str, Any], back: dict[str | None, Decimal], cancelled: datetime | None, counter: Counter
) -> Sale:
    own = _returned(order.get("refunds") or ())
    removed = {_id(line): _removed(line, own.get(_id(line), base.NOUGHT)) for line in order["line_items"]}
    lines = [
        _line(line, removed[_id(line)], back.get(_id(line), base.NOUGHT)) for line in order["line_items"]
    ]
    lines = [line for line in lines if line.quantity] + _charges(order)
    customer = order.get("customer") or {}
    paying, going = order.get("billing_address") or {}, order.get("shipping_address") or {}
    home = customer.get("default_address") or {}
    courier, waybill = _sent(order)
    return Sale(
        counter.outlet_of(order.get("location_id")),
        base.words(order.get("name") or order["id"], 40),
        base.moment(order.get("processed_at") or order["created_at"]),
        base.balanced(lines, _total(order, removed, own), base.amount(order.get("total_discounts"))),
        buyer_name=base.name(*((one.get("first_name"), one.get("last_name")) for one in (customer, paying))),
        buyer_phone=base.phone(*(one.get("phone") for one in (order, customer, paying, home, going))),
        buyer_email=base.email(order.get("email"), order.get("contact_email"), customer.get("email")),
        external_id=_id(order),
        customer_ref=_id(customer),
        cancelled_at=cancelled,
        currency=order["currency"],
        courier=courier,
        waybill=waybill,
    )


def _removed(line: dict[str, Any], returned: Decimal) -> Decimal:
    """Pieces that an edit of the order took away; those that came back later are not among them."""
    quantity = base.amount(line["quantity"])
    left = line.get("current_quantity")
    return base.NOUGHT if left is None else max(base.NOUGHT, quantity - base.amount(left) - returned)


def _line(line: dict[str, Any], removed: Decimal, returned: Decimal) -> SaleLine:
    quantity = base.amount(line["quantity"])
    sold = quantity - removed
    shares = [base.amount(share["amount"]) for share in line.get("discount_allocations") or ()]
    discount = sum(shares, base.NOUGHT) if shares else base.amount(line.get("total_discount"))
    bought = base.ident(line.get("variant_id") or line.get("product_id"), "SHOPIFY-")
    extra = ((pair.get("name"), pair.get("value")) for pair in line.get("properties") or ())
    return base.goods(
        line.get("name") or line.get("title"), sold, base.amount(line["price"]),
        discount=base.each(discount * sold, quantity) if removed and quantity else discount,
        returned=returned,
        sku=None if line.get("gift_card") else base.words(line.get("sku"), 80) or bought,
        serials=base.serials(extra, sold), brand=base.words(line.get("vendor"), 80),
    )  # fmt: skip


def _charges(order: dict[str, Any]) -> list[SaleLine]:
    shipping = [line for line in order.get("shipping_lines") or () if not line.get("is_removed")]
    taxes = [] if order.get("taxes_included") else order.get("tax_lines") or ()
    tipped = any(line.get("tip") for line in order["line_items"])  # then the tip is a line already
    return base.charges(
        *((line.get("title") or base.SHIPPING, _shipping(line)) for line in shipping),
        *((tax.get("title") or base.TAX, base.amount(tax["price"])) for tax in taxes),
        (base.TIP, base.NOUGHT if tipped else base.amount(order.get("total_tip_received"))),
    )


def _shipping(line: dict[str, Any]) -> Decimal:
    shares = (base.amount(share["amount"]) for share in line.get("discount_allocations") or ())
    return base.amount(line["price"]) - sum(shares, base.NOUGHT)


def _total(
    order: dict[str, Any], removed: Mapping[str | None, Decimal], own: Mapping[str | None, Decimal]
) -> Decimal:
    """What was paid for all that the order holds after its edits, before anything came back."""
    if not any(removed.values()):
        return base.amount(order["total_price"])
    parts = [part for refund in order.get("refunds") or () for part in refund.get("refund_line_items") or ()]
    back = sum((base.amount(p.get("subtotal")) + base.amount(p.get("total_tax")) for p in parts), base.NOUGHT)
    return base.amount(order["current_total_price"]) + (back if own else base.NOUGHT)
