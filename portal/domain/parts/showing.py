"""What the pages of a case show of its parts."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet
from portal.domain.parts import queries
from portal.domain.parts.models import Part, PartLevel, PartLine, PartOrder
from portal.domain.parts.queries import Stock

FITTING_MOST = 60  # parts to choose from


def lines_of(case_id: int) -> Select[PartLine]:
    """Who sees the case sees its parts."""
    return select(PartLine).where(PartLine.case_id == case_id)


def of_case(case_id: int) -> tuple[Any, list[Any]]:
    """(how they go out and what was paid, the lines) of a case; (None, []) without parts. One query."""
    order = (
        PartOrder.way, PartOrder.paying, PartOrder.address, PartOrder.freight, PartOrder.paid,
        PartOrder.paid_way, PartOrder.paid_at,
    )  # fmt: skip
    rows = db.session.execute(
        select(
            PartLine.id, PartLine.part_id, PartLine.pieces, PartLine.price, PartLine.currency,
            PartLine.state, PartLine.outlet_id, Part.code, Part.number, Part.name_id, Part.name_en,
            Part.picture, Outlet.name.label("outlet"), *order,
        )
        .select_from(PartOrder)
        .outerjoin(PartLine, PartLine.case_id == PartOrder.case_id)
        .outerjoin(Part, Part.id == PartLine.part_id)
        .outerjoin(Outlet, Outlet.id == PartLine.outlet_id)
        .where(PartOrder.case_id == case_id)
        .order_by(PartLine.id)
    ).all()  # fmt: skip
    return (rows[0] if rows else None), [row for row in rows if row.id is not None]


def free(part_ids: Collection[int]) -> dict[int, list[Any]]:
    """(outlet id, outlet, pieces) of each part where some are free."""
    found: dict[int, list[Any]] = defaultdict(list)
    if part_ids:
        rows = db.session.execute(
            select(PartLevel.part_id, Outlet.id, Outlet.name, PartLevel.on_hand - PartLevel.reserved)
            .join(Outlet, Outlet.id == PartLevel.outlet_id)
            .where(PartLevel.part_id.in_(part_ids), PartLevel.on_hand > PartLevel.reserved)
            .order_by(Outlet.name)
        )
        for part_id, *where in rows:
            found[part_id].append(where)
    return found


def fitting(actor: Actor, case: Case) -> list[tuple[Any, Stock]]:
    """Parts for the item of a case, and where they are."""
    if case.unit is None:
        return []
    found = queries.search(actor, product=case.unit.product, limit=FITTING_MOST)
    stock = queries.stock_of([row.id for row in found])
    return [(row, stock[row.id]) for row in found if row.active]
