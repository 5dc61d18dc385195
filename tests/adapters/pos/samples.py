"""What tills send, signed as they sign it: recorded bodies where they may be shipped, else made-up ones."""

import base64
import hmac
import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.adapters.pos.registry import FORMATS
from portal.domain.intake.tills import Counter, Folded, Told

PAYLOADS = Path(__file__).parent / "payloads"
KEY, OLDER = "kunci rahasia", "kunci lama"
ADDRESS = "https://toko.example/hooks/0123456789ABCDEF"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HEADERS = {
    "shopify": "x-shopify-hmac-sha256",
    "woocommerce": "x-wc-webhook-signature",
    "square": "x-square-hmacsha256-signature",
    "loyverse": "x-loyverse-signature",
}


def recorded(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def bytes_of(body: Any) -> bytes:
    return json.dumps(body).encode()


def sign(form: str, body: bytes, key: str = KEY, address: str = ADDRESS) -> dict[str, str]:
    """The header with the signature of this kind of till."""
    said = address.encode() + body if form == "square" else body
    made = hmac.digest(key.encode(), said, "sha1" if form == "loyverse" else "sha256")
    return {HEADERS[form]: base64.b64encode(made).decode()}


def tell(form: str, body: Any, now: datetime = NOW, **headers: str) -> list[Told]:
    """The events in a body."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return FORMATS[form].read(names, bytes_of(body), now)


def fold(form: str, *told: Told, **fields: Any) -> Folded:
    numbered = [Told(**{**vars(event), "seq": n}) for n, event in enumerate(told, 1)]
    ordered = sorted(numbered, key=lambda event: (event.at, event.id))
    return FORMATS[form].fold(ordered, Counter(**{"outlet": "JKT1", **fields}))


def paid(sale: Any) -> Decimal:
    return sum((line.unit_price * line.quantity - line.discount for line in sale.lines), Decimal(0))


def shopify_order(id: int = 5_800_000_000_001, **fields: Any) -> dict[str, Any]:
    """A paid order in rupiah: two lamps with a discount and a chair, sent for Rp25.000, prices with tax."""
    line = {"properties": [], "vendor": "Terang", "variant_id": 11, "product_id": 1, "gift_card": False}
    order = {
        "id": id, "admin_graphql_api_id": f"gid://shopify/Order/{id}", "name": "#1042", "currency": "IDR",
        "created_at": "2026-11-01T10:00:00+07:00", "processed_at": "2026-11-01T10:00:00+07:00",
        "updated_at": "2026-11-01T10:00:05+07:00", "cancelled_at": None, "financial_status": "paid",
        "fulfillment_status": None, "taxes_included": True, "tax_lines": [{"title": "PPN", "price": "0"}],
        "total_price": "725000.00", "current_total_price": "725000.00", "total_discounts": "50000.00",
        "email": "Dewi@Contoh.id", "phone": "0812-1111-2222", "location_id": None, "refunds": [],
        "customer": {"id": 77, "first_name": "Dewi", "last_name": "Anggraini", "phone": None},
        "line_items": [
            {**line, "id": 1, "name": "Lampu meja", "sku": "LAMPU-1", "price": "150000.00", "quantity": 2,
             "current_quantity": 2, "discount_allocations": [{"amount": "50000.00"}]},
            {**line, "id": 2, "name": "Kursi", "sku": "KURSI-9", "price": "450000.00", "quantity": 1,
             "current_quantity": 1, "discount_allocations": [],
             "properties": [{"name": "Nomor Seri", "value": "SN-771"}]},
        ],
        "shipping_lines": [{"title": "JNE", "price": "25000.00", "discount_allocations": []}],
    }  # fmt: skip
    return {**deepcopy(order), **fields}


def shopify_refund(order: int = 5_800_000_000_001, *, id: int = 900, line: int = 1, pieces: int = 1) -> Any:
    part = {"line_item_id": line, "quantity": pieces, "subtotal": "125000.00", "total_tax": "0.00"}
    at = "2026-11-05T09:00:00+07:00"
    return {"id": id, "order_id": order, "created_at": at, "processed_at": at, "refund_line_items": [part]}


def woo_order(id: int = 815, **fields: Any) -> dict[str, Any]:
    """Two fans before tax, a fee, shipping and 11 % tax; three rupiah were rounded away."""
    paying = {"first_name": "Budi", "last_name": "Raharjo", "email": "budi@contoh.id", "phone": "08123334444"}
    line = {
        "id": 31, "name": "Kipas &amp; Dudukan", "product_id": 93, "variation_id": 0, "quantity": 2,
        "subtotal": "400000", "total": "380000", "sku": "KIPAS-2", "meta_data": [],
    }  # fmt: skip
    order = {
        "id": id, "number": str(id), "order_key": "wc_order_x", "status": "processing", "currency": "IDR",
        "date_created_gmt": "2026-11-02T02:00:00", "date_modified_gmt": "2026-11-02T02:05:00",
        "date_paid_gmt": "2026-11-02T02:05:00", "discount_total": "20000", "total": "461897",
        "customer_id": 12, "billing": paying, "line_items": [line],
        "shipping_lines": [{"method_title": "SiCepat", "total": "30000"}],
        "fee_lines": [{"name": "Bungkus kado", "total": "10100"}],
        "tax_lines": [{"label": "PPN", "tax_total": "41800", "shipping_tax_total": "0"}], "refunds": [],
    }  # fmt: skip
    return {**deepcopy(order), **fields}


def square_event(order: str = "ORDER1", *, version: int = 1, event: str = "e1", kind: str = "updated") -> Any:
    said = {"order_id": order, "version": version, "state": "OPEN", "location_id": "L1"}
    return {
        "type": f"order.{kind}", "event_id": event, "created_at": "2026-11-03T04:00:00Z",
        "data": {"type": "order", "id": order, "object": {f"order_{kind}": said}},
    }  # fmt: skip


def loyverse_receipt(number: str = "1-1006", **fields: Any) -> dict[str, Any]:
    """Two bags of coffee and 0.35 kg of beans."""
    line = {"line_discounts": [], "total_discount": 0, "variant_name": None}
    receipt = {
        "receipt_number": number, "receipt_type": "SALE", "refund_for": None, "store_id": "store-1",
        "receipt_date": "2026-11-04T05:00:00.000Z", "created_at": "2026-11-04T05:00:01.000Z",
        "updated_at": "2026-11-04T05:00:01.000Z", "cancelled_at": None, "customer_id": None,
        "total_money": 170000.5, "total_tax": 0, "total_taxes": [], "tip": 0, "surcharge": 0,
        "line_items": [
            {**line, "id": "a", "item_name": "Kopi", "sku": "10001", "variant_id": "v1", "price": 50000,
             "quantity": 2, "gross_total_money": 100000},
            {**line, "id": "b", "item_name": "Biji", "sku": "10002", "variant_id": "v2", "price": 200000,
             "quantity": 0.35, "gross_total_money": 70000},
        ],
    }  # fmt: skip
    return {**deepcopy(receipt), **fields}


def loyverse(*receipts: dict[str, Any], at: datetime = NOW + timedelta(seconds=5)) -> dict[str, Any]:
    return {
        "type": "receipts.update",
        "merchant_id": "m",
        "created_at": at.isoformat(),
        "receipts": list(receipts),
    }


SAMPLES: dict[str, Any] = {
    "shopify": shopify_order(), "woocommerce": woo_order(), "square": square_event(),
    "loyverse": loyverse(loyverse_receipt()),
}  # fmt: skip
