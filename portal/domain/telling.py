"""What customers and the shop are told of what happened, by which message."""

from datetime import datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.cases import clocks
from portal.domain.cases import queries as cases
from portal.domain.cases.facts import CaseMoved, CaseSpoken, Mentioned
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog.rules import in_city
from portal.domain.claims.facts import ClaimDecided
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.desk.facts import CaseMerged
from portal.domain.estimates import actions as estimates
from portal.domain.estimates.facts import EstimateDue, EstimateMoved
from portal.domain.estimates.models import Estimate
from portal.domain.estimates.rules import STATES as ESTIMATES
from portal.domain.estimates.rules import S as EstimateS
from portal.domain.outbox.actions import owe
from portal.domain.repairs import queries as repairs
from portal.domain.repairs.facts import CollectionDue, LoanLate, SupplierLate
from portal.domain.repairs.models import Loan, WorkOrder
from portal.domain.repairs.rules import TO_COLLECT
from portal.domain.requests.facts import RequestDecided
from portal.domain.requests.models import Resolution
from portal.domain.units.facts import RegistrationDecided, RegistrationSent
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E
from portal.kernel.text import _

# What the customer is told when a case arrives in a state, and what the shop is told.
TO_CUSTOMER: dict[str, str] = {
    E.SUBMIT: "received",
    E.ASK: "question_asked",
    E.REQUEST_ITEM: "item_requested",
    E.RECEIVE: "item_received",
    E.INSPECT: "inspection_began",
    E.APPEAL: "appeal_received",
    E.SOLVE: "answered",
    E.BOOK: "booked",
    E.ORDER: "ordered",
    E.ARRIVE: "arrived",
    E.READY: "ready",
    E.SHIP: "shipped",
    E.SETTLE: "closed",
    E.HAND_OVER: "closed",
    E.DELIVER: "closed",
    E.CLOSE: "closed",
    E.CANCEL: "withdrawn",
}
TO_SHOP: dict[str, str] = {
    E.SUBMIT: "staff_new",
    E.ANSWER: "staff_answer",
    E.APPEAL: "staff_appeal",
    E.REOPEN: "staff_reopened",
}


OF_ESTIMATE: dict[str, str] = {
    EstimateS.SENT: "estimate",
    EstimateS.APPROVED: "estimate_approved",
    EstimateS.EXPIRED: "estimate_over",
}


