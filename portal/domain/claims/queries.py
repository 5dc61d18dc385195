"""Reading claims; who may see one is who may see its case."""

from sqlalchemy import select

from portal.db import db
from portal.domain.claims.models import Claim, Decision, PartOwed, Refund
from portal.domain.claims.rules import Debt


def decisions(case_id: int) -> list[Decision]:
    """Oldest first; the second answers the appeal against the first."""
    return list(db.session.scalars(select(Decision).where(Decision.case_id == case_id).order_by(Decision.id)))


def of_case(case_id: int) -> Claim:
    return db.session.get_one(Claim, case_id)


def debts(case_id: int) -> list[Refund | PartOwed]:
    """Money and parts that this case still owes the customer."""
    kinds = (Refund, PartOwed)
    return [
        row
        for kind in kinds
        for row in db.session.scalars(select(kind).where(kind.case_id == case_id, kind.state == Debt.OWED))
    ]
