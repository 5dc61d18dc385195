"""A request that is sent twice, at once or much later, gets the first answer and records nothing twice."""

import contextvars
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from portal import jobs
from portal.db import db
from portal.domain.catalog.models import Product
from portal.domain.intake import answers, writer
from portal.domain.intake.models import ApiAnswer
from portal.domain.purchases.models import Purchase
from portal.kernel import clock
from tests import factories
from tests.till import PURCHASES, Till, sale

REPLAYED = "Idempotent-Replayed"


def count(table):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_first_answer_is_given_again(pos):
    first = pos.post(sale(), key="one")
    second = pos.post(sale(), key="one")
    assert first.json == second.json and second.json["status"] == "created"
    assert REPLAYED not in first.headers and second.headers[REPLAYED] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert "svg" in pos.post(sale(), f"{PURCHASES}?qr=svg", key="one").json["qr"]
    assert count(Purchase) == 1


def test_a_batch_is_given_again_with_what_was_refused(pos):
    body = {"purchases": [sale(), sale(number="2", outlet="ABC")]}
    first, second = (pos.post(body, expect=200, key="many") for _twice in range(2))
    assert first.json == second.json and second.headers[REPLAYED] == "true"


def test_another_body_is_refused(pos):
    pos.post(sale(), key="one")
    assert "another body" in pos.post(sale(number="2"), expect=409, key="one").json["detail"]
    assert count(Purchase) == 1


def test_another_till_has_keys_of_its_own(app, pos):
    pos.post(sale(), key="one")
    assert Till(app).post(sale(number="2"), key="one").json["status"] == "created"


def test_a_refusal_leaves_the_key_for_another_try(pos):
    pos.post(sale(outlet="ABC"), expect=422, key="one")
    pos.post(sale(bought_at="?"), expect=422, key="one")
    pos.post(sale(), key="one")


def test_a_fault_leaves_no_key_behind(app, pos, monkeypatch):
    app.testing = False
    with monkeypatch.context() as broken:
        broken.setattr(answers, "settle", None)  # after the sale is in, before the commit
        pos.post(sale(), expect=500, key="one")
    assert count(Purchase) == count(ApiAnswer) == 0
    assert pos.post(sale(), key="one").json["status"] == "created"


@pytest.mark.parametrize("key", ["", "k" * 129, "kunci\tsatu"])
def test_what_is_no_key(pos, key):
    pos.post(sale(), expect=400, key=key)
    pos.post(sale(), key="k" * 128)


def test_a_key_lapses_after_a_day_and_is_swept(pos, time_machine):
    pos.post(sale(), key="one")
    time_machine.move_to(clock.now() + timedelta(hours=25), tick=False)
    assert pos.post(sale(cashier="Budi"), expect=200, key="one").json["status"] == "changed"
    time_machine.move_to(clock.now() + timedelta(hours=25), tick=False)
    jobs.sweep()
    assert count(ApiAnswer) == 0


def test_what_is_kept_opens_nothing(pos):
    url = pos.post(sale(), f"{PURCHASES}?qr=svg", key="one").json["url"]
    kept = db.session.scalars(select(ApiAnswer.body)).one()
    assert url.rpartition("/")[2] not in kept and "Dewi" not in kept


def all_at_once(app, pos, bodies, **values):
    """What each of these requests was answered; all are sent at the same moment."""
    ready = Barrier(len(bodies))

    def send(body):
        with app.app_context():
            ready.wait()
            return pos.post(body, **values)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return [
            one.result() for one in [pool.submit(contextvars.Context().run, send, body) for body in bodies]
        ]


def test_ten_copies_at_once(both):
    factories.outlet("PNK")
    told = all_at_once(both, Till(both), [sale()] * 10, key="one")
    assert len({answer.text for answer in told}) == 1
    assert sum(REPLAYED not in answer.headers for answer in told) == 1
    assert count(Purchase) == count(ApiAnswer) == 1


def test_ten_copies_without_a_key_record_one_sale(both):
    factories.outlet("PNK")
    told = all_at_once(both, Till(both), [{"purchases": [sale()]}] * 10, expect=200)
    made = [answer.json["results"][0]["status"] for answer in told]
    assert sorted(made) == ["created", *["unchanged"] * 9]
    assert count(Purchase) == 1


def test_tills_that_sell_the_same_new_product_at_once(both):
    factories.outlet("PNK")
    told = all_at_once(both, Till(both), [sale(number=n) for n in range(6)])
    assert {answer.json["status"] for answer in told} == {"created"}
    assert count(Product) == 1


@pytest.mark.parametrize(("times", "status"), [(2, 201), (3, 503)])
def test_a_till_waits_for_its_turn_but_not_for_ever(app, pos, monkeypatch, times, status):
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorname = "SQLITE_BUSY"
    bring, left = writer.bring, [OperationalError("BEGIN IMMEDIATE", None, busy)] * times

    def late(*told, **named):
        if left:
            raise left.pop()
        return bring(*told, **named)

    monkeypatch.setattr(writer, "bring", late)
    pos.post(sale(), expect=status, key="one")
    assert not left and count(Purchase) == (status == 201)


def test_a_twin_that_has_waited_long_enough_is_told_when_to_come_back(both):
    if db.engine.dialect.name == "sqlite":
        return  # one writer at a time: a twin waits for the lock, three times as long as a form
    till, body = Till(both), sale(outlet=factories.outlet().code)
    with db.engine.connect() as first, first.begin():
        first.execute(
            insert(ApiAnswer).values(token_id=till.row.id, key="one", body_hash=b"x", created_at=clock.now())
        )
        answer = till.post(body, key="one", expect=409)
        assert answer.headers["Retry-After"] == "5" and "under way" in answer.json["detail"]
        first.rollback()
    till.post(body, key="one")
