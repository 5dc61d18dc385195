"""Reading claims; who may see one is who may see its case."""

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.claims.models import Claim, Decision, PartOwed, Refund
from portal.domain.claims.rules import Debt
from portal.domain.workflows.engine import Category


def decisions(case_id: int) -> list[Decision]:
    """Oldest first; the second answers the appeal against the first."""
    return list(db.session.scalars(select(Decision).where(Decision.case_id == case_id).order_by(Decision.id)))


def of_case(case_id: int) -> Claim:
    return db.session.get_one(Claim, case_id)


def drafts_hold(actor: Actor, file_code: str) -> bool:
    """Whether a photo waits in an unsent claim of this customer."""
    found = select(Claim.draft_photos).join(Case, Case.id == Claim.case_id)
    found = found.where(Case.category == Category.DRAFT)
    return any(file_code in photos for photos in db.session.scalars(cases.limit_to(actor, found)))


def debts(case_id: int) -> list[Refund | PartOwed]:
    """Money and parts that this case still owes the customer."""
    money = select(Refund).where(Refund.case_id == case_id, Refund.state == Debt.OWED)
    parts = select(PartOwed).where(PartOwed.case_id == case_id, PartOwed.state == Debt.OWED)
    return [*db.session.scalars(money), *db.session.scalars(parts)]
