"""What arrives at /hooks: signed or not, odd, again, too large, for a connection that has ended."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import jobs
from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.intake import connecting
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.intake.rules import HookState
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.kernel import clock
from tests.adapters.pos.samples import (
    KEY,
    OLDER,
    bytes_of,
    loyverse,
    loyverse_receipt,
    recorded,
    shopify_order,
    shopify_refund,
    sign,
    woo_order,
)
from tests.fixtures.tills import Till, states


@pytest.fixture
def shopify(till: Any) -> Till:
    made: Till = till("shopify")
    return made


def test_an_order_becomes_a_receipt_with_its_customer(shopify: Till) -> None:
    assert shopify.send(shopify_order()).text == "ok\n"
    found = db.session.scalar(select(Purchase).where(Purchase.number == "#1042"))
    assert found is not None
    assert (found.total, found.source, found.external_id) == (
        725_000, f"shopify:{shopify.code}", "5800000000001",
    )  # fmt: skip
    buyer = db.session.scalar(select(Customer).where(Customer.id == found.customer_id))
    assert buyer is not None
    assert buyer.name == "Dewi Anggraini"
    assert states() == {HookState.APPLIED: 1}


def test_the_same_again_changes_nothing(shopify: Till) -> None:
    for _time in range(3):
        shopify.send(shopify_order(), id="one")
    shopify.send(shopify_order(), id="another id, the same words")
    assert states() == {HookState.APPLIED: 2}
    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 1


@pytest.mark.parametrize("form", ["shopify", "woocommerce", "square", "loyverse"])
def test_without_the_right_signature_nothing_is_read(till: Any, form: str) -> None:
    it, body = till(form), bytes_of({"id": 1, "type": "x", "created_at": "2026-11-03T04:00:00Z"})
    for headers in (
        {},
        sign(form, body, "another key", it.address),
        sign(form, body + b" ", KEY, it.address),
    ):
        answer = it.post(body, headers, expect=401)
        assert answer.mimetype == "application/problem+json"
        assert "signature" in answer.json["detail"]
    for key in (KEY, OLDER):
        it.post(body, sign(form, body, key, it.address))
    sealed = db.session.scalar(select(Connection.sealed))
    assert sealed
    assert KEY.encode() not in sealed


def test_the_wrong_host_is_turned_away(shopify: Till) -> None:
    body = bytes_of(shopify_order())
    answer = shopify.browser.client.post(
        shopify.path, data=body, base_url="http://elsewhere.example", headers=sign("shopify", body)
    )
    assert answer.status_code == 400
    assert states() == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b"[" * 9000, 400),
        (b'{"line_items": 3, "total_price": 1}', 422),
    ],
)
def test_odd_bodies_are_answered_with_a_sentence(shopify: Till, body: bytes, status: int) -> None:
    answer = shopify.post(body, sign("shopify", body), expect=status)
    assert answer.json["detail"]
    assert states() == {}


def test_a_body_has_an_end(shopify: Till) -> None:
    body = b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    assert shopify.post(body, sign("shopify", body), expect=413).json["status"] == 413


def test_unknown_events_are_kept(shopify: Till) -> None:
    for name in ("customers.create", "returns.request"):
        shopify.send(recorded(f"shopify-captured-{name}")["body"], topic=name.replace(".", "/"))
    assert states() == {HookState.KEPT: 2}


def test_an_ended_connection_says_so(shopify: Till) -> None:
    found = db.session.scalar(select(Connection))
    assert found is not None
    connecting.end(found, b"", clock.now())
    body = bytes_of(shopify_order())
    assert "ended" in shopify.post(body, sign("shopify", body), expect=410).json["detail"]
    shopify.path = "/hooks/NOSUCHCODE"
    shopify.post(body, sign("shopify", body), expect=404)


def test_who_is_turned_away_waits_for_no_writer(app: Flask, shopify: Till) -> None:
    connecting.end(db.session.scalars(select(Connection)).one(), b"", clock.now())
    db.session.commit()
    with closing(sqlite3.connect(app.extensions["settings"].database.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        shopify.post(b"{}", {}, expect=410)


def test_the_first_word_of_woocommerce_is_answered(till: Any) -> None:
    it = till("woocommerce")
    it.post(b"webhook_id=5", {"Content-Type": "application/x-www-form-urlencoded"})
    assert states() == {}
    it.post(b"webhook_id=5&more=1", {"Content-Type": "application/x-www-form-urlencoded"}, expect=401)


def test_another_currency_is_refused_and_tried_again_when_it_is_right(shopify: Till) -> None:
    shopify.send(shopify_order(currency="USD"))
    [event] = db.session.scalars(select(HookEvent))
    assert event.state == HookState.FAILED
    assert event.problem is not None
    assert event.problem[1] == {"own": "IDR", "told": "USD"}
    shopify.send(shopify_order(updated_at="2026-11-02T00:00:00Z"))
    assert states() == {HookState.APPLIED: 2}, "what came later puts it right"


def test_a_refund_waits_for_its_order_and_takes_pieces_back(shopify: Till) -> None:
    shopify.send(shopify_refund(), topic="refunds/create")
    assert states() == {HookState.KEPT: 1}
    shopify.send(shopify_order())
    assert states() == {HookState.APPLIED: 2}
    lines = db.session.scalars(select(PurchaseLine.returned).order_by(PurchaseLine.position))
    assert list(lines) == [1, 0, 0]


def test_numbers_beyond_what_a_float_holds_stay_apart(shopify: Till) -> None:
    for id in (2**53 + 2, 2**53 + 3):
        shopify.send(shopify_order(id, name=f"#{id}"))
    found = db.session.scalars(select(Purchase.external_id).order_by(Purchase.external_id))
    assert list(found) == ["9007199254740994", "9007199254740995"]
    shopify.send({"id": 10**90}, topic="orders/delete", expect=422)


def test_a_list_of_receipts_is_taken_apart(till: Any) -> None:
    it = till("loyverse")
    receipts = [loyverse_receipt(f"1-{n}") for n in (7, 8, 9)]
    body = bytes_of(loyverse(*receipts))
    it.post(body, {}, query=f"?key={KEY.replace(' ', '+')}")
    it.post(body, {}, query="?key=falsch", expect=401)
    assert states() == {HookState.APPLIED: 3}
    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 3


def test_locations_lead_to_outlets(till: Any, outlet: Any) -> None:
    it = till("shopify", places={"4242": outlet.id})
    it.send(shopify_order(location_id=4242))
    assert db.session.scalar(select(Purchase.outlet_id)) == outlet.id


def test_a_shop_with_states_of_its_own(till: Any) -> None:
    it = till("woocommerce")
    it.send(woo_order(status="pending", date_paid_gmt=None))
    assert states() == {HookState.KEPT: 1}
    it.send(woo_order())
    assert db.session.scalar(select(Purchase.total)) == 461_897


def test_two_tills_with_the_same_number_at_one_outlet_stay_apart(till: Any) -> None:
    till("shopify").send(shopify_order())
    till("shopify").send(shopify_order(5_900_000_000_009, total_price="1000.00"))
    assert states() == {HookState.APPLIED: 1, HookState.FAILED: 1}
    assert list(db.session.scalars(select(Purchase.total))) == [725_000], "the first sale is as it was"


def test_a_body_of_many_orders_is_kept_and_let_in_a_few_at_a_time(till):
    it = till("loyverse")
    it.send(loyverse(*(loyverse_receipt(f"9-{n:03}") for n in range(60))))
    made = select(func.count()).select_from(Purchase)
    assert db.session.scalar(made) == 20
    jobs.ask_tills()
    db.session.expire_all()
    assert db.session.scalar(made) == 60
