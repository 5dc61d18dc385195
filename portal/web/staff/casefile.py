"""All that staff see of one case, loaded in a fixed number of statements."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import live, targets
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim, Refund
from portal.domain.claims.rules import Debt
from portal.domain.purchases.models import Purchase
from portal.domain.repairs.models import WorkOrder
from portal.domain.requests.actions import open_outcomes
from portal.domain.requests.models import Request
from portal.domain.units import queries as units
from portal.domain.units.coverage import Terms, Verdict, coverage
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, Kind, Outcome, State
from portal.domain.workflows.registry import KINDS
from portal.web.staff import case_clock

_technician = aliased(Staff)
_newest_order = (
    select(func.max(WorkOrder.id)).where(WorkOrder.case_id == Case.id).correlate(Case).scalar_subquery()
)
_kin = aliased(Case)


def _cases_with(condition: Any) -> Any:
    """How many cases meet the condition, counted beside each case; drafts are their customers' own."""
    found = select(func.count()).select_from(_kin).where(condition, _kin.category != Category.DRAFT)
    return found.correlate(Case).scalar_subquery()


_kept = aliased(Unit)
_units_held = (
    select(func.count()).select_from(_kept).where(_kept.holder_id == Case.customer_id).correlate(Case)
).scalar_subquery()
_owed = (
    select(func.sum(Refund.amount))
    .where(Refund.case_id == Case.id, Refund.state == Debt.OWED)
    .correlate(Case)
).scalar_subquery()
_head = (
    select(
        Case.id,
        Case.code,
        Case.kind,
        Case.state,
        Case.category,
        Case.title,
        Case.title_en,
        Case.version,
        Case.acts,
        Case.created_at,
        Case.touched_at,
        Case.due_at,
        *case_clock.COLUMNS,
        Case.assignee_id,
        Staff.name.label("assignee"),
        Customer.name.label("customer"),
        Customer.phone,
        Customer.email,
        Customer.email_bounced_at,
        Customer.language,
        Outlet.name.label("outlet"),
        Outlet.code.label("outlet_code"),
        Outlet.timezone,
        Outlet.currency,
        Unit.id.label("unit_id"),
        Unit.code.label("unit_code"),
        Unit.serial,
        Unit.purchase_id,
        Product.name.label("product"),
        Product.sku,
        Product.icon,
        Product.serialised,
        Purchase.code.label("receipt"),
        Purchase.number,
        Request.answers,
        Request.tried,
        _owed.label("owed"),
        Claim.symptom,
        Claim.component,
        Claim.verdict,
        Claim.payment,
        Claim.outcome,
        WorkOrder.code.label("order_code"),
        WorkOrder.state.label("order_state"),
        WorkOrder.finding,
        WorkOrder.shelf,
        WorkOrder.supplier_sent_on,
        WorkOrder.supplier_due_on,
        Case.loaned,
        _technician.name.label("technician"),
        _units_held.label("units_held"),
        _cases_with(_kin.customer_id == Case.customer_id).label("customer_cases"),
        _cases_with(_kin.unit_id == Case.unit_id).label("unit_cases"),
        *units.TERMS,
    )
    .join(Customer, Customer.id == Case.customer_id)
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Claim, Claim.case_id == Case.id)
    .outerjoin(Request, Request.case_id == Case.id)
    .outerjoin(Purchase, Purchase.id == Case.purchase_id)
    .outerjoin(Staff, Staff.id == Case.assignee_id)
    .outerjoin(WorkOrder, WorkOrder.id == _newest_order)
    .outerjoin(_technician, _technician.id == WorkOrder.technician_id)
)


@lru_cache
def _head_for(role: Role) -> Select[Any]:
    """What staff see depends on their role alone, so the statement is built once for each."""
    head = targets.joined(_head, Case.kind, Case.priority)
    return cases.limit_to(Actor(role), head.where(Case.code == bindparam("code")))


@dataclass(frozen=True)
class CaseFile:
    """One case as the desk shows it. `verdict` is the one kept with the claim, with the layers' standing;
    `claim` is the newest entry that sent it; `older` finds the entries before those shown."""

    head: Any
    claim: cases.Entry | None
    kind: Kind
    state: State
    terms: Terms | None
    verdict: Verdict | None
    entries: list[cases.Entry]
    older: int | None
    legs: list[tuple[Any, list[Any]]]

    @property
    def mark(self) -> str:
        """After it comes what is new."""
        return live.mark(self.entries, self.legs)


def load(actor: Actor, code: str, *, before: int | None = None) -> CaseFile:
    """Raises NotFound when the person may not see it. At most four statements."""
    head = db.session.execute(_head_for(actor.role), {"code": code}).first()
    if head is None:
        raise NotFound
    kind = KINDS[head.kind]
    terms = verdict = None
    if head.unit_id is not None:
        terms = units.terms(
            head.bought_on, head.delivered_on, head.installed_on, head.policy_version_id, head.registration,
            head.void_on, head.reason, head.guarantees,
        )  # fmt: skip
    if head.verdict is not None and terms is not None and head.kind == "warranty":
        kept = verdicts.from_json(head.verdict)
        layers = coverage(terms, kept.component, kept.on).layers
        verdict = Verdict(kept.on, kept.component, kept.parts, kept.labour, kept.transport, layers)
    entries, older = cases.timeline(head.id, internal=True, before=before)
    claim = next((entry for entry in reversed(entries) if entry.event == "submit"), None)
    return CaseFile(
        head,
        claim or cases.claim_sent(head.id),
        kind,
        kind.states[head.state],
        terms,
        verdict,
        entries,
        older,
        cases.legs(head.id),
    )


def resolvable(file: CaseFile, actor: Actor) -> dict[str, Outcome]:
    """What this person can decide on the case as it stands, in every kind but the warranty claim."""
    return {
        name: outcome
        for name, outcome in open_outcomes(file.kind, file.head.state).items()
        if actor.may(file.kind.moves[file.head.state, outcome.event].by)
    }
