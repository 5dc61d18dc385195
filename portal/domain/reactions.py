"""Fact → what follows from it: the one module that sees every slice."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from portal.db import db
from portal.domain import telling
from portal.domain.accounts import merging
from portal.domain.accounts.facts import CodeIssued, ContactVerified, CustomersMerged, MergeUndone
from portal.domain.accounts.models import Customer, CustomerMerge
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases import actions as cases
from portal.domain.cases import owners as case_owners
from portal.domain.cases import parcels, watch
from portal.domain.cases import queries as case_queries
from portal.domain.cases.facts import CaseMoved, CaseRefiled, CaseSpoken, Mentioned, TargetsChanged
from portal.domain.cases.models import Case
from portal.domain.catalog.facts import GuidePublished, HoursChanged, PoliciesChanged
from portal.domain.catalog.models import Product
from portal.domain.claims import actions as claims
from portal.domain.claims.facts import ClaimDecided
from portal.domain.damage import actions as damage
from portal.domain.desk import assigning
from portal.domain.desk.facts import CaseMerged, CaseTagged
from portal.domain.estimates.facts import EstimateDue, EstimateMoved
from portal.domain.guidance import actions as help_texts
from portal.domain.guidance import talks as help_talks
from portal.domain.news import take
from portal.domain.outbox.actions import owe
from portal.domain.parts import following as shelf
from portal.domain.parts.facts import PartsFree
from portal.domain.parts.models import Part
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import doubts
from portal.domain.purchases.facts import PurchaseClaimed, PurchaseSent
from portal.domain.repairs import following as repairs
from portal.domain.repairs import stock as work_stock
from portal.domain.repairs.facts import CollectionDue, LoanLate, SupplierLate, WorkMoved
from portal.domain.requests.facts import RequestDecided
from portal.domain.returns import credit
from portal.domain.shipments import deliveries
from portal.domain.shipments.facts import LegArrived, LegMoved, LegTroubled
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units import actions as units
from portal.domain.units import due
from portal.domain.units.facts import RegistrationDecided, RegistrationSent, UnitsMade
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S


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
    "credits": credit.move_all,
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


def _file_guide(fact: GuidePublished, now: datetime) -> None:
    help_texts.file_guide(db.session.get_one(Product, fact.product_id))


def _units_of_sales_before(fact: PoliciesChanged, now: datetime) -> None:
    due.note(fact.product_ids)


def _begin_damage(fact: CaseMoved | CaseRefiled, now: datetime) -> None:
    case = db.session.get_one(Case, fact.case_id)
    if case.kind == damage.DAMAGE:
        damage.begin(case)
        damage.keep_time(case, now)


def _end_debts(fact: CaseMoved, now: datetime) -> None:
    if fact.event in (E.DELIVER, E.HAND_OVER):
        claims.parts_handed_out(fact.case_id, now)


def _date_delivery(fact: LegArrived, now: datetime) -> None:
    deliveries.follow(fact.leg_id, now)


def _follow_leg(fact: LegMoved, now: datetime) -> None:
    case = case_queries.case_of_leg(fact.leg_id)
    if case is not None:
        _move_with_leg(case, fact, now)
    parcels.tell(fact, case, now)


def _move_with_leg(case: Case, fact: LegMoved, now: datetime) -> None:
    under_way = fact.status not in (Status.LABEL_CREATED, Status.PICKUP_SCHEDULED, Status.CANCELLED)
    if fact.direction == Direction.TO_CUSTOMER:
        if under_way and (case.state, E.SHIP) in KINDS[case.kind].moves:
            cases.move(SYSTEM, case, E.SHIP, now)
        if fact.status == Status.DELIVERED and case.state == S.SHIPPED and not case.loaned:
            cases.move(SYSTEM, case, E.DELIVER, now)
    else:
        arrived = (fact.direction, fact.status) == (Direction.TO_SHOP, Status.DELIVERED)
        if arrived and (case.state, E.RECEIVE) in KINDS[case.kind].moves:
            cases.move(SYSTEM, case, E.RECEIVE, now)


def _hand_on(fact: PartsFree, now: datetime) -> None:
    """Pieces that came go to whoever waits longest, a customer or a repair."""
    part = db.session.get_one(Part, fact.part_id)
    waiting = [(case.created_at, partial(shelf.hand_on, case, line)) for case, line in shelf.awaited(fact)]
    waiting += [(line.created_at, partial(repairs.hand_on, line, part)) for line in work_stock.awaited(fact)]
    for _since, hand in sorted(waiting, key=itemgetter(0)):
        hand(now)


def _give_new(fact: CaseMoved, now: datetime) -> None:
    if fact.event in (E.SUBMIT, E.REOPEN):
        assigning.assign(db.session.get_one(Case, fact.case_id), now)


def _give_changed(fact: CaseRefiled | CaseTagged, now: datetime) -> None:
    assigning.assign(db.session.get_one(Case, fact.case_id), now)


def _reckon_outlet(fact: HoursChanged, now: datetime) -> None:
    watch.note(outlet_id=fact.outlet_id)


def _reckon_kind(fact: TargetsChanged, now: datetime) -> None:
    watch.note(kind=fact.kind)


REACTIONS: dict[type, tuple[Callable[[Any, datetime], None], ...]] = {
    CodeIssued: (_send_code,),
    ContactVerified: (_gather_receipts,),
    CustomersMerged: (_bring_together,),
    MergeUndone: (_take_apart,),
    PurchaseClaimed: (_follow_receipt, _settle_doubt),
    PoliciesChanged: (_units_of_sales_before,),
    HoursChanged: (_reckon_outlet,),
    TargetsChanged: (_reckon_kind,),
    RegistrationSent: (telling.tell_outlet_registration,),
    RegistrationDecided: (telling.tell_registration,),
    CaseMoved: (
        repairs.begin_service,
        _give_new,
        telling.tell_move,
        repairs.end,
        _end_debts,
        _begin_damage,
        shelf.follow,
        help_talks.deliver,
    ),
    CaseRefiled: (repairs.end_of_claim, _begin_damage, shelf.refiled, _give_changed),
    CaseTagged: (_give_changed,),
    CaseMerged: (telling.tell_merge,),
    CaseSpoken: (telling.tell_message,),
    Mentioned: (telling.tell_mention,),
    ClaimDecided: (telling.tell_decision, repairs.begin),
    RequestDecided: (telling.tell_resolution,),
    WorkMoved: (repairs.follow, repairs.guarantee),
    PartsFree: (_hand_on,),
    EstimateMoved: (telling.tell_estimate,),
    EstimateDue: (telling.tell_estimate_due,),
    CollectionDue: (telling.tell_collection,),
    SupplierLate: (telling.tell_supplier_late,),
    LoanLate: (telling.tell_loan_late,),
    PurchaseSent: (deliveries.begin,),
    LegMoved: (_follow_leg,),
    LegArrived: (_date_delivery,),
    UnitsMade: (deliveries.tell_new,),
    LegTroubled: (parcels.alarm,),
    GuidePublished: (_file_guide,),
}
