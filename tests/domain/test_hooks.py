"""An order is what its events add up to: in any order, each again and again, two at the same moment."""

import random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.adapters.pos.registry import FORMATS
from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Product
from portal.domain.intake import hooks
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.intake.rules import HookState
from portal.domain.intake.tills import Told
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from tests import factories
from tests.adapters.pos.samples import (
    NOW,
    loyverse,
    loyverse_receipt,
    shopify_order,
    shopify_refund,
    tell,
    woo_order,
)
from tests.fixtures.tills import connect, states
from tests.threads import at_once

LATER = "2026-11-06T00:00:00Z"


def shopify() -> list[Told]:
    """An order's life: placed, paid, edited, sent, two refunds, at last deleted."""
    edited = shopify_order(updated_at="2026-11-02T10:00:00+07:00", current_total_price="275000.00")
    edited["line_items"][1]["current_quantity"] = 0
    sent = {**edited, "updated_at": "2026-11-03T10:00:00+07:00", "fulfillment_status": "fulfilled"}
    back = {**sent, "updated_at": "2026-11-05T09:00:01+07:00", "refunds": [shopify_refund()]}
    back["line_items"] = [{**back["line_items"][0], "current_quantity": 1}, back["line_items"][1]]
    bodies = [
        ("orders/create", shopify_order(financial_status="pending")), ("orders/paid", shopify_order()),
        ("orders/updated", edited), ("orders/fulfilled", sent), ("refunds/create", shopify_refund()),
        ("orders/updated", back), ("refunds/create", shopify_refund(id=901)),
        ("orders/delete", {"id": shopify_order()["id"]}),
    ]  # fmt: skip
    return [
        told
        for n, (topic, body) in enumerate(bodies)
        for told in tell("shopify", body, x_shopify_topic=topic, x_shopify_webhook_id=f"w{n}")
    ]


def woocommerce() -> list[Told]:
    """Placed, paid, sent, cancelled; and one that only waits."""
    steps = [
        ("order.created", woo_order(status="pending", date_paid_gmt=None)), ("order.updated", woo_order()),
        ("order.updated", woo_order(status="completed", date_modified_gmt="2026-11-03T02:00:00")),
        ("order.updated", woo_order(status="cancelled", date_modified_gmt="2026-11-04T02:00:00")),
    ]  # fmt: skip
    return [
        told
        for n, (topic, body) in enumerate(steps)
        for told in tell("woocommerce", body, x_wc_webhook_topic=topic, x_wc_webhook_delivery_id=f"d{n}")
    ]


def receipts() -> list[Told]:
    """Sold, one piece back, that refund undone, another piece back."""
    line = loyverse_receipt()["line_items"][0]
    part: dict[str, Any] = {
        "receipt_type": "REFUND",
        "refund_for": "1-1006",
        "line_items": [{**line, "quantity": 1}],
    }
    bodies = [
        loyverse_receipt(), loyverse_receipt("1-1007", **part),
        loyverse_receipt("1-1007", **part, cancelled_at=LATER, updated_at=LATER),
        loyverse_receipt("1-1008", **part, updated_at="2026-11-07T00:00:00Z"),
    ]  # fmt: skip
    return [told for body in bodies for told in tell("loyverse", loyverse(body))]


LIVES = {"shopify": shopify, "woocommerce": woocommerce, "loyverse": receipts}


def rows(connection: Connection) -> Any:
    """What there is of a till in the end, without what is drawn by lot."""
    of = Purchase.source == f"{connection.format}:{connection.code}"
    purchase = select(
        Purchase.number, Purchase.total, Purchase.bought_at, Purchase.cancelled_at, Purchase.kind,
        Purchase.buyer_phone, Purchase.external_id, Purchase.digest, Customer.name,
    ).outerjoin(Customer)  # fmt: skip
    line = select(
        PurchaseLine.position, PurchaseLine.description, Product.sku, PurchaseLine.quantity,
        PurchaseLine.returned, PurchaseLine.unit_price, PurchaseLine.amount,
    ).join(Purchase).outerjoin(Product)  # fmt: skip
    unit = select(Unit.registration, Unit.serial).join(Purchase, Purchase.id == Unit.purchase_id)
    unit = unit.where(Unit.registration != Registration.RETURNED)  # of what came back early none was made
    kept = select(HookEvent.event_id, HookEvent.state).where(HookEvent.connection_id == connection.id)
    return [
        sorted(map(repr, db.session.execute(one)))
        for one in (*(x.where(of) for x in (purchase, line, unit)), kept)
    ]


def take(connection_id: int, *told: Told) -> None:
    connection = db.session.get_one(Connection, connection_id)
    hooks.receive(connection, FORMATS[connection.format], told, NOW, asks=False)


def shop(app: Flask, form: str) -> Connection:
    """A new outlet with a till of this kind."""
    till = connect(app, form, factories.outlet())
    found = db.session.scalar(select(Connection).where(Connection.code == till.code))
    assert found is not None
    return found


def ends(app: Flask, form: str, told: list[Told]) -> Any:
    """The rows of a shop that has just opened, after these events, one transaction each."""
    connection = shop(app, form)
    for event in told:
        take(connection.id, event)
        factories.settle(NOW)
    return rows(connection)


@pytest.fixture(autouse=True)
def lamps(request: pytest.FixtureRequest) -> None:
    """What these tills sell has a policy, so that there are units to be taken back."""
    request.getfixturevalue("both" if "both" in request.fixturenames else "app")
    for sku in ("LAMPU-1", "KIPAS-2", "10001"):
        factories.product(sku=sku, serialised=False)


@pytest.mark.parametrize("form", sorted(LIVES))
def test_a_life_ends_as_it_should(app: Flask, form: str) -> None:
    purchases, lines, units, events = ends(app, form, LIVES[form]())
    assert len(purchases) == 1
    assert len(events) == len(LIVES[form]())
    assert all(HookState.APPLIED in event for event in events)
    assert len(units) == {"shopify": 0, "woocommerce": 0, "loyverse": 1}[form]
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 2, "the others are there, returned"
    assert lines


@pytest.mark.parametrize("form", sorted(LIVES))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), times=st.integers(1, 3))
def test_any_order_each_up_to_three_times(app: Flask, form: str, seed: int, times: int) -> None:
    mixed = LIVES[form]() * times
    random.Random(seed).shuffle(mixed)
    assert ends(app, form, mixed) == ends(app, form, LIVES[form]())


@pytest.mark.parametrize("form", sorted(LIVES))
def test_all_at_the_same_moment(both: Flask, form: str) -> None:
    """Each event twice, every one in a transaction of its own: nothing is lost, nothing is there twice."""
    life, connection = LIVES[form]() * 2, shop(both, form)
    one = connection.id
    at_once(both, len(life), lambda n: take(one, life[n]))
    db.session.rollback()
    ended = rows(db.session.get_one(Connection, one))
    assert ended == ends(both, form, LIVES[form]())


def test_a_body_of_many_receipts_and_its_twin_at_the_same_moment(both: Flask) -> None:
    told = tell("loyverse", loyverse(*(loyverse_receipt(f"1-{n}") for n in range(5))))
    one = shop(both, "loyverse").id
    at_once(both, 4, lambda n: take(one, *(told if n % 2 else reversed(told))))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 5
    assert states() == {HookState.APPLIED: 5}
