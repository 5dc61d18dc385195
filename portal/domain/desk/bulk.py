"""Work on many cases at once, each by the verb that works on one, and undoing it.

What reaches customers cannot be taken back, so it is held for a while first. What is undone goes back to what
it was before, but for cases that somebody has changed since.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import queries
from portal.domain.cases.models import Case
from portal.domain.desk.deeds import DEEDS, Deed
from portal.domain.desk.models import BulkRun, RunState
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

MOST = 100  # cases at once
HOLD = timedelta(seconds=60)  # for what reaches customers
UNDO = timedelta(minutes=10)  # for everything else


def limit_to(actor: Actor, found: Select[Any]) -> Select[Any]:
    """One's own: nobody undoes what another one did."""
    return found.where(BulkRun.staff_id == (actor.id if actor.is_staff else None))


def recent(actor: Actor, code: str, now: datetime) -> BulkRun | None:
    """One's own run of this code while it can be undone, or was undone just now."""
    found = limit_to(actor, select(BulkRun)).where(BulkRun.code == code, BulkRun.at > now - UNDO)
    return db.session.scalar(found)


def plan(
    actor: Actor, codes: Collection[str], verb: str, *, alone: bool = False
) -> tuple[list[Case], dict[str, Message]]:
    """The cases with which it is possible, in the order of their ids, and by code why not with others.

    Codes of cases that this person does not see are as if they had not been there. With `alone` whoever
    changes one of them at the same moment waits. Raises Refused.
    """
    deed = DEEDS[verb]
    if not actor.may(deed.needs):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    if len(codes) > MOST:
        raise Refused(_("Choose %(count)s cases at most.", count=MOST))
    asked = queries.visible_to(actor).where(Case.code.in_(codes))
    seen = _locked(asked) if alone else list(db.session.scalars(asked.order_by(Case.id)))
    refused = {case.code: why for case in seen if (why := deed.hindrance(case)) is not None}
    return [case for case in seen if case.code not in refused], refused


def run(actor: Actor, codes: Collection[str], verb: str, value: str, now: datetime) -> BulkRun:
    """Do it, or hold it; the run says with which cases, and why not with others. Raises Refused."""
    deed = DEEDS[verb]
    good, hindered = plan(actor, codes, verb, alone=True)
    if not good and not hindered:
        raise Refused(_("Choose at least one case."))
    stored, label = deed.check(value)
    refused = {code: [why.id, _plain(why)] for code, why in hindered.items()}
    done: dict[str, Any] = {str(case.id): None for case in good}
    held = deed.back is None and bool(done)
    if not held:
        done = _do_all(deed, actor, good, stored, now, refused)
    made = BulkRun(
        code=new_code(),
        staff_id=actor.id,
        at=now,
        due_at=now + (HOLD if held else UNDO),
        verb=verb,
        value=stored,
        label=label,
        done=done,
        refused=refused,
        state=RunState.HELD if held else RunState.DONE,
    )
    db.session.add(made)
    db.session.flush()
    return made


def can_undo(made: BulkRun, now: datetime) -> bool:
    if made.state == RunState.HELD:
        return True
    return made.state == RunState.DONE and DEEDS[made.verb].back is not None and made.due_at > now


def undo(actor: Actor, made: BulkRun, now: datetime) -> int:
    """Bring it back to what it was; how many cases stay, because somebody has changed them since.

    Twice is harmless. Raises Refused when it is too late.
    """
    if made.state == RunState.UNDONE:
        return 0
    if not can_undo(made, now):
        raise Refused(_("It is too late to undo this."))
    held, made.state = made.state == RunState.HELD, RunState.UNDONE
    db.session.flush()  # of two who undo at the same moment one is told that it is done
    back = DEEDS[made.verb].back
    if held or back is None:
        return 0
    return sum(not back(actor, case, made.value, made.done[str(case.id)], now) for case in _of(made))


def perform_next(now: datetime) -> bool:
    """Do one that was held and whose time has come, if there is one; cases with which it is no longer
    possible are named with the reason."""
    due = select(BulkRun).where(BulkRun.state == RunState.HELD, BulkRun.due_at <= now)
    made = db.session.scalar(due.order_by(BulkRun.due_at).limit(1).with_for_update())
    if made is None:
        return False
    deed, person = DEEDS[made.verb], db.session.get_one(Staff, made.staff_id)
    actor = Actor(Role(person.role), person.id, person.name, person.language)
    refused = dict(made.refused)
    made.done = _do_all(deed, actor, _of(made), made.value, now, refused)
    made.refused, made.state = refused, RunState.DONE
    db.session.flush()
    return True


def codes_of(made: BulkRun) -> list[str]:
    """The codes of the cases with which it was done."""
    found = select(Case.code).where(Case.id.in_([int(number) for number in made.done]))
    return list(db.session.scalars(found.order_by(Case.id)))


def _do_all(
    deed: Deed, actor: Actor, good: list[Case], value: str, now: datetime, refused: dict[str, Any]
) -> dict[str, Any]:
    """By the id of each case what was before; those that say no are added to `refused`."""
    done = {}
    for case in good:
        try:
            why = deed.hindrance(case)
            if why is not None:
                raise Refused(why)
            done[str(case.id)] = deed.do(actor, case, value, now)
        except Refused as refusal:
            refused[case.code] = [refusal.message.id, _plain(refusal.message)]
    return done


def _of(made: BulkRun) -> list[Case]:
    return _locked(select(Case).where(Case.id.in_([int(number) for number in made.done])))


def _locked(found: Select[Any]) -> list[Case]:
    """Cases as they are now; whoever changes one at the same moment waits."""
    alone = found.order_by(Case.id).with_for_update(of=Case)
    return list(db.session.scalars(alone.execution_options(populate_existing=True)))


def _plain(message: Message) -> dict[str, Any]:
    """The values of a sentence as JSON holds them: another sentence by its English words."""
    return {name: value.id if isinstance(value, Message) else value for name, value in message.values.items()}
