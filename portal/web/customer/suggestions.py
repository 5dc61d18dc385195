"""What may help while somebody writes to the shop: texts, and their own open cases; never in the way."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Product
from portal.domain.guidance import counting, index, queries, suggesting
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.terms import terms
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.help_words import ICONS
from portal.web.help_words import KINDS as TEXT_KINDS
from portal.web.render import go_to, page

bp = Blueprint("customer_suggestions", __name__, url_prefix="/suggestions")

TEXTS, CASES = 3, 20
FIELDS = ("story", "part", "question")  # of the forms beside which this stands


@bp.post("")
@requires(Permission.CLAIM_FILE, reads=True)
def suggest() -> Response:
    """For what is typed so far: a fragment for htmx, a page for everybody else."""
    actor, lang, now = signin.me(), words.language(), clock.now()
    typed = " ".join(request.form.get(name, "") for name in FIELDS).strip()
    here, unit = request.args.get("kind", ""), request.args.get("unit", "")
    found = index.search(typed, lang, now, reach=queries.reach_of(actor), typing=True, limit=TEXTS)
    sounds = suggesting.kind_of(typed)
    return page(
        "help/suggestions.html", block="suggestions", area="customer", kinds=TEXT_KINDS, kind_icons=ICONS,
        texts=index.near(found), cases=_own_cases(actor, typed, unit),
        sounds=KINDS[sounds].offer if sounds and sounds != here else None, sounds_kind=sounds,
        unit=unit if unit.isalnum() else "",
    )  # fmt: skip


@bp.post("/helped")
@requires(Permission.CLAIM_FILE)
def helped() -> Response:
    """One of them was the answer: nothing is sent to the shop."""
    counting.count(Source.SUGGESTION, Event.HELPED, clock.now())
    return go_to("/home", _("Good that it helped. Nothing was sent to the shop."))


def _own_cases(actor: Actor, typed: str, unit: str) -> list[dict[str, Any]]:
    """The customer's open cases about this item, or about what is typed."""
    found = (
        select(
            Case.code, Case.kind, Case.state, Case.title, Case.title_en, Unit.code.label("unit"), Product.name
        )
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .outerjoin(Product, Product.id == Unit.product_id)
        .where(Case.on_desk)
        .order_by(Case.touched_at.desc(), Case.id.desc())
        .limit(CASES)
    )
    wanted = set(terms(typed[-500:]))
    near = [
        row
        for row in db.session.execute(cases.limit_to(actor, found))
        if (unit and row.unit == unit) or len(wanted & set(terms(f"{row.title} {row.name or ''}"))) > 1
    ]
    return [
        {
            "path": f"/cases/{row.code}", "state": KINDS[row.kind].states[row.state],
            "title": (words.language() == "en" and row.title_en) or row.title, "icon": KINDS[row.kind].icon,
        }
        for row in near[:2]
    ]  # fmt: skip
