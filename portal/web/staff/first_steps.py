"""What a new shop does first, in this order, until its first sale is in."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Outlet, PolicyVersion
from portal.domain.purchases.models import Purchase
from portal.domain.shop.models import Shop
from portal.kernel.text import Message, _

_DONE = select(
    exists().where(Outlet.id.is_not(None)),
    exists().where(Shop.id.is_not(None)),
    exists().where(PolicyVersion.published_at.is_not(None)),
    select(func.count(Staff.id) > 1).scalar_subquery(),
    exists().where(Purchase.id.is_not(None)),
)


@dataclass(frozen=True)
class Step:
    """One of them; `allowed` says who can take it."""

    label: Message
    why: Message
    path: str
    allowed: Permission


STEPS = (
    Step(
        _("Your first outlet"), _("Its address stands on receipts, its opening hours set every deadline."),
        "/desk/catalog/outlets/new", Permission.CATALOG_EDIT,
    ),
    Step(
        _("Name, colour and logo"), _("So that customers see at once whose portal this is."),
        "/desk/shop", Permission.SHOP_EDIT,
    ),
    Step(
        _("A warranty policy"), _("What is covered and for how long; items that are sold afterwards get it."),
        "/desk/catalog/policies/new", Permission.CATALOG_EDIT,
    ),
    Step(
        _("Your team"), _("An account for everybody who answers customers or repairs."),
        "/desk/staff/new", Permission.STAFF_EDIT,
    ),
    Step(
        _("The first sales"), _("From a file of your till; or connect the till, or write one down."),
        "/desk/imports", Permission.SALES_IMPORT,
    ),
)  # fmt: skip


def ahead(actor: Actor) -> list[tuple[Step, bool]]:
    """(step, whether it is done) of what this person can do; none once a sale is in. One query."""
    if not actor.may(Permission.SALES_IMPORT):
        return []
    *before, sold = db.session.execute(_DONE).one()
    if sold:
        return []
    done = [bool(one) for one in (*before, sold)]
    return [(step, is_done) for step, is_done in zip(STEPS, done, strict=True) if actor.may(step.allowed)]
