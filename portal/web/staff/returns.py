"""A return at the desk: the answer to each line, what came, what is given back."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.requests.actions import Ruling, open_outcomes
from portal.domain.returns import actions as returns
from portal.domain.returns import queries, settling
from portal.domain.returns.rules import CONDITIONS, REASONS, WISHES
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import TO_LOOK_AT, S
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form, MoneyField, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.words import translate

bp = Blueprint("desk_returns", __name__, url_prefix="/desk/cases")


class LinesForm(Form):
    """One group of fields a line, beside those of the whole request."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


@bp.get("/<code>/goods")
@requires(Permission.CASE_VIEW)
def goods(code: str) -> Response:
    """The lines with what can be done now: beside the case, or alone."""
    return _page(_load(code))


@bp.post("/<code>/goods/decide")
@requires(Permission.CASE_DECIDE)
def decide(code: str) -> Response:
    case, actor, now = _load(code), signin.me(), clock.now()
    lines = queries.rows(case.id)
    form = decision_form(case, lines)

    def act() -> None:
        answered = [line.id for line in lines if form[f"approved_{line.id}"].data]
        said = {
            n: returns.Said(form[f"approved_{n}"].data == "yes", form[f"reason_{n}"].data or "")
            for n in answered
        }
        ruling = Ruling(
            form.outcome.data, form.reason.data or "", evidence=form.evidence.data or "",
            alternative=form.alternative.data or "",
        )  # fmt: skip
        returns.decide(actor, case, said, ruling, now=now)
        if form.outcome.data == returns.KEEP:
            settling.pay_kept(actor, case, now)

    return _act(case, form, act)


@bp.post("/<code>/goods/count")
@requires(Permission.SHIPMENT_RECORD)
def count(code: str) -> Response:
    case, actor, now = _load(code), signin.me(), clock.now()
    lines = [line for line in queries.rows(case.id) if line.ruling == "approved"]
    form = count_form(lines)

    def act() -> None:
        came = {
            line.id: returns.Came(form[f"pieces_{line.id}"].data or 0, form[f"found_{line.id}"].data or "")
            for line in lines
        }
        returns.receive(actor, case, came, now)

    return _act(case, form, act)


@bp.post("/<code>/goods/settle")
@requires(Permission.CASE_DECIDE)
def settle(code: str) -> Response:
    case, actor, now = _load(code), signin.me(), clock.now()
    lines = [line for line in queries.lines(case.id) if line.ruling == "approved"]
    form = settle_form(lines)

    def act() -> None:
        given = {
            line.id: settling.Given(form[f"amount_{line.id}"].data, form[f"why_{line.id}"].data or "")
            for line in lines
            if form[f"amount_{line.id}"].data is not None
        }
        settling.settle(actor, case, given, now)

    return _act(case, form, act)


def decision_form(case: Case, lines: Sequence[Any], **values: Any) -> Form:
    answers = {"yes": translate(_("Approve")), "no": translate(_("Reject"))}
    outcomes = open_outcomes(KINDS[case.kind], case.state)
    fields: dict[str, Any] = {
        "outcome": RadioField(
            _("What is done?"), [Required(_("Choose what is done."))],
            choices={name: translate(outcome.staff) for name, outcome in outcomes.items()},
        ),
        "reason": TextAreaField(_("What the customer reads"), [Required(), AtMost(2000)]),
        "evidence": TextAreaField(_("Evidence"), [AtMost(2000)]),
        "alternative": TextAreaField(_("What the customer can do instead"), [AtMost(2000)]),
    }  # fmt: skip
    for line in lines:
        fields[f"approved_{line.id}"] = RadioField(_("Approve?"), [Optional()], choices=answers)
        fields[f"reason_{line.id}"] = StringField(_("Reason for this line"), [AtMost(500)])
    return _form(fields, **values)


def count_form(lines: Sequence[Any], **values: Any) -> Form:
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"pieces_{line.id}"] = NumberField(_("Pieces that came"))
        fields[f"found_{line.id}"] = StringField(_("Condition"), [AtMost(500)])
    return _form(fields, **values)


def settle_form(lines: Sequence[Any], **values: Any) -> Form:
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"amount_{line.id}"] = MoneyField(_("Given back"), [Optional()])
        fields[f"why_{line.id}"] = StringField(_("Why less"), [AtMost(500)])
    return _form(fields, **values)


def _form(fields: dict[str, Any], **values: Any) -> Form:
    made: Form = type("GoodsForm", (LinesForm,), fields)(**values)
    return made


def _load(code: str) -> Case:
    case: Case = one_or_404(
        case_queries.visible_to(signin.me()).where(Case.code == code, Case.kind == returns.RETURN)
    )
    return case


def _act(case: Case, form: Form, act: Callable[[], None]) -> Response:
    """Do it and go back to the case; or show the form with what is wrong, or that somebody was faster."""
    code = case.code
    if not form.validate():
        return _page(case, form, 422)
    try:
        cases.check_version(case, form.version.data)
        act()
        db.session.flush()
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return _page(_load(code), form, 422)
    except (Stale, StaleDataError):
        db.session.rollback()
        fresh = _load(code)
        form.form_errors.append(
            translate(_("Somebody else changed this case meanwhile. Look again, then send it once more."))
        )
        form.version.raw_data, form.version.data = None, fresh.version
        return _page(fresh, form, 409)
    return go_to(f"/desk/cases/{code}", _("Saved."))


def _page(case: Case, form: Form | None = None, status: int = 200) -> Response:
    lines = queries.lines(case.id)
    step, fresh = _step(case, lines)
    return page(
        "staff/returns/goods.html", block="goods", status=status, nav_current="desk", case=case, lines=lines,
        step=step if lines else "", form=form or (fresh() if fresh else None), reasons=REASONS,
        conditions=CONDITIONS, wishes=WISHES, worth=settling.worth, sums=_sums(lines),
    )  # fmt: skip


def _sums(lines: Sequence[Any]) -> settling.Sums | None:
    """What the lines that came add up to."""
    came = [line for line in lines if line.received]
    if not came:
        return None
    return settling.sums(
        [
            (
                line.wish,
                settling.worth(line, line.received) if line.paid is None else line.paid,
                (line.price or 0) * line.received,
            )
            for line in came
        ]
    )


def _step(case: Case, lines: Sequence[Any]) -> tuple[str, Callable[[], Form] | None]:
    """(what is to be done with the lines now, its empty form)."""
    actor, version = signin.me(), {"formdata": None, "version": case.version}
    approved = [line for line in lines if line.ruling == "approved"]
    if case.state in (*TO_LOOK_AT, S.APPEALED) and actor.may(Permission.CASE_DECIDE):
        proposed = {f"approved_{line.id}": "yes" for line in lines if not line.late}
        return "decide", lambda: decision_form(case, lines, **version, outcome="approve", **proposed)
    if case.state == S.WAITING_ITEM and actor.may(Permission.SHIPMENT_RECORD):
        return "count", lambda: count_form(approved, **version)
    if case.state == S.RECEIVED:
        if any(line.received is None for line in approved):
            return "count", lambda: count_form(approved, **version)
        if actor.may(Permission.CASE_DECIDE):
            paid = {f"amount_{line.id}": settling.worth(line, line.received) for line in approved}
            return "settle", lambda: settle_form(approved, **version, **paid)
    return "", None
