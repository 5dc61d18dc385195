"""Keeping the list of suppliers."""

from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.suppliers.models import Supplier
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def save(supplier: Supplier | None, version: int, **fields: Any) -> Supplier:
    """Make or change a supplier. Raises Refused, Stale."""
    if supplier is not None and version != supplier.version:
        raise Stale
    same = select(Supplier.id).where(
        Supplier.code == fields["code"], Supplier.id != (supplier.id if supplier else None)
    )
    if db.session.scalar(same):
        raise Refused(_("This code is taken. Choose another one."), "code")
    if supplier is None:
        supplier = Supplier(**fields)
        db.session.add(supplier)
    for column, value in fields.items():
        setattr(supplier, column, value)
    db.session.flush()
    return supplier
