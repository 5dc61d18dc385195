"""How the shop presents itself now."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import scoped_session

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.shop.models import Shop
from portal.domain.shop.rules import Look

_LOOK = select(
    Shop.name, Shop.colour, Shop.logo, Shop.receipt_greeting, Shop.receipt_terms, Shop.version
)  # fmt: skip


def look(ask: Connection | scoped_session[Any]) -> Look:
    """What the row says, asked through a session or a bare connection; the defaults while there is none."""
    row = ask.execute(_LOOK).first()
    return Look(*row) if row else Look()


def last_change() -> tuple[str, datetime] | None:
    """Who changed it last, and when; None while nobody has."""
    row = db.session.execute(
        select(Staff.name, Shop.updated_at).join(Staff, Staff.id == Shop.updated_by)
    ).first()
    return (row.name, row.updated_at) if row else None
