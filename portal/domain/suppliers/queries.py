"""Reading suppliers; only who may view the catalogue sees them."""

from typing import Any

from sqlalchemy import Select, select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.catalog.queries import limit_to
from portal.domain.suppliers.models import Supplier
from portal.kernel.paging import PAGE_SIZE


def visible_to(actor: Actor) -> Select[Supplier]:
    return limit_to(actor, select(Supplier))


def rows(
    actor: Actor, words: str, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1
) -> list[Any]:
    """Suppliers by name whose name or code holds `words`; `after` is (name, id)."""
    found = limit_to(actor, select(Supplier.__table__)).order_by(Supplier.name, Supplier.id).limit(limit)
    for word in words.split()[:5]:
        found = found.where(
            Supplier.name.icontains(word, autoescape=True) | Supplier.code.icontains(word, autoescape=True)
        )
    if after:
        found = found.where(
            (Supplier.name > after[0]) | ((Supplier.name == after[0]) & (Supplier.id > after[1]))
        )
    return list(db.session.execute(found))


def choices(actor: Actor) -> dict[str, str]:
    """{id: name} of the suppliers in use, for a list to choose from."""
    found = limit_to(actor, select(Supplier.id, Supplier.name).where(Supplier.active))
    return {str(number): name for number, name in db.session.execute(found.order_by(Supplier.name))}
