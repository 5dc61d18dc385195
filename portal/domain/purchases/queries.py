"""Reading receipts: `visible_to(actor)` first."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Select, false, or_, select, tuple_

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.links import actions as links
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.kernel.codes import normalise
from portal.kernel.phone import parse


def limit_to(actor: Actor, found: Select, table: type[Purchase] = Purchase) -> Select:
    """Add who may see which purchases to a query that has Purchase in it."""
    if actor.is_customer:
        found = found.where(table.customer_id == actor.id)
        return found if actor.reach is None else found.where(table.id.in_(actor.reach.purchases))
    return found if actor.may(Permission.PURCHASE_VIEW) else found.where(false())


def visible_to(actor: Actor) -> Select[Purchase]:
    return limit_to(actor, select(Purchase))


def alive_link(purchase_id: int) -> ReceiptLink | None:
    return db.session.scalar(
        select(ReceiptLink).where(ReceiptLink.purchase_id == purchase_id, ReceiptLink.revoked_at.is_(None))
    )


def token_of(purchase_id: int) -> str | None:
    """The token that the receipt's QR code holds now, None when it was revoked and not reissued."""
    link = alive_link(purchase_id)
    return links.token(ReceiptLink, link.seed, link.token_hash) if link else None


def search(
    actor: Actor, words: str, *, after: tuple[datetime, int] | None = None, limit: int = 26
) -> list[Purchase]:
    """Receipts by code, number, phone or e-mail of the buyer, newest first; all when `words` is empty."""
    found = visible_to(actor).order_by(Purchase.bought_at.desc(), Purchase.id.desc()).limit(limit)
    words = words.strip()
    if words:
        ways = [
            Purchase.code == normalise(words),
            Purchase.number == words,
            Purchase.buyer_email == words.lower(),
        ]
        with suppress(ValueError):
            ways.append(Purchase.buyer_phone == parse(words))
        found = found.where(or_(*ways))
    if after:
        found = found.where(tuple_(Purchase.bought_at, Purchase.id) < tuple_(*after))
    return list(db.session.scalars(found))
