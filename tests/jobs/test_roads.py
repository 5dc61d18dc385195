"""Couriers that tell nothing are asked over real HTTP, seldom and with patience; recorded answers reply."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import roads
from portal.adapters.asking import Asker
from portal.adapters.couriers.registry import COURIERS
from portal.db import db
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import asking
from portal.domain.shipments.models import CourierAccount, CourierEvent, Leg
from portal.domain.shipments.rules import EventState, Status, Trouble
from portal.kernel import clock
from tests import factories
from tests.adapters.couriers.samples import MOVED, WAYBILL, binderbyte, biteship, kiriminaja, rajaongkir
from tests.fixtures.couriers import connect, sent, states

SECRET = "kunci yang tak boleh tercatat"
ASKED = [courier.host for courier in COURIERS.values() if courier.host]


class Company:
    """Answers each question with `said`, a status or a body."""

    def __init__(self) -> None:
        self.said: Any = 404
        self.asked: list[tuple[str, str]] = []
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                shown = f"{self.headers.get('key', '')}{self.headers.get('Authorization', '')}"
                company.asked.append((self.path + body, shown))
                status, said = (company.said, b"{}") if isinstance(company.said, int) else (200, company.said)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

            do_POST = do_GET  # the name that http.server looks for

            def log_message(self, *_said: Any) -> None:
                """Nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def company(app: Flask) -> Iterator[Company]:
    made = Company()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    app.extensions["asker"] = Asker(dict.fromkeys(ASKED, f"http://127.0.0.1:{made.server.server_port}"))
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def bought(app: Flask) -> Purchase:
    lamp = factories.product(sku="LAMPU-1", serialised=False)
    return factories.purchase(factories.outlet(), [(lamp, 1)])


def now_of(leg: Leg) -> Leg:
    db.session.rollback()
    db.session.refresh(leg)
    return leg


@pytest.mark.parametrize(
    ("form", "said", "word"),
    [
        ("binderbyte", binderbyte(MOVED, status="DELIVERED"), WAYBILL),
        ("rajaongkir", rajaongkir(("2026-11-18", "09:00", "On Transit"), status="DELIVERED"), WAYBILL),
        ("kiriminaja", kiriminaja(("2026-11-18 09:00:00", "Delivered to X", 200), delivered=True), WAYBILL),
    ],
)
def test_each_is_asked_with_its_key_until_it_arrived(
    app: Flask, company: Company, bought: Purchase, form: str, said: Any, word: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    connect(app, form, token=SECRET)
    leg = sent(bought)
    company.said = said
    assert roads.look() == 1
    assert now_of(leg).status == Status.DELIVERED
    assert (leg.ask_at, leg.ask_problem) == (None, None)
    [(asked, shown)] = company.asked
    assert word in asked
    assert SECRET in parse_qs(urlsplit(asked).query).get("api_key", []) or SECRET in shown
    assert roads.look() == 0
    assert states() == {EventState.APPLIED: 1}
    assert SECRET not in capsys.readouterr().out


def test_the_same_answer_again_is_one_event_and_it_is_asked_more_seldom(
    app: Flask, company: Company, bought: Purchase
) -> None:
    connect(app, "binderbyte", token=SECRET)
    leg, start = sent(bought), clock.now()
    company.said = binderbyte(
        ((start - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S") + "+00:00", "TELAH TIBA", "BOGOR")
    )
    gaps, at = [], start
    for _look in range(4):
        with time_machine.travel(at, tick=False):
            assert roads.look() == 1
            assert roads.look() == 0, "not before its time"
        gaps.append((now_of(leg).ask_at or at) - at)
        at += timedelta(days=4)
    assert gaps == sorted(gaps) and gaps[0] == asking.USUAL and gaps[-1] > gaps[0]
    assert sum(states().values()) == 1
    with time_machine.travel(start + timedelta(days=50), tick=False):
        roads.look()
        assert now_of(leg).ask_at is None, "nobody will tell any more"
        assert leg.attention == Trouble.STALE


@pytest.mark.parametrize(
    "said", [404, 500, 302, b"<html>", {"status": 404, "message": "Invalid awb or courier"}, {"data": 5}]
)
def test_who_does_not_answer_or_does_not_know_is_asked_later_and_later(
    app: Flask, company: Company, bought: Purchase, said: Any
) -> None:
    connect(app, "binderbyte", token=SECRET)
    leg, at = sent(bought), clock.now()
    company.said = said
    for wait in (*asking.AGAIN, asking.AGAIN[-1]):
        with time_machine.travel(at, tick=False):
            assert roads.look() == 0
        assert now_of(leg).ask_problem
        assert leg.ask_at == at + wait
        at += wait
    assert states() == {}
    company.said = binderbyte(MOVED, status="DELIVERED")
    with time_machine.travel(at, tick=False):
        assert roads.look() == 1
    assert now_of(leg).ask_problem is None


def test_too_many_questions_let_all_rest(app: Flask, company: Company, bought: Purchase) -> None:
    connect(app, "binderbyte", token=SECRET)
    for n in range(asking.A_MINUTE + 5):
        sent(bought, f"W{n}")
    company.said = 429
    roads.look()
    assert len(company.asked) == 1, "the first refusal is enough"
    with time_machine.travel(clock.now() + asking.REST + timedelta(minutes=1), tick=False):
        company.said = binderbyte(MOVED)
        assert roads.look() == asking.A_MINUTE, "so many a minute"
        db.session.rollback()
        assert db.session.scalars(select(CourierAccount)).one().rests_until


def test_nobody_is_asked_about_whom_nobody_knows(app: Flask, company: Company, bought: Purchase) -> None:
    connect(app, "binderbyte", token=SECRET)
    connect(app, "biteship")
    for courier, waybill in (("Kurir toko", "A1"), ("JNE", "")):
        sent(bought, waybill, courier=courier)
    assert roads.look() == 0
    assert company.asked == []


def test_what_came_too_early_is_taken_up_by_itself(app: Flask, bought: Purchase) -> None:
    connect(app, "biteship").send(biteship("picked"))
    leg = sent(bought)
    roads.look()
    assert now_of(leg).status == Status.PICKED_UP
    assert db.session.scalars(select(CourierEvent.leg_id)).one() == leg.id
