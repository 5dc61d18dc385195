"""The customer returns or exchanges goods of one or several receipts."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.returns import actions as returns
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import returning, signin, words
from portal.web.access import requires
from portal.web.render import go_to
from portal.web.returning import Place, Wanted

bp = Blueprint("customer_returns", __name__)

HERE = Place("/returns/new", back="/ask", nav="cases")


@bp.get(HERE.action)
@requires(Permission.CLAIM_FILE)
def begin() -> Response:
    return returning.step(_wanted(), HERE)


@bp.post(HERE.action)
@requires(Permission.CLAIM_FILE, papers=True)
def send() -> Response:
    wanted = _wanted()

    def act() -> Response:
        customer = db.session.get_one(Customer, wanted.customer_id)
        story, photos = wanted.wishes.story.data or "", wanted.wishes.photos.data or []
        case = returns.ask(wanted.actor, customer, wanted.asked, story=story, photos=photos, now=wanted.now)
        promise = words.moment(case.respond_by, case.outlet.timezone)
        return go_to(f"/cases/{case.code}", _("Sent. The shop answers by %(moment)s.", moment=promise))

    return returning.finish(wanted, HERE, act)


def _wanted() -> Wanted:
    actor = signin.me()
    return Wanted(actor, actor.id or 0, clock.now())
