"""The customer's first page: what waits for them, then what they own."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases.models import Case
from portal.domain.returns import credit
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import S
from portal.web import signin
from portal.web.access import requires
from portal.web.customer.cases import listed
from portal.web.customer.seen import seen
from portal.web.customer.units import shelf
from portal.web.render import page

bp = Blueprint("customer_home", __name__)

OWNED = 6  # units shown before "all items"
OPEN = 30
THEIRS = 4  # of the shop's own work, before "all cases"


@bp.get("/home")
@requires(Permission.OWN)
def show() -> Response:
    actor = signin.me()
    found = shelf(
        actor,
        Unit.registration.not_in((Registration.VOID, Registration.RETURNED)),
        limit=OWNED + 1,
        first=Unit.registration == Registration.REJECTED,
    )
    owned = [shown for shown in found[:OWNED] if shown[0].registration != Registration.REJECTED]
    open_cases = listed(actor, Case.category != Category.RESOLVED, limit=OPEN)
    theirs = [(case, state) for case, state in open_cases if not _waits_for_customer(case)]
    return page(
        "customer/home/show.html",
        nav_current="home",
        kinds=KINDS,
        seen=[
            seen(case.code, state, case.due_at, case.timezone)
            for case, state in open_cases
            if case.state != S.DRAFT
        ],
        yours=[(case, state) for case, state in open_cases if _waits_for_customer(case)],
        theirs=theirs[:THEIRS],
        more_theirs=len(theirs) > THEIRS,
        rejected=[shown for shown in found if shown[0].registration == Registration.REJECTED],
        owned=owned,
        credits=credit.balances(actor.id) if actor.id and actor.reach is None else [],
        more=len(found) > OWNED,
    )


def _waits_for_customer(case: Any) -> bool:
    """A rejection too: the shop may close the case, but the customer has to read it."""
    return case.acts == Who.CUSTOMER or case.state == S.DECIDED
