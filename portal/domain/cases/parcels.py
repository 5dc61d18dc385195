"""What is told of parcels: to the customer each step once, to the shop what is wrong."""

from datetime import datetime, timedelta
from typing import Any

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.cases import queries
from portal.domain.cases.models import Case
from portal.domain.outbox.actions import owe
from portal.domain.purchases.models import Purchase
from portal.domain.shipments import deliveries
from portal.domain.shipments.facts import LegMoved, LegTroubled
from portal.domain.shipments.models import Leg
from portal.domain.shipments.rules import Direction, Status, Trouble

STEPS: dict[str, str] = {
    Status.PICKED_UP: "sent",
    Status.IN_TRANSIT: "sent",
    Status.OUT_FOR_DELIVERY: "today",
    Status.AVAILABLE_FOR_PICKUP: "waits",
    Status.DELIVERED: "delivered",
    Status.ATTEMPT_FAILED: "failed",
    Status.EXCEPTION: "held",
    Status.RETURN_IN_TRANSIT: "back",
    Status.RETURNED: "back",
}
# What a case tells by itself as it moves is not told again.
OF_CASES = {
    Direction.TO_CUSTOMER: ("today", "waits", "failed", "held", "back"),
    Direction.TO_SHOP: ("held", "back"),
}
NEWS = timedelta(days=7)  # what is older, nobody wants to hear of


def tell(fact: LegMoved, case: Case | None, now: datetime) -> None:
    """The first time that a parcel, of this case or of a receipt, comes so far."""
    leg, step = db.session.get_one(Leg, fact.leg_id), STEPS.get(fact.status)
    if step is None or leg.moved_at < now - NEWS:
        return
    if case is not None:
        if step in OF_CASES.get(Direction(leg.direction), ()):
            _owe(leg, step, case.customer, _of_case(case), now, case.code)
        return
    purchase = deliveries.purchase_of(leg.id)
    if purchase is not None and purchase.customer is not None:
        about = {"product": purchase.number, "path": f"/purchases/{purchase.code}"}
        _owe(leg, step, purchase.customer, about, now, purchase.code)


def alarm(fact: LegTroubled, now: datetime) -> None:
    """Whoever looks after a parcel hears what is wrong with it; words to be explained, and what was wrong
    long before anybody watched it, wait in the list."""
    if fact.trouble == Trouble.UNKNOWN or fact.since < now - NEWS:
        return
    leg, case = db.session.get_one(Leg, fact.leg_id), queries.case_of_leg(fact.leg_id)
    desk, outlet = case and case.assignee, leg.outlet or (case and case.outlet)
    address = desk.email if desk else outlet.email if outlet else ""
    owe(
        f"leg-{leg.id}-{fact.key}".replace(":", "-"), "staff_leg",
        {
            "trouble": fact.trouble, "courier": leg.courier, "waybill": leg.waybill,
            "product": _name(leg, case, deliveries.purchase_of(leg.id)), "path": f"/desk/legs/{leg.code}",
        },
        email=address or None, language=desk.language if desk else "id", now=now, about=leg.code,
    )  # fmt: skip


def _owe(leg: Leg, step: str, customer: Customer, about: dict[str, Any], now: datetime, code: str) -> None:
    email = customer.email if customer.email_verified_at and not customer.email_bounced_at else None
    owe(
        f"parcel-{leg.id}-{step}", "parcel",
        {"name": customer.name, "step": step, "courier": leg.courier, "waybill": leg.waybill, **about},
        email=email, phone=customer.phone, language=customer.language, now=now, about=code,
    )  # fmt: skip


def _of_case(case: Case) -> dict[str, Any]:
    """With the link that opens this case alone, and the address to which an answer belongs."""
    link = queries.live_link(case.id)
    seed = {"case_link": [link.seed.hex(), link.token_hash.hex()]} if link else {}
    title = (case.customer.language == "en" and case.title_en) or case.title
    return {
        "case": case.code, "path": f"/cases/{case.code}",
        "product": case.unit.product.name if case.unit else title,
        "reply": [case.code, case.id, case.customer_id], **seed,
    }  # fmt: skip


def _name(leg: Leg, case: Case | None, purchase: Purchase | None) -> str:
    return case.title if case else purchase.number if purchase else leg.code
