"""The customer returns or exchanges: which receipts, which lines, why and what for, what it adds up to."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.cases import clocks
from portal.domain.catalog.models import Outlet
from portal.domain.returns import actions as returns
from portal.domain.returns import queries
from portal.domain.returns.rules import CONDITIONS, REASONS, WISHES
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.customer.return_form import Wanted
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_returns", __name__)

HERE = "/returns/new"
SHOWN = 40  # receipts to choose from


@bp.get(HERE)
@requires(Permission.CLAIM_FILE)
def begin() -> Response:
    """The step that the address has come to; one that is not whole shows what is missing."""
    wanted, step = Wanted(signin.me(), clock.now()), request.args.get("step", "")
    if not wanted.lines or step == "receipts":
        return _choose(wanted)
    if step in ("wishes", "review"):
        if not wanted.check_pieces():
            return _page("lines", wanted, 422)
        if step == "wishes" or wanted.check_wishes():
            return _page(step, wanted)
        return _page("wishes", wanted, 422)
    return _page("lines", wanted)


@bp.post(HERE)
@requires(Permission.CLAIM_FILE, papers=True)
def send() -> Response:
    actor, now = signin.me(), clock.now()
    wanted = Wanted(actor, now)
    if not wanted.check_pieces():
        return _page("lines", wanted, 422) if wanted.lines else _choose(wanted)
    if not wanted.check_wishes():
        kept = {"story", "photos"} & set(wanted.wishes.errors)
        return _page("review" if kept == set(wanted.wishes.errors) else "wishes", wanted, 422)
    try:
        case = returns.ask(
            actor, db.session.get_one(Customer, actor.id), [part.asked for part in wanted.parts],
            story=wanted.wishes.story.data or "", photos=wanted.wishes.photos.data or [], now=now,
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        wanted = Wanted(actor, now)
        refuse(wanted.pieces, refusal)
        return _page("lines", wanted, 422)
    promise = words.moment(case.respond_by, case.outlet.timezone)
    return go_to(f"/cases/{case.code}", _("Sent. The shop answers by %(moment)s.", moment=promise))


def _choose(wanted: Wanted) -> Response:
    return page(
        "customer/returns/receipts.html", nav_current="cases", chosen=wanted.codes,
        receipts=queries.receipts(signin.me(), SHOWN),
    )  # fmt: skip


def _page(step: str, wanted: Wanted, status: int = 200) -> Response:
    promise = None
    if step == "review":
        outlet = db.session.get_one(Outlet, wanted.chosen[0].row.outlet_id)
        promise = words.moment(clocks.first_answer_by(returns.RETURN, outlet, clock.now()), outlet.timezone)
    return page(
        f"customer/returns/{step}.html", status=status, nav_current="cases", wanted=wanted, action=HERE,
        promise=promise, reasons=REASONS, conditions=CONDITIONS, wishes=WISHES,
    )  # fmt: skip
