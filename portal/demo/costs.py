"""What warranty work of the demo cost in parcels, and what its suppliers were asked and paid."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.demo import people
from portal.domain.cases.models import Case
from portal.domain.costs import actions, queries
from portal.domain.repairs import lines, sending
from portal.domain.repairs.models import WorkOrder
from portal.domain.suppliers.models import Supplier

Team = Mapping[tuple[str, str], Any]
FREIGHT = 22_000
ANSWERS = (None, 1, 2, 0)  # by turns: no answer yet, all of it, half of it, nothing
REFUSED = "Menurut mereka, barang pernah jatuh."


def write(team: Team, now: datetime) -> None:
    """Of every claim whose work is done; suppliers are asked where their warranty covers it."""
    manager = people.actor(team["JKT", "manager"])
    suppliers = db.session.scalars(select(Supplier.id).order_by(Supplier.id)).all()
    done = (
        select(WorkOrder)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(Case.kind == "warranty", WorkOrder.done_at.is_not(None))
        .options(joinedload(WorkOrder.case))
    )
    asked = 0
    for order in db.session.scalars(done.order_by(WorkOrder.id)):
        legs = actions.legs_of(order)
        actions.write_costs(manager, order, {}, {leg.id: FREIGHT for leg in legs})
        if not sending.pays(lines.verdict_of(order.case_id)) or order.done_at is None:
            continue
        hour_cost, _none = queries.beside(order.id)
        spent = queries.of_order(order, lines.of_order(order.id), legs, hour_cost, 0).spent
        if not spent:
            continue
        asked += 1
        at = order.done_at + timedelta(hours=3)
        supplier = suppliers[asked % len(suppliers)]
        actions.ask(manager, order, supplier, spent, f"KLM-{2600 + asked}", at)
        share = ANSWERS[asked % len(ANSWERS)]
        if share is not None:
            paid, note = (spent // share, "") if share else (0, REFUSED)
            actions.hear(manager, order, paid, note, version=None, now=min(at + timedelta(days=6), now))
