"""Loyverse: lists of receipts, a refund is a receipt of its own; the buyer's contact has to be asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from portal.adapters.pos import base
from portal.domain.intake.tills import Ask, Counter, Folded, Told
from portal.domain.purchases.rules import Sale, SaleLine


class Loyverse(base.Plain):
    name = "loyverse"
    host = "api.loyverse.com"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], address: str) -> bool:
        """An app signs its webhooks. Those made with a personal token have the key in their address."""
        signature = headers.get("x-loyverse-signature")
        if signature is not None:
            return base.signed(keys, body, signature, "sha1") or base.signed(keys, body, signature)
        shown = parse_qs(urlsplit(address).query).get("key", [""])[0].encode()
        return any([compare_digest(shown, key.encode()) for key in keys if key])  # noqa: C419  # every key

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        said = base.record(body)
        topic = base.words(said["type"], 80)
        sent = base.moment(said["created_at"]) if said.get("created_at") else now
        receipts = said.get("receipts")
        if not isinstance(receipts, list):
            return [Told(f"{topic}:{base.fingerprint(body)}", topic, None, sent, body.decode())]
        return [_told(topic, receipt, sent) for receipt in receipts]

    def fold(self, events: Sequence[Told], counter: Counter) -> Folded:
        newest: dict[Any, dict[str, Any]] = {}
        for event in events:  # sorted, so the last word on each receipt stays
            said = base.record(event.body.encode())
            if "receipt_number" in said:
                newest[said["receipt_number"]] = {"created_at": event.at.isoformat(), **said}
        sold = next((said for said in newest.values() if said.get("receipt_type") != "REFUND"), None)
        if sold is None:
            return Folded()
        refunds = [said for said in newest.values() if said.get("receipt_type") == "REFUND"]
        kept = [said for said in refunds if not said.get("cancelled_at")]
        buyer = base.ident(sold.get("customer_id"))
        key = f"customer:{base.fingerprint(buyer)}"
        known = next(base.answers(events, key), None)
        ask = None
        if buyer and known is None and counter.asks:
            ask = Ask(key, f"/v1.0/customers/{quote(buyer, safe='')}", optional=True)
        return Folded(_sale(sold, kept, known or {}, counter), ask)


def _told(topic: str, receipt: dict[str, Any], sent: datetime) -> Told:
    """One receipt of a list; it comes again with every change, so its state is part of the id."""
    body = base.dump(receipt)
    number = base.ident(receipt["receipt_number"])
    changed = receipt.get("updated_at")
    event = f"{number}:{changed or base.fingerprint(body)}:{receipt.get('cancelled_at') or ''}"
    order = base.ident(receipt.get("refund_for")) or number
    return Told(base.words(event, 160), topic, order, base.moment(changed) if changed else sent, body)


def _sale(
    sold: dict[str, Any], refunds: Sequence[dict[str, Any]], buyer: dict[str, Any], counter: Counter
) -> Sale:
    back: dict[tuple[Any, ...], Decimal] = {}
    for line in (line for refund in refunds for line in refund.get("line_items") or ()):
        back[_article(line)] = back.get(_article(line), base.NOUGHT) + abs(base.amount(line["quantity"]))
    lines = [_line(line, back) for line in sold.get("line_items") or () if base.amount(line["quantity"])]
    taxes = [tax for tax in sold.get("total_taxes") or () if tax.get("type") != "INCLUDED"]
    lines += base.charges(
        *((tax.get("name") or base.TAX, base.amount(tax.get("money_amount"))) for tax in taxes),
        (base.FEE, base.amount(sold.get("surcharge"))),
        (base.TIP, base.amount(sold.get("tip"))),
    )
    cancelled = sold.get("cancelled_at")
    return Sale(
        counter.outlet_of(sold.get("store_id")),
        base.words(sold["receipt_number"], 40),
        base.moment(sold.get("receipt_date") or sold["created_at"]),
        base.balanced(lines, base.amount(sold["total_money"]), base.amount(sold.get("total_discount"))),
        buyer_name=base.name((buyer.get("name"), "")),
        buyer_phone=base.phone(buyer.get("phone_number")),
        buyer_email=base.email(buyer.get("email")),
        external_id=base.ident(sold["receipt_number"]),
        customer_ref=base.ident(sold.get("customer_id")),
        cancelled_at=base.moment(cancelled) if cancelled else None,
    )


def _article(line: dict[str, Any]) -> tuple[Any, ...]:
    """What a line of a refund has in common with the line that was sold."""
    return line.get("variant_id") or line.get("item_name"), line.get("sku"), base.amount(line.get("price"))


def _line(line: dict[str, Any], back: dict[tuple[Any, ...], Decimal]) -> SaleLine:
    """One line; what came back of its article is taken from `back` until that is used up."""
    quantity = base.amount(line["quantity"])
    returned = min(quantity, back.get(_article(line), base.NOUGHT))
    back[_article(line)] = back.get(_article(line), base.NOUGHT) - returned
    gross = line.get("gross_total_money")
    price = base.each(base.amount(gross), quantity) if gross is not None else base.amount(line.get("price"))
    said = " ".join(str(part) for part in (line.get("item_name"), line.get("variant_name")) if part)
    bought = base.ident(line.get("variant_id"), "LOYVERSE-")
    return base.goods(
        said, quantity, price, discount=base.amount(line.get("total_discount")), returned=returned,
        sku=base.words(line.get("sku"), 80) or bought,
    )  # fmt: skip
