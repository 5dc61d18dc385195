"""How the shop's workshop works: reminders, the price of an hour, lists of accessories."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Product
from portal.domain.repairs.intake import LONGEST_NAME, MOST_NAMES
from portal.domain.repairs.models import AccessoryList, Workshop
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

MOST_REMINDERS, LONGEST = 8, 365


def load() -> Workshop:
    """The one row there is."""
    return db.session.get_one(Workshop, 1)


def lists() -> list[AccessoryList]:
    """Those for every category first."""
    return list(db.session.scalars(select(AccessoryList).order_by(AccessoryList.category)))


def categories() -> list[str]:
    """Those of the catalogue's products."""
    return list(db.session.scalars(select(Product.category).distinct().order_by(Product.category)))


def save(actor: Actor, days: Sequence[int], *, version: int | None, **values: Any) -> None:
    """`values` are columns of Workshop. Raises Refused, Stale."""
    _check(actor)
    kept = load()
    if version is not None and version != kept.version:
        raise Stale
    if len(days) > MOST_REMINDERS or not all(0 < day <= LONGEST for day in days):
        raise Refused(
            _("Write up to %(count)s days, each from 1 to %(most)s.", count=MOST_REMINDERS, most=LONGEST),
            "remind_days",
        )
    kept.remind_days = sorted(set(days))
    for name, value in values.items():
        setattr(kept, name, value)
    db.session.flush()


def save_list(actor: Actor, category: str, names: Sequence[str]) -> None:
    """What is asked for in a category; nothing ends its list, so that the general one counts again."""
    _check(actor)
    kept = db.session.get(AccessoryList, category[:40])
    named = list(dict.fromkeys(name.strip()[:LONGEST_NAME] for name in names if name.strip()))[:MOST_NAMES]
    if kept is None:
        db.session.add(AccessoryList(category=category[:40], names=named))
    elif named or not category:
        kept.names = named
    else:
        db.session.delete(kept)
    db.session.flush()


def _check(actor: Actor) -> None:
    if not actor.may(Permission.DESK_EDIT):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
