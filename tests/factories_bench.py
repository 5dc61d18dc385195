"""Work orders for tests, each made by the domain's own actions."""

from portal.db import db
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases.models import Case
from portal.domain.repairs import actions, intake, lines
from portal.domain.repairs.intake import Intake
from portal.domain.repairs.lines import NewLine
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.rules import Billing, LineKind
from portal.kernel import clock
from tests import factories

BENCH = Actor(Role.TECHNICIAN, None, "Bengkel")  # may do what technicians may, and is nobody
INTAKE = Intake("Mati sendiri.", "Goresan di sudut kiri.", ["Remote"], "A1")


def order_of(case: Case) -> WorkOrder:
    return db.session.query(WorkOrder).filter_by(case_id=case.id).order_by(WorkOrder.id.desc()).first()


def taken_in(actor: Actor, case: Case) -> WorkOrder:
    """The work order of a case: taken in, with a line that the warranty pays."""
    order = actions.open_for(actor, case, clock.now())
    intake.receive(actor, order, INTAKE, photos=(), version=None, now=clock.now())
    line(order, billing=Billing.WARRANTY)
    factories.settle()
    return order


def line(order: WorkOrder, **fields: object) -> WorkLine:
    """Forty-five minutes of labour for 75,000, unless told otherwise."""
    told = {"kind": LineKind.LABOUR, "description": "Pengerjaan", "price": 75_000, "minutes": 45, **fields}
    if "billing" in told:
        told.setdefault("reason", "Begitu saja.")
    return lines.add(BENCH, order, NewLine(**told), clock.now())  # type: ignore[arg-type]


def go(actor: Actor, order: WorkOrder, *states: str, note: str = "Kapasitor diganti.") -> None:
    """Along these states, as far as they lead."""
    for state in states:
        actions.move(actor, order, state, note=note, now=clock.now())
        factories.settle()
