"""A sale that was read from a file, as text: what the check has understood need not be read again."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine

_LAST = (None, (), Decimal(0), 0, "", "", "")  # of a line: from its SKU on, where it says nothing
_exact: dict[str, Decimal] = {}
MOST_KNOWN = 50_000  # amounts


def pack(sale: Sale) -> str:
    """Everything that a file can tell of a sale."""
    lines = [
        [description, quantity, str(price), *_rest(rest)]
        for description, quantity, price, *rest in sale.lines
    ]
    head = [
        sale.outlet_code, sale.number, sale.bought_at.isoformat(), sale.kind.value, sale.buyer_name,
        sale.buyer_phone, sale.buyer_email, sale.cashier, sale.customer_ref, sale.undoes, sale.currency,
    ]  # fmt: skip
    return json.dumps([head, lines], ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> Sale:
    (outlet, number, bought_at, kind, name, phone, email, cashier, ref, undoes, currency), lines = json.loads(
        text
    )
    return Sale(
        outlet, number, datetime.fromisoformat(bought_at), tuple([_line(*line) for line in lines]),
        buyer_name=name, buyer_phone=phone, buyer_email=email, kind=PurchaseKind(kind), cashier=cashier,
        customer_ref=ref, undoes=undoes, currency=currency,
    )  # fmt: skip


def _rest(values: list[Any]) -> list[Any]:
    """Of a line, what follows its price, as far as it says something."""
    sku, serials, discount, returned, barcode, category, brand = values
    if tuple(values[1:]) == _LAST[1:]:
        return [sku] if sku else []
    return [sku, list(serials), str(discount), returned, barcode, category, brand]


def _line(description: str, quantity: int, price: str, sku: str | None = None, *rest: Any) -> SaleLine:
    if not rest:
        return SaleLine(description, quantity, _decimal(price), sku)
    serials, discount, returned, barcode, category, brand = rest
    return SaleLine(
        description, quantity, _decimal(price), sku, tuple(serials), _decimal(discount), returned, barcode,
        category, brand,
    )  # fmt: skip


def _decimal(text: str) -> Decimal:
    """Files repeat their prices."""
    found = _exact.get(text)
    if found is None:
        if len(_exact) > MOST_KNOWN:
            _exact.clear()
        found = _exact[text] = Decimal(text)
    return found
