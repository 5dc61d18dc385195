"""The worker asks a till's company over real HTTP; here a server on this machine answers in its place."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import jobs
from portal.adapters.asking import Asker, check_host
from portal.db import db
from portal.domain.intake import hooks
from portal.domain.intake.models import HookEvent
from portal.domain.intake.rules import HookState
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.adapters.pos.samples import loyverse, loyverse_receipt, recorded, square_event, woo_order
from tests.fixtures.tills import connect, states

BUYER = "49a9f354-376c-46d7-8ce2-2f7896a833db"
SECRET = "token yang tak boleh tercatat"


class Company:
    """Answers by path; what is not known is a 404. `asked` has each question with its token."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str, bytes]] = []
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                company.asked.append((self.path, self.headers["Authorization"], body))
                found = company.answers.get(self.path, 404)
                status, said = (found, b"") if isinstance(found, int) else (200, json.dumps(found).encode())
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(said)

            do_POST = do_GET  # the name that http.server looks for

            def log_message(self, *_said: Any) -> None:
                """Nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _token, _body in self.asked]


@pytest.fixture
def company(app: Flask) -> Iterator[Company]:
    made = Company()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    hosts = ("connect.squareup.com", "api.loyverse.com")
    app.extensions["asker"] = Asker(dict.fromkeys(hosts, made.address))
    yield made
    made.server.shutdown()
    made.server.server_close()


def order(**fields: Any) -> dict[str, Any]:
    found = recorded("square-order")["order"]
    return {"order": {**found, "id": "ORDER1", "state": "COMPLETED", **fields}}


def test_an_event_with_ids_only_becomes_a_receipt(app: Flask, company: Company) -> None:
    where = factories.outlet(currency="USD")
    it = connect(app, "square", where, token=SECRET)
    company.answers = {
        "/v2/orders/ORDER1": order(customer_id="JDKYHBWT1D4F8MFH63DBMEN8Y4"),
        "/v2/customers/JDKYHBWT1D4F8MFH63DBMEN8Y4": recorded("square-customer"),
        "/v2/catalog/batch-retrieve": {
            "objects": [{"id": "catalog_object_id2", "item_variation_data": {"sku": "B2"}}]
        },
    }
    it.send(square_event())
    assert states() == {HookState.WAITING: 1}
    assert jobs.ask_tills() == 3
    assert company.paths() == list(company.answers)
    assert {token for _path, token, _body in company.asked} == {f"Bearer {SECRET}"}
    assert json.loads(company.asked[2][2]) == {"object_ids": ["catalog_object_id2"]}
    found = db.session.scalars(select(Purchase)).one()
    assert (found.total, found.buyer_email) == (550, "amelia.earhart@example.com")
    assert states() == {HookState.APPLIED: 4}
    assert jobs.ask_tills() == 0
    it.send(square_event(version=2, event="e2"))
    company.answers["/v2/orders/ORDER1"] = order(version=2, state="CANCELED")
    assert jobs.ask_tills() == 2, "a buyer who is not there any more is an answer, too"
    assert states()[HookState.WAITING] == 0
    assert db.session.scalars(select(Purchase)).one().cancelled_at


def test_the_worker_is_told_at_once(app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setitem(app.extensions, "ask_tills", lambda: called.append("asked"))
    connect(app, "square", factories.outlet(), token=SECRET).send(square_event())
    assert called == ["asked"]


@pytest.mark.parametrize("status", [302, 401, 404, 500])
def test_a_company_that_does_not_answer_is_asked_again_later_and_later(
    app: Flask, company: Company, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    company.answers["/v2/orders/ORDER1"] = status
    connect(app, "square", factories.outlet(), token=SECRET).send(square_event())
    start = clock.now()
    for after in hooks.AGAIN:
        with time_machine.travel(start + after + timedelta(seconds=2), tick=False):
            assert states() == {HookState.WAITING: 1}
            jobs.ask_tills()
            jobs.ask_tills()
    assert company.paths() == ["/v2/orders/ORDER1"] * len(hooks.AGAIN), "no redirect is followed"
    assert states() == {HookState.FAILED: 1}
    [event] = db.session.scalars(select(HookEvent))
    assert event.problem
    assert event.problem[1] == {"till": "Toko square"}
    assert SECRET not in capsys.readouterr().out


def test_a_sale_comes_in_without_its_buyer_when_nobody_says_who_it_was(app: Flask, company: Company) -> None:
    it = connect(app, "loyverse", factories.outlet(), token=SECRET)
    it.send(loyverse(loyverse_receipt(customer_id=BUYER)))
    assert db.session.scalars(select(Purchase)).one(), "at once; the buyer is added when the answer comes"
    company.answers[f"/v1.0/customers/{BUYER}"] = 401
    for after in hooks.AGAIN:
        with time_machine.travel(clock.now() + after + timedelta(seconds=2), tick=False):
            jobs.ask_tills()
    assert states() == {HookState.APPLIED: 1}
    assert db.session.scalars(select(Purchase)).one().buyer_phone is None


def test_one_buyer_of_two_receipts_is_asked_for_with_each(app: Flask, company: Company) -> None:
    company.answers[f"/v1.0/customers/{BUYER}"] = {"id": BUYER, "name": "Sari", "phone_number": "08129998888"}
    it = connect(app, "loyverse", factories.outlet(), token=SECRET)
    it.send(loyverse(*(loyverse_receipt(f"1-{n}", customer_id=BUYER) for n in (1, 2))))
    assert jobs.ask_tills() == 2
    assert set(db.session.scalars(select(Purchase.buyer_phone))) == {"+628129998888"}


def test_woocommerce_is_asked_at_its_own_site(app: Flask, company: Company) -> None:
    part = {"id": 40, "quantity": -1, "meta_data": [{"key": "_refunded_item_id", "value": "31"}]}
    path = "/wp-json/wc/v3/orders/815/refunds?per_page=100"
    company.answers[path] = [{"id": 9, "line_items": [part]}]
    app.extensions["asker"] = Asker({"toko.id": company.address})
    it = connect(app, "woocommerce", factories.outlet(), token="ck_1:cs_2", site="toko.id")
    it.send(woo_order(refunds=[{"id": 9, "total": "-210900"}]))
    assert db.session.scalars(select(PurchaseLine.returned)).first() == 0, "at once, as far as it is known"
    assert jobs.ask_tills() == 1
    assert company.asked == [(path, "Basic Y2tfMTpjc18y", b"")]
    assert db.session.scalars(select(PurchaseLine.returned).order_by(PurchaseLine.position)).first() == 1
    assert states() == {HookState.APPLIED: 2}


def test_an_answer_that_makes_no_sense_is_no_answer(app: Flask, company: Company) -> None:
    connect(app, "square", factories.outlet(), token=SECRET).send(square_event())
    for nonsense in ([], {"errors": []}, {"order": 3}):
        company.answers["/v2/orders/ORDER1"] = nonsense
        with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
            jobs.ask_tills()
    assert states() == {HookState.WAITING: 1}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "[::1]", "toko tanpa nama", "", "169.254.169.254"]
)
def test_only_the_open_internet_is_asked(host: str) -> None:
    with pytest.raises(Refused):
        check_host(host)
