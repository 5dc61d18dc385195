"""The steps of a return, for tests: asked for, approved, counted."""

from dataclasses import replace
from typing import Any

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.purchases.models import Purchase
from portal.domain.requests.actions import Ruling
from portal.domain.returns import actions as returns
from portal.domain.returns import answering, queries
from portal.domain.returns.actions import Asked
from portal.domain.returns.answering import Came, Said
from portal.domain.returns.rules import Condition, Reason, Wish
from portal.kernel import clock
from tests import factories
from tests.browser import Browser


def asked(purchase: Purchase, pieces: int = 1, wish: Wish = Wish.MONEY, **changes: Any) -> Asked:
    line = purchase.lines[0]
    made = Asked("x", line.id, pieces, Reason.SIZE, Condition.UNUSED, wish)
    return replace(made, **changes)


def ask(owner: Browser, *wanted: Asked) -> Case:
    case = returns.ask(owner.actor, owner.person, wanted, story="Kebesaran", photos=(), now=clock.now())
    factories.settle()
    return case


def approve(agent: Browser, case: Case, outcome: str = "approve", **reasons: str) -> None:
    said = {line.id: Said(True, reasons.get("reason", "")) for line in queries.rows(case.id)}
    answering.decide(agent.actor, case, said, Ruling(outcome, "Boleh."), now=clock.now())
    factories.settle()


def come(agent: Browser, case: Case, *pieces: int) -> None:
    rows = queries.rows(case.id)
    came = {line.id: Came(n) for line, n in zip(rows, pieces, strict=True)}
    answering.receive(agent.actor, case, came, clock.now())
    factories.settle()


def gone(purchase: Purchase) -> int:
    db.session.expire_all()
    return purchase.lines[0].gone
