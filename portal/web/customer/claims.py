"""Filing a warranty claim: one question a screen, every answer kept at once, read again before it is sent."""

from typing import Any

from flask import Blueprint, g, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.domain.claims import actions as claims
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import photos, signin, words
from portal.web.access import requires
from portal.web.customer.claim_page import STEPS, PhotosForm, StoryForm, WhatForm, Writing, fill, mark, show
from portal.web.fields import Form
from portal.web.load import one_or_404
from portal.web.render import go_to

bp = Blueprint("customer_claims", __name__, url_prefix="/units/<code>/claims/new")


@bp.get("")
@requires(Permission.CLAIM_FILE)
def new(code: str) -> Response:
    writing = _load(code)
    return show(writing, writing.next_step)


@bp.get("/<any(what, story, photos, review):step>")
@requires(Permission.CLAIM_FILE)
def step(code: str, step: str) -> Response:
    writing = _load(code)
    return show(writing, writing.next_step if step == "review" else step)


@bp.post("/what")
@requires(Permission.CLAIM_FILE)
def what(code: str) -> Response:
    writing, form = _load(code), WhatForm()
    fill(form, writing)
    if not form.validate():
        return show(writing, "what", form, status=422)
    return _answer(writing, "what", form, symptom=form.symptom.data)


@bp.post("/story")
@requires(Permission.CLAIM_FILE)
def story(code: str) -> Response:
    """Asked by the button, or while somebody types: then it answers with the moment of saving alone."""
    writing, form = _load(code), StoryForm()
    kept = writing.draft.story if writing.draft else ""
    typed = form.story.data or ""
    if kept not in typed and form.seen.data != mark(kept):
        form.seen.data = mark(kept)  # whoever has read the other text may put this one in its place
        return show(writing, "story", form, status=409, other=kept)
    if not form.validate():
        return show(writing, "story", form, status=422)
    return _answer(writing, "story", form, story=typed)


@bp.post("/photos")
@requires(Permission.CLAIM_FILE, photos=True)
def add_photos(code: str) -> Response:
    writing, form = _load(code), PhotosForm()
    if not form.validate():
        return show(writing, "photos", form, status=422)
    removed = request.form.getlist("photos-remove")
    return _answer(writing, "photos", form, photos=form.photos.data, removed=removed)


@bp.post("/photo")
@requires(Permission.CLAIM_FILE, photos=True)
def add_photo(code: str) -> Response:
    """One photo, sent while the form is open, is part of the draft at once."""
    writing = _load(code)
    if writing.barred:
        g.photo_problems.append(_("Not added: this claim is sent already. Reload the page to see it."))
    elif g.new_photos:
        try:
            claims.draft(signin.me(), writing.unit, photos=g.new_photos, now=clock.now())
        except Refused as refusal:
            g.photo_problems.append(refusal.message)
    return photos.taken()


@bp.post("/review")
@requires(Permission.CLAIM_FILE)
def send(code: str) -> Response:
    writing, now = _load(code), clock.now()
    if writing.draft is None:  # sent already, from another tab or by the button before
        return show(writing, "what", status=422)
    try:
        case = claims.submit(signin.me(), writing.draft, now)
    except Refused as refusal:
        return show(writing, writing.next_step, status=422, refusal=refusal)
    promise = words.moment(case.respond_by, case.outlet.timezone) if case.respond_by else ""
    return go_to(
        f"/cases/{case.code}", _("Your claim is sent. The shop answers by %(moment)s.", moment=promise)
    )


def _load(code: str) -> Writing:
    found = units.visible_to(signin.me()).where(Unit.code == code)
    unit: Unit = one_or_404(found.options(joinedload(Unit.product), joinedload(Unit.outlet)))
    return Writing(unit, claims.draft_of(signin.me(), unit.id))


def _answer(writing: Writing, step: str, form: Form, **answers: Any) -> Response:
    """Keep one answer, then go on; or back to the item, when the rest is for later."""
    if writing.barred:
        return show(writing, step, form, status=422)
    try:
        draft = claims.draft(signin.me(), writing.unit, now=clock.now(), **answers)
    except Refused as refusal:
        return show(writing, step, form, status=422, refusal=refusal)
    writing = Writing(writing.unit, draft)
    if request.headers.get("HX-Request"):
        form["seen"].data = mark(draft.story)
        return show(
            writing, step, form, saved=words.clock(draft.case.touched_at, writing.unit.outlet.timezone)
        )
    if "later" in request.form:
        return go_to(f"/units/{writing.unit.code}", _("Saved. The shop does not see it until you send it."))
    if "more" in request.form:
        return go_to(f"{writing.path}/{step}")
    lacking = writing.missing.get(step)
    if lacking:
        return show(writing, step, form, status=422, refusal=Refused(lacking, step))
    follows = STEPS[STEPS.index(step) + 1]
    return go_to(f"{writing.path}/{'review' if 'review' in request.args else follows}")
