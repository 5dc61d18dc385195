"""Claims against couriers: begun with the case, completed, sent, answered; couriers' rules."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases import clocks
from portal.domain.cases.models import Case
from portal.domain.damage import queries
from portal.domain.damage.models import CourierRule, DamageClaim
from portal.domain.damage.rules import LOST, PERILS, last_moment
from portal.domain.requests.models import Request
from portal.domain.workflows.vocabulary import TO_LOOK_AT, E, S
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, Stale
from portal.kernel.money import Money
from portal.kernel.text import _

DAMAGE = "damage"
BEFORE_CLAIM = (*TO_LOOK_AT, S.WAITING_CUSTOMER)


def begin(case: Case) -> DamageClaim:
    """The claim of a case of damage, from what the customer told and from a shipment that is known."""
    claim = db.session.get(DamageClaim, case.id)
    if claim is not None:
        return claim
    request = db.session.get(Request, case.id)
    told = request.answers if request else {}
    claim = DamageClaim(
        case_id=case.id, peril=told.get("peril", "damaged"), courier=queries.named(told.get("courier", "")),
        waybill=told.get("waybill", "")[:60], value=case.purchase.total if case.purchase else None,
    )  # fmt: skip
    if told.get("arrived"):
        claim.arrived_on = date.fromisoformat(told["arrived"])
    known = queries.journey(case, claim.waybill)
    if known:
        courier, waybill, shipped, arrived, claim.expected_on = known
        claim.courier, claim.waybill = claim.courier or queries.named(courier), waybill
        claim.shipped_on = day_in(case.outlet.timezone, shipped)
        if arrived and claim.peril != LOST and not claim.arrived_on:
            claim.arrived_on = day_in(case.outlet.timezone, arrived)
    db.session.add(claim)
    db.session.flush()
    return claim


def save(actor: Actor, case: Case, fields: Mapping[str, Any], *, version: int, now: datetime) -> None:
    """Complete what is known of the parcel. Raises Refused, Stale."""
    claim = begin(case)
    if claim.version != version:
        raise Stale
    today = day_in(case.outlet.timezone, now)
    for name in ("shipped_on", "arrived_on"):
        if fields.get(name) and fields[name] > today:
            raise Refused(_("This date is in the future. Check it again."), name)
    if fields.get("arrived_on") and fields.get("shipped_on") and fields["arrived_on"] < fields["shipped_on"]:
        raise Refused(_("It cannot have arrived before it was sent."), "arrived_on")
    if fields.get("peril") not in PERILS:
        raise Refused(_("Choose what happened."), "peril")
    for name, value in fields.items():
        setattr(claim, name, value)
    db.session.flush()
    cases.note(actor, case, "parcel", now, internal=True)
    keep_time(case, now)


def keep_time(case: Case, now: datetime) -> None:
    """While the claim was not sent, the case's clock runs to the courier's deadline too."""
    parcel = queries.parcel(case.id, now)
    until = None
    if parcel and parcel.until and not parcel.claim.claimed_at and case.state in BEFORE_CLAIM:
        until = last_moment(parcel.until, case.outlet.timezone)
    clocks.bound(case, until, now)


def claim(actor: Actor, case: Case, amount: int | None, now: datetime) -> None:
    """The claim was sent to the courier. Raises Refused."""
    made = begin(case)
    if not made.courier or not made.waybill:
        raise Refused(_("Write down the courier and the waybill number first."), "claimed")
    if not amount or amount <= 0:
        raise Refused(_("Write an amount above zero."), "claimed")
    cases.move(actor, case, E.CLAIM, now, data={"courier": made.courier, "amount": amount})
    made.claimed, made.claimed_at = amount, now
    made.answer = made.answered_at = None
    db.session.flush()
    keep_time(case, now)


def hear(actor: Actor, case: Case, amount: int | None, words: str, now: datetime) -> None:
    """The courier's answer: what it pays, 0 when it refuses. Raises Refused."""
    made = begin(case)
    if case.state != S.WAITING_COURIER:
        raise Refused(_("That can no longer be done. Reload the page to see how it stands."))
    if amount is None:
        raise Refused(_("Write what the courier pays; 0 when it refuses."), "answer")
    if made.claimed is not None and amount > made.claimed:
        most = Money(made.claimed, case.outlet.currency)
        raise Refused(_("That is more than was claimed: %(amount)s.", amount=most), "answer")
    cases.check_body(words)
    cases.move(actor, case, E.HEAR, now, body=words, data={"amount": amount})
    made.answer, made.answered_at = amount, now
    db.session.flush()


def save_rule(rule: CourierRule | None, version: int, now: datetime, **fields: Any) -> CourierRule:
    """Write down a courier's rules; they name where they were read, and open cases go by them at once.
    Raises Refused, Stale."""
    if rule is not None and rule.version != version:
        raise Stale
    others = [other for other in queries.rules() if rule is None or other.id != rule.id]
    if any(other.name.casefold() == fields["name"].casefold() for other in others):
        raise Refused(_("This courier has rules already. Change those."), "name")
    if any(other.code == fields["code"] for other in others):
        raise Refused(_("This code is taken. Choose another one."), "code")
    if not fields["source"].strip():
        raise Refused(_("Name the page or the document where it is written."), "source")
    rule = rule or CourierRule()
    for name, value in fields.items():
        setattr(rule, name, value)
    db.session.add(rule)
    db.session.flush()
    for case in queries.before_claim(rule.name):
        keep_time(case, now)
    return rule
