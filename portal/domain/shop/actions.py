"""The shop chooses how it presents itself."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.shop import queries, rules
from portal.domain.shop.models import ONLY, Shop
from portal.domain.shop.rules import Look
from portal.kernel.colour import is_colour
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def change(actor: Actor, version: int, now: datetime, **chosen: Any) -> Look:
    """Store the fields of `Look` that are named in `chosen`; the others stay. The same again changes nothing.

    Raises Refused, and Stale when `version` is not the stored one.
    """
    if not actor.may(Permission.SHOP_EDIT):
        raise Refused(_("Your role does not change how the shop looks."))
    before = queries.look(db.session)
    after = replace(before, **chosen)
    _check(after)
    if after == before:
        return before
    if version != before.version:
        raise Stale
    row = db.session.get(Shop, ONLY)
    if row is None:
        row = Shop(id=ONLY)
        db.session.add(row)
    row.name, row.colour, row.logo = after.name, after.colour, after.logo
    row.receipt_greeting, row.receipt_terms = after.receipt_greeting, after.receipt_terms
    assert actor.id is not None  # whoever may do this is somebody
    row.updated_at, row.updated_by = now, actor.id
    db.session.flush()
    return queries.look(db.session)


def _check(look: Look) -> None:
    if not look.name or len(look.name) > rules.NAME_LENGTH:
        raise Refused(_("Write a name of at most %(count)s characters.", count=rules.NAME_LENGTH), "name")
    if not is_colour(look.colour):
        raise Refused(_("Choose a colour such as #0b5d4e."), "colour")
    if look.logo and len(look.logo) > rules.LOGO_BYTES:
        raise Refused(_("This logo is still too large. Choose a simpler picture."), "logo")
