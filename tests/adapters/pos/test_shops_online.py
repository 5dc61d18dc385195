"""Shopify and WooCommerce: what their orders add up to."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from portal.domain.intake.tills import ANSWER, Told
from tests.adapters.pos.samples import (
    NOW,
    fold,
    paid,
    recorded,
    shopify_order,
    shopify_refund,
    tell,
    woo_order,
)

GONE = {"id": 5_800_000_000_001}


def test_an_order_of_shopify_with_all_that_was_paid():
    sale = fold("shopify", *tell("shopify", shopify_order())).sale
    assert sale is not None
    lamp, chair, sent = sale.lines
    assert paid(sale) == 725_000
    assert (lamp.sku, lamp.quantity, lamp.unit_price, lamp.discount) == ("LAMPU-1", 2, 150_000, 50_000)
    assert (chair.serials, chair.brand) == (("SN-771",), "Terang")
    assert (sent.sku, sent.description, sent.unit_price) == (None, "JNE", 25_000)
    assert (sale.number, sale.external_id, sale.customer_ref) == ("#1042", "5800000000001", "77")
    assert (sale.buyer_phone, sale.buyer_email) == ("+6281211112222", "dewi@contoh.id")
    assert sale.bought_at == datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert (sale.currency, sale.cancelled_at, sale.outlet_code) == ("IDR", None, "JKT1")


def test_recorded_bodies_add_up_to_what_they_say_was_paid():
    order = recorded("shopify-order")["order"]
    first = fold("shopify", *tell("shopify", order)).sale
    assert first is not None
    assert paid(first) == Decimal("409.94")
    captured = recorded("shopify-captured-orders.create")["body"]
    second = fold("shopify", *tell("shopify", captured)).sale
    assert second is not None
    assert paid(second) == Decimal("388.00")
    assert [line.description for line in second.lines][-2:] == ["Generic Shipping", "Potongan"]
    assert second.external_id == "820982911946154508", "the last digits, which `id` has lost"
    assert second.cancelled_at is not None
    third = fold("woocommerce", *tell("woocommerce", recorded("woocommerce-order"))).sale
    assert third is not None
    assert paid(third) == Decimal("29.35")
    assert third.lines[1].description == "Ship Your Idea – Color: Black, Size: M Test"
    assert third.buyer_phone is None, "no telephone number, and no reason to refuse the sale"


def test_a_test_of_shopify_is_kept_and_records_nothing():
    capture = recorded("shopify-captured-orders.create")
    [told] = tell(
        "shopify", capture["body"], **{k.replace("-", "_"): v for k, v in capture["headers"].items()}
    )
    assert (told.order, told.topic) == (None, "orders/create")
    assert told.note


@pytest.mark.parametrize("name", ["customers.create", "returns.request"])
def test_topics_that_change_nothing_are_kept(name: str):
    capture = recorded(f"shopify-captured-{name}")
    [told] = tell("shopify", capture["body"], x_shopify_topic=name.replace(".", "/"))
    assert (told.order, told.note) == (None, None)
    [told] = tell("shopify", {"shop_id": 1, "customer": {"id": 2}}, x_shopify_topic="customers/redact")
    assert told.note, "somebody has to act"


def test_refunds_count_once_however_often_they_are_told():
    refund, later = shopify_refund(), shopify_order(
        updated_at="2026-11-05T09:00:01+07:00", refunds=[shopify_refund()], current_total_price="600000.00"
    )  # fmt: skip
    later["line_items"][0]["current_quantity"] = 1
    told = [*tell("shopify", shopify_order()), *tell("shopify", refund), *tell("shopify", later)]
    for some in (told, told[:2], told[1:], told[::2]):
        sale = fold("shopify", *some).sale
        assert sale is not None
        assert [line.returned for line in sale.lines] == [1, 0, 0]
        assert [line.quantity for line in sale.lines] == [2, 1, 1], (
            "a return takes nothing from what was sold"
        )
        assert paid(sale) == 725_000
    assert fold("shopify", *tell("shopify", refund)).sale is None, "a refund waits for its order"
    second = tell("shopify", shopify_refund(id=901))
    sale = fold("shopify", *told, *second).sale
    assert sale is not None
    assert sale.lines[0].returned == 2


def test_an_edit_takes_pieces_away_and_adds_others():
    edited = shopify_order(updated_at="2026-11-02T10:00:00+07:00", current_total_price="810000.00")
    edited["line_items"][0]["current_quantity"] = 0
    new = {
        "id": 3,
        "name": "Meja",
        "sku": "MEJA-1",
        "price": "335000.00",
        "quantity": 1,
        "current_quantity": 1,
    }
    edited["line_items"].append(new)
    sale = fold("shopify", *tell("shopify", edited), *tell("shopify", shopify_order())).sale
    assert sale is not None
    assert [(line.sku, line.quantity) for line in sale.lines] == [("KURSI-9", 1), ("MEJA-1", 1), (None, 1)]
    assert paid(sale) == 810_000


def test_what_is_deleted_or_cancelled_never_comes_back():
    first = tell("shopify", shopify_order())
    gone = tell("shopify", GONE, x_shopify_topic="orders/delete")
    later = tell("shopify", shopify_order(updated_at="2026-11-29T10:00:00+07:00"))
    ends = {fold("shopify", *some).sale for some in permutations([*first, *gone, *later])}
    [sale] = ends
    assert sale is not None
    assert sale.cancelled_at == NOW
    assert fold("shopify", *gone).sale is None
    cancelled = shopify_order(
        updated_at="2026-11-03T10:00:00+07:00", cancelled_at="2026-11-03T10:00:00+07:00"
    )
    sale = fold("shopify", *tell("shopify", cancelled), *first).sale
    assert sale is not None
    assert sale.cancelled_at == datetime(2026, 11, 3, 3, tzinfo=UTC)
    [odd] = tell("shopify", shopify_order(), x_shopify_topic="orders/delete")
    sale = fold("shopify", odd).sale
    assert sale is not None
    assert sale.cancelled_at is None, "the topic is not signed; the body is"


def test_an_order_counts_when_it_is_paid_or_sent():
    waits = shopify_order(financial_status="pending")
    assert fold("shopify", *tell("shopify", waits)).sale is None
    sent = shopify_order(financial_status="pending", fulfillment_status="fulfilled")
    assert fold("shopify", *tell("shopify", sent)).sale, "paid at the door"
    assert fold("shopify", *tell("shopify", waits), *tell("shopify", shopify_order())).sale


def test_woocommerce_with_fees_taxes_and_what_was_rounded_away():
    sale = fold("woocommerce", *tell("woocommerce", woo_order())).sale
    assert sale is not None
    fan, *rest = sale.lines
    assert (fan.description, fan.quantity, fan.unit_price, fan.discount) == (
        "Kipas & Dudukan",
        2,
        200_000,
        20_000,
    )
    assert {line.description: line.unit_price for line in rest} == {
        "Bungkus kado": 10_100, "SiCepat": 30_000, "PPN": 41_800, "Pembulatan": -3,
    }  # fmt: skip
    assert paid(sale) == 461_897
    assert (sale.number, sale.customer_ref, sale.buyer_phone) == ("815", "12", "+628123334444")


@pytest.mark.parametrize("status", ["pending", "on-hold", "checkout-draft"])
def test_woocommerce_waits_for_the_payment(status: str):
    waits = woo_order(status=status, date_paid_gmt=None)
    assert fold("woocommerce", *tell("woocommerce", waits)).sale is None
    own = woo_order(status="dikirim-kurir")
    assert fold("woocommerce", *tell("woocommerce", own)).sale, "a state of the shop's own, after a payment"


def test_woocommerce_asks_which_pieces_came_back():
    later = woo_order(refunds=[{"id": 9, "total": "-210900"}], date_modified_gmt="2026-11-09T02:00:00")
    told = [*tell("woocommerce", later), *tell("woocommerce", woo_order())]
    asked = fold("woocommerce", *told, asks=True).ask
    assert asked
    assert asked.path.startswith("/wp-json/wc/v3/orders/815/refunds")
    part = {"id": 40, "quantity": -1, "meta_data": [{"key": "_refunded_item_id", "value": "31"}]}
    said = json.dumps({"refunds": [{"id": 9, "line_items": [part]}]})
    answer = Told("x", ANSWER + asked.key, "815", NOW, said)
    sale = fold("woocommerce", *told, answer, asks=True).sale
    assert sale is not None
    assert sale.lines[0].returned == 1
    without = fold("woocommerce", *told).sale
    assert without is not None
    assert without.lines[0].returned == 0, "without a key to ask with nothing is made up"
    whole = fold("woocommerce", *tell("woocommerce", woo_order(status="refunded"))).sale
    assert whole is not None
    assert whole.lines[0].returned == 2


def test_woocommerce_undone():
    gone = tell("woocommerce", {"id": 815}, x_wc_webhook_topic="order.deleted")
    undone = tell("woocommerce", woo_order(status="cancelled", date_modified_gmt="2026-11-08T00:00:00"))
    first = tell("woocommerce", woo_order())
    for some in permutations([*first, *gone]):
        sale = fold("woocommerce", *some).sale
        assert sale is not None
        assert sale.cancelled_at == NOW
    sale = fold("woocommerce", *undone, *first).sale
    assert sale is not None
    assert sale.cancelled_at == datetime(2026, 11, 8, tzinfo=UTC)
    assert fold("woocommerce", *undone).sale is None, "never paid, never sold"
    [other] = tell("woocommerce", {"id": 815}, x_wc_webhook_topic="product.deleted")
    assert other.order is None
