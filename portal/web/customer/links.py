"""Links in messages and on warranty cards: one opens a case, the other checks a card; none shows a name."""

from flask import Blueprint, redirect
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Reach
from portal.domain.cases.models import Case, CaseLink
from portal.domain.units import queries as units
from portal.domain.units.models import CardLink, Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import catalog_words, cover, signin, words
from portal.web.access import public
from portal.web.paper import link_or_404
from portal.web.render import page

bp = Blueprint("customer_links", __name__)


@bp.get("/c/<token>")
@public(paper=True)
def case(token: str) -> Response:
    """What is told to whoever holds the message: the product and how the case stands."""
    found = _case(token)
    return page(
        "customer/links/case.html",
        area="public",
        case=found,
        token=token,
        state=KINDS[found.kind].states[found.state],
    )


@bp.post("/c/<token>")
@public(paper=True)
def open_case(token: str) -> Response:
    """The message went to the contact on file, so it opens this case, and nothing else of the account."""
    found, actor = _case(token), signin.actor_or_none()
    if actor is not None and actor.is_staff:
        return redirect(f"/desk/cases/{found.code}", 303)
    if found.customer.disabled_at:
        raise Refused(_("This account is closed. Please ask the shop."))
    mine = actor is not None and actor.id == found.customer_id
    if not mine or actor.reach is not None:  # type: ignore[union-attr]  # mine implies an actor
        reach = Reach(cases=(found.id,))
        signin.sign_in(found.customer, reach=reach | actor.reach if mine else reach)  # type: ignore[union-attr, operator]
    return redirect(f"/cases/{found.code}", 303)


@bp.get("/w/<token>")
@public(paper=True)
def card(token: str) -> Response:
    """Whether a warranty card is genuine and what it still covers."""
    link = link_or_404(CardLink, token)
    unit = db.session.scalars(
        select(Unit)
        .where(Unit.id == link.unit_id)
        .options(joinedload(Unit.product), joinedload(Unit.outlet), joinedload(Unit.policy_version))
    ).one()
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    today = day_in(unit.outlet.timezone, clock.now())
    return page(
        "customer/links/card.html",
        area="public",
        unit=unit,
        serial=mask(unit.serial),
        kind=catalog_words.KINDS.get(unit.policy_version.kind) if unit.policy_version else None,
        cover=cover.mark(terms, today),
        layers=cover.layers(terms, today, words.language()),
    )


def mask(serial: str | None) -> str:
    """`KLY43U7001234` → `•••••••••1234`; short ones keep less."""
    if not serial:
        return ""
    shown = min(4, len(serial) // 3)
    return "•" * (len(serial) - shown) + serial[len(serial) - shown :]


def _case(token: str) -> Case:
    link = link_or_404(CaseLink, token)
    goes_on = select(func.coalesce(Case.merged_into_id, Case.id)).where(Case.id == link.case_id)
    return db.session.scalars(
        select(Case)
        .where(Case.id == goes_on.scalar_subquery())
        .options(
            joinedload(Case.customer), joinedload(Case.outlet), joinedload(Case.unit).joinedload(Unit.product)
        )
    ).one()
