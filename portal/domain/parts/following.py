"""What the shelf and cases do to each other: parts leave it or are free again, and come for who waits."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases.facts import CaseMoved, CaseRefiled
from portal.domain.cases.models import Case
from portal.domain.parts import orders, stock
from portal.domain.parts.facts import PartsFree
from portal.domain.parts.models import PartLine
from portal.domain.parts.rules import Line, Purpose
from portal.domain.workflows.vocabulary import E, S

OUT = frozenset({E.SHIP, E.HAND_OVER, E.SETTLE, E.DELIVER})  # what was set aside is in the customer's hands
OVER = frozenset({S.CANCELLED, S.CLOSED})
LATER = frozenset({S.MERGED, S.UNDER_REVIEW})  # the case may come back; what it wants stays written down


def follow(fact: CaseMoved, now: datetime) -> None:
    """After a move of any case."""
    if fact.event not in OUT and fact.after not in OVER | LATER:
        return
    for line in _waiting(fact.case_id):
        if fact.event in OUT and line.state != Line.WANTED:
            stock.use(Purpose.ORDER, str(line.id), now, about=_code(fact))
            line.state = Line.GONE
        elif fact.after in OVER:
            stock.release(Purpose.ORDER, str(line.id), now, about=_code(fact))
            line.state = Line.CANCELLED
        elif fact.after in LATER and line.state != Line.WANTED:
            stock.release(Purpose.ORDER, str(line.id), now, about=_code(fact))
            line.state = Line.WANTED


def refiled(fact: CaseRefiled, now: datetime) -> None:
    """A case of another kind hands out no parts."""
    for line in _waiting(fact.case_id):
        stock.release(Purpose.ORDER, str(line.id), now)
        line.state = Line.CANCELLED


def awaited(free: PartsFree) -> list[tuple[Case, PartLine]]:
    """The lines of customers' orders that wait for a supplier to bring this part."""
    found = (
        select(Case, PartLine)
        .join(PartLine, PartLine.case_id == Case.id)
        .where(
            PartLine.part_id == free.part_id, PartLine.outlet_id == free.outlet_id,
            PartLine.state == Line.WANTED, Case.state == S.WAITING_SUPPLIER,
        )
        .order_by(PartLine.id)
    )  # fmt: skip
    return [(case, line) for case, line in db.session.execute(found)]


def hand_on(case: Case, line: PartLine, now: datetime) -> None:
    """Reserve what came for a line, if it is enough."""
    if stock.available(line.part_id, line.outlet_id) >= line.pieces:
        orders.reserve(SYSTEM, case, line, line.outlet_id, now)


def _waiting(case_id: int) -> list[PartLine]:
    states = [Line.WANTED, Line.HELD, Line.PICKED]
    return list(
        db.session.scalars(select(PartLine).where(PartLine.case_id == case_id, PartLine.state.in_(states)))
    )


def _code(fact: CaseMoved) -> str:
    return db.session.get_one(Case, fact.case_id).code
