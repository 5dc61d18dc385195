"""Who gets a case that nobody has: the first of the rules that fits says so, and the timeline says which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select, text

from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import STAFF_ROLES, SYSTEM, Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseTag
from portal.domain.desk.models import AssignRule
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import Message, _

MOST = 50
CONDITIONS = ("kind", "outlet_id", "category", "priority", "tag_id", "words", "language")


@dataclass(frozen=True)
class Answer:
    """What a rule says of a case: [(condition, whether it is so)], who would get it, and why nobody does."""

    checks: list[tuple[str, bool]]
    person: Any = None  # (id, name, open cases)
    nobody: Message | None = None

    @property
    def fits(self) -> bool:
        return all(good for _condition, good in self.checks)


def visible_to(actor: Actor) -> Select[AssignRule]:
    found = select(AssignRule)
    return found if actor.may(Permission.DESK_EDIT) else found.where(false())


def in_order(actor: Actor) -> list[AssignRule]:
    ordered = visible_to(actor).order_by(AssignRule.position, AssignRule.id)
    return list(db.session.scalars(ordered.limit(MOST)))


def ask(rule: AssignRule, case: Case) -> Answer:
    """What a rule, stored or not, says of a case."""
    checks = [(name, _CHECKS[name](rule, case)) for name in CONDITIONS if getattr(rule, name)]
    person = least_loaded(rule)
    return Answer(checks, person, None if person else _("Nobody of those works here now."))


def least_loaded(rule: AssignRule) -> Any:
    """(id, name, open cases) of the one with the fewest open cases; of equals, the first by name."""
    who = Staff.id.in_(rule.people) if rule.people else Staff.role == rule.role
    load = select(func.count()).where(text("cases.on_desk"), Case.assignee_id == Staff.id)
    number = load.select_from(Case).correlate(Staff).scalar_subquery()
    found = select(Staff.id, Staff.name, number).where(who, Staff.disabled_at.is_(None))
    return db.session.execute(found.order_by(number, Staff.name, Staff.id).limit(1)).first()


def assign(case: Case, now: datetime) -> None:
    """Give a case that nobody has to whom the first fitting rule names; nobody when none fits."""
    if case.assignee_id is not None or not case.on_desk:
        return
    rules = db.session.scalars(select(AssignRule).order_by(AssignRule.position, AssignRule.id)).all()
    for number, rule in enumerate(rules, 1):
        answer = ask(rule, case) if rule.active else None
        if answer is not None and answer.fits and answer.person is not None:
            why = {"rule": number, "name": rule.name}
            cases.assign(SYSTEM, case, answer.person.id, answer.person.name, now, why)
            return


def save(rule: AssignRule | None, version: int | None, values: dict[str, Any]) -> AssignRule:
    """A new rule goes to the end. Raises Refused, Stale."""
    if rule is not None and rule.version != version:
        raise Stale
    if not values["name"].strip():
        raise Refused(_("Give the rule a name."), "name")
    if not values["people"] and values["role"] not in STAFF_ROLES:
        raise Refused(_("Choose who gets the case: people, or a role."), "people")
    if rule is None:
        last = db.session.scalar(select(func.max(AssignRule.position))) or 0
        if (db.session.scalar(select(func.count()).select_from(AssignRule)) or 0) >= MOST:
            raise Refused(_("There are %(count)s rules already. Remove one first.", count=MOST), "name")
        rule = AssignRule(position=last + 1)
        db.session.add(rule)
    for name, value in values.items():
        setattr(rule, name, value)
    db.session.flush()
    return rule


def shift(rules: Sequence[AssignRule], rule: AssignRule, step: int) -> None:
    """Put a rule before (-1) or after (1) its neighbour; at the end nothing changes."""
    order = list(rules)
    place = order.index(rule)
    there = min(max(place + step, 0), len(order) - 1)
    order.insert(there, order.pop(place))
    for position, each in enumerate(order, 1):
        each.position = position
    db.session.flush()


def remove(rule: AssignRule, version: int | None) -> None:
    if rule.version != version:
        raise Stale
    db.session.delete(rule)
    db.session.flush()


def _tagged(rule: AssignRule, case: Case) -> bool:
    return db.session.get(CaseTag, (case.id, rule.tag_id)) is not None


def _said(rule: AssignRule, case: Case) -> bool:
    words = (word.strip().lower() for word in rule.words.split(","))
    return any(word and word in f"{case.title} {case.search_text}".lower() for word in words)


_CHECKS: dict[str, Any] = {
    "kind": lambda rule, case: case.kind == rule.kind,
    "outlet_id": lambda rule, case: case.outlet_id == rule.outlet_id,
    "category": lambda rule, case: case.unit is not None and case.unit.product.category == rule.category,
    "priority": lambda rule, case: case.priority == rule.priority,
    "tag_id": _tagged,
    "words": _said,
    "language": lambda rule, case: case.customer.language == rule.language,
}
