"""Letters that came in and that nobody could place: staff say where they belong, or throw them away."""

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.mailbox import actions as letters
from portal.domain.mailbox.models import InboundLetter, Outcome
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.render import go_to, page

bp = Blueprint("desk_letters", __name__, url_prefix="/desk/letters")

MOST = 50
WHY: dict[str, Message] = {
    "no_address": _("It was sent to no address of a case."),
    "forged": _("Its address is not one that we made."),
    "draft": _("The case was not sent yet."),
    "empty": _("There was nothing new in it."),
}


@bp.get("")
@requires(Permission.CASE_TRIAGE)
def index() -> Response:
    held = (
        select(InboundLetter).where(InboundLetter.outcome == Outcome.HELD).order_by(InboundLetter.id.desc())
    )
    return page(
        "staff/letters/list.html",
        nav_current="desk",
        letters=list(db.session.scalars(held.order_by(InboundLetter.id.desc()).limit(MOST))),
        why=WHY,
    )


@bp.post("/<code>")
@requires(Permission.CASE_TRIAGE)
def settle(code: str) -> Response:
    """Put the letter into the case whose code was typed, or throw it away."""
    actor = signin.me()
    row: InboundLetter = one_or_404(select(InboundLetter).where(InboundLetter.code == code))
    typed = normalise(request.form.get("case", "").strip())
    try:
        if request.form.get("do") == "drop":
            letters.drop_held(row)
            return go_to("/desk/letters", _("The letter is thrown away."))
        case: Case | None = db.session.scalar(cases.visible_to(actor).where(Case.code == typed))
        if case is None:
            raise Refused(_("There is no case with the code %(code)s.", code=typed[:12] or "–"))
        case = letters.file_held(row, case, clock.now())
    except Refused as refusal:
        return go_to("/desk/letters", refusal.message, "bad")
    return go_to(f"/desk/cases/{case.code}#thread", _("The letter is in the thread now."))
