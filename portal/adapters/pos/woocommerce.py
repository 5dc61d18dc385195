"""WooCommerce: whole orders in every event; which pieces a refund is of is asked at the shop's site."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from portal.adapters.pos import base
from portal.domain.intake.tills import Ask, Counter, Folded, Told
from portal.domain.purchases.rules import Sale, SaleLine

PAID = ("processing", "completed", "refunded")
UNDONE = ("cancelled", "failed", "trash")


class WooCommerce(base.Plain):
    name = "woocommerce"
    host = "site"  # the shop's own, as an admin wrote it

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], address: str) -> bool:
        return base.signed(keys, body, headers.get("x-wc-webhook-signature"))

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """The first word of a new webhook: a form without a signature."""
        return re.fullmatch(rb"webhook_id=[0-9]{1,20}", body.strip()) is not None

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        topic = headers.get("x-wc-webhook-topic", "")
        delivery = headers.get("x-wc-webhook-delivery-id") or base.fingerprint(topic, body)
        said = base.record(body)
        order, at = None, now
        if "line_items" in said and "order_key" in said:
            order, at = base.ident(said["id"]), base.moment(said["date_modified_gmt"])
        elif topic == "order.deleted" and said.keys() == {"id"}:
            order = base.ident(said["id"])
        return [Told(base.words(f"{topic}:{delivery}", 160), base.words(topic, 80), order, at, body.decode())]

    def fold(self, events: Sequence[Told], counter: Counter) -> Folded:
        bodies = [(event.at, base.record(event.body.encode())) for event in events]
        orders = [(at, said) for at, said in bodies if "order_key" in said]
        if not any(_paid(said) for _at, said in orders):
            return Folded()
        at, newest = max(orders, key=lambda one: (one[0], len(one[1].get("refunds") or ()), one[1]["status"]))
        refunds = [refund["id"] for refund in newest.get("refunds") or ()]
        key = f"refunds:{base.fingerprint(*refunds)}"
        told = list(base.answers(events, key))
        ask = None
        if refunds and not told and counter.asks and newest["status"] != "refunded":
            order = quote(str(newest["id"]), safe="")
            ask = Ask(key, f"/wp-json/wc/v3/orders/{order}/refunds?per_page=100")
        deleted = next((at for at, said in bodies if said.keys() == {"id"}), None)
        cancelled = at if newest["status"] in UNDONE else deleted
        return Folded(_sale(newest, _returned(told), cancelled, counter), ask)

    def hear(self, order: str, ask: Ask, body: bytes, now: datetime) -> list[Told]:
        found = base.dump({"refunds": base.load(body)})
        return [base.answered(order, ask, found.encode(), now)]

    def credentials(self, token: str) -> Mapping[str, str]:
        return base.basic(token)


def _paid(order: dict[str, Any]) -> bool:
    """Whether there is a sale; shops have states of their own, which count once there was a payment."""
    status = order.get("status")
    return status in PAID or bool(order.get("date_paid_gmt") and status not in UNDONE)


def _returned(answers: Sequence[dict[str, Any]]) -> dict[str, Decimal]:
    """Pieces that came back by the id of their line."""
    found: dict[str, Decimal] = {}
    for refund in answers[-1]["refunds"] if answers else ():
        for part in refund.get("line_items") or ():
            pairs = {pair.get("key"): pair.get("value") for pair in part.get("meta_data") or ()}
            line = str(pairs.get("_refunded_item_id"))
            found[line] = found.get(line, base.NOUGHT) + abs(base.amount(part["quantity"]))
    return found


def _sale(
    order: dict[str, Any], back: Mapping[str, Decimal], cancelled: datetime | None, counter: Counter
) -> Sale:
    whole = order["status"] == "refunded"
    lines = [_line(line, back, whole) for line in order["line_items"] if base.amount(line["quantity"])]
    lines += _charges(order)
    paying = order.get("billing") or {}
    return Sale(
        counter.outlet_of(None),
        base.words(order.get("number") or order["id"], 40),
        base.moment(order["date_created_gmt"]),
        base.balanced(lines, base.amount(order["total"]), base.amount(order.get("discount_total"))),
        buyer_name=base.name((paying.get("first_name"), paying.get("last_name"))),
        buyer_phone=base.phone(paying.get("phone")),
        buyer_email=base.email(paying.get("email")),
        external_id=base.ident(order["id"]),
        customer_ref=base.ident(order.get("customer_id")),
        cancelled_at=cancelled,
        currency=order["currency"],
    )


def _line(line: dict[str, Any], back: Mapping[str, Decimal], whole: bool) -> SaleLine:
    quantity = base.amount(line["quantity"])
    before, after = base.amount(line["subtotal"]), base.amount(line["total"])
    bought = base.ident(line.get("variation_id") or line.get("product_id"), "WOO-")
    extra = ((pair.get("key"), pair.get("value")) for pair in line.get("meta_data") or ())
    return base.goods(
        html.unescape(str(line["name"])), quantity, base.each(before, quantity), discount=before - after,
        returned=quantity if whole else back.get(str(line["id"]), base.NOUGHT),
        sku=base.words(line.get("sku"), 80) or bought, serials=base.serials(extra, quantity),
    )  # fmt: skip


def _charges(order: dict[str, Any]) -> list[SaleLine]:
    """Fees, shipping and taxes: a line's own price is always without tax."""
    shipping, fees = order.get("shipping_lines") or (), order.get("fee_lines") or ()
    return base.charges(
        *((html.unescape(str(fee.get("name") or base.FEE)), base.amount(fee["total"])) for fee in fees),
        *((line.get("method_title") or base.SHIPPING, base.amount(line["total"])) for line in shipping),
        *((tax.get("label") or base.TAX, _tax(tax)) for tax in order.get("tax_lines") or ()),
    )


def _tax(tax: dict[str, Any]) -> Decimal:
    return base.amount(tax.get("tax_total")) + base.amount(tax.get("shipping_tax_total"))
