"""Cases go with their customer's record, and with the receipt of the item that they are about."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Update, exists, or_, select, update
from sqlalchemy.orm import aliased

from portal.db import among, db
from portal.domain.cases.models import Case
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category


def follow_purchase(purchase_id: int, customer_id: int, from_id: int) -> None:
    """What was reported about a receipt and its items goes where the receipt went."""
    items = select(Unit.id).where(Unit.purchase_id == purchase_id)
    about = or_(Case.unit_id.in_(items), Case.purchase_id == purchase_id)
    db.session.execute(_to(customer_id).where(Case.customer_id == from_id, about))


def follow_items(from_id: int, customer_id: int, since: datetime) -> None:
    """What one reported `since` then about items that are another one's goes to that one."""
    items = select(Unit.id).where(Unit.holder_id == customer_id)
    late = Case.customer_id == from_id, Case.created_at >= since, Case.unit_id.in_(items)
    db.session.execute(_to(customer_id).where(*late))


def move_all(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """The cases of one record, drafts too, go to another, all or `only` some; returns the ids that went."""
    found = _to(target_id).where(Case.customer_id == source_id)
    if only is not None:
        found = found.where(among(Case.id, only))
    return list(db.session.scalars(found.returning(Case.id)))


def _to(customer_id: int) -> Update:
    """Cases become this one's; a draft about an item of which they have one stays where it is."""
    theirs = aliased(Case)
    twin = select(theirs.id).where(
        theirs.customer_id == customer_id,
        theirs.unit_id == Case.unit_id,
        theirs.kind == Case.kind,
        theirs.category == Category.DRAFT,
    )
    return (
        update(Case)
        .where(or_(Case.category != Category.DRAFT, ~exists(twin)))
        .values(customer_id=customer_id)
        .execution_options(synchronize_session=False)
    )
