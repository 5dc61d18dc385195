"""Work orders with lines that cost something, and estimates that were sent for them."""

from datetime import timedelta
from typing import Any

from portal.db import db
from portal.domain.accounts.rules import SYSTEM, Actor
from portal.domain.cases.models import Case
from portal.domain.estimates import actions as estimates
from portal.domain.estimates.models import Estimate
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import Billing, LineKind, S
from portal.kernel import clock
from portal.kernel.clock import day_in
from tests import factories

LINES = (
    (LineKind.PART, "Panel 43 inci", 1, 1_250_000, Billing.BILLABLE),
    (LineKind.LABOUR, "Ganti panel", 1, 150_001, Billing.BILLABLE),
    (LineKind.PART, "Remote baru", 2, 75_000, Billing.BILLABLE),
    (LineKind.FEE, "Bersihkan papan", 1, 40_000, Billing.WARRANTY),
)  # the customer pays Rp1.550.001
TOTAL, REMOTES = 1_550_001, 150_000


def order_of(case: Case) -> WorkOrder:
    """The work order of a case, being diagnosed, with LINES."""
    order = repairs.open_for(SYSTEM, case, clock.now())
    if order.state == S.OPEN:
        repairs.move(SYSTEM, order, S.DIAGNOSING, now=clock.now())
    for kind, what, pieces, price, billing in LINES:
        line = work_lines.NewLine(kind, what, price, pieces, billing=billing, reason="Sepakat")
        work_lines.add(SYSTEM, order, line, clock.now())
    factories.settle()
    return order


def adds(case: Case, what: str, price: int) -> None:
    """One more line for the customer to pay, written while the work goes on."""
    order = repairs.open_for(SYSTEM, case, clock.now())
    line = work_lines.NewLine(LineKind.PART, what, price, billing=Billing.BILLABLE, reason="Rusak juga")
    work_lines.add(SYSTEM, order, line, clock.now())
    factories.settle()
    db.session.commit()


def sent(
    actor: Actor, order: WorkOrder, *, days: int = 7, optional: tuple[str, ...] = (), **told: Any
) -> Estimate:
    """An estimate for a work order as it stands; `optional` are the names of lines that may be left out."""
    chosen = [line.id for line in work_lines.of_order(order.id) if line.description in optional]
    until = day_in(order.case.outlet.timezone, clock.now()) + timedelta(days=days)
    values = {"fee": 100_000, "note": "", "until": until, "optional": chosen, "version": None, **told}
    made = estimates.send(actor, order, now=clock.now(), **values)
    factories.settle()
    db.session.commit()
    return made
