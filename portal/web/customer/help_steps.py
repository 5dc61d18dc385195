"""Walking through a troubleshooting tree: one question a page, the way so far in the address."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import Product
from portal.domain.guidance import counting, queries, talks
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.models import Tree, TreeVersion
from portal.domain.guidance.rules import About, End, Walk, read, say, walk
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import public, requires
from portal.web.help_words import ENDINGS
from portal.web.load import one_or_404
from portal.web.render import go_to, page

bp = Blueprint("customer_help_steps", __name__)

HERE = "/help/steps/<code>"

LONGEST = 60  # answers in an address


@dataclass
class Trail:
    """Somebody's way through an edition of a tree: their answers, and which of their items it is about."""

    tree: Tree
    edition: TreeVersion
    answers: str
    unit: Unit | None

    @cached_property
    def walk(self) -> Walk:
        found = walk(read(self.edition.steps), self.answers) if len(self.answers) <= LONGEST else None
        if found is None:
            raise NotFound
        return found

    def path(self, answers: str = "") -> str:
        """The address of the way with these answers."""
        about = f"&unit={self.unit.code}" if self.unit else ""
        return f"/help/steps/{self.tree.code}/{self.edition.number}?a={answers}{about}"

    @property
    def to_shop(self) -> str:
        """Where the way goes on to the shop."""
        about = f"&unit={self.unit.code}" if self.unit else ""
        return f"/to-the-shop?tree={self.tree.code}&edition={self.edition.number}&a={self.answers}{about}"

    @property
    def told(self) -> list[list[str]]:
        """What was asked and answered, as the case will keep it."""
        title = say(self.edition, words.language(), "title")
        return [[words.gettext("Troubleshooting"), title], *self.walk.told(words.language())]


@bp.get(HERE)
@public()
def front(code: str) -> Response:
    """What the search is for, and the button that begins it."""
    trail = _trail(code)
    return _page("front", trail=trail, title=say(trail.edition, words.language(), "title"))


@bp.post(HERE)
@public()
def begin(code: str) -> Response:
    trail = _trail(code)
    counting.count(Source.TREE, Event.ASKED, clock.now(), trail.tree.code)
    return redirect(trail.path(), 303)


@bp.get(f"{HERE}/<int(max=9999):number>")
@public()
def step(code: str, number: int) -> Response:
    """The question after these answers, or how the search ends."""
    trail = _trail(code, number)
    lang, found = words.language(), trail.walk
    values: dict[str, Any] = {
        "trail": trail, "title": say(trail.edition, lang, "title"), "back": trail.path(trail.answers[:-1]),
        "told": found.told(lang),
    }  # fmt: skip
    if found.end:
        heading, sentence, icon, tone = ENDINGS[found.end]
        return _page(
            "end", end=found.end, heading=heading, icon_name=icon, tone=tone,
            sentence=say(found.step, lang) if found.step else sentence,
            claimable=_claimable(trail) if found.end in (End.CLAIM, End.STOP) else [], **values,
        )  # fmt: skip
    assert found.step is not None
    answers = [
        (trail.path(f"{trail.answers}{place}"), say(answer, lang))
        for place, answer in enumerate(found.step.answers)
    ]
    return _page("step", block="step", text=say(found.step, lang), answers=answers, **values)


@bp.post(f"{HERE}/<int(max=9999):number>/helped")
@public()
def helped(code: str, number: int) -> Response:
    """It works again: one case fewer."""
    trail = _trail(code, number)
    counting.count(Source.TREE, Event.HELPED, clock.now(), trail.tree.code)
    return go_to("/help", _("Glad it works again."))


@bp.post("/to-the-shop")
@requires(Permission.CLAIM_FILE)
def to_the_shop() -> Response:
    """On to a claim about an item, or to a question; what was tried goes with it."""
    trail = _trail(request.args.get("tree", ""), request.args.get("edition", 0, int))
    now, actor = clock.now(), signin.me()
    counting.count(Source.TREE, Event.WENT_ON, now, trail.tree.code)
    chosen = request.form.get("claim")
    if chosen:
        unit: Unit = one_or_404(units.visible_to(actor).where(Unit.code == chosen))
        talks.carry(actor, unit, trail.told, now)
        return redirect(f"/units/{unit.code}/claims/new", 303)
    story = request.form.get("story", "").strip() or say(trail.edition, words.language(), "title")
    try:
        case = talks.ask(actor, trail.unit, trail.told, story, now)
    except Refused as refusal:
        return go_to(trail.path(trail.answers), refusal.message, "bad")
    promise = words.moment(case.respond_by, case.outlet.timezone)
    return go_to(f"/cases/{case.code}", _("Sent. The shop answers by %(moment)s.", moment=promise))


def _trail(code: str, number: int | None = None) -> Trail:
    found = queries.walkable().where(Tree.code == code.upper())
    if number is not None:
        found = found.where(TreeVersion.number == number)
    row = db.session.execute(found.order_by(TreeVersion.number.desc()).limit(1)).first()
    if row is None:
        raise NotFound
    return Trail(row[0], row[1], request.args.get("a", ""), _unit())


def _unit() -> Unit | None:
    """The item that the page before knew; only one's own."""
    actor, code = signin.actor_or_none(), request.args.get("unit")
    if actor is None or not actor.is_customer or not code:
        return None
    found: Unit = one_or_404(
        units.visible_to(actor).where(Unit.code == code).options(joinedload(Unit.product))
    )
    return found


def _claimable(trail: Trail) -> list[Any]:
    """(code, product, serial) of the customer's items that this search can be about."""
    actor = signin.actor_or_none()
    if actor is None or not actor.is_customer:
        return []
    found = (
        select(Unit.code, Product.name, Unit.serial)
        .join(Product, Product.id == Unit.product_id)
        .where(Unit.registration == Registration.VALID)
        .order_by(Unit.id.desc())
        .limit(5)
    )
    if trail.unit is not None:
        found = found.where(Unit.id == trail.unit.id)
    elif trail.tree.about == About.PRODUCT:
        found = found.where(Unit.product_id == trail.tree.product_id)
    elif trail.tree.about == About.CATEGORY:
        found = found.where(Product.category == trail.tree.value)
    return list(db.session.execute(units.limit_to(actor, found)))


def _page(name: str, **values: Any) -> Response:
    actor = signin.actor_or_none()
    return page(
        f"help/{name}.html", area="customer" if actor and actor.is_customer else "public", live=True, **values
    )  # fmt: skip
