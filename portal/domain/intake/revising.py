"""Revising a receipt that a till tells differently: lines, buyer and units follow what it says now."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from portal.db import db
from portal.domain.intake import checking, creating, returning
from portal.domain.intake.creating import Arrival
from portal.domain.purchases.models import LineReturn, Purchase, PurchaseDoubt, PurchaseLine
from portal.domain.units import making
from portal.domain.units.models import Unit
from portal.domain.units.numbers import clean_serial, serial_holder


def revise(arrival: Arrival, now: datetime, source: str) -> None:
    """Bring a receipt to what is told now. It stays with whoever took it or was said to have it."""
    purchase = db.session.get_one(Purchase, arrival.known.id, with_for_update=True, populate_existing=True)
    arrival.id = purchase.id
    returning.give_back(purchase.id, now)
    sale = arrival.sale
    if sale.external_id:
        purchase.source, purchase.external_id = source, sale.external_id
    purchase.number, purchase.kind, purchase.digest = sale.number, sale.kind, arrival.digest
    purchase.bought_at, purchase.cashier = sale.bought_at, sale.cashier[:80]
    purchase.cancelled_at, purchase.undoes = sale.cancelled_at, sale.undoes
    if purchase.outlet_id != arrival.outlet.id:
        purchase.outlet_id, purchase.currency = arrival.outlet.id, arrival.outlet.currency
        db.session.execute(
            update(Unit).where(Unit.purchase_id == purchase.id).values(outlet_id=arrival.outlet.id)
        )
    purchase.total, amounts = checking.rounded(arrival.exact, purchase.currency)
    _revise_buyer(purchase, arrival, source, now)
    lines = _revise_lines(purchase, arrival, amounts, now)
    making.follow([line.id for line in lines], now)
    _fill_serials(arrival, lines)
    db.session.flush()


def _revise_buyer(purchase: Purchase, arrival: Arrival, source: str, now: datetime) -> None:
    sale = arrival.sale
    told = (sale.buyer_name[:120], sale.buyer_phone, sale.buyer_email)
    if told == (purchase.buyer_name, purchase.buyer_phone, purchase.buyer_email) and purchase.customer_id:
        return
    if sale.buyer_phone != purchase.buyer_phone:
        purchase.wrong_tries = 0
    purchase.buyer_name, purchase.buyer_phone, purchase.buyer_email = told
    owner = purchase.customer
    if owner is not None and (owner.opened_at or owner.proven):
        return
    doubt = db.session.scalar(select(PurchaseDoubt).where(PurchaseDoubt.purchase_id == purchase.id))
    if doubt is not None and doubt.settled_at:
        return  # a person has said whose it is
    if doubt is not None:
        db.session.delete(doubt)
        db.session.flush()
    (match,) = creating.whose([sale], source, now)
    purchase.customer_id = match.record.id if match.record else None
    if match.doubt:
        creating.doubt(purchase.id, match, now)
    db.session.execute(
        update(Unit).where(Unit.purchase_id == purchase.id).values(holder_id=purchase.customer_id)
    )


def _revise_lines(
    purchase: Purchase, arrival: Arrival, amounts: list[int], now: datetime
) -> list[PurchaseLine]:
    """The lines as told, each the row that it was before as far as one can tell."""
    left = list(purchase.lines)
    taken_back = _taken_back(purchase.id)
    for line in left:  # positions are unique: make room first
        line.position = -line.id
    db.session.flush()
    lines = []
    told_lines = zip(arrival.sale.lines, arrival.products, amounts, strict=True)
    for n, (told, product, amount) in enumerate(told_lines, 1):
        before = _same(left, product.id if product else None, told.description[:200])
        if before is not None:
            left.remove(before)
        line = before or PurchaseLine(purchase_id=purchase.id)
        db.session.add(line)
        values = creating.line_row(line.id, purchase.id, n, told, product.id if product else None, amount)
        for column, value in zip(creating.LINE[2:], values[2:], strict=True):
            setattr(line, column, value)
        line.unit_price = told.unit_price
        line.returned = told.returned + taken_back.get(line.id, 0)
        lines.append(line)
    _remove(left, now)
    db.session.flush()
    return lines


def _same(left: list[PurchaseLine], product_id: int | None, description: str) -> PurchaseLine | None:
    """The row that was this line before: same product and words, else same product."""
    for line in left:
        if line.product_id == product_id and line.description == description:
            return line
    return next((line for line in left if product_id and line.product_id == product_id), None)


def _remove(lines: list[PurchaseLine], now: datetime) -> None:
    """Lines that are not told any more: their units go back to the shop."""
    for line in lines:
        line.quantity = 0
    db.session.flush()
    ids = [line.id for line in lines]
    making.follow(ids, now)
    db.session.execute(update(Unit).where(Unit.line_id.in_(ids)).values(line_id=None))
    db.session.execute(delete(LineReturn).where(LineReturn.sold_line_id.in_(ids)))
    for line in lines:
        db.session.delete(line)


def _taken_back(purchase_id: int) -> dict[int, int]:
    """Pieces of each line that cancellations took back, beside what the till itself tells."""
    rows = db.session.execute(
        select(LineReturn.sold_line_id, func.sum(LineReturn.pieces))
        .join(PurchaseLine, PurchaseLine.id == LineReturn.sold_line_id)
        .where(PurchaseLine.purchase_id == purchase_id)
        .group_by(LineReturn.sold_line_id)
    )
    return dict(list(rows))


def _fill_serials(arrival: Arrival, lines: list[PurchaseLine]) -> None:
    """Serial numbers that are told later go to the units that have none."""
    for line, told in zip(lines, arrival.sale.lines, strict=True):
        if not told.serials:
            continue
        units = list(db.session.scalars(select(Unit).where(Unit.line_id == line.id).order_by(Unit.id)))
        known = {unit.serial for unit in units}
        blank = iter([unit for unit in units if unit.serial is None])
        for raw in told.serials:
            serial = clean_serial(raw)
            free = serial and serial not in known and not serial_holder(line.product_id, serial)
            if free and (unit := next(blank, None)):
                unit.serial = serial
