"""Cancellations take back what they undo: pieces of the lines that were sold, and the units made of them.

What a cancellation undoes is the sale that it names; when it names none, the latest purchases of the same
product by the same customer that have pieces left. One that comes before the sale that it names waits for it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from portal.db import among, bulk, db
from portal.domain.intake.creating import Arrival
from portal.domain.purchases.models import LineReturn, Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.units import making
from portal.domain.units.models import Unit

_LINES = select(
    PurchaseLine.id, PurchaseLine.purchase_id, PurchaseLine.product_id, PurchaseLine.quantity,
    PurchaseLine.returned, Purchase.outlet_id, Purchase.customer_id, Purchase.bought_at, Purchase.number,
).join(Purchase, Purchase.id == PurchaseLine.purchase_id)  # fmt: skip


def waiting_for(sales: Sequence[Arrival]) -> dict[int, str | None]:
    """Cancellations that came before one of these sales, which they name."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for arrival in sales:
        numbers[arrival.outlet.id].append(arrival.sale.number)
    waiting = select(Purchase.id, Purchase.undoes).where(Purchase.undoes_id.is_(None))
    return {
        this: number
        for outlet_id, some in numbers.items()
        for this, number in db.session.execute(
            waiting.where(Purchase.outlet_id == outlet_id, among(Purchase.undoes, some))
        )
    }


def take_back(named: Mapping[int, str | None], now: datetime) -> None:
    """What cancellations undo, by id, with the number of the sale that each names. They are there with their
    lines, and have taken nothing back yet. Six queries in all."""
    if not named:
        return
    brought = db.session.execute(
        _LINES.where(
            among(PurchaseLine.purchase_id, named),
            PurchaseLine.quantity < 0,
            PurchaseLine.product_id.is_not(None),
        ).order_by(Purchase.bought_at, PurchaseLine.id)
    ).all()
    by_number, by_buyer = _sold(brought, named)
    left: dict[int, int] = {}
    taken: list[tuple[int, int, int]] = []
    undone: dict[int, int] = {}
    for line in brought:
        number, missing = named[line.purchase_id], -line.quantity
        for sold in (
            by_number[line.outlet_id, number, line.product_id]
            if number
            else by_buyer[line.customer_id, line.product_id]
        ):
            pieces = min(missing, left.setdefault(sold.id, sold.quantity - sold.returned))
            if pieces <= 0 or (not number and sold.bought_at > line.bought_at):
                continue
            left[sold.id] -= pieces
            missing -= pieces
            taken.append((line.id, sold.id, pieces))
            undone.setdefault(line.purchase_id, sold.purchase_id)
    bulk(LineReturn.__table__, ("line_id", "sold_line_id", "pieces"), taken)
    _count([(sold_id, pieces) for _line, sold_id, pieces in taken], now)
    if undone:
        note = update(Purchase).where(Purchase.id == bindparam("this")).values(undoes_id=bindparam("sale"))
        db.session.connection().execute(note, [{"this": this, "sale": sale} for this, sale in undone.items()])


def give_back(purchase_id: int, now: datetime) -> None:
    """A cancellation is told anew: what it took back is sold again until it is taken back anew."""
    mine = select(PurchaseLine.id).where(PurchaseLine.purchase_id == purchase_id)
    taken = db.session.execute(
        select(LineReturn.sold_line_id, LineReturn.pieces).where(LineReturn.line_id.in_(mine))
    ).all()
    if not taken:
        return
    db.session.execute(delete(LineReturn).where(LineReturn.line_id.in_(mine)))
    db.session.execute(update(Purchase).where(Purchase.id == purchase_id).values(undoes_id=None))
    _count([(sold_id, -pieces) for sold_id, pieces in taken], now)


def _sold(
    brought: Sequence[Any], named: Mapping[int, str | None]
) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Lines that may be meant: by (outlet, number, product) and by (customer, product), newest first."""
    numbers: dict[int, set[str]] = defaultdict(set)
    for line in brought:
        if number := named[line.purchase_id]:
            numbers[line.outlet_id].add(number)
    buyers = {line.customer_id for line in brought if line.customer_id and not named[line.purchase_id]}
    by_number, by_buyer = defaultdict(list), defaultdict(list)
    products = {line.product_id for line in brought}
    for outlet_id, some in numbers.items():
        for sold in _found((Purchase.outlet_id == outlet_id) & among(Purchase.number, some), products):
            by_number[outlet_id, sold.number, sold.product_id].append(sold)
    for sold in _found(among(Purchase.customer_id, buyers), products) if buyers else ():
        by_buyer[sold.customer_id, sold.product_id].append(sold)
    return by_number, by_buyer


def _found(condition: Any, products: Collection[int]) -> list[Any]:
    """What was sold and has pieces left, newest first. In two steps, which every planner gets right."""
    sales = db.session.scalars(
        select(Purchase.id).where(
            condition, Purchase.kind == PurchaseKind.SALE, Purchase.cancelled_at.is_(None)
        )
    ).all()
    lines = db.session.execute(
        _LINES.where(
            among(PurchaseLine.purchase_id, sales),
            among(PurchaseLine.product_id + 0, products),  # not by its index: most receipts are others
            PurchaseLine.quantity > PurchaseLine.returned,
        )
    )
    return sorted(lines, key=lambda line: (line.bought_at, line.id), reverse=True)


def _count(pieces: Collection[tuple[int, int]], now: datetime) -> None:
    """Note so many more pieces as returned, and let the units follow."""
    if not pieces:
        return
    count = (
        update(PurchaseLine)
        .where(PurchaseLine.id == bindparam("line"))
        .values(returned=PurchaseLine.returned + bindparam("more"))
    )
    db.session.connection().execute(count, [{"line": line_id, "more": more} for line_id, more in pieces])
    with_units = select(Unit.line_id).where(Unit.line_id.in_({line_id for line_id, _more in pieces}))
    making.follow({line_id for line_id in db.session.scalars(with_units) if line_id}, now)
