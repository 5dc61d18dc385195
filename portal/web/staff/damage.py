"""A damaged or lost parcel at the desk: what is known, the courier's deadline, the claim, the answer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases.models import Case
from portal.domain.damage import actions as damage
from portal.domain.damage import queries
from portal.domain.damage.rules import CLAIMANTS, PERILS, PROOFS, SINCE, counted
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, DayField, Form, MoneyField
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.staff.case_forms import choices
from portal.web.staff.saving import version_field
from portal.web.words import translate

bp = Blueprint("desk_damage", __name__, url_prefix="/desk/cases")


class ParcelForm(Form):
    version = version_field()
    peril = SelectField(_("What happened?"))
    courier = SelectField(_("Courier"), id="parcel-courier")
    waybill = StringField(_("Waybill number"), [AtMost(60)], id="parcel-waybill")
    shipped_on = DayField(_("Sent on"))
    expected_on = DayField(_("Should have arrived on"))
    arrived_on = DayField(_("Arrived on"))
    value = MoneyField(_("What the goods are worth"))
    insured = MoneyField(_("Insured for"))
    fee = MoneyField(_("What sending it cost"))
    proofs = SelectMultipleField(
        _("Evidence at hand"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="parcel-", **values)
        names = queries.couriers()
        mine = self.courier.data
        self.courier.choices = ["", *names, *([mine] if mine and mine not in names else [])]
        self.peril.choices = choices(PERILS)
        self.proofs.choices = choices(PROOFS)


class ClaimForm(Form):
    version = version_field()
    claimed = MoneyField(_("Amount claimed"))

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="claim-", **values)


class AnswerForm(Form):
    version = version_field()
    answer = MoneyField(_("What the courier pays"))
    words = TextAreaField(_("What it answered"), [AtMost(cases.BODY_LIMIT)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="answer-", **values)


@bp.get("/<code>/parcel")
@requires(Permission.CASE_VIEW)
def parcel(code: str) -> Response:
    """The parcel beside the case, or alone."""
    return _page(_load(code))


@bp.post("/<code>/parcel")
@requires(Permission.CASE_TRIAGE)
def save(code: str) -> Response:
    case, form = _load(code), ParcelForm()
    fields = {name: value for name, value in form.data.items() if name != "version"}
    return _act(
        case, form, "parcel",
        lambda: damage.save(signin.me(), case, fields, version=form.version.data or 0, now=clock.now()),
    )  # fmt: skip


@bp.post("/<code>/parcel/claim")
@requires(Permission.CASE_TRIAGE)
def claim(code: str) -> Response:
    """The claim is on its way to the courier."""
    case, form = _load(code), ClaimForm()

    def act() -> None:
        cases.check_version(case, form.version.data)
        damage.claim(signin.me(), case, form.claimed.data, clock.now())

    return _act(case, form, "claim", act)


@bp.post("/<code>/parcel/answer")
@requires(Permission.CASE_TRIAGE)
def answer(code: str) -> Response:
    case, form = _load(code), AnswerForm()

    def act() -> None:
        cases.check_version(case, form.version.data)
        damage.hear(signin.me(), case, form.answer.data, form.words.data or "", clock.now())

    return _act(case, form, "answer", act)


def _load(code: str) -> Case:
    case: Case = one_or_404(
        case_queries.visible_to(signin.me()).where(Case.code == code, Case.kind == damage.DAMAGE)
    )
    return case


def _act(case: Case, form: Form, name: str, act: Callable[[], None]) -> Response:
    """Do it and go back to the case; or show the form with what is wrong, or that somebody was faster."""
    code, status = case.code, 422
    if form.validate():
        try:
            act()
            db.session.flush()
            return go_to(f"/desk/cases/{code}", _("Saved."))
        except Refused as refusal:
            db.session.rollback()
            refuse(form, refusal)
        except (Stale, StaleDataError):
            db.session.rollback()
            said = _("Somebody else changed this case meanwhile. Look again, then send it once more.")
            form.form_errors.append(translate(said))
            form.version.raw_data, status = None, 409
    return _page(_load(code), status, **{name: form})


def _page(case: Case, status: int = 200, **forms: Form) -> Response:
    shown = queries.parcel(case.id, clock.now())
    known = shown.claim if shown else None
    made: dict[str, Any] = {"parcel": forms.get("parcel") or ParcelForm(formdata=None, obj=known)}
    moves = KINDS[case.kind].moves
    if (case.state, E.CLAIM) in moves:
        proposed = (shown.most or shown.claim.value) if shown else None
        made["claim"] = forms.get("claim") or ClaimForm(formdata=None, claimed=proposed)
    if case.state == S.WAITING_COURIER:
        made["answer"] = forms.get("answer") or AnswerForm(formdata=None)
    for name, form in made.items():  # what is sent next is checked against what is shown now
        form.version.data = (known.version if known else 1) if name == "parcel" else case.version
    return page(
        "staff/damage/parcel.html", block="parcel", status=status, nav_current="desk", case=case, shown=shown,
        forms=made, perils=PERILS, proofs=PROOFS, since=SINCE, claimants=CLAIMANTS,
        counted=counted(shown.rule.terms, shown.claim.peril) if shown and shown.rule else None,
        open="parcel" in forms,
    )  # fmt: skip
