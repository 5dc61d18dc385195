"""Filing a warranty claim: written in one go, or kept for later and sent when it is complete."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional

from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.catalog import queries as catalog
from portal.domain.claims import actions as claims
from portal.domain.claims.models import Claim
from portal.domain.units import queries as units
from portal.domain.units.coverage import Standing, Terms, coverage
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import cover, signin, words
from portal.web.access import requires
from portal.web.fields import AtMost, Form, PhotosField
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_claims", __name__)


class ClaimForm(Form):
    symptom = RadioField(_("What is wrong?"), [Optional()])
    story = TextAreaField(_("What happens, and since when?"), [AtMost(cases.BODY_LIMIT)])
    photos = PhotosField(_("Photos"))


@bp.get("/units/<code>/claims/new")
@requires(Permission.CLAIM_FILE)
def new(code: str) -> Response:
    unit = _load(code)
    draft = claims.draft_of(unit.id)
    form = ClaimForm(formdata=None, obj=draft)
    if draft:
        form.photos.data = draft.draft_photos
    return _page(unit, form, draft)


@bp.post("/units/<code>/claims/new")
@requires(Permission.CLAIM_FILE, photos=True)
def file(code: str) -> Response:
    actor, unit, now, form = signin.me(), _load(code), clock.now(), ClaimForm()
    _choices(form, unit)
    if form.validate():
        try:
            draft = claims.draft(
                actor, unit, symptom=form.symptom.data or "", story=form.story.data or "",
                photos=form.photos.data or [], now=now,
            )  # fmt: skip
            if "save" in request.form:
                return go_to(
                    f"/units/{code}/claims/new", _("Saved. The shop does not see it until you send it.")
                )
            case = claims.submit(actor, draft, now)
            return go_to(f"/cases/{case.code}", _("Your claim is sent. This page shows what happens next."))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(unit, form, None, status=422)


def _load(code: str) -> Unit:
    found = units.visible_to(signin.me()).where(Unit.code == code)
    unit: Unit = one_or_404(found.options(joinedload(Unit.product), joinedload(Unit.outlet)))
    return unit


def _choices(form: ClaimForm, unit: Unit) -> dict[str, str]:
    """Fill in what can be wrong; returns the component that each symptom points to."""
    symptoms = catalog.symptoms(unit.product)
    english = words.language() == "en"
    form.symptom.choices = [(s.code, (english and s.name_en) or s.name_id) for s in symptoms]
    return {s.code: s.component for s in symptoms}


def _page(unit: Unit, form: ClaimForm, draft: Claim | None, status: int = 200) -> Response:
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    today = day_in(unit.outlet.timezone, clock.now())
    told = case_queries.of_unit(signin.me(), unit.id)
    line, tone = cover.line(terms, today)
    return page(
        "customer/units/claim.html",
        nav_current="units",
        status=status,
        unit=unit,
        form=form,
        draft=draft,
        line=line,
        tone=tone,
        note=_note(terms, today),
        hints=_hints(terms, today, _choices(form, unit)),
        open_case=next((case for case in told if _is_open(case)), None),
        closed=unit.registration != Registration.VALID,
    )


def _note(terms: Terms, today: date) -> Message | None:
    """What to expect when not everything is covered."""
    verdict = coverage(terms, "", today)
    if verdict.complete:
        return None
    if Standing.NOT_STARTED in (verdict.parts.standing, verdict.labour.standing):
        return _(
            "The day of delivery or installation is not recorded yet. Send your claim; the shop looks it up."
        )
    return _("Not everything is covered any more. Send your claim; the shop names the cost before it begins.")


def _hints(terms: Terms, today: date, components: dict[str, str]) -> dict[str, str]:
    """What covers each symptom, where that differs from the cover of the whole."""
    whole = cover.line(terms, today)
    found = {code: cover.line(terms, today, part) for code, part in components.items() if part}
    return {code: words.translate(line[0]) for code, line in found.items() if line != whole}


def _is_open(case: Any) -> bool:
    return KINDS[case.kind].states[case.state].category in (Category.OPEN, Category.PAUSED)
