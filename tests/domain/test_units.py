"""Units of a purchase, and what is left of the warranty after a swap."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.rules import Replacement
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.units import actions as units
from portal.domain.units import making, queries
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.browser import Browser


def test_one_unit_for_each_piece(purchase: Purchase) -> None:
    made = factories.units_of(purchase)
    assert len(made) == 2
    assert len({unit.serial for unit in made} - {None}) == 2
    assert all(queries.card_token(unit.id) for unit in made)


def test_making_them_twice_is_harmless(purchase: Purchase) -> None:
    first = factories.units_of(purchase)
    making.follow([line.id for line in purchase.lines], clock.now())
    assert first == factories.units_of(purchase)


def test_many_pieces_are_one_lot(outlet: Outlet, product: Product) -> None:
    made = factories.units_of(factories.purchase(outlet, [(product, 13)], serials={}))
    assert [unit.pieces for unit in made] == [13]


def test_no_policy_no_unit(outlet: Outlet, product: Product) -> None:
    bare = factories.product()
    bare.policy_id = None
    assert not factories.units_of(factories.purchase(outlet, [(bare, 1)]))
    assert not factories.units_of(factories.purchase(outlet, [(product, 1)], kind=PurchaseKind.CANCELLATION))


def test_a_serial_number_belongs_to_one_item(outlet: Outlet, product: Product) -> None:
    with pytest.raises(Refused, match="another item"):
        factories.purchase(outlet, [(product, 2)], serials={1: ["s 1", "S1"]})
    made = factories.units_of(factories.purchase(outlet, [(product, 2)], serials={1: ["s 1"]}))
    assert [unit.serial for unit in made] == ["S1", None]
    with pytest.raises(Refused, match="another item"):
        factories.purchase(outlet, [(product, 1)], serials={1: ["S 1"]})


@pytest.mark.parametrize(("zone", "day"), [("Asia/Jakarta", 1), ("Asia/Makassar", 1), ("Asia/Jayapura", 2)])
def test_the_day_of_purchase_is_the_outlets(product: Product, zone: str, day: int) -> None:
    bought_at = clock.now().replace(year=2025, month=3, day=1, hour=15, minute=30)
    made = factories.units_of(factories.purchase(factories.outlet(zone=zone), [(product, 1)], at=bought_at))
    assert made[0].bought_on == date(2025, 3, day)


@pytest.mark.parametrize("rule", Replacement)
def test_after_a_swap(outlet: Outlet, agent: Browser, rule: Replacement) -> None:
    product = factories.product(guarded_by=factories.policy(replacement=rule))
    old = factories.units_of(
        factories.purchase(outlet, [(product, 1)], at=clock.now() - timedelta(days=200))
    )[0]
    today = day_in(outlet.timezone, clock.now())
    before = queries.verdict(old, clock.now()).until
    new = units.replace(agent.actor, old, serial="BARU", now=clock.now())
    assert new.bought_on == (today if rule is Replacement.RESTARTS else old.bought_on)
    assert (queries.verdict(new, clock.now()).until == before) == (rule is Replacement.CONTINUES)
    assert not queries.verdict(old, clock.now()).covered
    assert queries.lineage(new)[0] is old and queries.lineage(old)[1] is new


def test_a_swap_takes_no_serial_of_another(purchase: Purchase, agent: Browser) -> None:
    one, other = factories.units_of(purchase)
    with pytest.raises(Refused):
        units.replace(agent.actor, one, serial=other.serial or "", now=clock.now())


def test_voiding_keeps_reason_and_day(unit: Unit, manager: Browser) -> None:
    with pytest.raises(Refused):
        units.void(manager.actor, unit, reason=" ", now=clock.now())
    units.void(manager.actor, unit, reason="Dibongkar", now=clock.now())
    factories.settle()
    assert (unit.registration, unit.reason) == (Registration.VOID, "Dibongkar")
    with pytest.raises(Refused):
        units.void(manager.actor, unit, reason="Lagi", now=clock.now())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"delivered_on": 2}, "delivered_on"),
        ({"installed_on": 2}, "installed_on"),
        ({"delivered_on": -400}, "delivered_on"),
    ],
)
def test_days_that_cannot_be(unit: Unit, agent: Browser, wrong: dict[str, int], field: str) -> None:
    today = day_in(unit.outlet.timezone, clock.now())
    days: dict[str, Any] = {"delivered_on": None, "installed_on": None}
    days.update({name: today + timedelta(days=n) for name, n in wrong.items()})
    with pytest.raises(Refused) as refusal:
        units.correct(agent.actor, unit, serial="", version=unit.version, now=clock.now(), **days)
    assert refusal.value.field == field


def test_a_delivery_starts_its_clause(unit: Unit, agent: Browser) -> None:
    assert not queries.verdict(unit, clock.now()).transport.covered
    units.correct(
        agent.actor, unit, serial=unit.serial or "", delivered_on=unit.bought_on + timedelta(days=2),
        installed_on=None, version=unit.version, now=clock.now(),
    )  # fmt: skip
    assert queries.verdict(unit, clock.now()).transport.covered
    with pytest.raises(Stale):
        units.correct(
            agent.actor, unit, serial="", delivered_on=None, installed_on=None, version=1, now=clock.now()
        )
