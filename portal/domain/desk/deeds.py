"""What can be done to many cases at once: for each verb what it needs, does, and how it is taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.desk import tags
from portal.domain.desk.models import Verb
from portal.domain.workflows.engine import Category, Priority
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _


@dataclass(frozen=True)
class Deed:
    """`check` turns what was chosen into (what is stored, what people call it) and raises Refused;
    `hindrance` says why it is not possible with a case; `do` does it and returns what was before; `back`
    brings that back, unless somebody has changed it since: False then. What has no `back` reaches customers.
    """

    check: Callable[[str], tuple[str, str]]
    hindrance: Callable[[Case], Message | None]
    do: Callable[[Actor, Case, str, datetime], Any]
    back: Callable[[Actor, Case, str, Any, datetime], bool] | None = None
    needs: Permission = Permission.CASE_NOTE


def _person(value: str) -> tuple[str, str]:
    person = db.session.get(Staff, int(value)) if value.isdecimal() and len(value) < 10 else None
    if value and (person is None or person.disabled_at):
        raise Refused(_("Choose somebody who works here."), "value")
    return value, person.name if person else ""


def _priority(value: str) -> tuple[str, str]:
    if value not in list(Priority):
        raise Refused(_("Choose how urgent it is."), "value")
    return value, ""


def _tag(value: str) -> tuple[str, str]:
    name = tags.plain(value)
    return name, name


def _message(value: str) -> tuple[str, str]:
    cases.check_body(value)
    return value.strip(), ""


def _sentence(value: str) -> tuple[str, str]:
    if value.strip():
        cases.check_body(value)
    return value.strip(), ""


def _always(case: Case) -> None:
    return None


def _open(case: Case) -> Message | None:
    return None if case.on_desk else _("It is finished.")


def _heard(case: Case) -> Message | None:
    finished = case.category == Category.RESOLVED
    return _("It is finished; nobody waits for a message.") if finished else None


def _closable(case: Case) -> Message | None:
    kind = KINDS[case.kind]
    if (case.state, E.CLOSE) in kind.moves:
        return None
    return _("It is “%(state)s” and cannot be closed from there.", state=kind.states[case.state].staff)


def _assign(actor: Actor, case: Case, value: str, now: datetime) -> int | None:
    before = case.assignee_id
    number = int(value) if value else None
    person = db.session.get(Staff, number) if number else None
    cases.assign(actor, case, number, person.name if person else "", now)
    return before


def _assign_back(actor: Actor, case: Case, value: str, before: int | None, now: datetime) -> bool:
    if case.assignee_id != (int(value) if value else None):
        return False
    _assign(actor, case, str(before or ""), now)
    return True


def _prioritise(actor: Actor, case: Case, value: str, now: datetime) -> str:
    before = case.priority
    cases.prioritise(actor, case, value, now)
    return before


def _prioritise_back(actor: Actor, case: Case, value: str, before: str, now: datetime) -> bool:
    if case.priority != value or not case.on_desk:
        return False
    cases.prioritise(actor, case, before, now)
    return True


def _add(actor: Actor, case: Case, value: str, now: datetime) -> bool:
    return not tags.add(case, value)


def _add_back(actor: Actor, case: Case, value: str, before: bool, now: datetime) -> bool:
    return before or tags.remove(case, value)


def _take(actor: Actor, case: Case, value: str, now: datetime) -> bool:
    return tags.remove(case, value)


def _take_back(actor: Actor, case: Case, value: str, before: bool, now: datetime) -> bool:
    return not before or tags.add(case, value)


def _reply(actor: Actor, case: Case, value: str, now: datetime) -> None:
    cases.say(actor, case, value, now)


def _close(actor: Actor, case: Case, value: str, now: datetime) -> None:
    cases.move(actor, case, E.CLOSE, now, body=value)


DEEDS: dict[str, Deed] = {
    Verb.ASSIGN: Deed(_person, _open, _assign, _assign_back),
    Verb.TAG: Deed(_tag, _always, _add, _add_back),
    Verb.UNTAG: Deed(_tag, _always, _take, _take_back),
    Verb.PRIORITY: Deed(_priority, _open, _prioritise, _prioritise_back),
    Verb.REPLY: Deed(_message, _heard, _reply),
    Verb.CLOSE: Deed(_sentence, _closable, _close, needs=Permission.CASE_TRIAGE),
}
