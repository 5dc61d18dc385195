"""Sheets of QR stickers for goods without a receipt: made blank, used one by one as goods are sold."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from portal.db import db
from portal.domain.links import actions as links
from portal.domain.purchases.models import ReceiptLink
from portal.kernel.codes import new_code, normalise
from portal.kernel.errors import Refused
from portal.kernel.paging import PAGE_SIZE
from portal.kernel.text import _

MOST_SHEETS = 10  # at once


def make(sheets: int, labels: int, now: datetime) -> list[str]:
    """Make so many sheets of blank stickers with `labels` on each; their codes. Raises Refused."""
    if not 1 <= sheets <= MOST_SHEETS:
        raise Refused(_("Between 1 and %(most)s sheets at once.", most=MOST_SHEETS), "sheets")
    codes = [new_code() for _sheet in range(sheets)]
    db.session.execute(
        insert(ReceiptLink),
        [
            {**links.columns(ReceiptLink), "sticker": new_code(), "sheet": code, "created_at": now}
            for code in codes
            for _label in range(labels)
        ],
    )
    return codes


def newest(*, before: int | None = None, limit: int = PAGE_SIZE + 1) -> list[Any]:
    """Rows of sheets, the newest first: code, when it was made, its stickers, how many of them are used."""
    first = func.min(ReceiptLink.id)
    found = (
        select(
            first.label("id"),
            ReceiptLink.sheet,
            func.min(ReceiptLink.created_at).label("made_at"),
            func.count().label("labels"),
            func.count(ReceiptLink.purchase_id).label("used"),
        )
        .where(ReceiptLink.sheet.is_not(None))
        .group_by(ReceiptLink.sheet)
        .order_by(first.desc())
        .limit(limit)
    )
    return list(db.session.execute(found.having(first < before) if before else found))


def on_sheets(sheets: list[str]) -> dict[str, list[tuple[str, str]]]:
    """(code, token) of the stickers of each of these sheets, in the order of the paper."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = db.session.execute(
        select(ReceiptLink.sheet, ReceiptLink.sticker, ReceiptLink.seed, ReceiptLink.token_hash)
        .where(ReceiptLink.sheet.in_([normalise(code) for code in sheets]))
        .order_by(ReceiptLink.id)
    )
    for row in rows:
        found.setdefault(row.sheet, []).append(
            (row.sticker, links.token(ReceiptLink, row.seed, row.token_hash))
        )
    return found
