"""The shelf: reservations, counting, receiving; and that nothing is ever handed out twice."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.parts import stock
from portal.domain.parts.models import PartEntry, PartLevel
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories, factories_parts
from tests.threads import at_once


def level(part_id: int, outlet_id: int) -> tuple[int, int, int]:
    """(on hand, reserved, on order)."""
    db.session.expire_all()
    row = db.session.get_one(PartLevel, (part_id, outlet_id))
    return row.on_hand, row.reserved, row.on_order


def reserve(part_id: int, outlet_id: int, pieces: int, ref: str) -> None:
    stock.reserve(SYSTEM, part_id, outlet_id, pieces, "order", ref, clock.now())
    db.session.commit()


def adds_up(part_id: int) -> bool:
    """Whether the ledger's lines sum up to what the levels say."""
    of = PartEntry.part_id == part_id
    written = db.session.execute(
        select(func.sum(PartEntry.on_hand), func.sum(PartEntry.reserved), func.sum(PartEntry.on_order)).where(
            of
        )
    ).one()
    columns = (PartLevel.on_hand, PartLevel.reserved, PartLevel.on_order)
    there = db.session.execute(select(*map(func.sum, columns)).where(PartLevel.part_id == part_id)).one()
    return tuple(written) == tuple(there)


def test_fifty_orders_at_once_never_take_what_is_not_there(both: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=20)
    part_id, outlet_id = part.id, outlet.id
    told = at_once(
        both, 50,
        lambda n: stock.reserve(SYSTEM, part_id, outlet_id, 1, "order", str(n), clock.now()) and True,
    )  # fmt: skip
    assert told.count(True) == 20
    assert sum(isinstance(answer, Refused) for answer in told) == 30
    assert level(part_id, outlet_id) == (20, 20, 0)
    at_once(both, 20, lambda n: stock.use("order", str(n), clock.now()))
    assert level(part_id, outlet_id)[0] == 20 - sum(answer is True for answer in told[:20])
    assert adds_up(part_id)


def test_the_database_itself_refuses_less_than_nothing(both: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=1)
    with pytest.raises(IntegrityError):
        stock.change(SYSTEM, part.id, outlet.id, stock.Entry.USE, clock.now(), on_hand=-2)
    db.session.rollback()


def test_reserving_releasing_and_using_twice_is_harmless(app: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=3)
    for _twice in range(2):
        reserve(part.id, outlet.id, 2, "7")
    assert level(part.id, outlet.id) == (3, 2, 0)
    for _twice in range(2):
        stock.release("order", "7", clock.now())
    assert level(part.id, outlet.id) == (3, 0, 0)
    reserve(part.id, outlet.id, 3, "7")  # what was released can be set aside again
    for _twice in range(2):
        stock.use("order", "7", clock.now())
    stock.release("order", "7", clock.now())  # what is gone does not come back
    assert level(part.id, outlet.id) == (0, 0, 0)
    assert adds_up(part.id)


def test_work_and_orders_do_not_take_each_others_pieces(app: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=2)
    stock.reserve(SYSTEM, part.id, outlet.id, 1, "work", "7", clock.now())
    reserve(part.id, outlet.id, 1, "7")
    stock.use("work", "7", clock.now())
    assert level(part.id, outlet.id) == (1, 1, 0)


def test_too_many_are_refused_with_how_many_there_are(app: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=2)
    with pytest.raises(Refused) as told:
        reserve(part.id, outlet.id, 3, "7")
    assert told.value.message.values == {"count": 2}
    for pieces in (0, -1, 1000):
        with pytest.raises(Refused):
            reserve(part.id, outlet.id, pieces, "8")


def test_counting_needs_a_reason_and_keeps_what_is_reserved(app: Flask) -> None:
    outlet = factories.outlet()
    part = factories_parts.part(at=outlet, on_hand=5)
    reserve(part.id, outlet.id, 2, "7")
    for counted, reason, field in ((4, " ", "reason"), (1, "Hilang", "counted"), (-1, "Hilang", "counted")):
        with pytest.raises(Refused) as told:
            stock.count(SYSTEM, part.id, outlet.id, counted, reason, clock.now())
        assert told.value.field == field
    stock.count(SYSTEM, part.id, outlet.id, 2, "Dua rusak", clock.now())
    assert level(part.id, outlet.id) == (2, 2, 0)
    newest = db.session.scalars(select(PartEntry).order_by(PartEntry.id.desc())).first()
    assert newest is not None
    assert (newest.on_hand, newest.level, newest.reason) == (-3, 2, "Dua rusak")


def test_moving_takes_only_what_is_free(app: Flask) -> None:
    here, there = factories.outlet(), factories.outlet()
    part = factories_parts.part(at=here, on_hand=3)
    reserve(part.id, here.id, 1, "7")
    with pytest.raises(Refused):
        stock.transfer(SYSTEM, part.id, here.id, there.id, 3, "", clock.now())
    with pytest.raises(Refused):
        stock.transfer(SYSTEM, part.id, here.id, here.id, 1, "", clock.now())
    stock.transfer(SYSTEM, part.id, here.id, there.id, 2, "", clock.now())
    assert level(part.id, here.id) == (1, 1, 0)
    assert level(part.id, there.id) == (2, 0, 0)
    assert adds_up(part.id)
