"""Units follow what was sold: as many as were bought and not brought back, whatever a till tells later."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from portal.db import bulk, db, reserve
from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.versions import Versions
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import LOT_FROM, PurchaseKind
from portal.domain.units.actions import restore, take_back
from portal.domain.units.facts import UnitsMade
from portal.domain.units.models import CardLink, Unit
from portal.domain.units.rules import REPLACED_BY, Registration
from portal.kernel.clock import day_in
from portal.kernel.codes import new_codes


class Piece(NamedTuple):
    """A unit to be made, of one piece or of a whole lot."""

    product_id: int
    outlet_id: int
    purchase_id: int
    line_id: int
    holder_id: int | None
    version_id: int
    serial: str | None
    pieces: int
    bought_on: date


def lots(quantity: int) -> list[int]:
    """How many pieces each unit of a line has: single ones, or one large lot."""
    return [quantity] if quantity >= LOT_FROM else [1] * quantity


def write(made: Sequence[Piece], now: datetime) -> None:
    """Make units with their warranty cards. Serial numbers were checked before."""
    if not made:
        return
    ids = reserve(Unit.__table__, len(made))
    codes = new_codes(len(made), 10)
    bulk(
        Unit.__table__,
        (
            "product_id", "outlet_id", "purchase_id", "line_id", "holder_id", "policy_version_id", "serial",
            "pieces", "bought_on", "id", "code", "registration", "reason", "bought_at_shop", "created_at",
            "version",
        ),
        [
            (*piece, unit_id, code, "valid", "", "", now, 1)
            for piece, unit_id, code in zip(made, ids, codes, strict=True)
        ],
    )  # fmt: skip
    tokens = [links.columns(CardLink) for _piece in made]
    bulk(
        CardLink.__table__,
        ("seed", "token_hash", "created_at", "unit_id"),
        [(t["seed"], t["token_hash"], now, unit_id) for t, unit_id in zip(tokens, ids, strict=True)],
    )


def follow(line_ids: Collection[int], now: datetime, back: Collection[int] = ()) -> None:
    """Bring the units of sold lines to what is owned of them now: take back, restore, make the missing.

    `back` are the ids of those that are known to have come back; they are taken first.
    """
    if not line_ids:
        return
    versions = Versions()
    units: dict[int, list[Unit]] = defaultdict(list)
    for unit in db.session.scalars(select(Unit).where(Unit.line_id.in_(line_ids)).order_by(Unit.id)):
        units[unit.line_id or 0].append(unit)
    made: list[Piece] = []
    for line in db.session.execute(_LINES.where(PurchaseLine.id.in_(line_ids))):
        owned = line.quantity - line.gone
        if line.kind != PurchaseKind.SALE or line.cancelled_at is not None:
            owned = 0
        mine = [unit for unit in units[line.id] if not unit.reason.startswith(REPLACED_BY)]
        missing = _fit(mine, max(owned, 0), now, back)
        version = versions.of(line, line.outlet_code) if missing else None
        if version is not None:
            made += pieces(
                missing, product_id=line.product_id, outlet_id=line.outlet_id, purchase_id=line.purchase_id,
                line_id=line.id, holder_id=line.customer_id, version_id=version,
                bought_on=day_in(line.timezone, line.bought_at),
            )  # fmt: skip
    db.session.flush()
    write(made, now)
    if made:
        announce(UnitsMade(frozenset(piece.purchase_id for piece in made)))


def pieces(
    quantity: int, serials: Sequence[str] = (), *, product_id: int, outlet_id: int, purchase_id: int,
    line_id: int, holder_id: int | None, version_id: int, bought_on: date,
) -> list[Piece]:  # fmt: skip
    """The units of `quantity` pieces of a line; the first ones get the serial numbers."""
    given = [*serials, *[None] * quantity]
    return [
        Piece(product_id, outlet_id, purchase_id, line_id, holder_id, version_id, serial, lot, bought_on)
        for lot, serial in zip(lots(quantity), given, strict=False)
    ]


def _fit(units: list[Unit], owned: int, now: datetime, back: Collection[int]) -> int:
    """Take back or restore until `owned` pieces are there; returns how many are still missing."""
    alive = [unit for unit in units if unit.registration != Registration.RETURNED]
    surplus = sum(unit.pieces for unit in alive) - owned
    for unit in sorted(alive, key=lambda unit: (unit.id in back, unit.serial is None, unit.id), reverse=True):
        if surplus >= unit.pieces:
            surplus -= unit.pieces
            take_back(unit, now)
        elif surplus > 0:
            unit.pieces -= surplus
            surplus = 0
    missing = max(-surplus, 0)
    for unit in reversed([unit for unit in units if unit not in alive]):
        if unit.pieces <= missing:
            missing -= unit.pieces
            restore(unit, now)
    if missing and (lot := next((unit for unit in alive if unit.pieces > 1), None)):
        lot.pieces += missing
        return 0
    return missing


# Units that came from a line and are their owner's, in the order in which they were made.
OWNED = (
    select(Unit)
    .where(Unit.registration != Registration.RETURNED, ~Unit.reason.startswith(REPLACED_BY))
    .order_by(Unit.id)
)
_LINES = (
    select(
        PurchaseLine.id, PurchaseLine.purchase_id, PurchaseLine.product_id, PurchaseLine.quantity,
        PurchaseLine.gone, Purchase.kind, Purchase.cancelled_at, Purchase.bought_at, Purchase.outlet_id,
        Purchase.customer_id, Outlet.code.label("outlet_code"), Outlet.timezone, Product.policy_id,
        Product.unwarranted, Product.category, Product.brand,
    )
    .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
    .join(Outlet, Outlet.id == Purchase.outlet_id)
    .join(Product, Product.id == PurchaseLine.product_id)
)  # fmt: skip
