"""The outcomes of a claim: one row each, whose choice performs its consequence.

Forms, the desk and the tests read this table. What a choice causes in slices above this one (a repair opens
a work order) follows in reactions.py from the fact that it was decided.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.claims.models import PartOwed, Refund, ReplacementUnit
from portal.domain.claims.rules import Outcome
from portal.domain.units import actions as units
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _


@dataclass(frozen=True)
class Details:
    """What an outcome may need to know: the new unit's serial, the amount in minor units, the part's name."""

    serial: str = ""
    amount: int | None = None
    part: str = ""


NO_DETAILS = Details()


@dataclass(frozen=True)
class Row:
    """`needs` names the field of Details that the form asks for."""

    label: Message
    customer: Message
    needs: str | None
    perform: Callable[[Actor, Case, Details, datetime], None]


def _nothing_here(actor: Actor, case: Case, details: Details, now: datetime) -> None:
    """The consequence lies in a slice above."""


def _replace(actor: Actor, case: Case, details: Details, now: datetime) -> None:
    if case.unit is None:
        raise Refused(_("There is no unit to replace."), "outcome")
    if case.unit.product.serialised and not details.serial.strip():
        raise Refused(_("Write the serial number of the new unit."), "serial")
    new = units.replace(actor, case.unit, serial=details.serial, now=now)
    db.session.add(ReplacementUnit(case_id=case.id, unit_id=new.id))


def _refund(actor: Actor, case: Case, details: Details, now: datetime) -> None:
    if not details.amount or details.amount <= 0:
        raise Refused(_("Write the amount that is paid back."), "amount")
    paid = case.unit.purchase.total if case.unit and case.unit.purchase else None
    if paid is not None and details.amount > paid:
        raise Refused(_("That is more than was paid for the whole receipt."), "amount")
    db.session.add(
        Refund(case_id=case.id, amount=details.amount, currency=case.outlet.currency, created_at=now)
    )


def _part(actor: Actor, case: Case, details: Details, now: datetime) -> None:
    if not details.part.strip():
        raise Refused(_("Write which part is sent."), "part")
    owed = PartOwed(case_id=case.id, description=details.part.strip(), created_at=now)
    same = PartOwed.case_id == case.id, PartOwed.description == owed.description
    if db.session.scalar(select(PartOwed.id).where(*same)) is None:  # decided again after another try
        db.session.add(owed)


OUTCOMES: dict[Outcome, Row] = {
    Outcome.REPAIR: Row(_("Repair"), _("We repair it"), None, _nothing_here),
    Outcome.REPLACE: Row(_("Replace"), _("You get another one"), "serial", _replace),
    Outcome.REFUND: Row(_("Refund"), _("You get your money back"), "amount", _refund),
    Outcome.PART: Row(_("Send a part"), _("We send you the part"), "part", _part),
}
