"""Fact → what follows from it: the one module that sees every slice."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts import merging
from portal.domain.accounts.facts import CodeIssued, ContactVerified, CustomersMerged, MergeUndone
from portal.domain.accounts.models import Customer, CustomerMerge
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases import actions as cases
from portal.domain.cases import owners as case_owners
from portal.domain.cases import queries as case_queries
from portal.domain.cases.facts import CaseMoved, CaseSpoken
from portal.domain.cases.models import Case, CaseLink
from portal.domain.catalog.facts import PoliciesChanged
from portal.domain.claims import actions as claims
from portal.domain.claims.facts import ClaimDecided
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.news import take
from portal.domain.outbox.actions import owe
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import doubts
from portal.domain.purchases.facts import PurchaseClaimed
from portal.domain.repairs import actions as repairs
from portal.domain.repairs.facts import WorkMoved
from portal.domain.repairs.rules import S as Work
from portal.domain.shipments.facts import LegMoved
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units import actions as units
from portal.domain.units import due
from portal.domain.units.facts import RegistrationDecided, RegistrationSent
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.text import _


def settle(now: datetime) -> None:
    """Let everything follow that was announced, and what follows from that."""
    while facts := take():
        for fact in facts:
            for reaction in REACTIONS.get(type(fact), ()):
                reaction(fact, now)


def _send_code(fact: CodeIssued, now: datetime) -> None:
    owe(
        fact.key,
        fact.template,
        {"code": fact.code},
        email=fact.email,
        phone=fact.phone,
        language=fact.language,
        now=now,
    )


def _gather_receipts(fact: ContactVerified, now: datetime) -> None:
    if fact.email:
        purchases.gather(db.session.get_one(Customer, fact.customer_id), fact.email)


def _follow_receipt(fact: PurchaseClaimed, now: datetime) -> None:
    units.follow_purchase(fact.purchase_id, fact.customer_id, fact.from_id)
    if fact.from_id is not None:
        case_owners.follow_purchase(fact.purchase_id, fact.customer_id, fact.from_id)


def _settle_doubt(fact: PurchaseClaimed, now: datetime) -> None:
    doubts.settle_claimed(fact.purchase_id, now)


# What belongs to a customer: each moves rows from one record to another and says which.
BELONGINGS: dict[str, Callable[[int, int, Collection[int] | None], list[int]]] = {
    "refs": merging.move_refs,
    "purchases": purchases.move_all,
    "units": units.move_all,
    "cases": case_owners.move_all,
}


def _bring_together(fact: CustomersMerged, now: datetime) -> None:
    for what, move in BELONGINGS.items():
        merging.note_moved(fact.merge_id, what, move(fact.merged_id, fact.kept_id, None))


def _take_apart(fact: MergeUndone, now: datetime) -> None:
    made = db.session.get_one(CustomerMerge, fact.merge_id)
    for what, move in BELONGINGS.items():
        move(fact.kept_id, fact.merged_id, made.moved.get(what, []))
    for purchase_id in purchases.move_later(made.kept, made.merged, made.at):
        units.follow_purchase(purchase_id, fact.merged_id, fact.kept_id)
    case_owners.follow_items(fact.kept_id, fact.merged_id, made.at)


def _units_of_sales_before(fact: PoliciesChanged, now: datetime) -> None:
    due.note(fact.product_ids)


def _tell_registration(fact: RegistrationDecided, now: datetime) -> None:
    unit = db.session.get_one(Unit, fact.unit_id)
    template = "registration_approved" if fact.approved else "registration_rejected"
    _tell_customer(
        f"{template}-{unit.id}-{unit.version}", template, unit.holder,
        {"product": unit.product.name, "reason": fact.reason, "path": f"/units/{unit.code}"}, now, unit.code,
    )  # fmt: skip


def _tell_outlet_registration(fact: RegistrationSent, now: datetime) -> None:
    unit = db.session.get_one(Unit, fact.unit_id)
    owe(
        f"registration-{unit.id}-{unit.version}", "staff_registration",
        {"product": unit.product.name, "path": f"/desk/registrations/{unit.code}"},
        email=unit.outlet.email or None, language="id", now=now, about=unit.code,
    )  # fmt: skip


# What the customer is told when a case arrives in a state, and what the shop is told.
TO_CUSTOMER: dict[str, str] = {
    E.SUBMIT: "claim_received",
    E.ASK: "question_asked",
    E.REQUEST_ITEM: "item_requested",
    E.RECEIVE: "item_received",
    E.INSPECT: "inspection_began",
    E.APPEAL: "appeal_received",
    E.READY: "ready",
    E.SHIP: "shipped",
    E.SETTLE: "closed",
    E.HAND_OVER: "closed",
    E.DELIVER: "closed",
    E.CLOSE: "closed",
    E.CANCEL: "withdrawn",
}
TO_SHOP: dict[str, str] = {
    E.SUBMIT: "staff_claim",
    E.ANSWER: "staff_answer",
    E.APPEAL: "staff_appeal",
    E.REOPEN: "staff_reopened",
}


def _tell_move(fact: CaseMoved, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    state = KINDS[case.kind].states[fact.after]
    if fact.event in TO_CUSTOMER:
        by = (
            _("Please do so by %(moment)s.")
            if state.acts == Who.CUSTOMER
            else _("By %(moment)s at the latest.")
        )
        _tell_about(
            case, TO_CUSTOMER[fact.event], fact.event_id, now, body=fact.body, next=state.customer_next.id,
            by=by.id, due=case.due_at.isoformat() if case.due_at else None, zone=case.outlet.timezone,
        )  # fmt: skip
    if fact.event in TO_SHOP:
        _tell_shop(case, TO_SHOP[fact.event], fact.event_id, now, body=fact.body)


def _tell_message(fact: CaseSpoken, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    if fact.author == "customer":
        _tell_shop(case, "staff_answer", fact.event_id, now, body=fact.body)
    else:
        _tell_about(case, "message", fact.event_id, now, body=fact.body)


def _tell_decision(fact: ClaimDecided, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    template = "decision_rejected" if fact.payment == Payment.REJECTED else "decision_accepted"
    _tell_about(case, template, case.version, now, body=fact.reason, outcome=fact.outcome)


def _open_work_order(fact: ClaimDecided, now: datetime) -> None:
    if fact.outcome == Outcome.REPAIR:
        repairs.open_for(SYSTEM, db.session.get_one(Case, fact.case_id), now)


def _follow_work(fact: WorkMoved, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    steps: dict[tuple[str, str], str] = {
        (Work.DONE, S.FULFILLING): E.READY,
        (Work.UNREPAIRABLE, S.FULFILLING): E.RECONSIDER,
        (Work.HANDED_OVER, S.READY): E.HAND_OVER,
    }
    event = steps.get((fact.after, case.state))
    if event:
        cases.move(SYSTEM, case, event, now)


def _end_work(fact: CaseMoved, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    if fact.after in (S.SHIPPED, S.CLOSED):
        repairs.end_with_case(SYSTEM, case, Work.HANDED_OVER, now)
    elif fact.after == S.CANCELLED:
        repairs.end_with_case(SYSTEM, case, Work.CANCELLED, now)


def _end_debts(fact: CaseMoved, now: datetime) -> None:
    if fact.event in (E.DELIVER, E.HAND_OVER):
        claims.parts_handed_out(fact.case_id, now)


def _follow_leg(fact: LegMoved, now: datetime) -> None:
    case = case_queries.case_of_leg(fact.leg_id)
    if case is None:
        return
    under_way = fact.status not in (Status.LABEL_CREATED, Status.PICKUP_SCHEDULED, Status.CANCELLED)
    if fact.direction == Direction.TO_CUSTOMER:
        if under_way and case.state in (S.FULFILLING, S.READY):
            cases.move(SYSTEM, case, E.SHIP, now)
        if fact.status == Status.DELIVERED and case.state == S.SHIPPED:
            cases.move(SYSTEM, case, E.DELIVER, now)
    else:
        arrived = (fact.direction, fact.status) == (Direction.TO_SHOP, Status.DELIVERED)
        if arrived and (case.state, E.RECEIVE) in KINDS[case.kind].moves:
            cases.move(SYSTEM, case, E.RECEIVE, now)


REACTIONS: dict[type, tuple[Callable[[Any, datetime], None], ...]] = {
    CodeIssued: (_send_code,),
    ContactVerified: (_gather_receipts,),
    CustomersMerged: (_bring_together,),
    MergeUndone: (_take_apart,),
    PurchaseClaimed: (_follow_receipt, _settle_doubt),
    PoliciesChanged: (_units_of_sales_before,),
    RegistrationSent: (_tell_outlet_registration,),
    RegistrationDecided: (_tell_registration,),
    CaseMoved: (_tell_move, _end_work, _end_debts),
    CaseSpoken: (_tell_message,),
    ClaimDecided: (_tell_decision, _open_work_order),
    WorkMoved: (_follow_work,),
    LegMoved: (_follow_leg,),
}


def _tell_about(case: Case, template: str, number: int, now: datetime, **values: Any) -> None:
    """Owe a message about a case to its customer, with a link that opens only this case."""
    link = db.session.scalar(select(CaseLink).where(CaseLink.case_id == case.id))
    seed = {"case_link": [link.seed.hex(), link.token_hash.hex()]} if link else {}
    product = case.unit.product.name if case.unit else case.title
    _tell_customer(
        f"{template}-{case.id}-{number}", template, case.customer,
        {"case": case.code, "product": product, "path": f"/cases/{case.code}", **seed, **values},
        now, case.code,
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
    product = case.unit.product.name if case.unit else case.title
    owe(
        f"{template}-{case.id}-{number}", template,
        {"case": case.code, "product": product, "path": f"/desk/cases/{case.code}"},
        email=address or None, language="id", now=now, about=case.code,
    )  # fmt: skip


def _email(customer: Customer) -> str | None:
    return customer.email if customer.email_verified_at else None
