"""Deciding on cases of every kind but the warranty claim, appointments, and moving a case to another kind."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.requests import actions as requests
from portal.domain.requests import counter, refiling
from portal.domain.requests import queries as request_queries
from portal.domain.requests.actions import Subject
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Question
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import asking, signin
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.staff.case_forms import BookForm, ResolveForm
from portal.web.staff.cases import act_on

bp = Blueprint("desk_requests", __name__, url_prefix="/desk/cases")


@bp.post("/<code>/resolve")
@requires(Permission.CASE_TRIAGE)
def resolve(code: str) -> Response:
    form = ResolveForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        requests.decide(actor, case, form.ruling(), version=None, now=now)

    return act_on(code, form, "resolve", act, onward=True)


@bp.post("/<code>/book")
@requires(Permission.CASE_TRIAGE)
def book(code: str) -> Response:
    """A call or a visit, at a time by the outlet's clock."""
    form = BookForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        at = form.agreed.data and form.agreed.data.replace(tzinfo=ZoneInfo(case.outlet.timezone))
        requests.book(actor, case, at, form.promised.data or "", now)

    return act_on(code, form, "booking", act, onward=True)


@bp.get("/<code>/kind")
@requires(Permission.CASE_TRIAGE)
def choose(code: str) -> Response:
    """Which kind it really is; then what that kind needs and does not know yet."""
    case, to = _load(code), request.args.get("to", "")
    if to not in KINDS or to == case.kind:
        return page("staff/cases/kinds.html", nav_current="desk", case=case, kinds=KINDS)
    way = f"/desk/cases/{code}/kind?to={to}"
    if to == counter.WARRANTY and case.unit is None and "unit" not in request.args:
        return asking.choose(
            signin.me(), case.customer_id, KINDS[to], f"{way}&unit={{unit}}", nav_current="desk",
            back=f"/desk/cases/{code}/kind",
        )  # fmt: skip
    return _form(case, _asked(case, to))


@bp.post("/<code>/kind")
@requires(Permission.CASE_TRIAGE)
def refile(code: str) -> Response:
    case, to = _load(code), request.args.get("to", "")
    if to not in KINDS:
        raise Refused(_("Choose another kind."))
    asked = _asked(case, to)
    if asked.validate():
        given = asked.answers
        try:
            refiling.refile(
                signin.me(), case, to, given, unit=asked.subject.unit, symptom=given.get("symptom") or "",
                now=clock.now(),
            )  # fmt: skip
            return go_to(f"/desk/cases/{code}", _("The case goes on as: %(kind)s.", kind=KINDS[to].label))
        except Refused as refusal:
            refuse(asked.form, refusal)
    return _form(case, asked, 422)


def _load(code: str) -> Case:
    found = case_queries.visible_to(signin.me()).where(Case.code == code)
    case: Case = one_or_404(found.options(joinedload(Case.outlet), joinedload(Case.unit)))
    return case


def _asked(case: Case, to: str) -> asking.Asking:
    """What the new kind needs; a claim its item and the symptom."""
    if to != counter.WARRANTY:
        _whole, services = request_queries.questions(KINDS[to], case.outlet)
        lacking: Sequence[Question] = refiling.lacking(case, to)
        return asking.Asking(
            KINDS[to], Subject(case.unit, outlet=case.outlet), lacking, *asking.listed(services, case.outlet)
        )
    unit = case.unit
    if "unit" in request.args:
        mine = units.visible_to(signin.me()).where(
            Unit.code == request.args["unit"], Unit.holder_id == case.customer_id
        )
        unit = one_or_404(mine.options(joinedload(Unit.product), joinedload(Unit.outlet)))
    if unit is None:
        raise Refused(_("Choose the item it is about."))
    questions, symptoms = counter.claim_questions(unit)
    named = {s.code: (s.name_id, s.name_en) for s in symptoms}
    return asking.Asking(KINDS[to], Subject(unit), questions[:1], named)


def _form(case: Case, asked: asking.Asking, status: int = 200) -> Response:
    return page(
        "staff/cases/kind.html", status=status, nav_current="desk", case=case, asked=asked, form=asked.form,
        kind=asked.kind, query=request.query_string.decode(),
    )  # fmt: skip
