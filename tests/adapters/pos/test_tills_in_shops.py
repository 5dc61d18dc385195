"""Square and Loyverse: ids that have to be asked for, pieces of a piece, refunds that are receipts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.adapters.pos.registry import FORMATS
from portal.domain.intake.tills import Ask, Told
from portal.kernel.errors import Refused
from tests.adapters.pos.samples import (
    ADDRESS,
    KEY,
    NOW,
    OLDER,
    bytes_of,
    fold,
    loyverse,
    loyverse_receipt,
    paid,
    recorded,
    square_event,
    tell,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "pos" / "loyverse"


def hear(ask: Ask | None, body: Any, order: str = "ORDER1") -> list[Told]:
    assert ask
    return FORMATS["square"].hear(order, ask, bytes_of(body), NOW)


def square(order: dict[str, Any], *more: Told) -> Any:
    """The sale that an answer adds up to, once the buyer and the articles are known not to be known."""
    told = [*tell("square", square_event()), *more]
    told += hear(fold("square", *told, asks=True).ask, {"order": order})
    return fold("square", *told).sale


def test_square_is_asked_for_the_order_then_the_buyer_then_the_articles():
    order = {**recorded("square-order")["order"], "state": "COMPLETED", "id": "ORDER1", "version": 1}
    order["customer_id"] = "JDKYHBWT1D4F8MFH63DBMEN8Y4"
    told = tell("square", square_event())
    asked = fold("square", *told, asks=True).ask
    assert asked
    assert asked.path == "/v2/orders/ORDER1"
    told += hear(asked, {"order": order})
    asked = fold("square", *told, asks=True).ask
    assert asked
    assert asked.path == "/v2/customers/JDKYHBWT1D4F8MFH63DBMEN8Y4"
    told += hear(asked, recorded("square-customer"))
    asked = fold("square", *told, asks=True).ask
    assert asked
    assert (asked.path, asked.body) == (
        "/v2/catalog/batch-retrieve",
        '{"object_ids": ["catalog_object_id2"]}',
    )
    article = {"id": "catalog_object_id2", "item_variation_data": {"sku": "BRG-2", "upc": "8991234567890"}}
    told += hear(asked, {"objects": [article]})
    sale = fold("square", *told, asks=True, places={"D7AVYMEAPJ3A3": "BDG2"}).sale
    assert sale
    assert paid(sale) == Decimal("5.50")
    assert [(line.sku, line.barcode, line.quantity) for line in sale.lines] == [
        ("BRG-2", "8991234567890", 1),
        ("BRG-2", "8991234567890", 2),
    ]
    assert (sale.outlet_code, sale.currency) == ("BDG2", "USD")
    assert sale.buyer_email == "amelia.earhart@example.com"
    assert sale.buyer_phone == "+12125554240"


def test_square_without_a_token_says_what_is_missing():
    with pytest.raises(Refused, match="access token"):
        fold("square", *tell("square", square_event()))


def test_square_asks_again_for_what_is_newer_and_never_for_what_it_knows():
    order = {**recorded("square-order")["order"], "state": "COMPLETED", "id": "ORDER1", "version": 3}
    told = tell("square", square_event(version=2))
    told += hear(fold("square", *told, asks=True).ask, {"order": order})
    old = tell("square", square_event(version=1, event="e0"))
    assert not (fold("square", *told, *old, asks=True).ask or Ask("", "/v2/c")).path.startswith("/v2/orders")
    newer = tell("square", square_event(version=4, event="e2"))
    asked = fold("square", *told, *newer, asks=True).ask
    assert asked
    assert asked.path == "/v2/orders/ORDER1"
    payment = {"payment": {**recorded("square-payment")["payment"], "order_id": "ORDER1"}}
    refund = {
        "type": "payment.updated",
        "event_id": "p1",
        "created_at": "2026-11-03T04:00:00Z",
        "data": {"object": payment},
    }
    asked = fold("square", *told, *tell("square", refund), asks=True).ask
    assert asked, "a payment does not say which version of the order it made"
    assert asked.path == "/v2/orders/ORDER1"


def test_square_counts_rupiah_in_sen_and_sells_parts_of_a_piece():
    def money(amount: int) -> dict[str, Any]:
        return {"amount": amount, "currency": "IDR"}

    line = {"uid": "u1", "name": "Kain", "quantity": "1.5", "gross_sales_money": money(15_000_000)}
    order = {
        "id": "ORDER1", "state": "COMPLETED", "version": 1, "created_at": "2026-11-03T04:00:00Z",
        "location_id": "L1", "line_items": [line], "total_money": money(16_500_050),
        "taxes": [{"type": "ADDITIVE", "name": "PPN", "applied_money": money(1_500_000)}],
        "total_tip_money": money(50),
    }  # fmt: skip
    sale = square(order)
    assert paid(sale) == Decimal("165000.50")
    assert (sale.lines[0].description, sale.lines[0].quantity) == ("Kain × 1,5", 1)
    assert sale.lines[0].unit_price == 150_000
    assert square({**order, "state": "OPEN"}) is None
    assert square({**order, "state": "CANCELED"}) is None, "never closed, never sold"
    assert square({**order, "state": "OPEN", "tenders": [{"id": "t"}]}), "paid, to be fetched later"


def test_the_recorded_order_with_taxes_and_modifiers():
    order = {**recorded("square-order-taxed")["order"], "state": "COMPLETED", "id": "ORDER1"}
    sale = square(order)
    assert paid(sale) == Decimal("61.76")
    assert sale.lines[1].description == "New York Steak Larger"
    assert (sale.lines[1].unit_price, sale.lines[1].discount) == (Decimal("22.5"), Decimal("3.46"))


def test_square_takes_back_through_another_order():
    order = {**recorded("square-order")["order"], "state": "COMPLETED", "id": "ORDER1", "version": 1}
    line = {"source_line_item_uid": order["line_items"][1]["uid"], "quantity": "1"}
    back = {
        "id": "ORDER2", "version": 1, "state": "COMPLETED", "created_at": "2026-11-06T04:00:00Z",
        "returns": [{"source_order_id": "ORDER1", "return_line_items": [line]}],
    }  # fmt: skip
    told = tell("square", square_event("ORDER2", event="e9"))
    heard = hear(fold("square", *told, asks=True).ask, {"order": back}, "ORDER2")
    assert [event.order for event in heard] == ["ORDER2", "ORDER1"]
    assert fold("square", *told, heard[0]).sale is None, "nothing was sold in it"
    assert [line.returned for line in square(order, heard[1]).lines] == [0, 1]


def test_loyverse_with_parts_of_a_piece():
    sale = fold("loyverse", *tell("loyverse", loyverse(loyverse_receipt())), places={"store-1": "SBY"}).sale
    assert sale
    assert paid(sale) == Decimal("170000.5")
    assert [(line.description, line.quantity, line.unit_price) for line in sale.lines] == [
        ("Kopi", 2, 50_000), ("Biji × 0,35", 1, 70_000), ("Pembulatan", 1, Decimal("0.5")),
    ]  # fmt: skip
    assert (sale.outlet_code, sale.number, sale.currency) == ("SBY", "1-1006", None)


def test_loyverse_refunds_are_receipts_of_their_own():
    back = loyverse_receipt(
        "1-1007", receipt_type="REFUND", refund_for="1-1006", updated_at="2026-11-05T05:00:00Z"
    )
    back["line_items"] = [{**back["line_items"][0], "quantity": 1}]
    told = tell("loyverse", loyverse(back, loyverse_receipt()))
    assert [event.order for event in told] == ["1-1006", "1-1006"]
    sale = fold("loyverse", *told).sale
    assert sale
    assert [line.returned for line in sale.lines] == [1, 0, 0]
    assert fold("loyverse", told[0]).sale is None
    undone = tell(
        "loyverse",
        loyverse({**back, "cancelled_at": "2026-11-06T05:00:00Z", "updated_at": "2026-11-06T05:00:00Z"}),
    )
    sale = fold("loyverse", *told, *undone).sale
    assert sale
    assert [line.returned for line in sale.lines] == [0, 0, 0]
    void = loyverse_receipt(cancelled_at="2026-11-07T05:00:00Z", updated_at="2026-11-07T05:00:00Z")
    sale = fold("loyverse", *told, *tell("loyverse", loyverse(void))).sale
    assert sale
    assert sale.cancelled_at


def test_loyverse_asks_who_bought():
    receipt = loyverse_receipt(customer_id="49a9f354-376c-46d7-8ce2-2f7896a833db")
    told = tell("loyverse", loyverse(receipt))
    asked = fold("loyverse", *told, asks=True).ask
    assert asked
    buyer = {
        "id": receipt["customer_id"],
        "name": "Sari",
        "phone_number": "08129998888",
        "email": "bukan surel",
    }
    told += FORMATS["loyverse"].hear("1-1006", asked, bytes_of(buyer), NOW)
    sale = fold("loyverse", *told, asks=True).sale
    assert sale
    assert (sale.buyer_name, sale.buyer_phone, sale.buyer_email) == ("Sari", "+628129998888", None)
    assert sale.customer_ref == receipt["customer_id"]


def test_loyverse_without_a_signature_shows_a_key_in_the_address():
    form, body = FORMATS["loyverse"], b"{}"
    assert form.verify({}, body, [KEY, OLDER], ADDRESS + "?key=kunci+lama")
    assert not form.verify({}, body, [KEY], ADDRESS + "?key=kunci+lama")
    assert not form.verify({}, body, [""], ADDRESS + "?key=")
    bad = {"x-loyverse-signature": "AAAA"}
    assert not form.verify(bad, body, [KEY], ADDRESS + "?key=kunci+rahasia"), "a signature is looked at"


@pytest.mark.skipif(not SHARED.exists(), reason="recorded receipts of Loyverse: ../shared/data/pos/loyverse")
@pytest.mark.parametrize("name", ["webhook_receipts_update_capture_2024", "webhook_receipts_update_doc_2026"])
def test_recorded_receipts_of_loyverse(name: str):
    told = FORMATS["loyverse"].read({}, (SHARED / f"{name}.json").read_bytes(), NOW)
    sale = fold("loyverse", *told).sale
    assert sale
    assert paid(sale) in (58, 300)
