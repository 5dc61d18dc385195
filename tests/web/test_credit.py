"""Store credit: spent at the counter, put right once, read by its customer, and never below zero."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Reach, Role
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.returns import credit
from portal.domain.returns.models import StoreCredit
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from tests import factories
from tests.browser import Browser
from tests.threads import at_once


def gives(owner, agent, amount):
    made = credit.give(agent.actor, owner.person.id, Money(amount), clock.now())
    db.session.commit()
    return made


def buys(outlet, person, price):
    line = SaleLine("Kemeja", 1, Decimal(price))
    made = factories.sold(Sale(outlet.code, f"K{next(factories.number)}", clock.now(), (line,)))
    made.customer_id = person.id
    db.session.commit()
    return made


@pytest.fixture
def receipt(owner, outlet):
    return buys(outlet, owner.person, 120_000)


@pytest.fixture
def way(owner):
    return f"/desk/customers/{owner.person.code}/credit"


def test_paid_at_the_counter_and_read_by_the_customer(owner, agent, receipt, way):
    gives(owner, agent, 150_000)
    offer = f"{way}?receipt={receipt.code}"
    for page in (f"/desk/receipts/{receipt.code}", f"/desk/sell/{receipt.code}"):
        assert offer in agent.get(page).text
    assert re.search(f'selected[^>]*value="{receipt.code}"', agent.get(offer).text)
    form = {"receipt": receipt.code, "amount": "100.000", "_key": "einmal"}
    agent.post(way, **form)
    agent.post(way, **form)
    assert credit.balance(owner.person.id, "IDR") == 50_000, "twice is harmless"
    assert "Rp100.000 paid with store credit." in agent.get(f"/desk/sell/{receipt.code}").text
    assert "Rp50.000" in owner.get("/home").text and "/account/credit" in owner.get("/account").text
    said = owner.get("/account/credit").text
    assert f"Paid on receipt {receipt.number}" in said and "−" in said
    assert agent.person.name not in said, "who wrote it is the shop's own"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Write an amount above zero."),
        ("0", "Write an amount above zero."),
        ("90.001", "The store credit is Rp90.000; that is not enough."),
        ("120.001", "Of this receipt Rp120.000 can still be paid with credit."),
    ],
)
def test_no_more_than_there_is_and_no_more_than_the_receipt(owner, agent, receipt, way, amount, said):
    gives(owner, agent, 90_000)
    page = agent.post(way, expect=422, receipt=receipt.code, amount=amount).text
    assert said in page and f'value="{amount}"' in page
    assert credit.balance(owner.person.id, "IDR") == 90_000


def test_a_mistake_is_put_right_once_with_its_reason(owner, agent, receipt, way):
    given = gives(owner, agent, 90_000)
    agent.post(way, receipt=receipt.code, amount="90.000")
    spent = db.session.scalars(select(StoreCredit).where(StoreCredit.amount < 0)).one()
    assert "Rp90.000 of" in agent.get(f"{way}?undo={spent.id}").text
    form = {"undo-entry": spent.id, "undo-reason": ""}
    assert "Say what was wrong" in agent.post(f"{way}/undo", expect=422, **form).text
    agent.post(f"{way}/undo", **form | {"undo-reason": "Nota yang salah."})
    said = agent.post(f"{way}/undo", expect=422, **form | {"undo-reason": "Lagi"}).text
    assert "This entry was put right already." in said
    assert credit.balance(owner.person.id, "IDR") == 90_000
    agent.post(way, receipt=receipt.code, amount="90.000")
    form = {"undo-entry": given.id, "undo-reason": "Salah orang."}
    assert "that is not enough" in agent.post(f"{way}/undo", expect=422, **form).text
    assert credit.balance(owner.person.id, "IDR") == 0
    assert "Nota yang salah." in owner.get("/account/credit").text


def test_who_may_do_what(app, owner, stranger, agent, technician, receipt, way, outlet):
    entry = gives(owner, agent, 10_000)
    owner.get(way, expect=403)
    technician.get(way, expect=403)
    technician.post(way, expect=403, receipt=receipt.code, amount="1.000")
    agent.get(f"{way}/undo", expect=405)
    other = f"/desk/customers/{stranger.person.code}/credit"
    agent.post(other, expect=422, receipt=receipt.code, amount="1.000")
    agent.post(f"{other}/undo", expect=404, **{"undo-entry": entry.id, "undo-reason": "x"})
    agent.post(f"{way}/undo", expect=422, **{"undo-entry": "9" * 30, "undo-reason": "x"})
    agent.get("/desk/customers/ZZZZZZZZ/credit", expect=404)
    assert "Rp10.000" not in stranger.get("/account/credit").text
    paper = Browser(app, owner.person, reach=Reach(purchases=(receipt.id,)))
    assert paper.get("/account/credit", expect=303).location.endswith("/account/everything")
    assert credit.balance(owner.person.id, "IDR") == 10_000


def test_twenty_who_spend_at_once_leave_nothing_below_zero(both):
    person = factories.customer("Siti", "siti@contoh.id", "+6281234567890")
    agent = Browser(both, factories.staff(Role.AGENT))
    outlet = factories.outlet()
    credit.give(agent.actor, person.id, Money(100_000), clock.now())
    receipts = [buys(outlet, person, 50_000).code for _n in range(20)]
    number, actor = person.id, agent.actor

    def spend(n):
        purchase = db.session.scalars(
            select(factories.Purchase).where(factories.Purchase.code == receipts[n])
        ).one()
        return credit.spend(actor, number, 15_000, purchase, clock.now()).amount

    told = at_once(both, 20, spend)
    assert sorted(map(str, (type(one).__name__ for one in told))).count("int") == 6
    assert sum(isinstance(one, Refused) for one in told) == 14
    db.session.expire_all()
    assert credit.balance(number, "IDR") == 10_000
    [entry] = db.session.scalars(select(StoreCredit).where(StoreCredit.amount > 0))
    spent = db.session.scalars(select(StoreCredit).where(StoreCredit.amount < 0)).first()
    entry_id, spent_id = entry.id, spent.id

    def undo(n):
        return credit.undo(actor, db.session.get_one(StoreCredit, spent_id), "Salah", clock.now()).amount

    assert [one for one in at_once(both, 5, undo) if isinstance(one, int)] == [15_000]
    assert credit.balance(number, "IDR") == 25_000 and entry_id != spent_id
