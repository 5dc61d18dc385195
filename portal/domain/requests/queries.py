"""Reading requests: what was decided, what services cost, which outlet is a customer's usual one."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.catalog.rules import Sector
from portal.domain.purchases.models import Purchase
from portal.domain.requests.answers import SERVICE, with_services
from portal.domain.requests.models import Request, Resolution, Service
from portal.domain.workflows.engine import Kind, Question


def of_case(case_id: int) -> Request | None:
    """None for a case that was always a warranty claim."""
    return db.session.get(Request, case_id)


def resolutions(case_id: int) -> list[Resolution]:
    """Oldest first; the second answers the appeal against the first."""
    found = select(Resolution).where(Resolution.case_id == case_id).order_by(Resolution.id)
    return list(db.session.scalars(found))


def services(outlet: Outlet | None = None) -> list[Service]:
    """The whole price list in order of names; with an outlet what can be asked for there."""
    found = select(Service).order_by(Service.name_id, Service.id)
    if outlet is not None:
        found = found.where(
            Service.active, or_(Service.sector == outlet.sector, Service.sector == Sector.GENERAL)
        )
    return list(db.session.scalars(found))


def questions(kind: Kind, outlet: Outlet) -> tuple[tuple[Question, ...], Sequence[Service]]:
    """(the questions of a kind with their choices at an outlet, the price list there, if it is asked for)."""
    if all(question.name != SERVICE for question in kind.questions):
        return kind.questions, ()
    listed = services(outlet)
    return with_services(kind.questions, listed), listed


def usual_outlet(customer_id: int) -> Outlet | None:
    """Where this customer bought last, else the shop's first outlet; None when there is no outlet."""
    latest = (
        select(Purchase.outlet_id)
        .where(Purchase.customer_id == customer_id)
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
        .limit(1)
    )
    number = db.session.scalar(latest)
    return db.session.scalar(
        select(Outlet).order_by(Outlet.id != number if number else Outlet.id, Outlet.id).limit(1)
    )