def tell_move(fact: CaseMoved, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    entry = db.session.get_one(CaseEvent, fact.event_id)
    decided = entry.data is not None and "outcome" in entry.data  # which is told with its reason
    overtaken = fact.event == E.ARRIVE and case.state != fact.after  # it is ready at once
    if fact.event in TO_CUSTOMER and not decided and not overtaken:
        agreed = {"due": entry.data["at"]} if fact.event == E.BOOK and entry.data else {}
        values = {**_next_step(case), **agreed, **_to_collect(case, fact.event)}
        _tell_about(case, TO_CUSTOMER[fact.event], fact.event_id, now, body=fact.body, **values)
    if fact.event in TO_SHOP:
        _tell_shop(case, TO_SHOP[fact.event], fact.event_id, now, body=fact.body)


def tell_message(fact: CaseSpoken, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    if fact.author == "customer":
        _tell_shop(case, "staff_answer", fact.event_id, now, body=fact.body)
    elif not fact.told:
        _tell_about(case, "message", fact.event_id, now, body=fact.body)


def tell_mention(fact: Mentioned, now: datetime) -> None:
    """Who called, and where; what the note says stays at the desk."""
    case, staff = db.session.get_one(Case, fact.case_id), db.session.get_one(Staff, fact.staff_id)
    owe(
        f"mention-{fact.event_id}-{staff.id}", "staff_mention",
        {**_names(case, staff.language), "by": fact.by, "path": f"/desk/cases/{case.code}"},
        email=staff.email, language=staff.language, now=now, about=case.code,
    )  # fmt: skip


def tell_decision(fact: ClaimDecided, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    template = "decision_rejected" if fact.payment == Payment.REJECTED else "decision_accepted"
    outcome = OUTCOMES[Outcome(fact.outcome)].customer.id if fact.outcome else None
    _tell_about(case, template, case.version, now, body=fact.reason, outcome=outcome)


def tell_resolution(fact: RequestDecided, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    resolution = db.session.get_one(Resolution, fact.resolution_id)
    outcome = KINDS[resolution.kind].outcomes[resolution.outcome]
    _tell_about(
        case, "decision_rejected" if outcome.refuses else "decision_accepted", fact.event_id, now,
        body=resolution.reason, outcome=outcome.customer.id, amount=resolution.amount,
        currency=resolution.currency, **({} if outcome.refuses else _next_step(case)),
    )  # fmt: skip


def tell_estimate(fact: EstimateMoved, now: datetime) -> None:
    """The customer learns of it, and has what was agreed in writing; the shop learns of the answer."""
    estimate = db.session.get_one(Estimate, fact.estimate_id)
    template = OF_ESTIMATE.get(fact.after)
    if template:
        _tell_of_estimate(estimate, template, now)
    if fact.after != EstimateS.SENT:
        case = estimate.order.case
        owe(
            f"staff_estimate-{estimate.id}-{fact.after}", "staff_estimate",
            {**_names(case, "id"), "outcome": ESTIMATES[fact.after][0].id, "body": estimate.reason,
             "path": f"/desk/work-orders/{estimate.order.code}/estimate"},
            email=(estimate.sent_by.email if estimate.sent_by else case.outlet.email) or None, language="id",
            now=now, about=case.code,
        )  # fmt: skip


def tell_estimate_due(fact: EstimateDue, now: datetime) -> None:
    _tell_of_estimate(db.session.get_one(Estimate, fact.estimate_id), "estimate_due", now)


def _tell_of_estimate(estimate: Estimate, template: str, now: datetime) -> None:
    amount = estimate.total if estimate.agreed is None else estimate.agreed
    _tell_about(
        estimate.order.case, template, estimate.id, now, body=estimate.note, amount=amount,
        currency=estimate.currency, due=estimates.end_of(estimate).isoformat(),
        zone=estimate.order.case.outlet.timezone,
    )  # fmt: skip


def tell_merge(fact: CaseMerged, now: datetime) -> None:
    """Where the case goes on; the link opens that one."""
    case, into = db.session.get_one(Case, fact.case_id), db.session.get_one(Case, fact.into_id)
    _tell_about(into, "merged", fact.event_id, now, other=case.code)


def tell_collection(fact: CollectionDue, now: datetime) -> None:
    """It has been ready for some days; where it is, and what to show there."""
    order = db.session.get_one(WorkOrder, fact.order_id)
    outlet = order.case.outlet
    _tell_about(
        order.case, "collect", order.id * 100 + fact.time, now, days=fact.days, collect=order.id,
        place=f"{outlet.name}, {in_city(outlet.address, outlet.city)}",
    )  # fmt: skip


def tell_supplier_late(fact: SupplierLate, now: datetime) -> None:
    order = db.session.get_one(WorkOrder, fact.order_id)
    supplier = order.supplier.name if order.supplier else ""
    _tell_workshop(order, "staff_supplier_late", order.supplier_due_on, now, supplier=supplier)


def tell_loan_late(fact: LoanLate, now: datetime) -> None:
    """The customer who has it, and the workshop that misses it."""
    loan = db.session.get_one(Loan, fact.loan_id)
    day = now.date().toordinal()
    told = {"loaned": loan.product, "since": loan.due_on.isoformat()}
    _tell_about(loan.order.case, "loan_due", loan.id * 10**6 + day, now, **told)
    _tell_workshop(loan.order, "staff_loan_late", loan.due_on, now, loaned=loan.product)


def tell_registration(fact: RegistrationDecided, now: datetime) -> None:
    unit = db.session.get_one(Unit, fact.unit_id)
    template = "registration_approved" if fact.approved else "registration_rejected"
    _tell_customer(
        f"{template}-{unit.id}-{unit.version}", template, unit.holder,
        {"product": unit.product.name, "reason": fact.reason, "path": f"/units/{unit.code}"}, now, unit.code,
    )  # fmt: skip


def tell_outlet_registration(fact: RegistrationSent, now: datetime) -> None:
    unit = db.session.get_one(Unit, fact.unit_id)
    owe(
        f"registration-{unit.id}-{unit.version}", "staff_registration",
        {"product": unit.product.name, "path": f"/desk/registrations/{unit.code}"},
        email=unit.outlet.email or None, language="id", now=now, about=unit.code,
    )  # fmt: skip


def _tell_about(case: Case, template: str, number: int, now: datetime, **values: Any) -> None:
    """Owe a message about a case to its customer, with a link that opens only this case."""
    link = cases.live_link(case.id)
    seed = {"case_link": [link.seed.hex(), link.token_hash.hex()]} if link else {}
    _tell_customer(
        f"{template}-{case.id}-{number}", template, case.customer,
        {**_names(case, case.customer.language), "path": f"/cases/{case.code}",
         "reply": [case.code, case.id, case.customer_id], **seed, **values},
        now, case.code,
    )  # fmt: skip


def _names(case: Case, language: str) -> dict[str, str]:
    """What a message calls a case: its code, its kind and what it is about."""
    title = (language == "en" and case.title_en) or case.title
    return {
        "case": case.code, "kind": KINDS[case.kind].label.id,
        "product": case.unit.product.name if case.unit else title,
    }  # fmt: skip


def _next_step(case: Case) -> dict[str, Any]:
    """What follows in the state that a case is in now, and by when."""
    state = KINDS[case.kind].states[case.state]
    mine = state.acts == Who.CUSTOMER
    due = clocks.awaited(case) if mine else case.due_at
    by = _("Please do so by %(moment)s.") if mine else _("By %(moment)s at the latest.")
    return {
        "next": state.customer_next.id, "by": by.id, "zone": case.outlet.timezone,
        "due": due.isoformat() if due else None,
    }  # fmt: skip


def _to_collect(case: Case, event: str) -> dict[str, Any]:
    """Of a message that something is ready: by which work order, whose code opens it."""
    order = repairs.of_case(case.id) if event == E.READY else None
    return {"collect": order.id} if order and order.state in TO_COLLECT else {}


def _tell_workshop(order: WorkOrder, template: str, since: Any, now: datetime, **values: Any) -> None:
    """A reminder for the technician, or for the outlet while there is none; one a day."""
    case, to = order.case, order.technician
    owe(
        f"{template}-{order.id}-{now.date().isoformat()}", template,
        {**_names(case, to.language if to else "id"), "since": since.isoformat(),
         "path": f"/desk/work-orders/{order.code}", **values},
        email=(to.email if to else case.outlet.email) or None, language=to.language if to else "id",
        now=now, about=case.code,
    )  # fmt: skip


def _tell_customer(
    key: str, template: str, customer: Customer | None, values: dict[str, Any], now: datetime, about: str
) -> None:
    if customer is not None:
        owe(
            key, template, {"name": customer.name, **values}, email=_email(customer), phone=customer.phone,
            language=customer.language, now=now, about=about,
        )  # fmt: skip


def _tell_shop(case: Case, template: str, number: int, now: datetime, *, body: str) -> None:
    address = case.assignee.email if case.assignee else case.outlet.email
    owe(
        f"{template}-{case.id}-{number}", template,
        {**_names(case, "id"), "path": f"/desk/cases/{case.code}"},
        email=address or None, language="id", now=now, about=case.code,
    )  # fmt: skip


def _email(customer: Customer) -> str | None:
    """The address that letters go to: proven, and none that they came back from."""
    return customer.email if customer.email_verified_at and not customer.email_bounced_at else None
