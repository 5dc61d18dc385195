"""Returns: how many pieces, until when, what is given back, and that a piece comes back once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.claims.models import Refund
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.domain.returns import credit, queries, settling
from portal.domain.returns.models import ReturnLine
from portal.domain.returns.rules import Wish
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser
from tests.returning import approve, ask, asked, come, gone


@pytest.fixture
def shirt(returns_for: Callable[..., Any]) -> Any:
    return returns_for(7)


@pytest.fixture
def buy(owner: Browser, shirt: Any, outlet: Any) -> Callable[..., Purchase]:
    def sell(pieces: int = 3, days: int = 2, price: int = 100_000, **changes: Any) -> Purchase:
        line = SaleLine(shirt.name, pieces, Decimal(price), shirt.sku, **changes)
        made = factories.sold(
            Sale(outlet.code, f"R{next(factories.number)}", clock.now() - timedelta(days=days), (line,))
        )
        made.customer_id = owner.person.id
        factories.settle()
        return made

    return sell


def test_no_more_pieces_than_are_left(owner: Browser, agent: Browser, buy: Callable[..., Purchase]) -> None:
    purchase = buy(3)
    with pytest.raises(Refused):
        ask(owner, asked(purchase, 4))
    first = ask(owner, asked(purchase, 2))
    with pytest.raises(Refused):
        ask(owner, asked(purchase, 2))
    ask(owner, asked(purchase, 1))
    cases.move(owner.actor, first, E.CANCEL, clock.now())
    factories.settle()
    ask(owner, asked(purchase, 2))


def test_nobody_returns_what_another_bought(stranger: Browser, buy: Callable[..., Purchase]) -> None:
    with pytest.raises(Refused):
        ask(stranger, asked(buy()))


def test_what_is_late_is_allowed_with_a_reason_that_is_kept(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase]
) -> None:
    case = ask(owner, asked(buy(days=8)))
    with pytest.raises(Refused) as refused:
        approve(agent, case)
    assert "reason_" in (refused.value.field or "")
    db.session.rollback()
    approve(agent, case, reason="Pelanggan sakit.")
    [line] = queries.rows(case.id)
    assert (line.late, line.ruling, line.ruling_reason) == (True, "approved", "Pelanggan sakit.")


def test_less_than_asked_is_paid_in_money_and_counted_once(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase]
) -> None:
    purchase = buy(3, price=33_333, discount=Decimal(1))
    case = ask(owner, asked(purchase, 3))
    approve(agent, case)
    come(agent, case, 2)
    settling.settle(agent.actor, case, {}, clock.now())
    factories.settle()
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount, gone(purchase), case.state) == (2 * (99_998 // 3), 2, S.FULFILLING)
    with pytest.raises(Refused):
        settling.settle(agent.actor, case, {}, clock.now())
    later = ask(owner, asked(purchase, 1))
    approve(agent, later)
    come(agent, later, 1)
    settling.settle(agent.actor, later, {}, clock.now())
    factories.settle()
    assert sum(db.session.scalars(select(Refund.amount))) == 99_998 and gone(purchase) == 3


def test_less_money_needs_a_reason_and_more_is_refused(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase]
) -> None:
    case = ask(owner, asked(buy(1)))
    approve(agent, case)
    come(agent, case, 1)
    [line] = queries.rows(case.id)
    for amount, why in ((100_001, "x"), (50_000, "")):
        with pytest.raises(Refused):
            settling.settle(agent.actor, case, {line.id: settling.Given(amount, why)}, clock.now())
        db.session.rollback()
    settling.settle(agent.actor, case, {line.id: settling.Given(50_000, "Label hilang.")}, clock.now())
    assert db.session.scalars(select(Refund.amount)).all() == [50_000]


def test_credit_ends_the_case_and_is_never_overspent(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase]
) -> None:
    case = ask(owner, asked(buy(2), 2, Wish.CREDIT))
    approve(agent, case)
    come(agent, case, 2)
    settling.settle(agent.actor, case, {}, clock.now())
    factories.settle()
    assert (case.state, credit.balance(owner.person.id, "IDR")) == (S.CLOSED, 200_000)
    paid = buy(3)
    credit.spend(agent.actor, owner.person.id, 150_000, paid, clock.now())
    with pytest.raises(Refused):
        credit.spend(agent.actor, owner.person.id, 50_001, paid, clock.now())
    assert credit.balances(owner.person.id) == [("IDR", 50_000)]


@pytest.mark.parametrize(
    ("price", "difference", "owed"), [(130_000, 30_000, []), (80_000, -20_000, [20_000])]
)
def test_an_exchange_is_a_sale_of_its_own(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase], returns_for: Callable[..., Any],
    price: int, difference: int, owed: list[int],
) -> None:  # fmt: skip
    other, purchase = returns_for(7, price=price), buy(1)
    case = ask(owner, asked(purchase, 1, Wish.EXCHANGE, product_id=other.id))
    approve(agent, case)
    come(agent, case, 1)
    found = settling.settle(agent.actor, case, {}, clock.now())
    factories.settle()
    line = queries.lines(case.id)[0]
    new = db.session.scalars(select(Purchase).where(Purchase.code == line.swap_code)).one()
    assert (found.difference, line.difference, new.total) == (difference, difference, price)
    assert (new.customer_id, list(db.session.scalars(select(Refund.amount)))) == (owner.person.id, owed)
    assert len(factories.units_of(new)) == 1


def test_who_keeps_the_goods_cannot_return_them_again(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase]
) -> None:
    purchase = buy(1)
    case = ask(owner, asked(purchase, 1, Wish.CREDIT))
    approve(agent, case, "keep")
    settling.pay_kept(agent.actor, case, clock.now())
    factories.settle()
    assert credit.balance(owner.person.id, "IDR") == 100_000 and gone(purchase) == 0
    with pytest.raises(Refused):
        ask(owner, asked(purchase, 1))


def test_a_till_that_tells_of_it_later_takes_nothing_twice(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase], shirt: Any, outlet: Any
) -> None:
    purchase = buy(3)
    case = ask(owner, asked(purchase, 1))
    approve(agent, case)
    come(agent, case, 1)
    settling.settle(agent.actor, case, {}, clock.now())
    factories.settle()
    back = SaleLine(shirt.name, -1, Decimal(100_000), shirt.sku)
    told = Sale(
        outlet.code, "C1", clock.now(), (back,), kind=PurchaseKind.CANCELLATION, undoes=purchase.number
    )
    factories.sold(told)
    db.session.commit()
    assert gone(purchase) == 1
    alive = [unit for unit in factories.units_of(purchase) if unit.registration == "valid"]
    assert len(alive) == 2
    factories.sold(replace(told, number="C2"))
    db.session.commit()
    assert gone(purchase) == 2


def test_a_line_that_the_till_took_off_is_paid_nothing(
    owner: Browser, agent: Browser, buy: Callable[..., Purchase], shirt: Any, outlet: Any
) -> None:
    purchase = buy(1)
    case = ask(owner, asked(purchase, 1))
    approve(agent, case)
    other = SaleLine("Sabuk", 1, Decimal(5000))
    factories.sold(Sale(outlet.code, purchase.number, purchase.bought_at, (other,)))
    db.session.commit()
    come(agent, case, 1)
    settling.settle(agent.actor, case, {}, clock.now())
    assert not db.session.scalars(select(Refund)).all()
    assert db.session.scalars(select(ReturnLine.line_id)).one() is None
    assert db.session.scalars(select(PurchaseLine.description)).all().count("Sabuk") == 1


def test_only_who_decides_decides(
    owner: Browser, technician: Browser, buy: Callable[..., Purchase], app: Flask
) -> None:
    case = ask(owner, asked(buy(1)))
    assert technician.person.role == Role.TECHNICIAN
    with pytest.raises(Refused):
        approve(technician, case)
