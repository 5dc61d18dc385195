"""Replies that staff keep ready: everybody's and one's own, with places that the case fills."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, false, or_, select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.actions import BODY_LIMIT
from portal.domain.mailbox.models import QuickReply
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import Message, _

PLACES: dict[str, Message] = {
    "nama": _("the customer's name"),
    "barang": _("the item"),
    "kasus": _("the case's code"),
    "tenggat": _("by when the next step is due"),
    "cabang": _("the outlet's name"),
    "telepon": _("the outlet's phone"),
    "petugas": _("your name"),
}
WORD = re.compile(r"[a-z0-9-]{1,24}")
MOST = 200  # that one person has to choose from
_PLACE = re.compile(r"\{([^{}]*)\}")


def visible_to(actor: Actor) -> Select[QuickReply]:
    """Everybody's and the person's own, by title."""
    found = select(QuickReply).order_by(QuickReply.title, QuickReply.id).limit(MOST)
    if not actor.may(Permission.CASE_NOTE):
        return found.where(false())
    return found.where(or_(QuickReply.owner_id.is_(None), QuickReply.owner_id == actor.id))


def editable_by(actor: Actor) -> Select[QuickReply]:
    """The person's own, and everybody's for those who keep the desk."""
    found = visible_to(actor)
    return found if actor.may(Permission.DESK_EDIT) else found.where(QuickReply.owner_id == actor.id)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The reply with what the case says in its places."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def save(
    actor: Actor, reply: QuickReply | None, version: int | None, *, shared: bool, **texts: str
) -> QuickReply:
    """Make or change a reply; `texts` are word, title, text_id and text_en. Raises Refused and Stale."""
    if shared and not actor.may(Permission.DESK_EDIT):
        raise Refused(_("Only those who keep the desk can write replies for everybody."), "shared")
    if not WORD.fullmatch(texts["word"]):
        raise Refused(_("Write small letters, digits and hyphens, such as jam-buka."), "word")
    for field in ("text_id", "text_en"):
        _check(texts[field], field)
    if reply is None:
        reply = QuickReply(code=new_code())
        db.session.add(reply)
    elif version != reply.version:
        raise Stale
    reply.owner_id = None if shared else actor.id
    for field, text in texts.items():
        setattr(reply, field, text)
    db.session.flush()
    return reply


def delete(reply: QuickReply) -> None:
    db.session.delete(reply)
    db.session.flush()


def _check(text: str, field: str) -> None:
    unknown: list[Any] = [place for place in _PLACE.findall(text) if place not in PLACES]
    if unknown:
        raise Refused(
            _(
                "{%(name)s} is no place that a case fills. Known are: %(known)s.",
                name=unknown[0],
                known=", ".join(f"{{{place}}}" for place in PLACES),
            ),
            field,
        )
    if not text.strip():
        raise Refused(_("Write the reply in both languages."), field)
    if len(text) > BODY_LIMIT:
        raise Refused(_("Please keep it under %(count)s characters.", count=BODY_LIMIT), field)
