"""What lies where: each change is one conditional UPDATE of a level and one line of the ledger.

Nothing reads a number, reckons and writes it back: of fifty who want the last piece at once, one gets it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.news import announce
from portal.domain.parts.facts import PartsFree
from portal.domain.parts.models import PartEntry, PartHold, PartLevel
from portal.domain.parts.rules import MOST, Entry, Hold, Purpose
from portal.kernel.errors import Refused
from portal.kernel.text import _


def reserve(
    actor: Actor,
    part_id: int,
    outlet_id: int,
    pieces: int,
    purpose: str,
    ref: str,
    now: datetime,
    about: str = "",
) -> PartHold:
    """Set pieces aside for what `purpose` and `ref` name; a second time is harmless.

    `about` is the code that the ledger shows. Raises Refused when there are not enough.
    """
    mine = _hold(purpose, ref)
    if mine is not None:
        return mine
    check_pieces(pieces)
    level = change(
        actor, part_id, outlet_id, Entry.RESERVE, now, reserved=pieces, about=about,
        only=PartLevel.on_hand - PartLevel.reserved >= pieces,
    )  # fmt: skip
    if level is None:
        free = available(part_id, outlet_id)
        raise Refused(
            _(
                "Only %(count)s of these are free here. Order more, or take them from another outlet.",
                count=free,
            ),
            "pieces",
        )
    hold = PartHold(
        part_id=part_id, outlet_id=outlet_id, pieces=pieces, purpose=Purpose(purpose), ref=ref, created_at=now
    )
    db.session.add(hold)
    db.session.flush()
    return hold


def release(purpose: str, ref: str, now: datetime, actor: Actor = SYSTEM, about: str = "") -> None:
    """What was set aside is free again; harmless when nothing is."""
    hold = _end(purpose, ref, Hold.RELEASED, now)
    if hold is not None:
        change(actor, hold.part_id, hold.outlet_id, Entry.RELEASE, now, reserved=-hold.pieces, about=about)


def use(purpose: str, ref: str, now: datetime, actor: Actor = SYSTEM, about: str = "") -> None:
    """What was set aside leaves the shelf; harmless when nothing is."""
    hold = _end(purpose, ref, Hold.USED, now)
    if hold is not None:
        change(
            actor, hold.part_id, hold.outlet_id, Entry.USE, now, on_hand=-hold.pieces, reserved=-hold.pieces,
            about=about,
        )  # fmt: skip


def available(part_id: int, outlet_id: int) -> int:
    """Pieces that are at an outlet and set aside for nobody."""
    free = select(PartLevel.on_hand - PartLevel.reserved).where(
        PartLevel.part_id == part_id, PartLevel.outlet_id == outlet_id
    )
    return db.session.scalar(free) or 0


def count(actor: Actor, part_id: int, outlet_id: int, counted: int, reason: str, now: datetime) -> None:
    """What is really there was counted. Raises Refused, also when less is there than is set aside."""
    if not 0 <= counted <= 10**6:
        raise Refused(_("Write a number from %(least)s to %(most)s.", least=0, most=10**6), "counted")
    if not reason.strip():
        raise Refused(_("Say why the number changes; it is kept."), "reason")
    open_level(part_id, outlet_id)
    mine = (PartLevel.part_id == part_id, PartLevel.outlet_id == outlet_id)
    before, reserved = db.session.execute(
        select(PartLevel.on_hand, PartLevel.reserved).where(*mine).with_for_update()
    ).one()
    if counted == before:
        return
    if counted < reserved:
        raise Refused(
            _("%(count)s pieces are reserved. End a reservation first, then count again.", count=reserved),
            "counted",
        )
    changed = change(
        actor, part_id, outlet_id, Entry.COUNT, now, on_hand=counted - before, reason=reason.strip(),
        only=PartLevel.on_hand == before,
    )  # fmt: skip
    if changed is None:
        raise Refused(_("The stock changed while you counted. Look at it again."), "counted")


def transfer(
    actor: Actor, part_id: int, outlet_id: int, to_id: int, pieces: int, reason: str, now: datetime
) -> None:
    """Move free pieces to another outlet. Raises Refused."""
    check_pieces(pieces)
    if outlet_id == to_id:
        raise Refused(_("Choose another outlet."), "to")
    gone = change(
        actor, part_id, outlet_id, Entry.SEND, now, on_hand=-pieces, reason=reason.strip(),
        only=PartLevel.on_hand - PartLevel.reserved >= pieces,
    )  # fmt: skip
    if gone is None:
        free = available(part_id, outlet_id)
        raise Refused(_("Only %(count)s of these are free here.", count=free), "pieces")
    change(actor, part_id, to_id, Entry.TAKE, now, on_hand=pieces, reason=reason.strip())


def change(
    actor: Actor,
    part_id: int,
    outlet_id: int,
    kind: Entry,
    now: datetime,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    on_order: int = 0,
    about: str = "",
    reason: str = "",
    only: ColumnElement[bool] | None = None,
) -> int | None:
    """Change a level by these numbers and write it down; what is on hand then.

    None, and nothing changed, where `only` does not hold.
    """
    open_level(part_id, outlet_id)
    values: dict[str, Any] = {
        name: PartLevel.__table__.c[name] + by
        for name, by in (("on_hand", on_hand), ("reserved", reserved), ("on_order", on_order))
        if by
    }
    changed = update(PartLevel).where(PartLevel.part_id == part_id, PartLevel.outlet_id == outlet_id)
    if only is not None:
        changed = changed.where(only)
    level = db.session.scalar(
        changed.values(values).returning(PartLevel.on_hand),
        execution_options={"synchronize_session": False},
    )
    if level is None:
        return None
    db.session.add(
        PartEntry(
            part_id=part_id, outlet_id=outlet_id, at=now, kind=kind, on_hand=on_hand, reserved=reserved,
            on_order=on_order, level=level, staff_id=actor.id if actor.is_staff else None, about=about,
            reason=reason[:300],
        )
    )  # fmt: skip
    db.session.flush()
    if on_hand > reserved:
        announce(PartsFree(part_id, outlet_id))
    return level


def open_level(part_id: int, outlet_id: int) -> None:
    """The row of a part at an outlet, made when it is missing; two who make it at once make one."""
    mine = (PartLevel.part_id == part_id, PartLevel.outlet_id == outlet_id)
    if db.session.scalar(select(PartLevel.part_id).where(*mine)) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.execute(insert(PartLevel).values(part_id=part_id, outlet_id=outlet_id))
    except IntegrityError:
        return


def check_pieces(pieces: int | None) -> None:
    """Raises Refused for no pieces, less than none, or more than anybody keeps."""
    if pieces is None or not 1 <= pieces <= MOST:
        raise Refused(_("Write a number from %(least)s to %(most)s.", least=1, most=MOST), "pieces")


def _hold(purpose: str, ref: str) -> PartHold | None:
    return db.session.scalar(
        select(PartHold).where(
            PartHold.purpose == purpose, PartHold.ref == ref, PartHold.state != Hold.RELEASED
        )
    )


def _end(purpose: str, ref: str, state: Hold, now: datetime) -> Any:
    """(part_id, outlet_id, pieces) of the hold that ended now; None when it ended before."""
    mine = (PartHold.purpose == purpose, PartHold.ref == ref, PartHold.state == Hold.HELD)
    return db.session.execute(
        update(PartHold)
        .where(*mine)
        .values(state=state, ended_at=now)
        .returning(PartHold.part_id, PartHold.outlet_id, PartHold.pieces),
        execution_options={"synchronize_session": False},
    ).first()
