"""How many webhooks of couriers are taken in a second, against bare inserts of the same bodies, each committed.

A webhook is checked by its signature, kept, put on its parcel, and its parcel folded anew with all that follows:
statuses, alarms, messages, days of delivery. Processor seconds, PostgreSQL's too; by turns, the best of each.
"""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.catalog.models import Outlet
from portal.domain.shipments import accounts, actions
from portal.domain.shipments.models import CourierAccount, Leg
from portal.domain.shipments.rules import Direction, Status
from portal.kernel import clock
from tests.bench import sales
from tests.bench.limits import check
from tests.bench.raw import cost
from tests.postgres import running_postgres

ROUNDS, PARCELS, KEY = 3, 60, "kunci"
STEPS = ("confirmed", "picked", "in_transit", "in_transit", "delivered")
BARE = text(
    "INSERT INTO courier_events (account_id, event_id, topic, happened_at, received_at, body, state)"
    " VALUES (:account, :id, 'bare', :now, :now, :body, 'kept')"
)


def measure() -> None:
    """On both databases."""
    with sales._sqlite() as address:
        _hold("SQLite", address, 150)
    with running_postgres() as server, nullcontext(server.create("hooks")) as address:
        _hold("PostgreSQL", address, 150)


def _hold(name: str, address: str, limit: float) -> None:
    with sales.portal(address) as app:
        code = _connect(app)
        taken, bare = [], []
        for turn in range(ROUNDS):
            bodies = list(_bodies(turn))
            _send_parcels(turn)
            taken.append(len(bodies) / cost(lambda: _post(app, code, bodies)))  # noqa: B023  # called at once
            bare.append(len(bodies) / cost(lambda: _insert(turn, bodies)))  # noqa: B023
        print(f"  {name}: {max(taken):,.0f} webhooks a second, {max(bare):,.0f} bare inserts")
        check(f"a webhook, × insert and commit on {name}", max(bare) / max(taken), limit)
        arrived = select(Leg.id).where(Leg.status == Status.DELIVERED)
        assert len(db.session.scalars(arrived).all()) == ROUNDS * PARCELS


def _connect(app: Flask) -> str:
    sealed = app.extensions["vault"].seal(Secrets((KEY,)))
    code = accounts.connect("biteship", "Biteship", "Asia/Jakarta", sealed, clock.now()).code
    db.session.commit()
    return code


def _send_parcels(turn: int) -> None:
    outlet, now = db.session.scalars(select(Outlet)).one(), clock.now()
    for n in range(PARCELS):
        actions.start(
            SYSTEM, Direction.TO_CUSTOMER, courier="JNE", waybill=f"W{turn}-{n}", at=now, now=now,
            status=Status.LABEL_CREATED, outlet_id=outlet.id,
        )  # fmt: skip
    db.session.commit()


def _bodies(turn: int) -> Iterator[str]:
    for step, status in enumerate(STEPS):
        for n in range(PARCELS):
            yield json.dumps({
                "event": "order.status", "order_id": f"O{turn}-{n}", "courier_waybill_id": f"W{turn}-{n}",
                "courier_company": "jne", "courier_type": "reg", "status": status, "order_price": 16_000,
                "updated_at": f"2026-01-0{step + 1}T03:00:00Z",
            })  # fmt: skip


def _post(app: Flask, code: str, bodies: list[str]) -> None:
    client, headers = app.test_client(), {"X-Toko": KEY, "Content-Type": "application/json"}
    for body in bodies:
        answer = client.post(f"/hooks/couriers/{code}", data=body, headers=headers)
        assert answer.status_code == 200, answer.text[:300]


def _insert(turn: int, bodies: list[str]) -> None:
    values: list[dict[str, Any]] = [
        {"account": 1, "id": f"bare-{turn}-{n}", "now": clock.now(), "body": body}
        for n, body in enumerate(bodies)
    ]
    assert db.session.scalar(select(CourierAccount.id)) == 1
    db.session.rollback()
    with db.engine.connect() as connection:
        for row in values:
            connection.execute(BARE, row)
            connection.commit()
