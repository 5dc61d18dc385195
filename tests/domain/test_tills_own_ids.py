"""Sales by the till's own id: numbers that collide, ids that are told twice, an order at another outlet."""

from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.intake.rules import Fate
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import SaleLine
from portal.domain.units.models import Unit
from tests import factories
from tests.domain.test_writer import bring, fates, sale


def numbers() -> dict[str | None, tuple[str, str]]:
    """Of each id (outlet, number)."""
    db.session.expire_all()
    return {p.external_id: (p.outlet.code, p.number) for p in db.session.scalars(select(Purchase))}


def test_a_number_that_another_sale_has_holds_up_nothing_else(both: Flask) -> None:
    outlet = factories.outlet()
    bring(sale(outlet, "1", external_id="X"), sale(outlet, "2", external_id="Y"))
    told = bring(sale(outlet, "2", external_id="X"), sale(outlet, "3", external_id="Z"))
    assert fates(told) == [Fate.REFUSED, Fate.CREATED]
    assert told[0].problem and told[0].problem.field == "number"
    assert numbers() == {"X": (outlet.code, "1"), "Y": (outlet.code, "2"), "Z": (outlet.code, "3")}


def test_an_id_that_is_told_twice_at_once_is_one_sale(both: Flask) -> None:
    outlet = factories.outlet()
    told = bring(sale(outlet, "1", external_id="X"), sale(outlet, "2", external_id="X"))
    assert fates(told) == [Fate.CREATED, Fate.CHANGED]
    assert numbers() == {"X": (outlet.code, "2")}


def test_an_order_that_moved_to_another_outlet(both: Flask) -> None:
    here, there = factories.outlet(), factories.outlet()
    tv = factories.product()
    line = SaleLine("TV", 1, Decimal(1000), tv.sku)
    bring(sale(here, "1", line, external_id="X"), sale(there, "9", external_id="Y"))
    moved = sale(there, "1", line, external_id="X")
    assert fates(bring(moved)) == [Fate.CHANGED]
    assert fates(bring(moved)) == [Fate.SAME]
    assert numbers()["X"] == (there.code, "1")
    assert set(db.session.scalars(select(Unit.outlet_id))) == {there.id}
    assert fates(bring(sale(there, "9", line, external_id="X"))) == [Fate.REFUSED]
