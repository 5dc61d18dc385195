"""Making two records of one person one, and taking that back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from portal.db import among, db
from portal.domain.accounts import sessions
from portal.domain.accounts.facts import CustomersMerged, MergeUndone
from portal.domain.accounts.models import Customer, CustomerMerge, CustomerRef
from portal.domain.accounts.rules import Actor
from portal.domain.news import announce
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import _

EMAIL, PHONE = 1, 2  # proven contacts that went over, as CustomerMerge.moved["contacts"] names them


def in_order(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """(the record to keep, the one to merge): what its owner uses counts more, then what is older."""
    first, second = sorted((one, other), key=lambda c: (not c.proven, c.unopened, c.id))
    return first, second


def merge(actor: Actor, kept: Customer, merged: Customer, now: datetime) -> CustomerMerge:
    """From now on `kept` goes on for both. Raises Refused; doing it twice returns the first merge."""
    _hold(kept, merged)
    if kept.id == merged.id:
        raise Refused(_("This is one and the same record. Choose another one."))
    before = standing_merge(merged)
    if before is not None and before.kept_id == kept.id:
        return before
    if before is not None or kept.merged_into_id is not None:
        raise Refused(_("One of these records goes on in another one already. Open that one."))
    if kept.disabled_at or merged.disabled_at:
        raise Refused(_("One of these accounts is closed. An admin has to open it first."))
    if kept.unopened and not merged.unopened:
        raise Refused(_("Keep the record that its owner uses, and merge the other one into it."))
    made = CustomerMerge(
        code=new_code(), kept_id=kept.id, merged_id=merged.id, at=now, staff_id=actor.id,
        moved={"shared": _shared(kept, merged), "contacts": _move_contacts(merged, kept, (EMAIL, PHONE))},
    )  # fmt: skip
    merged.merged_into_id = kept.id
    if not kept.name:
        kept.name = merged.name
    db.session.add(made)
    db.session.flush()
    sessions.end_all(merged, now)
    announce(CustomersMerged(made.id, kept.id, merged.id))
    return made


def undo(actor: Actor, made: CustomerMerge, now: datetime) -> None:
    """They are two records again. What was opened meanwhile ends, for nobody knows by whose paper.

    Raises Refused; doing it twice changes nothing.
    """
    kept, merged = made.kept, made.merged
    _hold(kept, merged)
    if kept.merged_into_id is not None and made.undone_at is None:
        raise Refused(_("The kept record was merged into another one later. Undo that first."))
    taken_back = db.session.execute(
        update(CustomerMerge)
        .where(CustomerMerge.id == made.id, CustomerMerge.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.id)
    )
    if not taken_back.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
        return
    merged.merged_into_id = None
    _move_contacts(kept, merged, made.moved.get("contacts", ()))
    _give_proven(kept, merged, made)
    sessions.end_all(kept, now, since=made.at)
    db.session.flush()
    announce(MergeUndone(made.id, kept.id, merged.id))


def note_moved(merge_id: int, what: str, ids: list[int]) -> None:
    """Remember what went over, so that exactly this can go back."""
    made = db.session.get_one(CustomerMerge, merge_id)
    made.moved = {**made.moved, what: ids}


def standing_merge(merged: Customer) -> CustomerMerge | None:
    """The merge by which this record goes on in another one."""
    if merged.merged_into_id is None:
        return None
    return db.session.scalar(
        select(CustomerMerge).where(CustomerMerge.merged_id == merged.id, CustomerMerge.undone_at.is_(None))
    )


def move_refs(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """What tills call a customer follows; returns the ids of the rows that moved."""
    found = update(CustomerRef).where(CustomerRef.customer_id == source_id)
    if only is not None:
        found = found.where(among(CustomerRef.id, only))
    return list(db.session.scalars(found.values(customer_id=target_id).returning(CustomerRef.id)))


def _hold(one: Customer, other: Customer) -> None:
    """Both as they are now, and as they stay until this transaction ends: two merges make no circle."""
    both = select(Customer).where(Customer.id.in_((one.id, other.id))).order_by(Customer.id)
    db.session.scalars(both.with_for_update().execution_options(populate_existing=True)).all()


def _shared(one: Customer, other: Customer) -> list[int]:
    """The contacts that both have."""
    both = ((EMAIL, one.email, other.email), (PHONE, one.phone, other.phone))
    return [number for number, mine, theirs in both if mine and mine == theirs]


def _give_proven(kept: Customer, merged: Customer, made: CustomerMerge) -> None:
    """A contact of the merged record alone that was proven meanwhile goes along, and who proved it."""
    since = {EMAIL: kept.email_verified_at, PHONE: kept.phone_verified_at}
    theirs = set(_shared(kept, merged)) - set(made.moved.get("shared", ()))
    moved = _move_contacts(kept, merged, [n for n in theirs if (at := since[n]) and at >= made.at])
    if moved and not kept.proven and kept.opened_at and kept.opened_at >= made.at:
        merged.opened_at, kept.opened_at = merged.opened_at or kept.opened_at, None


def _move_contacts(source: Customer, target: Customer, which: Collection[int]) -> list[int]:
    """A proven contact goes to the record that has none of its kind: its messages go there from now on."""
    moved = []
    for number, name in ((EMAIL, "email"), (PHONE, "phone")):
        proven, theirs = getattr(source, f"{name}_verified_at"), getattr(target, f"{name}_verified_at")
        value = getattr(source, name)
        if number not in which or not proven or theirs or getattr(target, name) not in (None, value):
            continue
        setattr(source, name, None)
        setattr(source, f"{name}_verified_at", None)
        db.session.flush()  # proven contacts are unique: one lets go before the other takes
        setattr(target, name, value)
        setattr(target, f"{name}_verified_at", proven)
        moved.append(number)
    db.session.flush()
    return moved
