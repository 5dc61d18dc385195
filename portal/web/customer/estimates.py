"""The estimate that a customer is asked to approve, line by line, also by the link in a message."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases.models import Case
from portal.domain.estimates import actions as estimates
from portal.domain.estimates import queries
from portal.domain.estimates.models import Estimate
from portal.domain.estimates.rules import STATES, How, S, accepted, total
from portal.domain.repairs.rules import S as Work
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.text import _
from portal.web import estimate_sheets, signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.transaction import drop
from portal.web.words import translate

bp = Blueprint("customer_estimates", __name__, url_prefix="/cases")


class AnswerForm(Form):
    """`number` is the version that was on the screen, so that nobody approves one that they have not seen."""

    number = HiddenField()
    lines = SelectMultipleField(_("Which of these shall be done?"), coerce=int, validate_choice=False)
    name = StringField(_("Your name"), [AtMost(120)])
    reason = TextAreaField(_("Why not?"), [AtMost(1000)])
    answer = HiddenField()


@bp.get("/<code>/estimate")
@requires(Permission.OWN)
def show(code: str) -> Response:
    return _page(_load(code))


@bp.get("/<code>/estimate/<int(max=9999):number>.pdf")
@requires(Permission.OWN)
def sheet(code: str, number: int) -> Response:
    return estimate_sheets.pdf(_load(code, number))


@bp.post("/<code>/estimate")
@requires(Permission.ESTIMATE_ANSWER)
def answer(code: str) -> Response:
    actor, now, form = signin.me(), clock.now(), AnswerForm()
    seen = form.number.data or ""
    estimate = _load(code, int(seen) if seen.isdecimal() and len(seen) < 5 else 0)
    by = form.name.data or actor.name
    if form.answer.data == "sum":
        drop()
        return _page(estimate, form)
    if form.validate():
        try:
            if form.answer.data == "approve":
                estimates.approve(actor, estimate, form.lines.data or [], how=How.PORTAL, by=by, now=now)
                agreed = Money(estimate.agreed or 0, estimate.currency)
                told = _("Thank you. You approved %(amount)s; the work begins.", amount=agreed)
            elif form.answer.data == "decline":
                estimates.decline(actor, estimate, form.reason.data or "", how=How.PORTAL, by=by, now=now)
                told = _("You declined the estimate. The shop gets in touch about your item.")
                if estimate.order.state == Work.APPROVED:
                    told = _("You declined it. The repair goes on with what you approved before.")
            else:
                raise Refused(_("Choose whether you approve or decline."))
            return go_to(f"/cases/{code}/estimate", told)
        except Refused as refusal:
            db.session.rollback()
            refuse(form, refusal)
    return _page(_load(code), form, 422)


@bp.post("/<code>/estimate/again")
@requires(Permission.CASE_ANSWER)
def ask_again(code: str) -> Response:
    estimate = _load(code)
    asked = _("Please send me a new estimate; number %(number)s is no longer valid.", number=estimate.number)
    estimates.ask_again(signin.me(), estimate, translate(asked), clock.now())
    return go_to(f"/cases/{code}", _("Sent. You get a new estimate, or an answer."))


def _load(code: str, number: int | None = None) -> Estimate:
    """The newest one of the case, or the one with this number."""
    found = queries.visible_to(signin.me()).where(Case.code == code)
    estimate: Estimate = one_or_404(found if number is None else found.where(Estimate.number == number))
    return estimate


def _page(estimate: Estimate, form: AnswerForm | None = None, status: int = 200) -> Response:
    case, now = estimate.order.case, clock.now()
    chosen = set(form.lines.data or []) if form else {line.id for line in estimate.lines}
    taken = accepted(estimate.lines, chosen)
    open_ = estimate.state == S.SENT and not estimates.is_over(estimate, now)
    choosing = open_ and any(line.optional for line in estimate.lines)
    values: dict[str, Any] = {"live": True} if choosing else {}  # the sum follows the choice
    return page(
        "customer/estimates/show.html",
        block="sum",
        status=status,
        nav_current="cases",
        estimate=estimate,
        case=case,
        form=form,
        open=open_,
        chosen=chosen,
        sum=total(line for line in estimate.lines if line.id in taken),
        standing=estimate_sheets.standing(estimate, case.outlet.timezone),
        tone=STATES[estimate.state][2],
        goes_on=open_ and bool(estimates.versions(estimate.work_order_id, S.APPROVED)),
        fee=estimate_sheets.fee(estimate),
        kinds=estimate_sheets.KINDS,
        pays=estimate_sheets.PAYS,
        **values,
    )
