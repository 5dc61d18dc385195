"""What arrives at /hooks/couriers: signed or not, odd, again, too large, ahead of its time, for nobody."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import accounts
from portal.domain.shipments.models import Checkpoint, CourierAccount, CourierEvent
from portal.domain.shipments.rules import EventState, Status
from portal.kernel import clock
from tests import factories
from tests.adapters.couriers.samples import (
    HEADERS,
    KEY,
    OLDER,
    SAMPLES,
    aftership,
    biteship,
    bytes_of,
    shippo,
    sign,
)
from tests.fixtures.couriers import Hook, sent, states


@pytest.fixture
def bought(app: Flask) -> Purchase:
    lamp = factories.product(sku="LAMPU-1", serialised=False)
    return factories.purchase(factories.outlet(), [(lamp, 1)])


@pytest.fixture
def biteship_hook(courier: Any) -> Hook:
    made: Hook = courier("biteship")
    return made


@pytest.mark.parametrize("form", sorted(HEADERS))
def test_without_the_right_signature_nothing_is_read(courier: Any, form: str) -> None:
    it, body = courier(form), bytes_of(SAMPLES[form])
    for headers in ({}, sign(form, body, "another key", clock.now())):
        answer = it.post(body, headers, expect=401)
        assert answer.mimetype == "application/problem+json"
        assert "signature" in answer.json["detail"]
    assert states() == {}
    for key in (KEY, OLDER):
        it.send(SAMPLES[form], key=key)
    assert states() == {EventState.WAITING: 1}, "the second one is its twin"
    assert KEY.encode() not in db.session.scalars(select(CourierAccount.sealed)).one()


def test_misses_are_limited_and_hits_are_not(biteship_hook: Hook) -> None:
    for _miss in range(30):
        biteship_hook.post(b"{}x", {}, expect=401)
    biteship_hook.post(b"{}x", {}, expect=429)
    biteship_hook.send(biteship())
    biteship_hook.path = "/hooks/couriers/NOSUCHCODE"
    biteship_hook.post(b"{}", {}, expect=429)


def test_a_replay_and_a_clock_that_is_off(courier: Any, bought: Purchase) -> None:
    it = courier("shippo")
    leg = sent(bought)
    for off in (timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=400)):
        answer = it.send(shippo(), at=clock.now() + off, expect=401)
        assert "five minutes" in answer.json["detail"]
    it.send(shippo(), at=clock.now() - timedelta(minutes=4))
    it.send(shippo())
    assert states() == {EventState.APPLIED: 1}
    db.session.refresh(leg)
    assert leg.status == Status.IN_TRANSIT


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}"])
def test_the_first_ping_is_empty_and_wants_200(biteship_hook: Hook, body: bytes) -> None:
    biteship_hook.post(body, {})
    assert states() == {}


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"\xff\xfe", b"[" * 9000, b"null", b'{"event": "order.status"\n"order_id": }',
        b'{"event": {"a": 1}, "order_id": ["x"], "status": 3}', b'{"event": "x", "updated_at": "\\u0000"}',
        b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_and_taken(biteship_hook: Hook, body: bytes) -> None:
    """A courier that is told otherwise stops sending; staff see what came."""
    biteship_hook.post(body, {HEADERS["biteship"]: KEY, "Content-Type": "text/html"})
    assert sum(states().values()) == 1
    kept = db.session.scalars(select(CourierEvent)).one()
    assert kept.state in (EventState.FAILED, EventState.KEPT)
    assert kept.body


def test_invalid_json_as_the_vendor_documents_it(biteship_hook: Hook, bought: Purchase) -> None:
    leg = sent(bought, "SKS-XXXXX")
    body = (
        b'{"event": "order.status"\n"courier_waybill_id": "SKS-XXXXX",\n"order_id": "5"\n"status": "picked"}'
    )
    biteship_hook.send(body)
    assert states() == {EventState.APPLIED: 1}
    db.session.refresh(leg)
    assert leg.status == Status.PICKED_UP
    assert db.session.scalars(select(CourierEvent.body)).one() == body.decode(), "kept as it came"


def test_a_body_has_an_end(biteship_hook: Hook) -> None:
    body = b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    assert biteship_hook.post(body, {HEADERS["biteship"]: KEY}, expect=413).json["status"] == 413
    assert states() == {}


@pytest.mark.parametrize(
    "typed", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""]
)
def test_the_type_that_is_claimed_does_not_matter(biteship_hook: Hook, typed: str) -> None:
    biteship_hook.post(bytes_of(biteship()), {HEADERS["biteship"]: KEY, "Content-Type": typed})
    assert states() == {EventState.WAITING: 1}


def test_other_topics_are_kept(courier: Any) -> None:
    courier("aftership").send({"event": "warranty.created", "id": "c8", "data": {"warranty": {"id": "1"}}})
    courier("shippo").send({"event": "batch_created", "data": {"object_id": "b"}})
    courier("easypost").send(
        {"description": "payment.created", "id": "evt_2", "object": "Event", "result": {}}
    )
    assert states() == {EventState.KEPT: 3}


def test_a_parcel_that_nobody_entered_waits(biteship_hook: Hook, bought: Purchase) -> None:
    biteship_hook.send(biteship())
    assert states() == {EventState.WAITING: 1}
    assert db.session.scalar(select(CourierEvent.leg_id)) is None


def test_unknown_couriers_and_statuses_are_told_in_their_words(courier: Any, bought: Purchase) -> None:
    leg = sent(bought, "111111111111", courier="Kurir Antah")
    body = aftership(steps=3, slug="kurir-antah")
    body["msg"] = {
        **body["msg"],
        "tag": "Diculik",
        "subtag": "Diculik_001",
        "subtag_message": "Diculik alien",
    }
    courier("aftership").send(body)
    db.session.refresh(leg)
    assert (leg.status, leg.attention) == (Status.IN_TRANSIT, "unknown")
    odd = db.session.scalars(select(Checkpoint).where(Checkpoint.word != "")).one()
    assert (odd.said, odd.status) == ("Diculik alien", None)


def test_an_ended_connection_says_so(biteship_hook: Hook) -> None:
    accounts.end(db.session.scalars(select(CourierAccount)).one(), b"", clock.now())
    db.session.commit()
    assert "ended" in biteship_hook.send(biteship(), expect=410).json["detail"]
