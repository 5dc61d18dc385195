"""Suppliers, spare parts and their stock for tests."""

from typing import Any

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import SYSTEM, Actor, Role
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts import catalogue, orders, stock
from portal.domain.parts.models import Part
from portal.domain.parts.rules import Paying, Way
from portal.domain.requests import actions as requests
from portal.domain.suppliers import actions as suppliers
from portal.domain.suppliers.models import Supplier
from portal.domain.suppliers.rules import SupplierKind
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests import factories
from tests.factories_shop import number


def supplier(**fields: Any) -> Supplier:
    n = next(number)
    made = suppliers.save(
        None, 0, **{"code": f"PEMASOK{n}", "name": f"Pemasok {n}", "kind": SupplierKind.PARTS, **fields}
    )
    db.session.commit()
    return made


def part(fits: Product | str = "", at: Outlet | None = None, on_hand: int = 0, **fields: Any) -> Part:
    """A part that fits a product, or what is written; everything without either. So many are at an outlet."""
    n = next(number)
    written = fits.sku if isinstance(fits, Product) else fits
    made = catalogue.save(
        None, 0, written=written,
        **{
            "number": f"PN-{n}", "name_id": f"Karet pintu {n}", "name_en": f"Door seal {n}", "price": 85_000,
            "cost": 50_000, "universal": not written, "active": True, **fields,
        },
    )  # fmt: skip
    if at is not None and on_hand:
        stock.count(SYSTEM, made.id, at.id, on_hand, "Stok awal", clock.now())
    db.session.commit()
    return made


def order(
    person: Customer, what: Part, where: Outlet, unit: Unit | None = None, *, way: Way = Way.COLLECT,
    pieces: int = 1,
) -> Case:  # fmt: skip
    """A customer's order of a part, sent."""
    who = Actor(Role.CUSTOMER, person.id, person.name)
    address = "Jl. Uji 2, Depok" if way is Way.SEND else ""
    wish = orders.Wish([(what, pieces)], way, Paying.COUNTER, address)
    case = orders.order(who, person, wish, unit, where, now=clock.now())
    factories.settle()
    return case


def asked(owner: Any, unit: Unit, words: str) -> Case:
    """A part that a customer asks for in words."""
    case = requests.ask(
        owner.actor, owner.person, orders.PART, requests.Subject(unit=unit, outlet=unit.outlet),
        {"part": words, "pieces": 1, "way": "collect"}, title=(words, ""), now=clock.now(),
    )  # fmt: skip
    factories.settle()
    return case
