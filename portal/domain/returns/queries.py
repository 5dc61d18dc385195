"""Reading returns: what can still come back from receipts, and the lines of a case."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.db import among, db
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product, ReturnPolicy
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.returns.models import Exchange, ReturnLine
from portal.domain.returns.rules import Ruling, last_day
from portal.domain.units import making
from portal.domain.units.models import Unit
from portal.kernel.clock import day_in

OFFERED = 60  # products to exchange for

_asked_elsewhere = (
    select(func.coalesce(func.sum(ReturnLine.asked), 0))
    .join(Case, Case.id == ReturnLine.case_id)
    .where(
        ReturnLine.line_id == PurchaseLine.id, ReturnLine.settled_at.is_(None), Case.on_desk,
        ReturnLine.ruling != Ruling.REFUSED,
    )
    .correlate(PurchaseLine)
    .scalar_subquery()
)  # fmt: skip
_kept = (
    select(func.coalesce(func.sum(ReturnLine.asked), 0))
    .where(ReturnLine.line_id == PurchaseLine.id, ReturnLine.kept)
    .correlate(PurchaseLine)
    .scalar_subquery()
)
_SOLD = (
    select(
        PurchaseLine.id, PurchaseLine.position, PurchaseLine.description, PurchaseLine.quantity,
        PurchaseLine.amount, PurchaseLine.product_id, PurchaseLine.gone.label("gone"), Purchase.code,
        Purchase.number, Purchase.bought_at, Purchase.currency, Purchase.customer_id, Purchase.outlet_id,
        Outlet.name.label("outlet"), Outlet.timezone, Product.category, Product.brand, Product.icon,
        ReturnPolicy.days, ReturnPolicy.text_id, ReturnPolicy.text_en,
        _asked_elsewhere.label("asked"), _kept.label("kept"),
    )
    .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
    .join(Outlet, Outlet.id == Purchase.outlet_id)
    .outerjoin(Product, Product.id == PurchaseLine.product_id)
    .outerjoin(ReturnPolicy, ReturnPolicy.id == Product.return_policy_id)
    .where(
        Purchase.kind == PurchaseKind.SALE, Purchase.cancelled_at.is_(None), PurchaseLine.quantity > 0,
        PurchaseLine.amount >= 0,
    )
    .order_by(Purchase.bought_at.desc(), Purchase.id, PurchaseLine.position)
)  # fmt: skip


@dataclass(frozen=True)
class Sold:
    """A line of a receipt, and how much of it can still come back. `until` is the last day of its window;
    None where its product has none."""

    row: Any
    until: date | None
    late: bool

    @property
    def key(self) -> str:
        """What forms call it."""
        return f"{self.row.code}-{self.row.position}"

    @property
    def left(self) -> int:
        return max(self.row.quantity - self.row.gone - self.row.asked - self.row.kept, 0)

    @property
    def before(self) -> int:
        """Pieces that were given back or paid for already."""
        return int(self.row.gone + self.row.kept)


def sold_on(actor: Actor, customer_id: int, codes: Collection[str], now: datetime) -> list[Sold]:
    """The lines of a customer's own receipts that the actor may see, newest receipt first. One query."""
    mine = purchases.limit_to(actor, _SOLD).where(
        Purchase.code.in_(codes), Purchase.customer_id == customer_id
    )
    return [sold(row, now) for row in db.session.execute(mine)]


def sold_lines(line_ids: Collection[int], now: datetime) -> dict[int, Sold]:
    """Lines by id, whoever's they are."""
    found = db.session.execute(_SOLD.where(among(PurchaseLine.id, line_ids)))
    return {row.id: sold(row, now) for row in found}


def sold(row: Any, now: datetime) -> Sold:
    until = last_day(row.bought_at, row.timezone, row.days) if row.days else None
    return Sold(row, until, until is None or day_in(row.timezone, now) > until)


def receipts(actor: Actor, customer_id: int, limit: int) -> list[Any]:
    """The customer's receipts to choose from, of those that the actor may see, newest first."""
    found = (
        select(
            Purchase.code, Purchase.number, Purchase.bought_at, Purchase.total, Purchase.currency,
            Outlet.name.label("outlet"), Outlet.timezone,
        )
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .where(
            Purchase.customer_id == customer_id, Purchase.kind == PurchaseKind.SALE,
            Purchase.cancelled_at.is_(None),
        )
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
        .limit(limit)
    )  # fmt: skip
    return list(db.session.execute(purchases.limit_to(actor, found)))


def offers(chosen: Sequence[Sold]) -> dict[str, list[Any]]:
    """(id, name, price) of what each line can be exchanged for, by its key: its own category, the same brand
    first. One query."""
    kinds = {line.row.category for line in chosen if line.row.category}
    found = db.session.execute(
        select(Product.id, Product.sku, Product.name, Product.price, Product.category, Product.brand)
        .where(Product.category.in_(kinds), Product.active, ~Product.draft, Product.price > 0)
        .order_by(Product.name, Product.id)
    ).all()
    return {
        line.key: sorted(
            (row for row in found if row.category == line.row.category),
            key=lambda row: (row.id != line.row.product_id, row.brand != line.row.brand),
        )[:OFFERED]
        for line in chosen
    }


_new = aliased(Purchase)
_LINES = (
    select(
        ReturnLine.__table__, Product.name.label("product"), PurchaseLine.amount, PurchaseLine.quantity,
        PurchaseLine.gone.label("gone"), Purchase.code.label("receipt_code"), _kept.label("kept_before"),
        _new.code.label("swap_code"), _new.number.label("swap_number"), Exchange.difference,
    )
    .select_from(ReturnLine)
    .outerjoin(Product, Product.id == ReturnLine.product_id)
    .outerjoin(PurchaseLine, PurchaseLine.id == ReturnLine.line_id)
    .outerjoin(Purchase, Purchase.id == PurchaseLine.purchase_id)
    .outerjoin(Exchange, Exchange.case_id == ReturnLine.case_id)
    .outerjoin(_new, _new.id == Exchange.purchase_id)
    .order_by(ReturnLine.id)
)  # fmt: skip


def lines(case_id: int) -> list[Any]:
    """The lines of a case as they stand, with what is told of their receipts now and what was handed out in
    exchange. One query."""
    return list(db.session.execute(_LINES.where(ReturnLine.case_id == case_id)))


def items(line_ids: Collection[int]) -> dict[int, list[Unit]]:
    """What the customer has of sold lines, by line: single items that are told apart, not lots. One query."""
    found: dict[int, list[Unit]] = defaultdict(list)
    for unit in db.session.scalars(making.OWNED.where(among(Unit.line_id, line_ids), Unit.pieces == 1)):
        found[unit.line_id or 0].append(unit)
    return found


def to_settle(case_id: int) -> list[ReturnLine]:
    """The lines of a case without those that are settled: one that was opened again may have some."""
    return [line for line in rows(case_id) if line.settled_at is None]


def rows(case_id: int) -> list[ReturnLine]:
    found = select(ReturnLine).where(ReturnLine.case_id == case_id).order_by(ReturnLine.id)
    return list(db.session.scalars(found))
