"""Units for what was sold before its product came under a policy: noted here, made by a job bit by bit."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from portal.db import db
from portal.domain.purchases.models import PurchaseLine
from portal.domain.units.models import UnitsDue

CHUNK = 500  # ids in one statement


def note(product_ids: Sequence[int]) -> None:
    """Look from the beginning through what was sold of these products; those never sold are left out."""
    for start in range(0, len(product_ids), CHUNK):
        some = product_ids[start : start + CHUNK]
        sold = select(PurchaseLine.product_id).where(PurchaseLine.product_id.in_(some)).distinct()
        db.session.execute(delete(UnitsDue).where(UnitsDue.product_id.in_(some)))
        db.session.execute(insert(UnitsDue).from_select(["product_id"], sold))


def first() -> UnitsDue | None:
    """The product to go on with, held until the transaction ends."""
    return db.session.scalar(
        select(UnitsDue)
        .order_by(UnitsDue.product_id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def went_on(due: UnitsDue, after_line_id: int | None) -> None:
    """Note how far the job has come; None when nothing is left of this product."""
    if after_line_id is None:
        db.session.delete(due)
    else:
        due.after_line_id = after_line_id
    db.session.flush()
