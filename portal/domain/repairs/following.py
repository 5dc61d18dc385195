"""What a case and its work order do to each other."""

from datetime import datetime

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases import actions as cases
from portal.domain.cases.facts import CaseMoved, CaseRefiled
from portal.domain.cases.models import Case
from portal.domain.claims.facts import ClaimDecided
from portal.domain.claims.rules import Outcome
from portal.domain.parts.models import Part
from portal.domain.repairs import actions, settings, stock, watching
from portal.domain.repairs.facts import WorkMoved
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.rules import AWAITED
from portal.domain.repairs.rules import S as Work
from portal.domain.units import guarantees
from portal.domain.units.guarantees import Guarantee
from portal.domain.workflows.engine import Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.clock import day_in

GUARANTEE = "guarantee"  # the entry on the timeline

# (where the work order arrived, where its case is) -> what the case does, the first that its kind knows.
STEPS: dict[tuple[str, str], tuple[str, ...]] = {
    **{(away, S.FULFILLING): (E.ORDER,) for away in AWAITED},
    (Work.DIAGNOSING, S.RECEIVED): (E.INSPECT,),
    (Work.DIAGNOSING, S.READY): (E.FULFIL,),
    (Work.IN_PROGRESS, S.READY): (E.FULFIL,),
    (Work.ESTIMATING, S.READY): (E.FULFIL,),
    (Work.DECLINED, S.FULFILLING): (E.READY,),
    (Work.DONE, S.FULFILLING): (E.READY,),
    (Work.UNREPAIRABLE, S.FULFILLING): (E.RECONSIDER, E.READY),
    (Work.HANDED_OVER, S.READY): (E.HAND_OVER,),
}


def begin(fact: ClaimDecided, now: datetime) -> None:
    """A repair that was decided has a work order."""
    if fact.outcome == Outcome.REPAIR:
        actions.open_for(SYSTEM, db.session.get_one(Case, fact.case_id), now)


def begin_service(fact: CaseMoved, now: datetime) -> None:
    """So has a service whose work begins."""
    if fact.event != E.FULFIL:
        return
    case = db.session.get_one(Case, fact.case_id)
    if case.kind == "service":
        actions.open_for(SYSTEM, case, now)
        case.acts = Who.TECHNICIAN


def follow(fact: WorkMoved, now: datetime) -> None:
    """The case follows the work, and says who has to act."""
    case = db.session.get_one(Case, fact.case_id)
    if case.state == S.WAITING_SUPPLIER and fact.after not in AWAITED:
        cases.move(SYSTEM, case, E.ARRIVE, now)
    known = (
        event
        for event in STEPS.get((fact.after, case.state), ())
        if (case.state, event) in KINDS[case.kind].moves
    )
    event = next(known, None)
    if event:
        cases.move(SYSTEM, case, event, now)
    if event == E.READY:
        watching.wait_for_collection(db.session.get_one(WorkOrder, fact.order_id), now)
    if case.state == S.FULFILLING:
        case.acts = Who.TECHNICIAN


def hand_on(line: WorkLine, part: Part, now: datetime) -> None:
    """Set aside what came for a line, if it is enough; the last one makes it the technician's turn."""
    order = line.order
    if not stock.left_for(line, part.id) or not stock.set_aside(SYSTEM, line, now):
        return
    told = {"did": "held", "part": part.name_id, "number": part.number, "pieces": line.pieces}
    cases.note(SYSTEM, order.case, "part", now, internal=True, data={"order": order.code, **told})
    waits = (order.state, order.case.state) == (Work.WAITING_PARTS, S.WAITING_SUPPLIER)
    if waits and not stock.lacks(order):
        cases.move(SYSTEM, order.case, E.ARRIVE, now)
        order.case.acts = Who.TECHNICIAN


def guarantee(fact: WorkMoved, now: datetime) -> None:
    """What was repaired and handed out is guaranteed from that day on."""
    order = db.session.get_one(WorkOrder, fact.order_id)
    unit, days = order.case.unit, settings.load().guarantee_days
    if fact.after != Work.HANDED_OVER or order.done_at is None or unit is None or not days:
        return
    given = Guarantee(order.code, order.component, day_in(order.case.outlet.timezone, now), days)
    if guarantees.give(SYSTEM, unit, given, now):
        told = {"order": order.code, "until": given.until.isoformat()}
        cases.note(SYSTEM, order.case, GUARANTEE, now, data=told)


def end(fact: CaseMoved, now: datetime) -> None:
    """What is over for the case is over for its work order."""
    case = db.session.get_one(Case, fact.case_id)
    if fact.after in (S.SHIPPED, S.CLOSED):
        actions.end_with_case(SYSTEM, case, Work.HANDED_OVER, now)
    elif fact.after == S.CANCELLED:
        actions.end_with_case(SYSTEM, case, Work.CANCELLED, now)


def end_of_claim(fact: CaseRefiled, now: datetime) -> None:
    """What is no claim any more is not repaired under it."""
    if fact.before == "warranty":
        actions.end_with_case(SYSTEM, db.session.get_one(Case, fact.case_id), Work.CANCELLED, now)
