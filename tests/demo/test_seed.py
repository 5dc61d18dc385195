"""The demo is what it says: so many of each, in the states their author named, the same each time."""

import json
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.demo import files
from portal.demo.seed import LETTERS, RECEIPT, is_empty, seed
from portal.domain.accounts.models import Customer
from portal.domain.cases.models import Case, CaseEvent, CasePhoto
from portal.domain.catalog.models import GuideVersion, Outlet, PolicyVersion, Product
from portal.domain.intake.models import HookEvent
from portal.domain.outbox.models import Channel, Delivery, OutboxMessage
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.units.models import Unit
from portal.jobs import Owed, letter
from portal.kernel import clock
from tests.conftest import close, portal_in

PROVEN = Customer.email_verified_at.is_not(None) | Customer.phone_verified_at.is_not(None)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Any:
    """The seeded portal, in whose context the tests run."""
    folder = tmp_path_factory.mktemp("shops")
    (folder / "purna.db").write_bytes(empty_database.read_bytes())
    app = portal_in(folder)
    with app.app_context():
        seed(clock.now(), app.extensions["files"], app.extensions["vault"])
        yield app
        db.session.rollback()
    close(app)


def count(table: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_so_many_of_each(shops: Flask) -> None:
    assert not is_empty()
    drafts, doubts = count(Product, Product.draft), count(PurchaseDoubt)
    assert (drafts, doubts) == (3, 1), "three sales of another till: new goods, and a buyer in doubt"
    assert (count(Outlet), count(Product), count(Customer), count(Purchase)) == (4, 33, 217, 2010), (
        "an exchange, one on its way, three bought for the returns; twelve customers only use the workshop"
    )
    assert (
        count(Customer, Customer.email_verified_at.is_not(None) | Customer.phone_verified_at.is_not(None))
        == 80
    )
    assert count(GuideVersion, GuideVersion.published_at.is_not(None)) == 30
    assert not count(PolicyVersion, PolicyVersion.published_at.is_(None))
    events = dict(db.session.execute(select(HookEvent.state, func.count()).group_by(HookEvent.state)).all())
    assert events == {"applied": 2, "failed": 1}, "orders of an online shop"
    by_registration = dict(
        db.session.execute(select(Unit.registration, func.count()).group_by(Unit.registration)).all()
    )
    assert by_registration["pending"] == 4 and by_registration["rejected"] == 2


def test_every_case_is_where_its_author_left_it(shops: Flask) -> None:
    wanted = Counter(
        "decided" if told["state"] == "decided_rejected" else told["state"]
        for told in files.read("cases")["case"]
    )
    wanted["submitted"] += 1  # one that a member of staff wrote down
    claims = select(Case.state, func.count()).where(Case.kind == "warranty").group_by(Case.state)
    assert dict(db.session.execute(claims).all()) == wanted
    assert count(CasePhoto) > 80


def test_nothing_lies_in_the_future_and_each_timeline_runs_forward(shops: Flask) -> None:
    now = clock.now()
    assert not count(CaseEvent, CaseEvent.at > now) and not count(Purchase, Purchase.bought_at > now)
    times: dict[int, list[datetime]] = {}
    told = select(CaseEvent.case_id, CaseEvent.at).order_by(CaseEvent.id)
    for case_id, at in db.session.execute(told):
        times.setdefault(case_id, []).append(at)
    assert all(moments == sorted(moments) for moments in times.values())


def test_the_shop_keeps_up_but_for_a_few(shops: Flask) -> None:
    open_now, late = count(Case, Case.on_desk), count(Case, Case.on_desk, Case.due_at < clock.now())
    assert open_now > 60 and 2 <= late <= open_now / 6
    today = count(Case, Case.on_desk, Case.due_at.between(clock.now(), clock.now() + timedelta(days=2)))
    assert today > 5


def test_the_printed_receipt_is_nobodys_and_has_both_contacts(shops: Flask) -> None:
    purchase = db.session.scalars(select(Purchase).where(Purchase.code == RECEIPT)).one()
    assert purchase.customer_id is None and purchase.buyer_email
    assert purchase.buyer_phone and purchase.buyer_phone.endswith("7890")


def test_every_message_of_the_demo_can_be_written(shops: Flask) -> None:
    assert count(OutboxMessage, OutboxMessage.state == Delivery.QUEUED) == LETTERS
    for m in db.session.scalars(select(OutboxMessage)):
        written = letter(Owed(m.id, m.key, Channel(m.channel), m.address, m.language, m.template, m.values))
        assert written.subject and "%(" not in written.text


def test_codes_are_the_same_on_another_day(tmp_path: Path, empty_database: Path, shops: Flask) -> None:
    (tmp_path / "purna.db").write_bytes(empty_database.read_bytes())
    app = portal_in(tmp_path)
    with app.app_context():
        later = datetime(2027, 2, 1, 3, tzinfo=UTC) + timedelta(minutes=7)
        seed(later, app.extensions["files"], app.extensions["vault"])
    close(app)
    here = {
        table: list(db.session.execute(select(table.code).order_by(table.id)).scalars())
        for table in (Case, Purchase, Unit)
    }
    with sqlite3.connect(tmp_path / "purna.db") as other:
        for table, codes in here.items():
            query = f"SELECT code FROM {table.__tablename__} ORDER BY id"
            assert sorted(code for (code,) in other.execute(query)) == sorted(codes), json.dumps(
                table.__tablename__
            )
    other.close()
