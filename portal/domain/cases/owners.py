"""Cases go with their customer's record, and with the receipt of the item that they are about."""

from collections.abc import Collection

from sqlalchemy import select, update

from portal.db import among, db
from portal.domain.cases.models import Case
from portal.domain.units.models import Unit


def follow_purchase(purchase_id: int, customer_id: int, from_id: int) -> None:
    """What was reported about the items of a receipt goes where the receipt went."""
    items = select(Unit.id).where(Unit.purchase_id == purchase_id)
    db.session.execute(
        update(Case)
        .where(Case.customer_id == from_id, Case.unit_id.in_(items))
        .values(customer_id=customer_id)
    )


def move_all(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """The cases of one record, drafts too, go to another, all or `only` some; returns the ids that went."""
    found = update(Case).where(Case.customer_id == source_id)
    if only is not None:
        found = found.where(among(Case.id, only))
    return list(db.session.scalars(found.values(customer_id=target_id).returning(Case.id)))
