"""The screens of a claim that is being written."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField

from portal.domain.cases import actions as cases
from portal.domain.cases import clocks
from portal.domain.cases import queries as case_queries
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Symptom
from portal.domain.claims import actions as claims
from portal.domain.claims.models import Claim
from portal.domain.units import queries as units
from portal.domain.units.coverage import Standing, Terms, coverage
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock, codes
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import cover, signin, words
from portal.web.fields import AtMost, Form, PhotosField, Required
from portal.web.render import page, refuse

STEPS = ("what", "story", "photos", "review")


class WhatForm(Form):
    symptom = RadioField(_("What is wrong?"), [Required(_("Choose what is wrong."))])


class StoryForm(Form):
    story = TextAreaField(_("What happens, and since when?"), [AtMost(cases.BODY_LIMIT)])
    seen = HiddenField()  # the mark of the text that this page was made with


class PhotosForm(Form):
    photos = PhotosField(_("Photos"))


FORMS: dict[str, type[Form]] = {"what": WhatForm, "story": StoryForm, "photos": PhotosForm, "review": Form}


@dataclass
class Writing:
    """A claim while it is being written: the item, and what has been answered so far."""

    unit: Unit
    draft: Claim | None

    @property
    def path(self) -> str:
        return f"/units/{self.unit.code}/claims/new"

    @cached_property
    def symptoms(self) -> list[Symptom]:
        return catalog.symptoms(self.unit.product)

    @cached_property
    def missing(self) -> dict[str, Message]:
        return claims.missing(self.draft, self.symptoms)

    @cached_property
    def open_case(self) -> Any:
        """The claim that was sent already and is not finished; None without one."""
        told = case_queries.of_unit(signin.me(), self.unit.id)
        return next((case for case in told if _is_open(case)), None)

    @property
    def barred(self) -> bool:
        return self.unit.registration != Registration.VALID or self.open_case is not None

    @property
    def next_step(self) -> str:
        """The first question without an answer; everything answered leads to the review."""
        if "symptom" in self.missing:
            return "what"
        return "story" if "story" in self.missing else "review"


def mark(text: str) -> str:
    """A short sign by which a page knows the text that it was made with."""
    return codes.digest(text).hex()[:12]


def fill(form: Form, writing: Writing) -> None:
    """What can be chosen, and the hints beside it."""
    if "symptom" in form:
        form["symptom"].choices = [(s.code, _name(s)) for s in writing.symptoms]


def _name(symptom: Symptom) -> str:
    return (words.language() == "en" and symptom.name_en) or symptom.name_id


def show(
    writing: Writing,
    step: str,
    form: Form | None = None,
    status: int = 200,
    *,
    other: str = "",
    saved: str = "",
    refusal: Refused | None = None,
) -> Response:
    """One question; or, when a claim cannot be written now, why.

    `other` is a text that stands in the place of the one typed, `saved` when the draft was kept.
    """
    unit, draft = writing.unit, writing.draft
    if writing.barred:
        return page(
            "customer/claims/not_now.html", nav_current="units", status=status, unit=unit,
            open_case=writing.open_case, typed=request.form.get("story", ""),
        )  # fmt: skip
    if form is None:
        form = FORMS[step](formdata=None, obj=draft, seen=mark(draft.story if draft else ""))
        if draft and "photos" in form:
            form["photos"].data = draft.draft_photos
    if refusal is not None:
        refuse(form, refusal)
    fill(form, writing)
    return page(
        f"customer/claims/{step}.html",
        block="kept" if step == "story" else None,
        nav_current="units",
        status=status,
        unit=unit,
        draft=draft,
        form=form,
        path=writing.path,
        number=STEPS.index(step) + 1,
        steps=len(STEPS),
        other=other,
        saved=saved,
        **(_asked(writing) if step == "what" else _summary(writing) if step == "review" else {}),
    )


def _asked(writing: Writing) -> dict[str, Any]:
    """What covers each symptom, where that differs from the cover of the whole."""
    terms, today = _terms(writing.unit)
    whole = cover.line(terms, today)
    found = {s.code: cover.line(terms, today, s.component) for s in writing.symptoms if s.component}
    return {"hints": {code: words.translate(line[0]) for code, line in found.items() if line != whole}}


def _summary(writing: Writing) -> dict[str, Any]:
    """Everything as the shop will see it, what is covered, and what happens next."""
    assert writing.draft is not None
    terms, today = _terms(writing.unit)
    symptom = next(s for s in writing.symptoms if s.code == writing.draft.symptom)
    line, tone = cover.line(terms, today, symptom.component)
    return {
        "symptom": _name(symptom), "line": line, "tone": tone, "note": _note(terms, today, symptom.component),
        "kept": PhotosField.shown(writing.draft.draft_photos),
        "promise": clocks.first_answer_by("warranty", writing.unit.outlet, clock.now()),
    }  # fmt: skip


def _terms(unit: Unit) -> tuple[Terms, date]:
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    return terms, day_in(unit.outlet.timezone, clock.now())


def _note(terms: Terms, today: date, component: str) -> Message | None:
    """What to expect when not everything is covered."""
    verdict = coverage(terms, component, today)
    if verdict.complete:
        return None
    if Standing.NOT_STARTED in (verdict.parts.standing, verdict.labour.standing):
        return _(
            "The day of delivery or installation is not recorded yet. Send your claim; the shop looks it up."
        )
    return _("Not everything is covered any more. Send your claim; the shop names the cost before it begins.")


def _is_open(case: Any) -> bool:
    return KINDS[case.kind].states[case.state].category in (Category.OPEN, Category.PAUSED)
