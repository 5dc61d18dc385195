"""The customer's cases: the list, one case as it stands, and what the customer can do with it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import Row, select, tuple_
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import actions as claims
from portal.domain.requests import actions as requests
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Category, State
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.paging import PAGE_SIZE, cut, decode
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.catalog_words import WEEKDAYS
from portal.web.customer import case_page
from portal.web.customer.case_own import own
from portal.web.customer.seen import seen
from portal.web.fields import AtMost, FilesField, Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_cases", __name__)

OPEN = 50

_LIST = (
    select(
        Case.id, Case.code, Case.kind, Case.state, Case.acts, Case.touched_at, Case.due_at, Case.title,
        Case.title_en, Outlet.timezone, Unit.code.label("unit"), Product.name.label("product"), Product.icon,
    )
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
    .order_by(Case.touched_at.desc(), Case.id.desc())
)  # fmt: skip


class MessageForm(Form):
    body = TextAreaField(_("Your message"), [AtMost(cases.BODY_LIMIT)])
    photos = FilesField(_("Photos, PDFs or videos"))


class AppealForm(MessageForm):
    body = TextAreaField(_("Why do you disagree?"), [AtMost(cases.BODY_LIMIT)], id="appeal-body")
    photos = FilesField(_("Photos, PDFs or videos"), id="appeal-photos")


class ReopenForm(MessageForm):
    body = TextAreaField(_("What is wrong again?"), [AtMost(cases.BODY_LIMIT)], id="reopen-body")
    photos = FilesField(_("Photos, PDFs or videos"), id="reopen-photos")


def listed(actor: Actor, *conditions: Any, limit: int) -> list[tuple[Row[Any], State]]:
    """The customer's cases with their states, newest activity first. One query."""
    found = case_queries.limit_to(actor, _LIST).where(*conditions).limit(limit)
    return [(row, KINDS[row.kind].states[row.state]) for row in db.session.execute(found)]


@bp.get("/cases")
@requires(Permission.OWN)
def index() -> Response:
    actor, after = signin.me(), decode(request.args.get("after"), datetime, int)
    finished = [Case.category == Category.RESOLVED]
    if after:
        finished.append(tuple_(Case.touched_at, Case.id) < tuple_(*after))
    return page(
        "customer/cases/index.html",
        nav_current="cases",
        open_ones=[] if after else listed(actor, Case.category != Category.RESOLVED, limit=OPEN),
        finished=cut(
            listed(actor, *finished, limit=PAGE_SIZE + 1),
            key=lambda shown: [shown[0].touched_at, shown[0].id],
        ),
        first=after is None,
        kinds=KINDS,
    )


@bp.get("/cases/<code>")
@requires(Permission.OWN)
def show(code: str) -> Response:
    return _page(code)


@bp.post("/cases/<code>/messages")
@requires(Permission.CASE_ANSWER, papers=True)
def write(code: str) -> Response:
    actor, now = signin.me(), clock.now()
    case, form = case_queries.goes_on(_load(code)), MessageForm()
    if form.validate():
        body, photos = form.body.data or "", form.photos.data or []
        try:
            if (case.state, E.ANSWER) in KINDS[case.kind].moves:
                cases.check_body(body, photos)
                cases.move(actor, case, E.ANSWER, now, body=body, photos=photos)
                return go_to(f"/cases/{case.code}", _("Thank you. The shop has your answer and goes on."))
            if case.category == Category.RESOLVED:
                raise Refused(_("This case is finished. If something is wrong again, open it again."), "body")
            cases.say(actor, case, body, now, photos=photos)
            return go_to(
                f"/cases/{case.code}", _("Sent. The shop's answer appears here, and we send you a message.")
            )
        except Refused as refusal:
            refuse(form, refusal)
    return _page(case.code, message=form, status=422)


@bp.post("/cases/<code>/withdraw")
@requires(Permission.CASE_WITHDRAW)
def withdraw(code: str) -> Response:
    case = _load(code)
    if case.category == Category.DRAFT:
        claims.discard(case)
        return go_to("/home", _("The unsent claim is gone. The shop never saw it."))
    cases.move(signin.me(), case, E.CANCEL, clock.now())
    return go_to(f"/cases/{code}", _("Withdrawn. If you need help again, write to the shop at any time."))


@bp.post("/cases/<code>/confirm")
@requires(Permission.CASE_ANSWER)
def confirm(code: str) -> Response:
    """What the shop answered helped."""
    cases.move(signin.me(), _load(code), E.CONFIRM, clock.now())
    return go_to(f"/cases/{code}", _("Good to hear. The case is finished; it stays here to be read again."))


@bp.post("/cases/<code>/appeal")
@requires(Permission.CASE_APPEAL, papers=True)
def appeal(code: str) -> Response:
    case, form = _load(code), AppealForm()
    if form.validate():
        try:
            against = claims.appeal if case.kind == "warranty" else requests.appeal
            against(signin.me(), case, form.body.data or "", photos=form.photos.data or [], now=clock.now())
            return go_to(f"/cases/{code}", _("Your appeal is sent. Another person at the shop decides."))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(code, appeal=form, status=422)


@bp.post("/cases/<code>/reopen")
@requires(Permission.CASE_ANSWER, papers=True)
def reopen(code: str) -> Response:
    case, form = _load(code), ReopenForm()
    if form.validate():
        body, photos = form.body.data or "", form.photos.data or []
        try:
            cases.check_body(body, photos)
            cases.move(signin.me(), case, E.REOPEN, clock.now(), body=body, photos=photos)
            return go_to(f"/cases/{code}", _("Your case is open again. The shop looks at it."))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(code, reopen=form, status=422)


def _load(code: str) -> Case:
    case: Case = one_or_404(case_queries.visible_to(signin.me()).where(Case.code == code))
    return case


def _page(code: str, *, status: int = 200, **forms: Form) -> Response:
    """The page of a case; `forms` are those that came back with errors."""
    before = request.args.get("before", type=int)
    shown = case_page.load(
        signin.me(),
        code,
        clock.now(),
        words.language(),
        before=before if before and 0 < before < 2**31 else None,
    )
    row = shown.row
    if row.goes_on:  # its entries are part of that one
        return redirect(f"/cases/{row.goes_on}", 303)
    if row.state == S.DRAFT:
        return redirect(f"/units/{row.unit}/claims/new", 303)
    return page(
        "customer/cases/show.html",
        nav_current="cases",
        status=status,
        c=shown,
        kind=KINDS[row.kind],
        seen=[seen(code, KINDS[row.kind].states[row.state], row.due_at, row.timezone)],
        earlier=bool(before),
        weekdays=WEEKDAYS,
        message=forms.get("message") or MessageForm(formdata=None),
        appeal=forms.get("appeal") or AppealForm(formdata=None),
        reopen=forms.get("reopen") or ReopenForm(formdata=None),
        **own(row),
    )
