"""Reading receipts: `visible_to(actor)` first."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Select, and_, false, select, tuple_, union

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Outlet
from portal.domain.links import actions as links
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.kernel.codes import normalise
from portal.kernel.paging import PAGE_SIZE
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


def alive_links(purchase_ids: list[int]) -> Select:
    """(purchase_id, seed, token_hash) of the links that open these receipts now."""
    return select(ReceiptLink.purchase_id, ReceiptLink.seed, ReceiptLink.token_hash).where(
        ReceiptLink.purchase_id.in_(purchase_ids), ReceiptLink.revoked_at.is_(None)
    )


def token_of(purchase_id: int) -> str | None:
    """The token that the receipt's QR code holds now, None when it was revoked and not reissued."""
    link = alive_link(purchase_id)
    return links.token(ReceiptLink, link.seed, link.token_hash) if link else None


def search(
    actor: Actor, words: str, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1
) -> list[Any]:
    """Rows of receipts by code, number, phone or e-mail of the buyer, newest first; all without `words`.

    `after` is (bought_at, id).
    """
    found = limit_to(
        actor,
        select(
            Purchase.bought_at, Purchase.id, Purchase.code, Purchase.number, Purchase.buyer_name,
            Purchase.total, Purchase.currency, Purchase.kind, Purchase.customer_id,
            Purchase.cancelled_at, Outlet.name.label("outlet"), Outlet.timezone,
        ).join(Outlet, Outlet.id == Purchase.outlet_id),
    )  # fmt: skip
    words = words.strip()
    if words:
        number = and_(
            Purchase.number == words, Purchase.outlet_id.in_(select(Outlet.id))
        )  # so an index serves it
        ways = [Purchase.code == normalise(words), number, Purchase.buyer_email == words.lower()]
        with suppress(ValueError):
            ways.append(Purchase.buyer_phone == parse(words))
        hits = union(*(select(Purchase.id).where(way) for way in ways))  # an index serves each
        found = found.where(Purchase.id.in_(hits))
    if after:
        found = found.where(tuple_(Purchase.bought_at, Purchase.id) < tuple_(*after))
    return list(
        db.session.execute(found.order_by(Purchase.bought_at.desc(), Purchase.id.desc()).limit(limit))
    )
