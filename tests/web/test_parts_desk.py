"""Spare parts at the desk: the catalogue, the shelf, suppliers and what is ordered from them."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.parts import genuine, supply
from portal.domain.parts.models import Part, PartEntry, PartLevel, SupplyOrder
from portal.domain.repairs.stock import missing
from portal.domain.suppliers.models import Supplier
from portal.kernel import clock
from tests import factories, factories_parts
from tests.adapters.photos import photo

PART = {"number": "PN-77", "name_id": "Engsel", "price": "24.000", "cost": "9.500", "active": "y"}


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER)


@pytest.fixture
def part(product, outlet):
    return factories_parts.part(product, outlet, 3, supplier_id=factories_parts.supplier().id)


def level(part, outlet):
    db.session.expire_all()
    row = db.session.get_one(PartLevel, (part.id, outlet.id))
    return row.on_hand, row.reserved, row.on_order


def test_a_manager_keeps_the_catalogue(manager, product):
    manager.get("/desk/parts/new")
    there = manager.post("/desk/parts/new", **PART, written=f"{product.sku}\nSejuka: SJ-9").location
    page = manager.get(there).text
    assert "PN-77" in page and product.name in page and "Sejuka SJ-9" in page
    edited = manager.post(f"{there}/edit", **PART | {"price": "25.000"}, written=product.sku, version=1)
    assert "Rp25.000" in manager.follow(edited).text
    assert "25.000" in manager.post(f"{there}/edit", expect=409, **PART, written=product.sku, version=1).text


def test_a_picture_is_taken_in_and_encoded_anew(manager, product):
    chosen = (BytesIO(photo()), "a.jpg")
    there = manager.post("/desk/parts/new", **PART, written=product.sku, photos=[chosen]).location
    part = db.session.scalars(select(Part)).one()
    assert part.picture and part.picture in manager.get(there).text
    assert manager.get(f"/parts/{part.code}/picture.jpg").mimetype == "image/jpeg"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"written": ""}, "Write what it fits"),
        ({"written": "TIDAK-ADA"}, "is no product code"),
        ({"written": "Sejuka: -"}, "is no product code"),
        ({"number": ""}, "fill this in"),
        ({"price": "-5"}, "Write an amount in digits"),
        ({"lead_days": "900"}, "Write a number from"),
    ],
)
def test_a_part_that_means_nothing_is_refused(manager, changes, said):
    page = manager.post("/desk/parts/new", expect=422, **PART | {"written": ": X-1"} | changes).text
    assert said in page
    assert db.session.scalar(select(Part.id)) is None


def test_a_number_is_one_part(manager, part):
    page = manager.post(
        "/desk/parts/new", expect=422, **PART | {"number": part.number, "written": ": X"}
    ).text
    assert "Another part has this number" in page


def test_counting_moving_and_placing(agent, part, outlet):
    there = factories.outlet()
    way, at = f"/desk/parts/{part.code}/stock", f"?at={outlet.code}"
    agent.get(way + at)
    agent.post(f"{way}/count{at}", counted=5, reason="Ketemu dua di gudang")
    agent.post(f"{way}/move{at}", to=there.id, pieces=2, why="Untuk pesanan")
    agent.post(f"{way}/place{at}", minimum=4, shelf="A1")
    assert (level(part, outlet), level(part, there)) == ((3, 0, 0), (2, 0, 0))
    assert "A1" in agent.get(way + at).text
    ledger = agent.get(f"/desk/parts/{part.code}/ledger").text
    assert "Ketemu dua di gudang" in ledger and "Untuk pesanan" in ledger and agent.person.name in ledger
    assert "Say why" in agent.post(f"{way}/count{at}", expect=422, counted=1, reason="").text
    assert "are free here" in agent.post(f"{way}/move{at}", expect=422, to=there.id, pieces=9).text
    agent.post(f"{way}/count?at=NOWHERE", expect=404, counted=1, reason="x")
    assert level(part, outlet) == (3, 0, 0)


def test_who_may_do_what(owner, agent, staff, part, outlet):
    technician, manager = staff(Role.TECHNICIAN), staff(Role.MANAGER)
    for path in (f"/desk/parts/{part.code}/edit", "/desk/parts/new", "/desk/suppliers/new"):
        agent.get(path, expect=403)
        technician.post(path, expect=403)
        manager.get(path)
    for person in (agent, technician, manager):
        person.get(f"/desk/parts/{part.code}")
    for path in ("/desk/parts", "/desk/suppliers", "/desk/parts/reorder", "/desk/parts/reorder.xlsx"):
        owner.get(path, expect=403)
    owner.post(f"/desk/parts/{part.code}/stock/count", expect=403, counted=0, reason="x")


def test_suppliers_are_kept(manager, agent):
    made = {"name": "Mitra", "code": "mitra-1", "kind": "parts", "phone": "0812-3456-7890", "active": "y"}
    manager.post("/desk/suppliers/new", **made)
    assert "taken" in manager.post("/desk/suppliers/new", expect=422, **made).text
    assert "Mitra" in agent.get("/desk/suppliers?q=mit").text
    supplier = db.session.scalars(select(Supplier)).one()
    assert (supplier.code, supplier.phone) == ("MITRA-1", "+6281234567890")
    manager.post("/desk/suppliers/MITRA-1", **made | {"name": "Mitra Baru"}, version=1)
    manager.post("/desk/suppliers/MITRA-1", expect=409, **made, version=1)
    assert "Mitra Baru" in agent.get("/desk/suppliers").text


def reorder(part, outlet, minimum):
    factories_parts.catalogue.place(part.id, outlet.id, minimum, "")
    db.session.commit()


def test_the_reorder_list_counts_what_is_reserved_on_order_and_waited_for(agent, owner, part, outlet):
    reorder(part, outlet, 3)
    assert supply.short(agent.actor, missing()) == []
    factories_parts.order(owner.person, part, outlet, pieces=2)
    [short] = supply.short(agent.actor, missing())
    assert (short.free, short.wanted, short.pieces) == (3, 2, 2)
    key = f"order_{short.key}"
    assert key in agent.get("/desk/parts/reorder").text
    there = agent.post("/desk/parts/reorder", **{key: 2}).location
    assert level(part, outlet) == (3, 0, 2)
    assert supply.short(agent.actor, missing()) == []
    assert part.name_en in agent.get(there).text


def test_the_reorder_list_is_a_sheet_too(agent, part, outlet):
    reorder(part, outlet, 9)
    answer = agent.get(f"/desk/parts/reorder.xlsx?outlet={outlet.code}")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][1] == part.number and rows[1][8] == "6"
    agent.get("/desk/parts/reorder.xlsx?outlet=NOWHERE", expect=404)


@pytest.mark.parametrize("pieces", ["", "0", "viele", "-1", "5000"])
def test_an_order_of_nothing_is_refused(agent, part, outlet, pieces):
    reorder(part, outlet, 9)
    [short] = supply.short(agent.actor, missing())
    agent.post("/desk/parts/reorder", expect=422, **{f"order_{short.key}": pieces})
    assert level(part, outlet) == (3, 0, 0)
    assert db.session.scalar(select(SupplyOrder.id)) is None


def test_an_order_comes_bit_by_bit_and_the_rest_is_cancelled(agent, part, outlet):
    order = supply.order(agent.actor, factories_parts.supplier(), outlet, {part.id: 5}, clock.now())
    db.session.commit()
    way, came = f"/desk/parts/orders/{order.code}", f"came_{order.lines[0].id}"
    agent.post(way, **{came: 2})
    assert level(part, outlet) == (5, 0, 3)
    for pieces in ("4", "-1", ""):
        agent.post(way, expect=422, **{came: pieces})
    assert level(part, outlet) == (5, 0, 3)
    for _twice in range(2):
        agent.post(f"{way}/cancel")
        assert level(part, outlet) == (5, 0, 0)
    agent.post(way, expect=422, **{came: 1})
    assert "0" not in [str(e.level) for e in db.session.scalars(select(PartEntry))]
    assert order.code in agent.get("/desk/parts/orders?state=cancelled").text.replace("-", "")


def test_codes_are_made_and_printed(agent, part):
    agent.post(f"/desk/parts/{part.code}/marks", pieces=3, batch="B-9", each="y")
    [sheet] = genuine.sheets(part.id)
    assert (sheet[1], sheet[3], len(set(genuine.labels(sheet[0])))) == ("B-9", 3, 3)
    agent.post(f"/desk/parts/{part.code}/marks", pieces=3)
    assert len(set(genuine.labels(genuine.sheets(part.id)[0][0]))) == 1
    assert agent.get(f"/desk/parts/marks/{sheet[0]}.pdf").mimetype == "application/pdf"
    for pieces in ("0", "501", ""):
        agent.post(f"/desk/parts/{part.code}/marks", expect=422, pieces=pieces)
