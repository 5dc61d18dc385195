"""Reading the catalogue of spare parts: what there is, what fits, and where it lies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts.models import Part, PartEntry, PartFit, PartLevel, PartWord, SupplyLine, SupplyOrder
from portal.domain.parts.rules import Fit, Supply, fits, plain, typed_words
from portal.kernel.paging import PAGE_SIZE

COMMON = 500  # parts; a word that so many have is too common to look them up by
_LAST = "z" * 60  # after everything that a word can go on with
_ROW = (
    Part.id, Part.code, Part.number, Part.name_id, Part.name_en, Part.brand, Part.picture, Part.price,
    Part.lead_days, Part.active, Part.universal,
)  # fmt: skip


def limit_to(actor: Actor | None, found: Select) -> Select:
    """Add who may see which parts: whoever keeps the catalogue all, everybody else what is offered."""
    if actor is not None and actor.is_staff:
        return found if actor.may(Permission.CATALOG_VIEW) else found.where(false())
    return found.where(Part.active)


def visible_to(actor: Actor | None) -> Select[Part]:
    return limit_to(actor, select(Part))


def search(
    actor: Actor | None,
    words: str = "",
    *,
    product: Product | None = None,
    after: list[Any] | None = None,
    limit: int = PAGE_SIZE + 1,
) -> list[Any]:
    """Rows of parts by name, in which every word or its beginning stands; `after` is (name, id).

    With a product only what fits it.
    """
    found = limit_to(actor, select(*_ROW))
    found = found.where(*_worded(typed_words(words)))
    if product is not None:
        found = found.where(fitting(product))
    if after:
        found = found.where(tuple_(Part.name_id, Part.id) > tuple_(*after))
    return list(db.session.execute(found.order_by(Part.name_id, Part.id).limit(limit)))


def _worded(typed: Sequence[str]) -> list[ColumnElement[bool]]:
    """The conditions that words stand in a part. Parts that have a rare word are looked up by it; of a word
    that many have it is asked part by part, so that a page of them costs the same however many there are."""
    if not typed:
        return []
    stands = [PartWord.word.between(word, word + _LAST) for word in typed]
    some = [select(PartWord.part_id).where(one).limit(COMMON).subquery() for one in stands]
    counts = db.session.execute(
        select(*(select(func.count()).select_from(s).scalar_subquery() for s in some))
    )
    return [
        select(PartWord.word).where(one, PartWord.part_id == Part.id).exists()
        if count == COMMON
        else Part.id.in_(select(PartWord.part_id).where(one))
        for one, count in zip(stands, counts.one(), strict=True)
    ]


def fitting(product: Product) -> ColumnElement[bool]:
    """The condition that a part fits a product, as `rules.fits` says it; universal ones are left out."""
    model = plain(product.model)
    by_model = (
        (PartFit.plain_model == model)
        & PartFit.product_id.is_(None)
        & ((PartFit.brand == "") | (func.lower(PartFit.brand) == product.brand.lower()))
    )
    alike = or_(PartFit.product_id == product.id, by_model) if model else PartFit.product_id == product.id
    return Part.id.in_(select(PartFit.part_id).where(alike))


def fits_product(part: Part, product: Product) -> bool:
    known = [Fit(fit.product_id, fit.brand, fit.model) for fit in part.fits]
    return fits(known, part.universal, product.id, product.brand, product.model)


def fits_model(part: Part, model: str) -> bool:
    """Whether a part goes into a thing that is no product of the catalogue, as far as its model tells."""
    if part.universal:
        return True
    asked = plain(model)
    return any(
        asked in (fit.plain_model, plain(fit.product.model) if fit.product else "") for fit in part.fits
    )


def fit_names(part_id: int) -> list[str]:
    """What a part fits, as people call it."""
    rows = db.session.execute(
        select(PartFit.brand, PartFit.model, Product.name)
        .outerjoin(Product, Product.id == PartFit.product_id)
        .where(PartFit.part_id == part_id)
        .order_by(PartFit.id)
    )
    return [row.name or f"{row.brand} {row.model}".strip() for row in rows]


@dataclass
class Stock:
    """Where a part is: `free` by outlet, what is on its way, and the day on which it is expected."""

    free: dict[str, int] = field(default_factory=dict)
    coming: int = 0
    expected: date | None = None


def stock_of(part_ids: Collection[int]) -> dict[int, Stock]:
    """Of each part where it is and when more comes. Two queries."""
    found: dict[int, Stock] = {number: Stock() for number in part_ids}
    levels = (
        select(
            PartLevel.part_id, Outlet.name, PartLevel.on_hand - PartLevel.reserved, PartLevel.on_order
        )
        .join(Outlet, Outlet.id == PartLevel.outlet_id)
        .where(PartLevel.part_id.in_(part_ids))
        .order_by(Outlet.name)
    )  # fmt: skip
    for part_id, outlet, free, coming in db.session.execute(levels):
        if free > 0:
            found[part_id].free[outlet] = free
        found[part_id].coming += coming
    expected = (
        select(SupplyLine.part_id, func.min(SupplyOrder.expected_on))
        .join(SupplyOrder, SupplyOrder.id == SupplyLine.order_id)
        .where(
            SupplyLine.part_id.in_(part_ids), SupplyOrder.state == Supply.OPEN,
            SupplyLine.received < SupplyLine.pieces,
        )
        .group_by(SupplyLine.part_id)
    )  # fmt: skip
    for part_id, day in db.session.execute(expected):
        found[part_id].expected = day
    return found


def levels(part_id: int) -> list[Any]:
    """(code, name, id of the outlet, on hand, reserved, on order, minimum, shelf) of every outlet."""
    numbers = (PartLevel.on_hand, PartLevel.reserved, PartLevel.on_order, PartLevel.minimum)
    return list(
        db.session.execute(
            select(
                Outlet.code, Outlet.name, Outlet.id,
                *(func.coalesce(column, 0).label(column.key) for column in numbers),
                func.coalesce(PartLevel.shelf, "").label("shelf"),
            )
            .outerjoin(PartLevel, (PartLevel.outlet_id == Outlet.id) & (PartLevel.part_id == part_id))
            .order_by(Outlet.name)
        )
    )  # fmt: skip


def totals(part_ids: Sequence[int]) -> dict[int, Any]:
    """(on hand, reserved, on order, minimum, short) of each part over all outlets; `short` counts the outlets
    that have less than their minimum."""
    short = PartLevel.on_hand - PartLevel.reserved + PartLevel.on_order < PartLevel.minimum
    rows = db.session.execute(
        select(
            PartLevel.part_id,
            func.sum(PartLevel.on_hand).label("on_hand"),
            func.sum(PartLevel.reserved).label("reserved"),
            func.sum(PartLevel.on_order).label("on_order"),
            func.count().filter(short).label("short"),
        )
        .where(PartLevel.part_id.in_(part_ids))
        .group_by(PartLevel.part_id)
    )
    return {row.part_id: row for row in rows}


def ledger(part_id: int, *, before: int | None = None, limit: int = PAGE_SIZE + 1) -> list[Any]:
    """Rows of a part's ledger, newest first, with the names of outlets and staff."""
    found = (
        select(PartEntry.__table__, Outlet.name.label("outlet"), Outlet.timezone, Staff.name.label("staff"))
        .join(Outlet, Outlet.id == PartEntry.outlet_id)
        .outerjoin(Staff, Staff.id == PartEntry.staff_id)
        .where(PartEntry.part_id == part_id)
        .order_by(PartEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(PartEntry.id < before)
    return list(db.session.execute(found))
