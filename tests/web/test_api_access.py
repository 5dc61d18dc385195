"""Machines are let in by their token alone, and told what is wrong as problem details."""

import json
import logging
from io import BytesIO

import pytest
from structlog.testing import CapturingLogger

from portal.db import db
from portal.domain.accounts import tokens
from portal.domain.accounts.models import ApiToken
from portal.kernel import clock
from portal.web import bearer, guard
from tests.till import PURCHASES, Till, sale

CODE = f"{PURCHASES}/ZZZZZZZZ"


def problem(answer):
    assert answer.mimetype == "application/problem+json"
    told = answer.json
    assert told["status"] == answer.status_code and told["title"] and told["detail"]
    assert told["type"] == f"http://127.0.0.1:8000/api#problem-{answer.status_code}"
    assert told["instance"].endswith(answer.headers["X-Request-ID"])
    return told


def machine_addresses(world, *, real):
    return [a for a in world.addresses(real=real) if a.access and a.access.scope]


def test_without_a_token_nothing_opens(world, pos):
    for address in machine_addresses(world, real=True):
        answer = pos.ask(address.method, address.path, expect=401, token=None)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="purna"'
        assert "token" in problem(answer)["detail"]


def test_a_cookie_opens_nothing(world, admin):
    for address in machine_addresses(world, real=True):
        answer = admin.client.open(address.path, method=address.method, base_url="http://127.0.0.1:8000")
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers


def test_a_token_opens_no_page_of_people(app, pos):
    assert pos.get("/desk/receipts", expect=303).headers["Location"].startswith("/staff/sign-in")


@pytest.mark.parametrize("scope", ["purchases:read", "purchases:write"])
def test_a_token_reaches_as_far_as_its_scope(app, world, scope):
    pos = Till(app, scope)
    for address in machine_addresses(world, real=True):
        if address.access.scope == scope:
            continue
        answer = pos.ask(address.method, address.path, expect=403)
        assert f'scope="{address.access.scope}"' in answer.headers["WWW-Authenticate"]
        problem(answer)


def test_what_is_there_opens_and_what_is_not_is_404(world, pos):
    for address in machine_addresses(world, real=True):
        if address.method == "GET" and address.has_place:
            pos.get(address.path)
    for address in machine_addresses(world, real=False):
        if address.method == "GET" and address.has_place:
            problem(pos.get(address.path, expect=404))


def test_a_revoked_token_is_dead_at_once_and_its_successor_lives(app, pos):
    successor = Till(app)
    pos.get(CODE, expect=404)
    tokens.revoke(pos.row, clock.now())
    answer = pos.get(CODE, expect=401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    successor.get(CODE, expect=404)


@pytest.mark.parametrize("shown", ["Basic abc", "Bearer", "Bearer  ", "bearer purna_made_up", "Bearer é"])
def test_what_is_no_token(pos, shown):
    pos.get(CODE, expect=401, token=None, headers={"Authorization": shown})


def test_wrong_tokens_are_limited_by_address_and_right_ones_never(pos):
    for _try in range(30):
        pos.get(CODE, expect=401, token="purna_wrong")
    answer = pos.get(CODE, expect=429, token="purna_wrong")
    assert problem(answer) and int(answer.headers["Retry-After"]) > 0
    pos.get(CODE, expect=404)


def test_the_token_is_asked_for_before_the_body_is_read(pos):
    pos.post("x" * (bearer.LARGEST + 1), expect=401, token=None)
    problem(pos.post("x" * (bearer.LARGEST + 1), expect=413))


def test_a_body_that_comes_in_pieces_is_measured_too(pos):
    def send(size, expect):
        pieces = {"input_stream": BytesIO(b" " * size), "environ_overrides": {"wsgi.input_terminated": True}}
        return pos.ask("POST", PURCHASES, expect=expect, content_type="application/json", **pieces)

    problem(send(bearer.LARGEST + 1, 413))
    assert "not JSON" in problem(send(bearer.LARGEST - 1, 400))["detail"]


def test_other_methods_and_addresses(pos):
    assert "POST" in pos.ask("DELETE", PURCHASES, expect=405).headers["Allow"]
    problem(pos.ask("PUT", PURCHASES, expect=405))
    problem(pos.ask("POST", CODE, expect=405))
    problem(pos.get("/api/v1/nothing", expect=404))
    problem(pos.get("/api/v2/purchases", expect=404))
    problem(pos.get(f"{PURCHASES}/%00", expect=400))


def test_a_browser_of_another_site_is_no_reason_to_refuse_a_token(pos):
    pos.post(sale(), headers={"Origin": "app://kasir", "Sec-Fetch-Site": "cross-site"})


def test_sentences_are_english_unless_indonesian_is_asked_for(pos):
    def detail(**headers):
        return problem(pos.get(CODE, expect=404, headers=headers))["detail"]

    assert detail().startswith("Nothing is at this address")
    assert detail(**{"Accept-Language": "id-ID,id;q=0.9"}).startswith("Tidak ada apa-apa")
    assert detail(**{"Accept-Language": "de"}).startswith("Nothing is at this address")


def test_a_fault_of_ours_tells_no_details(app, pos, monkeypatch):
    def fails(*_args, **_values):
        raise RuntimeError("a secret of the shop")

    monkeypatch.setattr("portal.domain.intake.writer.bring", fails)
    app.testing = False
    answer = pos.post(sale(), expect=500)
    assert problem(answer)["detail"].startswith("Something went wrong") and "secret" not in answer.text


def test_last_use_is_noted_once_a_minute(pos, time_machine):
    def used():
        db.session.expire_all()
        return db.session.get(ApiToken, pos.row.id).last_used_at

    time_machine.move_to("2031-02-03 10:00:00+00:00", tick=False)
    pos.get(CODE, expect=404)
    first = used()
    assert first == clock.now()
    time_machine.move_to("2031-02-03 10:00:59+00:00", tick=False)
    pos.get(CODE, expect=404)
    assert used() == first
    time_machine.move_to("2031-02-03 10:01:00+00:00", tick=False)
    pos.post("no JSON", expect=400)
    assert used() == clock.now()


class TestTheLog:
    @pytest.fixture
    def settings(self):
        return {"demo": False}

    def test_it_names_the_token_and_holds_no_secret(self, pos, monkeypatch):
        assert logging.getLogger("purna").isEnabledFor(logging.INFO)
        monkeypatch.setattr(guard, "log", log := CapturingLogger())
        url = pos.post(sale(), f"{PURCHASES}?qr=svg").json["url"]
        pos.get(CODE, expect=401, token=pos.token + "x")
        seen = json.dumps([call.kwargs for call in log.calls], default=str)
        assert log.calls[0].kwargs["who"] == f"token:{pos.row.code}"
        assert pos.token.removeprefix(pos.row.prefix) not in seen
        assert url.rpartition("/")[2] not in seen and "Dewi" not in seen
