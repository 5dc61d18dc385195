"""A return at the desk: the answer to each line, what came, what is given back or goes back."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.returns import answering, queries, settling
from portal.domain.returns.actions import RETURN
from portal.domain.returns.rules import CONDITIONS, REASONS, WISHES, Ruling
from portal.domain.workflows.vocabulary import TO_LOOK_AT, S
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.staff.return_forms import BackForm, LinesForm, count_form, decision_form, settle_form
from portal.web.words import translate

bp = Blueprint("desk_returns", __name__, url_prefix="/desk/cases")


@bp.get("/<code>/goods")
@requires(Permission.CASE_VIEW)
def goods(code: str) -> Response:
    """The lines with what can be done now: beside the case, or alone."""
    return _page(load(code))


@bp.post("/<code>/goods/decide")
@requires(Permission.CASE_DECIDE)
def decide(code: str) -> Response:
    case, actor, now = load(code), signin.me(), clock.now()
    lines = queries.to_settle(case.id)
    form = decision_form(case, lines)

    def act() -> None:
        answered = [line.id for line in lines if form[f"approved_{line.id}"].data]
        said = {
            n: answering.Said(form[f"approved_{n}"].data == "yes", form[f"reason_{n}"].data or "")
            for n in answered
        }
        answering.decide(actor, case, said, form.ruling(), now=now)
        if form["outcome"].data == answering.KEEP:
            settling.pay_kept(actor, case, now)

    return _act(case, act, "decide", form)


@bp.post("/<code>/goods/count")
@requires(Permission.SHIPMENT_RECORD)
def count(code: str) -> Response:
    case, actor, now = load(code), signin.me(), clock.now()
    lines = _approved(queries.to_settle(case.id))
    form = _count(lines)

    def act() -> None:
        came = {
            n: answering.Came(
                form[f"pieces_{n}"].data or 0, form[f"found_{n}"].data or "",
                form[f"units_{n}"].data if f"units_{n}" in form else (),
            )
            for n in (line.id for line in lines)
        }  # fmt: skip
        answering.receive(actor, case, came, now)

    return _act(case, act, "count", form)


@bp.post("/<code>/goods/settle")
@requires(Permission.CASE_DECIDE)
def settle(code: str) -> Response:
    case, actor, now = load(code), signin.me(), clock.now()
    lines = _approved(queries.to_settle(case.id))
    form = settle_form(lines)

    def act() -> None:
        given = {
            n: settling.Given(
                form[f"amount_{n}"].data, form[f"why_{n}"].data or "", form[f"rejected_{n}"].data
            )
            for n in (line.id for line in lines)
        }
        settling.settle(actor, case, given, now)

    return _act(case, act, "settle", form)


@bp.post("/<code>/goods/back")
@requires(Permission.CASE_DECIDE)
def back(code: str) -> Response:
    """All that came is rejected and goes back."""
    case, actor, now, form = load(code), signin.me(), clock.now(), BackForm()
    return _act(case, lambda: answering.send_back(actor, case, form.ruling(), now), "back", form)


def load(code: str) -> Case:
    case: Case = one_or_404(
        case_queries.visible_to(signin.me()).where(Case.code == code, Case.kind == RETURN)
    )
    return case


def _act(case: Case, act: Callable[[], None], name: str, form: LinesForm) -> Response:
    """Do it and go back to the case; or show the form with what is wrong, or that somebody was faster."""
    code = case.code
    if not form.validate():
        return _page(case, 422, name, form)
    try:
        cases.check_version(case, form.version.data)
        act()
        db.session.flush()
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return _page(load(code), 422, name, form)
    except (Stale, StaleDataError):
        db.session.rollback()
        fresh = load(code)
        form.form_errors.append(
            translate(_("Somebody else changed this case meanwhile. Look again, then send it once more."))
        )
        form.version.raw_data, form.version.data = None, fresh.version
        return _page(fresh, 409, name, form)
    return go_to(f"/desk/cases/{code}", _("Saved."))


def _page(case: Case, status: int = 200, name: str = "", sent: LinesForm | None = None) -> Response:
    """`sent` came back from the step `name`; when the case is at another one by now, only its errors show."""
    lines = queries.lines(case.id)
    step, fresh = _step(case, [line for line in lines if line.settled_at is None])
    here = (step, "back") if step == "settle" else (step,)
    form = sent if name == step else fresh and fresh()
    back = sent if name == "back" else BackForm(formdata=None, version=case.version)
    return page(
        "staff/returns/goods.html", block="goods", status=status, nav_current="desk", case=case, lines=lines,
        step=step, form=form, back=back if step == "settle" else None, adds=_may_add(case, lines),
        lost=None if name in here else sent, reasons=REASONS, conditions=CONDITIONS, wishes=WISHES,
        worth=settling.worth, sums=_sums(lines),
    )  # fmt: skip


def _may_add(case: Case, lines: Sequence[Any]) -> bool:
    """While none of what is not settled yet was answered."""
    return (
        case.state in (*TO_LOOK_AT, S.WAITING_CUSTOMER)
        and signin.me().may(Permission.CASE_TRIAGE)
        and all(line.settled_at or line.ruling == Ruling.OPEN for line in lines)
    )


def _sums(lines: Sequence[Any]) -> settling.Sums | None:
    """What the lines that came add up to."""
    came = [line for line in _approved(lines) if line.received]
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


def _step(case: Case, lines: Sequence[Any]) -> tuple[str, Callable[[], LinesForm] | None]:
    """(what is to be done with the lines now, its empty form)."""
    actor, version = signin.me(), {"formdata": None, "version": case.version}
    approved = _approved(lines)
    if not lines:
        return "", None
    if case.state in (*TO_LOOK_AT, S.APPEALED) and actor.may(Permission.CASE_DECIDE):
        proposed = {f"approved_{line.id}": "yes" for line in lines if not line.late}
        return "decide", lambda: decision_form(case, lines, **version, outcome="approve", **proposed)
    if case.state == S.WAITING_ITEM and actor.may(Permission.SHIPMENT_RECORD):
        return "count", lambda: _count(approved, **version)
    if case.state == S.RECEIVED:
        if any(line.received is None for line in approved):
            return "count", lambda: _count(approved, **version)
        if actor.may(Permission.CASE_DECIDE):
            paid = {f"amount_{line.id}": settling.worth(line, line.received) for line in approved}
            return "settle", lambda: settle_form(approved, **version, **paid)
    return "", None


def _approved(lines: Sequence[Any]) -> list[Any]:
    return [line for line in lines if line.ruling == Ruling.APPROVED]


def _count(lines: Sequence[Any], **values: Any) -> LinesForm:
    items = queries.items([line.line_id for line in lines if line.line_id])
    return count_form(lines, items, **values)
