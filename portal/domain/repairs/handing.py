"""Handing over what was repaired: to whom, and how they showed that it is theirs."""

from dataclasses import dataclass
from datetime import datetime

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.repairs import stock
from portal.domain.repairs.actions import check_agreed, check_loans, check_version
from portal.domain.repairs.facts import WorkMoved
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import TO_COLLECT, Proof, S, strokes
from portal.kernel.codes import same
from portal.kernel.errors import Refused
from portal.kernel.text import _

CODE_TRIES = 5
TOO_OFTEN = _("The code was wrong too often. Let them sign instead.")


@dataclass(frozen=True)
class Handing:
    """`drawn` is a signature as rules.strokes reads it, `code` what the customer was sent."""

    to: str
    proof: str
    drawn: str = ""
    code: str = ""


def code_of(order_id: int) -> str:
    """Six digits that only this shop can make; whoever shows them may have the item."""
    signed = links.sign("collect", f"work order {order_id}".encode())
    return f"{int.from_bytes(signed.encode(), 'big') % 10**6:06d}"


def hand_over(actor: Actor, order: WorkOrder, told: Handing, *, version: int | None, now: datetime) -> bool:
    """Give the item to somebody. False after a wrong code, which is counted. Raises Refused, Stale."""
    if not actor.may(Permission.SHIPMENT_RECORD):
        raise Refused(_("Your role does not allow this. Ask an admin of your shop."))
    check_version(order, version)
    if order.state not in TO_COLLECT:
        raise Refused(_("It is not ready yet. It can be handed over once the work is done."))
    check_loans(order)
    check_agreed(order)
    if not told.to.strip():
        raise Refused(_("Write who collects it."), "to")
    if told.proof == Proof.CODE:
        if order.wrong_codes >= CODE_TRIES:
            raise Refused(TOO_OFTEN, "code")
        if not same(told.code.replace(" ", ""), code_of(order.id)):
            order.wrong_codes += 1
            db.session.flush()
            return False
    elif told.proof == Proof.SIGNATURE:
        try:
            strokes(told.drawn)
        except ValueError:
            raise Refused(_("Please sign in the field, with a finger or the mouse."), "drawn") from None
        order.signature = told.drawn
    elif told.proof != Proof.PAPER:
        raise Refused(_("Choose how they show that it is theirs."), "proof")
    before, order.state, order.touched_at = order.state, S.HANDED_OVER, now
    order.handed_at, order.handed_to, order.handed_proof = now, told.to.strip()[:120], told.proof
    order.remind_at = None
    stock.release(actor, order, now)
    db.session.flush()
    cases.note(
        actor, order.case, "work", now, before=before, after=S.HANDED_OVER,
        data={"order": order.code, "to": order.handed_to, "proof": told.proof},
    )  # fmt: skip
    announce(WorkMoved(order.case_id, order.id, before, S.HANDED_OVER))
    return True
