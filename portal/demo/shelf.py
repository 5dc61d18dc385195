"""Suppliers, spare parts, what lies at the four outlets, and a few orders of both sides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.adapters import images
from portal.adapters.filestore import FileStore
from portal.db import db
from portal.demo import files as written
from portal.demo import part_pictures, people
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.files import actions as files
from portal.domain.parts import catalogue, genuine, orders, stock, supply
from portal.domain.parts.models import Part, PartLine
from portal.domain.parts.rules import Paying, Way
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.domain.suppliers import actions as suppliers
from portal.domain.suppliers.models import Supplier
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.vocabulary import E
from portal.kernel.codes import drawn_from

Team = Mapping[tuple[str, str], Any]
OPENED = timedelta(days=160)  # since when parts are kept


def fill(team: Team, outlets: Mapping[str, Outlet], store: FileStore, now: datetime) -> None:
    """Everything of parts.toml, then its orders. Draws its codes from a source of its own."""
    with drawn_from(written.chance("part codes")):
        told, manager = written.read("parts"), people.actor(team["JKT", "manager"])
        for row in told["supplier"]:
            suppliers.save(None, 0, active=True, **row)
        known = {supplier.code: supplier.id for supplier in db.session.scalars(select(Supplier))}
        pictures: dict[str, images.Picture] = {}
        for row in told["part"]:
            _part(manager, row, known, outlets, pictures, store, now - OPENED)
        _marks(now - timedelta(days=30))
        _supplies(people.actor(team["JKT", "technician"]), outlets["JKT"], now)
        _orders(people.actor(team["JKT", "agent"]), outlets["JKT"], now)


def _part(
    manager: Actor, row: dict[str, Any], known: Mapping[str, int], outlets: Mapping[str, Outlet],
    pictures: dict[str, images.Picture], store: FileStore, at: datetime,
) -> None:  # fmt: skip
    shape = row["shape"]
    if shape not in pictures:
        pictures[shape] = images.reencode(part_pictures.picture(shape))
    picture = pictures[shape]
    fields = {name: row[name] for name in ("number", "name_id", "name_en", "brand", "component")}
    part = catalogue.save(
        None, 0, written="\n".join(row["fits"]), price=row["price"], cost=row["cost"], universal=False,
        supplier_id=known[row["supplier"]], lead_days=row["lead_days"], active=True, **fields,
    )  # fmt: skip
    hung = files.begin(
        manager, size=len(picture.jpeg), width=picture.width, height=picture.height,
        content_type="image/jpeg", now=at,
    )  # fmt: skip
    store.put(hung.key, picture.jpeg)
    store.put(hung.key + ".thumb", picture.thumbnail)
    catalogue.hang_picture(manager, part, [hung.code])
    for code, (pieces, minimum, shelf) in row["stock"].items():
        outlet = outlets[code]
        catalogue.place(part.id, outlet.id, minimum, shelf)
        if pieces:
            stock.count(manager, part.id, outlet.id, pieces, "Stok awal", at)


def _marks(at: datetime) -> None:
    """Codes for the parts that are copied most: one each on batteries, one for a batch of chargers."""
    for number, batch, pieces, each in (
        ("NV-A5-BAT", "2026-B7", 12, True),
        ("NV-CHG-20", "2026-C2", 24, False),
    ):
        genuine.make(_by_number(number), batch, pieces, each, at)


def _supplies(keeper: Actor, outlet: Outlet, now: datetime) -> None:
    """One order that came, one of which a part came, one that is still open."""
    for days, code, wanted, came in (
        (26, "MITRA-PART", {"BS-PMP-T8": 4, "BS-BLT-T8": 6}, {"BS-PMP-T8": 4, "BS-BLT-T8": 6}),
        (6, "HOSEJUKA", {"SJ-R240-GSK-B": 5, "SJ-AC-FLT": 10}, {"SJ-AC-FLT": 6}),
        (3, "KILAYA-JKT", {"KL-PNL-43U7": 1}, {}),
    ):  # fmt: skip
        at = now - timedelta(days=days, hours=2)
        supplier = db.session.scalars(select(Supplier).where(Supplier.code == code)).one()
        parts = {_by_number(number).id: pieces for number, pieces in wanted.items()}
        order = supply.order(keeper, supplier, outlet, parts, at)
        if came:
            arrived = {line.id: came.get(line.part.number, 0) for line in order.lines}
            supply.receive(keeper, order, arrived, at + timedelta(days=4))


def _orders(agent: Actor, outlet: Outlet, now: datetime) -> None:
    """New and not in stock; ready to collect; on its way; waiting for the supplier."""
    _ordered("SJ-R240-GSK-B", 2, outlet, Way.COLLECT, now - timedelta(hours=5))
    ready = _ordered("BS-PMP-T8", 1, outlet, Way.COLLECT, now - timedelta(days=2, hours=3))
    sent = _ordered("KL-RC43", 1, outlet, Way.SEND, now - timedelta(days=3, hours=1))
    waiting = _ordered("KL-PNL-43U7", 1, outlet, Way.FIT, now - timedelta(days=3, hours=6))
    _prepare(agent, ready, now - timedelta(days=1, hours=4))
    at = now - timedelta(days=1, hours=6)
    _prepare(agent, sent, at)
    orders.change_way(sent, Way.SEND, Paying.DELIVERY, "Jl. Kenanga 7 RT 02/05, Depok 16412", 14_000)
    leg = shipments.start(
        agent, Direction.TO_CUSTOMER, courier="JNE", waybill="JNE8812097751", status=Status.PICKED_UP,
        at=at + timedelta(hours=2), now=at + timedelta(hours=2),
    )  # fmt: skip
    cases.add_leg(agent, sent, leg, at + timedelta(hours=2))
    reactions.settle(at + timedelta(hours=2))
    cases.move(agent, waiting, E.ORDER, now - timedelta(days=3), body="Panel kami pesan dari distributor.")
    reactions.settle(now - timedelta(days=3))


def _prepare(agent: Actor, case: Case, at: datetime) -> None:
    for line in db.session.scalars(select(PartLine).where(PartLine.case_id == case.id)):
        orders.reserve(agent, case, line, line.outlet_id, at)
    orders.pick(agent, case, at + timedelta(minutes=20))
    reactions.settle(at + timedelta(minutes=20))


def _ordered(number: str, pieces: int, outlet: Outlet, way: Way, at: datetime) -> Case:
    """An order by the first customer whose item of that kind has no case yet."""
    part = _by_number(number)
    products = [fit.product_id for fit in part.fits if fit.product_id]
    unit = db.session.scalars(
        select(Unit)
        .join(Product, Product.id == Unit.product_id)
        .join(Customer, Customer.id == Unit.holder_id)
        .where(
            Unit.product_id.in_(products), Unit.outlet_id == outlet.id,
            Unit.registration == Registration.VALID,
            Customer.email_verified_at.is_not(None), Customer.language == "id",
            Unit.id.not_in(select(Case.unit_id).where(Case.unit_id.is_not(None))),
        )
        .order_by(Unit.id)
    ).first()  # fmt: skip
    assert unit is not None and unit.holder is not None
    address = "Jl. Kenanga 7 RT 02/05, Depok 16412" if way is Way.SEND else ""
    wish = orders.Wish([(part, pieces)], way, Paying.COUNTER, address)
    case = orders.order(people.actor(unit.holder), unit.holder, wish, unit, outlet, now=at)
    reactions.settle(at)
    return case


def _by_number(number: str) -> Part:
    return db.session.scalars(select(Part).where(Part.number == number)).one()
