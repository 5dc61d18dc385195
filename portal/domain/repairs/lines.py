"""The lines of a work order: parts, labour and fees, and who pays them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.claims import verdicts
from portal.domain.claims.models import Claim
from portal.domain.news import announce
from portal.domain.repairs.actions import check
from portal.domain.repairs.facts import LinesChanged
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.money import usual_billing
from portal.domain.repairs.rules import ENDED, Billing, LineKind
from portal.domain.units.coverage import Verdict
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

MOST_PIECES = 999
HIGHEST_PRICE = 10**12


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


def add(actor: Actor, order: WorkOrder, line: NewLine, now: datetime) -> WorkLine:
    """Write one more line. Raises Refused."""
    _check_open(actor, order)
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
    db.session.add(row)
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
    """Take a line away; what was reserved for it is free again. Raises Refused."""
    _check_open(actor, line.order)
    if line.removed_at is None:
        line.removed_at = now
        _changed(line.order, now)


def _billing(order: WorkOrder, kind: str, chosen: Billing | None, reason: str) -> Billing:
    usual = usual_billing(verdict_of(order.case_id), kind)
    if chosen is not None and chosen != usual and not reason.strip():
        raise Refused(
            _("The coverage says otherwise. Write why it is billed differently; it is kept."), "reason"
        )
    return chosen or usual


def _check_open(actor: Actor, order: WorkOrder) -> None:
    check(actor, order)
    if order.state in ENDED:
        raise Refused(_("This work order is finished; its lines no longer change."))


def _changed(order: WorkOrder, now: datetime) -> None:
    order.touched_at = now
    db.session.flush()
    announce(LinesChanged(order.id))
