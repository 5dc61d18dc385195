"""What is connected to the demo's shops: an online shop that sends its orders, a key, a sheet of stickers."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.adapters.labels import FORMATS, Size
from portal.adapters.pos.shopify import Shopify
from portal.adapters.vault import Secrets, Vault
from portal.demo import history
from portal.domain.accounts import tokens
from portal.domain.accounts.rules import SCOPES, Actor
from portal.domain.catalog.models import Outlet, Product
from portal.domain.intake import connecting, hooks
from portal.domain.purchases import stickers
from portal.kernel.codes import new_token

BUYERS = (("Ratna", "Siregar"), ("Yosef", "Manafe"), ("Clara", "Whitfield"))


def connect(outlet: Outlet, shelf: Sequence[Product], admin: Actor, vault: Vault, now: datetime) -> None:
    """Two orders of the online shop are let in; the third is in a currency it does not sell in."""
    since = now - timedelta(days=20)
    tokens.make(admin, "Kasir depan", SCOPES, since)
    stickers.make(1, FORMATS[Size.LARGE].labels, since)
    sealed = vault.seal(Secrets(keys=(new_token(),)))
    till = connecting.connect(Shopify.name, "Toko daring", outlet, sealed, since)
    for n, currency in enumerate(("IDR", "IDR", "USD")):
        at = now - timedelta(hours=9 - 2 * n)
        headers = {"x-shopify-topic": "orders/paid", "x-shopify-webhook-id": f"demo-{n}"}
        body = json.dumps(_order(n, shelf[3 * n], currency, at)).encode()
        hooks.receive(till, Shopify(), Shopify().read(headers, body, at), at, asks=False)


def _order(n: int, product: Product, currency: str, at: datetime) -> dict[str, Any]:
    """An order as Shopify writes it."""
    _product, name, price, _quantity = history.item(product)
    line = {"id": n, "name": name, "sku": product.sku, "price": str(price), "quantity": 1}
    first, last = BUYERS[n]
    return {
        "id": 5_871_000 + n, "name": f"#{1_041 + n}", "currency": currency, "financial_status": "paid",
        "processed_at": at.isoformat(), "updated_at": at.isoformat(), "total_price": str(price),
        "taxes_included": True, "line_items": [line],
        "customer": {"id": 9_000 + n, "first_name": first, "last_name": last},
    }  # fmt: skip
