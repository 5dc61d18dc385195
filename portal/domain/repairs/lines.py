"""The lines of a work order: parts, labour and fees, and who pays them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim
from portal.domain.news import announce
from portal.domain.parts import rules as parts
from portal.domain.parts.models import Part, PartFit, PartLevel
from portal.domain.parts.rules import Fit, Hold
from portal.domain.repairs import stock
from portal.domain.repairs.actions import check
from portal.domain.repairs.facts import LinesChanged
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.money import usual_billing
from portal.domain.repairs.rules import ENDED, FINISHED, Billing, LineKind
from portal.domain.units.coverage import Verdict
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

MOST_PIECES = 999
MOST_PARTS = 200  # to choose from
HIGHEST_PRICE = 10**12
_DONE = _("The work is done. Take it up again before you add or remove anything.")


@dataclass(frozen=True)
class NewLine:
    """`price` and `cost` are of one piece, in minor units; `billing` None is as the coverage says."""

    kind: LineKind
    description: str
    price: int
    pieces: int = 1
    part_id: int | None = None
    minutes: int | None = None
    cost: int | None = None
    billing: Billing | None = None
    reason: str = ""


def of_order(order_id: int) -> list[WorkLine]:
    """The lines that stand, in the order in which they were written."""
    found = select(WorkLine).where(WorkLine.work_order_id == order_id, WorkLine.removed_at.is_(None))
    return list(db.session.scalars(found.order_by(WorkLine.id)))


def verdict_of(case_id: int) -> Verdict | None:
    """What the coverage said when the claim was sent; None for a case that is no claim."""
    kept = db.session.scalar(select(Claim.verdict).where(Claim.case_id == case_id))
    return verdicts.from_json(kept) if kept else None


def fitting(order: WorkOrder) -> list[tuple[Part, int]]:
    """(part, pieces that are free at the outlet) of the parts that go into what is repaired, by name;
    every one when that is unknown. One query."""
    here = and_(PartLevel.part_id == Part.id, PartLevel.outlet_id == order.case.outlet_id)
    found = (
        select(Part, func.coalesce(PartLevel.on_hand - PartLevel.reserved, 0))
        .outerjoin(PartLevel, here)
        .options(joinedload(Part.fits))
        .where(Part.active)
        .order_by(Part.name_id, Part.id)
        .limit(MOST_PARTS)
    )
    if order.case.unit is not None:
        product = order.case.unit.product
        mine = PartFit.product_id == product.id, PartFit.plain_model == parts.plain(product.model)
        found = found.where(or_(Part.universal, Part.id.in_(select(PartFit.part_id).where(or_(*mine)))))
    rows = db.session.execute(found).unique()
    return [(part, free) for part, free in rows if _fits(part, order)]


def add(actor: Actor, order: WorkOrder, line: NewLine, now: datetime) -> WorkLine:
    """Write one more line; a part of the catalogue is set aside for it, as soon as there is one.

    Raises Refused.
    """
    _check_open(actor, order)
    if order.state in FINISHED:
        raise Refused(_DONE)
    description = line.description.strip()
    if not description:
        raise Refused(_("Write what it is."), "description")
    if not 0 < line.pieces <= MOST_PIECES:
        raise Refused(_("Write a number from 1 to %(most)s.", most=MOST_PIECES), "pieces")
    if not 0 <= line.price <= HIGHEST_PRICE or not 0 <= (line.cost or 0) <= HIGHEST_PRICE:
        raise Refused(_("That amount cannot be right."), "price")
    billing = _billing(order, line.kind, line.billing, line.reason)
    row = WorkLine(
        order=order, kind=line.kind, description=description[:200], part_id=line.part_id, pieces=line.pieces,
        minutes=line.minutes, price=line.price, cost=line.cost, billing=billing,
        billing_reason=line.reason.strip(), created_at=now,
    )  # fmt: skip
    if line.part_id is not None:
        part = db.session.get(Part, line.part_id)
        if line.kind != LineKind.PART or part is None or not part.active or not _fits(part, order):
            raise Refused(_("This part does not fit. Choose one that is made for this model."), "part")
    db.session.add(row)
    db.session.flush()
    stock.set_aside(actor, row, now)
    _changed(order, now)
    return row


def bill(
    actor: Actor, line: WorkLine, billing: Billing, reason: str, *, version: int | None, now: datetime
) -> None:
    """Say who pays a line; another than the coverage says needs a reason. Raises Refused, Stale."""
    _check_open(actor, line.order)
    if version is not None and version != line.version:
        raise Stale
    line.billing = _billing(line.order, line.kind, billing, reason)
    line.billing_reason = reason.strip()
    _changed(line.order, now)


def remove(actor: Actor, line: WorkLine, now: datetime) -> None:
    """Take a line away; what was set aside for it is free again. Raises Refused."""
    _check_open(actor, line.order)
    if line.removed_at is not None:
        return
    if line.order.state in FINISHED or stock.held(line.order).get(line.id) == Hold.USED:
        raise Refused(_DONE)
    stock.release(actor, line.order, now, line.id)
    line.removed_at = now
    _changed(line.order, now)


def _billing(order: WorkOrder, kind: str, chosen: Billing | None, reason: str) -> Billing:
    usual = usual_billing(verdict_of(order.case_id), kind)
    if chosen is not None and chosen != usual and not reason.strip():
        raise Refused(
            _("The coverage says otherwise. Write why it is billed differently; it is kept."), "reason"
        )
    return chosen or usual


def _fits(part: Part, order: WorkOrder) -> bool:
    unit = order.case.unit
    if unit is None:
        return True
    known = [Fit(fit.product_id, fit.brand, fit.model) for fit in part.fits]
    product = unit.product
    return parts.fits(known, part.universal, product.id, product.brand, product.model)


def _check_open(actor: Actor, order: WorkOrder) -> None:
    check(actor, order)
    if order.state in ENDED:
        raise Refused(_("This work order is finished; its lines no longer change."))


def _changed(order: WorkOrder, now: datetime) -> None:
    order.touched_at = now
    db.session.flush()
    announce(LinesChanged(order.id))
