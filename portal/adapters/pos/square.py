"""Square: events carry ids only, so the order, its buyer and its articles are asked for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from portal.adapters.pos import base
from portal.domain.intake.tills import ANSWER, Ask, Counter, Folded, Told
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel.errors import Refused
from portal.kernel.text import _

WHOLE = {"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF"}  # no smaller unit
RETURN = "return"  # topic of what another order took back of this one


class Square(base.Plain):
    name = "square"
    host = "connect.squareup.com"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], address: str) -> bool:
        return base.signed(keys, address.encode() + body, headers.get("x-square-hmacsha256-signature"))

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Told]:
        said = base.record(body)
        topic = base.words(said["type"], 80)
        order = base.ident(next(_order_ids((said.get("data") or {}).get("object")), None))
        event = said.get("event_id") or base.fingerprint(body)
        return [Told(base.words(event, 160), topic, order, base.moment(said["created_at"]), body.decode())]

    def fold(self, events: Sequence[Told], counter: Counter) -> Folded:
        versions = [said["order"] for said in base.answers(events, "order:")]
        order = max(versions, key=_version, default=None)
        news = [event for event in events if event.order and not event.topic.startswith((ANSWER, RETURN))]
        ask = _stale(order, news, events)
        if ask is None and order is not None:
            ask = _missing(order, events)
        if ask is not None:
            if not counter.asks and order is None:
                raise Refused(
                    _("Square sends only the number of an order. Give an access token to ask for it.")
                )
            if counter.asks:
                return Folded(ask=ask)
        if order is None or not any(map(_counts, versions)) or not order.get("line_items"):
            return Folded()
        return Folded(_sale(order, events, counter))

    def hear(self, order: str, ask: Ask, body: bytes, now: datetime) -> list[Told]:
        """The answer; where the order takes back goods of others, these hear of it, too."""
        told = [base.answered(order, ask, body, now)]
        found = base.record(body)["order"] if ask.key.startswith("order:") else {}
        for n, back in enumerate(found.get("returns") or ()):
            source = base.ident(back.get("source_order_id"))
            if source and source != order:
                said = base.dump({**back, "order_id": found["id"], "version": _version(found)})
                key = f"{RETURN}:{found['id']}:{n}:{_version(found)}"
                told.append(Told(base.words(key, 160), RETURN, source, _changed(found), said))
        return told

    def credentials(self, token: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {token}", "Square-Version": "2025-01-23"}


def _order_ids(thing: Any) -> Iterator[str]:
    """Ids of orders in whatever an event is about: an order, a payment, a refund."""
    if isinstance(thing, dict):
        if thing.get("order_id"):
            yield str(thing["order_id"])
        for value in thing.values():
            yield from _order_ids(value)


def _version(order: dict[str, Any]) -> int:
    return int(order.get("version") or 0)


def _counts(order: dict[str, Any]) -> bool:
    """Whether there is a sale: closed, or paid and still to be handed over."""
    return order.get("state") == "COMPLETED" or (order.get("state") == "OPEN" and bool(order.get("tenders")))


def _changed(order: dict[str, Any]) -> datetime:
    return base.moment(order.get("updated_at") or order["created_at"])


def _stale(order: dict[str, Any] | None, news: Sequence[Told], events: Sequence[Told]) -> Ask | None:
    """What to ask when the newest event has heard no answer yet and may tell of more than is known."""
    if not news:
        return None
    newest = max(news, key=lambda event: event.seq)
    known = {event.topic for event in events}
    told = [_told_version(event) for event in news]
    if order is not None and None not in told and max(v or 0 for v in told) <= _version(order):
        return None
    key = f"order:{base.fingerprint(newest.id)}"
    return None if ANSWER + key in known else Ask(key, "/v2/orders/" + quote(str(newest.order), safe=""))


def _told_version(event: Told) -> int | None:
    """The version of the order that an event tells of; None for one about a payment or a refund."""
    thing = (base.record(event.body.encode()).get("data") or {}).get("object") or {}
    found = next(iter(thing.values()), None)
    return (
        int(found["version"]) if isinstance(found, dict) and "state" in found and "version" in found else None
    )


def _missing(order: dict[str, Any], events: Sequence[Told]) -> Ask | None:
    """The buyer and the articles, each asked for once."""
    known = {event.topic for event in events}
    buyer = base.ident(order.get("customer_id"))
    if buyer and ANSWER + f"customer:{buyer}" not in known:
        return Ask(f"customer:{buyer}", f"/v2/customers/{quote(buyer, safe='')}", optional=True)
    articles = sorted(
        {str(i) for line in order.get("line_items") or () if (i := line.get("catalog_object_id"))}
    )
    key = f"catalog:{base.fingerprint(*articles)}"
    if articles and ANSWER + key not in known:
        return Ask(key, "/v2/catalog/batch-retrieve", json.dumps({"object_ids": articles}))
    return None


def _sale(order: dict[str, Any], events: Sequence[Told], counter: Counter) -> Sale:
    articles = {
        found["id"]: found.get("item_variation_data") or {}
        for answer in base.answers(events, "catalog:")
        for found in answer.get("objects") or ()
    }
    buyers = [answer.get("customer") or {} for answer in base.answers(events, "customer:")]
    buyer = next((one for one in buyers if one.get("id") == order.get("customer_id")), {})
    back = _returned(order, events)
    lines = [
        _line(line, articles.get(line.get("catalog_object_id"), {}), back.get(line.get("uid"), base.NOUGHT))
        for line in order["line_items"]
        if base.amount(line["quantity"])
    ]
    lines += _charges(order)
    return Sale(
        counter.outlet_of(order.get("location_id")),
        base.words(order["id"], 40),
        base.moment(order.get("closed_at") or order["created_at"]),
        base.balanced(lines, money(order["total_money"])),
        buyer_name=base.name((buyer.get("given_name"), buyer.get("family_name"))),
        buyer_phone=base.phone(buyer.get("phone_number")),
        buyer_email=base.email(buyer.get("email_address")),
        external_id=base.ident(order["id"]),
        customer_ref=base.ident(order.get("customer_id")),
        cancelled_at=_changed(order) if order["state"] == "CANCELED" else None,
        currency=order["total_money"]["currency"],
    )


def money(said: dict[str, Any] | None) -> Decimal:
    """Square counts in the smallest unit, for rupiah in sen."""
    if not said:
        return base.NOUGHT
    return base.amount(said.get("amount")).scaleb(0 if said.get("currency") in WHOLE else -2)


def _returned(order: dict[str, Any], events: Sequence[Told]) -> dict[str | None, Decimal]:
    """Pieces that came back by line: of each order that took something back, as its newest version says."""
    takers: dict[Any, tuple[int, list[dict[str, Any]]]] = {}
    for event in events:
        if event.topic == RETURN:
            back = base.record(event.body.encode())
            version, parts = takers.get(back["order_id"], (-1, []))
            if back["version"] > version:
                takers[back["order_id"]] = back["version"], [back]
            elif back["version"] == version:
                parts.append(back)
    own = [one for one in order.get("returns") or () if one.get("source_order_id") in (None, order["id"])]
    found: dict[str | None, Decimal] = {}
    for back in [*own, *(part for _v, parts in takers.values() for part in parts)]:
        for part in back.get("return_line_items") or ():
            line = part.get("source_line_item_uid")
            found[line] = found.get(line, base.NOUGHT) + base.amount(part["quantity"])
    return found


def _line(line: dict[str, Any], article: dict[str, Any], returned: Decimal) -> SaleLine:
    quantity = base.amount(line["quantity"])
    gross = line.get("gross_sales_money") or line.get("variation_total_price_money")
    price = base.each(money(gross), quantity) if gross else money(line.get("base_price_money"))
    known = base.words(article.get("sku"), 80) or base.ident(line.get("catalog_object_id"), "SQUARE-")
    said = " ".join(str(part) for part in (line.get("name"), line.get("variation_name")) if part)
    return base.goods(
        said or line.get("note"), quantity, price, discount=money(line.get("total_discount_money")),
        returned=returned, sku=None if line.get("item_type") == "GIFT_CARD" else known,
        barcode=base.words(article.get("upc"), 32),
    )  # fmt: skip


def _charges(order: dict[str, Any]) -> list[SaleLine]:
    """Taxes that are added, service charges, tips; taxes inside the prices are no line."""
    taxes = [tax for tax in order.get("taxes") or () if tax.get("type") != "INCLUSIVE"]
    services = order.get("service_charges") or ()
    return base.charges(
        *((one.get("name") or base.FEE, money(one.get("applied_money"))) for one in services),
        *((tax.get("name") or base.TAX, money(tax.get("applied_money"))) for tax in taxes),
        (base.TIP, money(order.get("total_tip_money"))),
    )
