"""Parcels of the example shops: deliveries in every status, late and odd ones, two ways in one case."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from portal.adapters.couriers.registry import COURIERS
from portal.adapters.vault import Secrets, Vault
from portal.db import db
from portal.demo import people
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.intake import writer
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.domain.shipments import accounts, actions, events
from portal.domain.shipments.models import CourierAccount
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units.models import Unit
from portal.kernel.clock import day_in
from portal.kernel.codes import new_token

Team = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class Trip:
    """A delivery: `told` is what Biteship says, the last `ago` hours before now, the others every `pace`
    hours before that; `by_hand` what the shop wrote down itself. `due`: the days from today on which it
    should arrive."""

    courier: str
    waybill: str
    told: tuple[str, ...]
    ago: float = 5
    pace: float = 9
    due: tuple[int, int] | None = None
    by_hand: Status | None = None
    before: str = ""  # the waybill that it began with


SENT = "FR-2P240"
TRIPS = (
    Trip("Grab", "GRAB-88120044", ("confirmed", "allocated", "picked", "dropping_off"), 0.4, 0.5, (0, 0)),
    Trip("JNE", "JNE0026114417", ("confirmed", "picked", "in_transit", "delivered"), 30, 14),
    Trip("SiCepat", "004455881307", ("confirmed",), 3),
    Trip("AnterAja", "10003388174611", ("confirmed", "scheduled"), 2, due=(1, 3)),
    Trip("J&T Express", "JP7720183991", ("confirmed", "picked"), 4, due=(2, 4)),
    Trip("JNE", "JNE0026114430", ("confirmed", "picked", "in_transit"), 7, due=(1, 2), before="JNEX26114430"),
    Trip("TIKI", "660081123456", ("picked", "in_transit"), 20, by_hand=Status.AVAILABLE_FOR_PICKUP),
    Trip("Ninja Xpress", "NVIDBITE00412", ("picked", "in_transit"), 8, by_hand=Status.ATTEMPT_FAILED),
    Trip("JNE", "JNE0026114452", ("confirmed", "picked", "in_transit", "on_hold"), 11),
    Trip("SiCepat", "004455881399", ("picked", "in_transit", "return_in_transit"), 16),
    Trip("Lion Parcel", "11206044521", ("picked", "in_transit", "return_in_transit", "returned"), 40, 20),
    Trip("AnterAja", "10003388174687", ("confirmed", "cancelled"), 26),
    Trip("JNE", "JNE0026114466", ("confirmed", "picked", "in_transit"), 30, 20, (-3, -2)),
    Trip("POS Indonesia", "P2611220047", ("picked", "in_transit"), 24 * 8, 20),
    Trip("J&T Express", "JP7720184020", ("confirmed", "picked", "transit_bandara"), 6, due=(1, 4)),
)  # fmt: skip


def travel(team: Team, outlet: Outlet, first: Customer, vault: Vault, now: datetime) -> None:
    """Each delivery is told by webhooks, as they would come."""
    agent = people.actor(team["JKT", "agent"])
    sealed = vault.seal(Secrets(keys=(new_token(),)))
    account = accounts.connect("biteship", "Biteship", outlet.timezone, sealed, now - timedelta(days=60))
    earlier = _sold(outlet)
    purchases = [_sell(outlet, first, TRIPS[0], now), *earlier]
    for n, (trip, purchase) in enumerate(zip(TRIPS, purchases, strict=False)):
        _deliver(trip, n, purchase, account, agent, now)
    _two_ways(agent, now)


def _sold(outlet: Outlet) -> list[Purchase]:
    """The newest receipts of proven customers about which there is no case."""
    about = select(Case.purchase_id).where(Case.purchase_id.is_not(None))
    claimed = (
        select(Unit.purchase_id).join(Case, Case.unit_id == Unit.id).where(Unit.purchase_id.is_not(None))
    )
    found = db.session.scalars(
        select(Purchase)
        .join(Customer, Customer.id == Purchase.customer_id)
        .where(
            Purchase.outlet_id == outlet.id, Purchase.kind == PurchaseKind.SALE,
            Customer.email_verified_at.is_not(None), Purchase.id.not_in(about), Purchase.id.not_in(claimed),
            Purchase.source != "counter",
        )
        .order_by(Purchase.bought_at.desc(), Purchase.id)
        .limit(len(TRIPS))
    )  # fmt: skip
    return list(found)


def _sell(outlet: Outlet, customer: Customer, trip: Trip, now: datetime) -> Purchase:
    """A refrigerator sold this morning, which is on its way to its buyer."""
    product = db.session.scalars(select(Product).where(Product.sku == SENT)).one()
    line = SaleLine(product.name, 1, Decimal(product.price), product.sku)
    sale = Sale(
        outlet.code, "JKT-KIRIM-01", now - timedelta(hours=4), (line,), buyer_name=customer.name,
        buyer_phone=customer.phone, buyer_email=customer.email, cashier="Wulan", courier=trip.courier,
        waybill=trip.waybill,
    )  # fmt: skip
    [sold] = writer.bring([sale], now, source="api")
    reactions.settle(now)
    return db.session.get_one(Purchase, sold.purchase_id)


def _deliver(
    trip: Trip, n: int, purchase: Purchase, account: CourierAccount, agent: Actor, now: datetime
) -> None:
    zone = purchase.outlet.timezone
    moments = [
        now - timedelta(hours=trip.ago + trip.pace * (len(trip.told) - 1 - k)) for k in range(len(trip.told))
    ]
    begun = moments[0] - timedelta(hours=1)
    if purchase.bought_at > begun:  # what was sold before it was sent
        purchase.bought_at = begun - timedelta(hours=2)
    bought = day_in(zone, purchase.bought_at)
    of_it = update(Unit).where(Unit.purchase_id == purchase.id)
    db.session.execute(of_it.values(delivered_on=None, installed_on=None, bought_on=bought))
    leg = actions.send_purchase(
        agent, purchase, courier=trip.courier, waybill=trip.before or trip.waybill, at=begun, now=begun
    )
    if trip.due:
        today = day_in(zone, now)
        days = today + timedelta(days=trip.due[0]), today + timedelta(days=trip.due[1])
        actions.change(leg, leg.version, courier=leg.courier, waybill=leg.waybill, eta=days, now=begun)
    reactions.settle(begun)
    for k, (status, at) in enumerate(zip(trip.told, moments, strict=True)):
        waybill = trip.before if trip.before and k == 0 else trip.waybill
        _hear(account, _body(trip, n, status, waybill, at), at + timedelta(seconds=40))
    if trip.by_hand:
        place = purchase.outlet.city
        actions.move(agent, leg, trip.by_hand, at=now - timedelta(hours=2), place=place, note="", now=now)
    actions.reckon(leg, now)
    reactions.settle(now)


def _hear(account: CourierAccount, body: str, at: datetime) -> None:
    events.receive(account, COURIERS, COURIERS["biteship"].read({}, body.encode(), at), at)
    reactions.settle(at)


def _body(trip: Trip, n: int, status: str, waybill: str, at: datetime) -> str:
    """As Biteship writes it."""
    return json.dumps({
        "event": "order.status", "order_id": f"690dd0887692553f72342b{n:02}", "order_price": 16_000 + 500 * n,
        "courier_tracking_id": f"w0rnIvFvTrpwif9RN3nZcl{n:02}", "courier_waybill_id": waybill,
        "courier_company": trip.courier.split()[0].lower(), "courier_type": "reg", "status": status,
        "updated_at": at.isoformat(),
    })  # fmt: skip


def _two_ways(agent: Actor, now: datetime) -> None:
    """A claim in repair whose item went to the service centre and is on its way back."""
    case = db.session.scalars(
        select(Case).where(Case.kind == "warranty", Case.state == "fulfilling").order_by(Case.id)
    ).first()
    if case is None:
        return
    gone, back = now - timedelta(days=4), now - timedelta(hours=20)
    ways = (
        (Direction.TO_SUPPLIER, "JNE0026109911", gone, Status.DELIVERED, gone + timedelta(days=2)),
        (Direction.FROM_SUPPLIER, "JNE0026114001", back, Status.IN_TRANSIT, back + timedelta(hours=9)),
    )
    for direction, waybill, begun, status, at in ways:
        leg = actions.start(
            agent, direction, courier="JNE", waybill=waybill, status=Status.PICKED_UP, at=begun, now=begun,
            outlet_id=case.outlet_id,
        )  # fmt: skip
        cases.add_leg(agent, case, leg, begun)
        actions.move(agent, leg, status, at=at, place=case.outlet.city, note="", now=at)
        actions.reckon(leg, now)
        reactions.settle(now)
