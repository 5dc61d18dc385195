"""Saved views: names for filter sets; those that everybody always has, shared ones, and one's own."""

from typing import Any

from sqlalchemy import Select, false, or_, select

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.desk.models import SavedView
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import Message, _

MOST = 30  # of one person, and of all together
# Always there, in the reader's words: name → query.
STANDARD: dict[str, Message] = {
    "": _("All open"),
    "whose=mine": _("Mine"),
    "stage=new&whose=nobody": _("New and nobody's"),
    "clock=today&sort=due": _("Due today"),
    "who=customer": _("Waiting for customer"),
    "who=outside": _("With courier or supplier"),
}


def limit_to(actor: Actor, found: Any) -> Any:
    if not actor.may(Permission.CASE_VIEW):
        return found.where(false())
    return found.where(or_(SavedView.staff_id.is_(None), SavedView.staff_id == actor.id))


def editable_by(actor: Actor) -> Select[SavedView]:
    """One's own; shared ones by who may edit the desk."""
    found = limit_to(actor, select(SavedView))
    return found if actor.may(Permission.DESK_EDIT) else found.where(SavedView.staff_id == actor.id)


def listed(actor: Actor) -> list[Any]:
    """(code, name, query, staff_id, version) of the shared ones and of one's own, by name. One query."""
    columns = SavedView.code, SavedView.name, SavedView.query, SavedView.staff_id, SavedView.version
    ordered = select(*columns).order_by(SavedView.staff_id.is_not(None), SavedView.name, SavedView.id)
    return list(db.session.execute(limit_to(actor, ordered).limit(2 * MOST)))


def save(actor: Actor, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep a filter set under a name; the same name again takes the new filters. Raises Refused."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the view a name."), "name")
    if not query:
        raise Refused(_("Choose filters first; this list shows everything already."), "name")
    if shared and not actor.may(Permission.DESK_EDIT):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    owner = None if shared else actor.id
    mine = db.session.scalars(select(SavedView).where(SavedView.staff_id.is_not_distinct_from(owner))).all()
    view = next((view for view in mine if view.name.casefold() == name.casefold()), None)
    if view is None:
        if len(mine) >= MOST:
            raise Refused(_("There are %(count)s views already. Remove one first.", count=MOST), "name")
        view = SavedView(code=new_code(), staff_id=owner)
        db.session.add(view)
    view.name, view.query = name, query
    db.session.flush()
    return view


def rename(view: SavedView, name: str, version: int) -> None:
    """Raises Refused, Stale."""
    if view.version != version:
        raise Stale
    view.name = " ".join(name.split()) or view.name
    db.session.flush()


def remove(view: SavedView) -> None:
    db.session.delete(view)
    db.session.flush()
