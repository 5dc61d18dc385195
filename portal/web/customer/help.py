"""Help for everybody: search, articles, known issues, notices, care guides, by item."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import GuideVersion, Product
from portal.domain.guidance import counting, index, queries
from portal.domain.guidance.counting import Event, Source
from portal.domain.guidance.models import Article
from portal.domain.guidance.rules import say
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import public
from portal.web.catalog_words import WEEKDAYS
from portal.web.fields import strip
from portal.web.help_words import ICONS, KINDS
from portal.web.load import one_or_404
from portal.web.prose import prose
from portal.web.render import go_to, page

bp = Blueprint("customer_help", __name__)

FIRST = 8  # texts of a kind before a search
MINE = 6  # of the customer's products


@bp.get("/help")
@public()
def index_page() -> Response:
    now, lang = clock.now(), words.language()
    texts = queries.shelf(lang, now)
    by_kind = {kind: [text for text in texts if text.kind == kind][:FIRST] for kind in KINDS}
    return _page("index", by_kind=by_kind, mine=_mine(), outlets=catalog.outlets(), weekdays=WEEKDAYS)


@bp.get("/help/search")
@public()
def search() -> Response:
    actor = signin.actor_or_none()
    typed = strip(request.args.get("q", ""))[:500]
    found = index.search(
        typed, words.language(), clock.now(), reach=queries.reach_of(actor), limit=12
    )  # fmt: skip
    return _page("found", block="found", typed=typed, texts=index.near(found))


@bp.get("/help/for/<sku>")
@public()
def item(sku: str) -> Response:
    """Everything about one product, its category and its sector."""
    product: Product = one_or_404(select(Product).where(Product.sku == sku, Product.draft.is_(False)))
    texts = queries.shelf(words.language(), clock.now(), queries.reach_of_product(product))
    return _page("item", product=product, texts=[text for text in texts if text.about != "everything"])


@bp.get("/help/care/<sku>")
@public()
def care(sku: str) -> Response:
    """The newest care guide of a product, to read; its booklet is a link away."""
    guide: GuideVersion = one_or_404(
        select(GuideVersion)
        .join(GuideVersion.product)
        .where(Product.sku == sku, GuideVersion.published_at.is_not(None))
        .order_by(GuideVersion.number.desc())
    )
    lang = words.language()
    return _page(
        "care", product=guide.product, number=guide.number, body=prose(say(guide, lang, "body"), lang)
    )


@bp.get("/help/<code>")
@public()
def article(code: str) -> Response:
    return _article(_load(code, clock.now()))


@bp.post("/help/<code>/helpful")
@public()
def helpful(code: str) -> Response:
    """Whether an article helped: counted without a name."""
    now = clock.now()
    found = _load(code, now)
    helped = "yes" in request.form
    counting.count(Source.ARTICLE, Event.HELPED if helped else Event.NOT, now, found.code)
    if helped:
        return go_to(f"/help/{code}", _("Thank you. Good that it helped."))
    return go_to(f"/help/{code}", _("Thank you. The shop sees that this has to get better."), "moving")


def _article(found: Article) -> Response:
    lang, now = words.language(), clock.now()
    texts = queries.shelf(lang, now, _reach_of(found))
    near = [text for text in texts if text.path != f"/help/{found.code}" and text.about == found.about]
    return _page(
        "article", article=found, heading=say(found, lang, "title"),
        body=prose(say(found, lang, "body"), lang),
        last=queries.last_moment(found.ends_at), near=near[:4],
        over=found.ends_at is not None and found.ends_at <= now,
    )  # fmt: skip


def _reach_of(found: Article) -> index.Reach:
    if found.product is not None:
        return queries.reach_of_product(found.product)
    return index.Reach(categories=frozenset({found.value}), sectors=frozenset({found.value}))


def _load(code: str, now: datetime) -> Article:
    loaded: Article = one_or_404(
        queries.visible_to(signin.actor_or_none(), now).where(Article.code == code.upper())
    )
    return loaded


def _mine() -> list[Any]:
    """(sku, name, icon) of what the customer owns, last bought first."""
    actor = signin.actor_or_none()
    if actor is None or not actor.is_customer:
        return []
    found = (
        select(Product.sku, Product.name, Product.icon)
        .join(Unit, Unit.product_id == Product.id)
        .group_by(Product.id)
        .order_by(db.func.max(Unit.id).desc())
        .limit(MINE)
    )
    return list(db.session.execute(units.limit_to(actor, found)))


def _page(name: str, **values: Any) -> Response:
    """Staff read these pages in the public frame; customers in their own."""
    actor = signin.actor_or_none()
    return page(
        f"help/{name}.html", area="customer" if actor and actor.is_customer else "public", kinds=KINDS,
        kind_icons=ICONS, **values,
    )  # fmt: skip
