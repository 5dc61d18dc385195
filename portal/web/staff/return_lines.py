"""Goods that come back, written down by staff: into a case that has none yet, or as a return of their own."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases.models import Case
from portal.domain.returns import actions as returns
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import returning, signin
from portal.web.access import requires
from portal.web.render import go_to
from portal.web.returning import Place, Wanted
from portal.web.staff.customers import load as load_customer
from portal.web.staff.returns import load as load_case

bp = Blueprint("desk_return_lines", __name__, url_prefix="/desk")


@bp.get("/cases/<code>/goods/add")
@requires(Permission.CASE_TRIAGE)
def choose(code: str) -> Response:
    case = load_case(code)
    return returning.step(_wanted(case.customer_id), _into(case))


@bp.post("/cases/<code>/goods/add")
@requires(Permission.CASE_TRIAGE)
def add(code: str) -> Response:
    case = load_case(code)
    wanted = _wanted(case.customer_id)

    def act() -> Response:
        returns.add(wanted.actor, case, wanted.asked, wanted.now)
        return go_to(f"/desk/cases/{code}", _("Written down. Now answer line by line."))

    return returning.finish(wanted, _into(case), act)


@bp.get("/customers/<code>/ask/return")
@requires(Permission.CASE_TRIAGE)
def begin(code: str) -> Response:
    return returning.step(_wanted(load_customer(code).id), _counter(code))


@bp.post("/customers/<code>/ask/return")
@requires(Permission.CASE_TRIAGE, papers=True)
def open_case(code: str) -> Response:
    customer = load_customer(code)
    wanted = _wanted(customer.id)

    def act() -> Response:
        story, photos = wanted.wishes.story.data or "", wanted.wishes.photos.data or []
        case = returns.ask(wanted.actor, customer, wanted.asked, story=story, photos=photos, now=wanted.now)
        return go_to(f"/desk/cases/{case.code}", _("The case is open. The customer gets a message."))

    return returning.finish(wanted, _counter(code), act)


def _into(case: Case) -> Place:
    here = f"/desk/cases/{case.code}"
    return Place(f"{here}/goods/add", back=here, nav="desk", adds=True)


def _counter(code: str) -> Place:
    here = f"/desk/customers/{code}/ask"
    return Place(f"{here}/return", back=here, nav="customers")


def _wanted(customer_id: int) -> Wanted:
    return Wanted(signin.me(), customer_id, clock.now())
