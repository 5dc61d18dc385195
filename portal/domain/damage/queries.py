"""Reading couriers' rules and the claims against couriers."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, false, func, or_, select

from portal.db import db
from portal.domain.cases.models import Case, CaseLeg
from portal.domain.catalog.models import Outlet
from portal.domain.damage.models import CourierRule, DamageClaim
from portal.domain.damage.rules import NEEDED, Proof, deadline, most
from portal.domain.shipments.models import Checkpoint, Leg, PurchaseLeg
from portal.domain.shipments.rules import COURIERS, Direction, Status
from portal.kernel.clock import day_in


def rules() -> list[CourierRule]:
    return list(db.session.scalars(select(CourierRule).order_by(CourierRule.name)))


def couriers() -> list[str]:
    """Names to choose from: those with rules, then the others that are known."""
    known = list(db.session.scalars(select(CourierRule.name).order_by(CourierRule.name)))
    return known + [name for name in COURIERS if name not in known]


def named(typed: str) -> str:
    """A courier as we call it: "jnt" is not known, "J&T" is J&T Express; anything unknown stays as typed."""
    plain = _plain(typed)
    return next((name for name in couriers() if plain and _plain(name).startswith(plain)), typed.strip())


@dataclass(frozen=True)
class Parcel:
    """A claim with the rules of its courier; `rule` None when nobody has found them out. `today` is the
    outlet's."""

    claim: DamageClaim
    rule: CourierRule | None
    today: date

    @cached_property
    def until(self) -> date | None:
        """The last day on which the courier takes the claim."""
        return deadline(self.rule.terms, self.claim.peril, self.claim.days) if self.rule else None

    @property
    def left(self) -> int | None:
        """Days until then, 0 on the last one; below zero it is over."""
        return (self.until - self.today).days if self.until else None

    @property
    def most(self) -> int | None:
        claim = self.claim
        if self.rule is None:
            return None
        return most(self.rule.terms, insured=claim.insured, value=claim.value, fee=claim.fee)

    @property
    def missing(self) -> list[Proof]:
        return [proof for proof in NEEDED.get(self.claim.peril, ()) if proof not in self.claim.proofs]


def parcel(case_id: int, now: datetime) -> Parcel | None:
    """None for a case that was never one of damage. One query."""
    found = db.session.execute(
        select(DamageClaim, CourierRule, Outlet.timezone)
        .join(Case, Case.id == DamageClaim.case_id)
        .join(Outlet, Outlet.id == Case.outlet_id)
        .outerjoin(CourierRule, CourierRule.name == DamageClaim.courier)
        .where(DamageClaim.case_id == case_id)
    ).first()
    return Parcel(found[0], found[1], day_in(found[2], now)) if found else None


def before_claim(courier: str) -> list[Case]:
    """Open cases whose claim this courier has not got yet."""
    found = select(Case).join(DamageClaim, DamageClaim.case_id == Case.id)
    return list(
        db.session.scalars(
            found.where(Case.on_desk, DamageClaim.courier == courier, DamageClaim.claimed_at.is_(None))
        )
    )


def journey(case: Case, waybill: str) -> Any:
    """(courier, waybill, shipped at, delivered at or None, the last day on which it should have arrived or
    None) of the parcel that a customer means: the one with this waybill, else the last that was sent to them
    about the same receipt or item; None without one."""
    receipt = case.purchase_id or (case.unit.purchase_id if case.unit else None)
    arrived = func.max(Checkpoint.at).filter(Checkpoint.status == Status.DELIVERED)
    sent = [PurchaseLeg.purchase_id == receipt] if receipt else []
    found = (
        select(Leg.courier, Leg.waybill, func.min(Checkpoint.at), arrived, Leg.eta_until)
        .outerjoin(CaseLeg, CaseLeg.leg_id == Leg.id)
        .outerjoin(Case, Case.id == CaseLeg.case_id)
        .outerjoin(PurchaseLeg, PurchaseLeg.leg_id == Leg.id)
        .join(Checkpoint, and_(Checkpoint.leg_id == Leg.id, Checkpoint.struck_by.is_(None)))
        .where(or_(Case.customer_id == case.customer_id, *sent), Leg.direction == Direction.TO_CUSTOMER)
        .group_by(Leg.id)
        .order_by(Leg.id.desc())
    )
    if waybill:
        found = found.where(Leg.waybill == waybill)
    else:
        found = found.where(or_(_about(Case.unit_id, case.unit_id), _about(Case.purchase_id, receipt), *sent))
    return db.session.execute(found.limit(1)).first()


def _about(column: Any, known: int | None) -> Any:
    return column == known if known else false()


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
