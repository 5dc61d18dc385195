"""What the desk knows beside a case: tags, cases like it, who else is here; and merging two cases."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.desk import merging, presence, similar, tags
from portal.domain.workflows.engine import Category
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to, page, wants_block
from portal.web.staff import desk

bp = Blueprint("desk_beside", __name__, url_prefix="/desk/cases")
_UNTOLD: dict[str, Any] = {"problem": None, "typed": "", "merge_problem": None, "into": ""}
MOST_LOOKS = 240  # of one open page, every half minute


@bp.get("/<code>/beside")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    return _page(_load(code))


@bp.post("/<code>/tags")
@requires(Permission.CASE_NOTE)
def tag(code: str) -> Response:
    """Add the tag that was typed, or take one off."""
    case, gone, wanted = _load(code), request.form.get("remove"), request.form.get("tag", "")
    try:
        if gone:
            tags.remove(case, gone)
        else:
            tags.add(case, wanted)
    except Refused as refusal:
        db.session.rollback()
        return _page(_load(code), status=422, problem=words.translate(refusal.message), typed=wanted)
    if wants_block():
        return _page(case)
    return go_to(f"/desk/cases/{code}/beside{desk.query()}", _("Saved."))


@bp.post("/<code>/merge")
@requires(Permission.CASE_TRIAGE)
def merge(code: str) -> Response:
    """The case goes on in another one; its customer is told once."""
    case, typed = _load(code), request.form.get("into", "")
    try:
        into = db.session.scalar(cases.visible_to(signin.me()).where(Case.code == normalise(typed)))
        if into is None:
            raise Refused(_("No case has this code."), "into")
        merging.merge(signin.me(), case, into, clock.now())
    except Refused as refusal:
        db.session.rollback()
        return _page(_load(code), status=422, merge_problem=words.translate(refusal.message), into=typed)
    return go_to(
        f"/desk/cases/{into.code}{desk.query()}",
        _("Case %(code)s goes on here. The customer is told.", code=words.code(case.code)),
    )


@bp.post("/<code>/separate")
@requires(Permission.CASE_TRIAGE)
def separate(code: str) -> Response:
    case = _load(code)
    merging.separate(signin.me(), case, clock.now())
    return go_to(f"/desk/cases/{code}{desk.query()}", _("It is a case of its own again."))


@bp.post("/<code>/here")
@requires(Permission.CASE_VIEW)
def here(code: str) -> Response:
    """This person is looking; who else is. Asked every half minute, by htmx alone."""
    case, actor, now = _load(code), signin.me(), clock.now()
    presence.note(actor, case.id, now)
    looks = request.args.get("n", 0, type=int)
    return page(
        "staff/cases/here.html",
        others=presence.others(actor, case.id, now),
        path=f"/desk/cases/{code}",
        n=looks + 1 if looks < MOST_LOOKS else None,
    )


def _load(code: str) -> Case:
    beside = (joinedload(each) for each in (Case.unit, Case.merged_into, Case.outlet))
    found: Case = one_or_404(cases.visible_to(signin.me()).where(Case.code == code).options(*beside))
    return found


def _page(case: Case, *, status: int = 200, **told: Any) -> Response:
    """The part beside the case; whoever opens it alone gets it as a page."""
    actor = signin.me()
    sent = cases.claim_sent(case.id)
    on, known = tags.of_case(case.id)
    return page(
        "staff/cases/beside.html",
        block="beside",
        status=status,
        nav_current="desk",
        case=case,
        goes_on=case.merged_into.code if case.merged_into else None,
        path=f"/desk/cases/{case.code}",
        query=desk.query(),
        back=desk.query().lstrip("?"),
        tags=on,
        known=known,
        like=similar.like(actor, case, sent.body if sent else ""),
        twins=similar.duplicates(actor, case) if case.category != Category.RESOLVED else [],
        merged=case.state == S.MERGED,
        kinds=KINDS,
        outcomes=OUTCOMES,
        **{**_UNTOLD, **told},
    )
