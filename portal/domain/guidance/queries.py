"""Reading help texts: what is published is for everybody, drafts are for those who write them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, or_, select, tuple_

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.models import Product
from portal.domain.guidance.index import EVERYBODY, Reach
from portal.domain.guidance.models import Article, HelpPassage, Tree, TreeVersion
from portal.domain.guidance.rules import About
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel.paging import PAGE_SIZE


def limit_to(actor: Actor | None, now: datetime, found: Select) -> Select:
    """Add who may see which articles to a query that has Article in it; `actor` None is a visitor."""
    if actor is not None and actor.may(Permission.HELP_EDIT):
        return found
    begun = or_(Article.starts_at.is_(None), Article.starts_at <= now)
    return found.where(Article.published_at.is_not(None), begun)


def visible_to(actor: Actor | None, now: datetime) -> Select[Article]:
    return limit_to(actor, now, select(Article))


def walkable() -> Select[Tree, TreeVersion]:
    """Trees that customers walk, with each of their published editions."""
    return (
        select(Tree, TreeVersion)
        .join(TreeVersion, TreeVersion.tree_id == Tree.id)
        .where(Tree.hidden.is_(False), TreeVersion.published_at.is_not(None))
    )


def written(
    actor: Actor,
    now: datetime,
    *,
    words: str = "",
    after: list[Any] | None = None,
    limit: int = PAGE_SIZE + 1,
) -> list[Any]:
    """Rows of articles for those who write them, last changed first; `after` is (changed_at, id)."""
    found = limit_to(
        actor, now,
        select(
            Article.changed_at, Article.id, Article.code, Article.kind, Article.title_id, Article.title_en,
            Article.about, Article.value, Product.name.label("product"), Article.published_at,
            Article.starts_at, Article.ends_at,
        ).outerjoin(Product, Product.id == Article.product_id),
    )  # fmt: skip
    for word in words.split()[:5]:
        like = f"%{word}%"
        found = found.where(or_(Article.title_id.ilike(like), Article.title_en.ilike(like)))
    if after:
        found = found.where(tuple_(Article.changed_at, Article.id) < tuple_(*after))
    return list(db.session.execute(found.order_by(Article.changed_at.desc(), Article.id.desc()).limit(limit)))


def trees_written() -> list[Any]:
    """(tree, its newest version, name of its product) of all trees, by title. One query."""
    newer = select(TreeVersion.tree_id, TreeVersion.number).subquery()
    newest = ~select(newer.c.number).where(
        newer.c.tree_id == TreeVersion.tree_id, newer.c.number > TreeVersion.number
    ).exists()  # fmt: skip
    return list(
        db.session.execute(
            select(Tree, TreeVersion, Product.name)
            .join(TreeVersion, TreeVersion.tree_id == Tree.id)
            .outerjoin(Product, Product.id == Tree.product_id)
            .where(newest)
            .order_by(TreeVersion.title_id, Tree.id)
        )
    )


@dataclass(frozen=True)
class Text:
    """A text in a list."""

    source: str
    source_id: int
    kind: str
    path: str
    title: str
    about: str
    value: str
    product_id: int | None
    ends_at: datetime | None

    @property
    def last(self) -> datetime | None:
        return last_moment(self.ends_at)


def last_moment(ends_at: datetime | None) -> datetime | None:
    """The last second at which something is shown: it falls on the day that people are told."""
    return ends_at and ends_at - timedelta(seconds=1)


def shelf(
    language: str, now: datetime, reach: Reach | None = None, *, kinds: Collection[str] = (), limit: int = 60
) -> list[Text]:
    """Published texts, those nearest to `reach` first: what is about everything, and about these products,
    categories and sectors. Without `reach` what is about any, but care guides. One query."""
    found = select(
        HelpPassage.source, HelpPassage.source_id, HelpPassage.kind, HelpPassage.path, HelpPassage.title,
        HelpPassage.about, HelpPassage.value, HelpPassage.product_id, HelpPassage.ends_at,
    ).where(
        HelpPassage.language == language, HelpPassage.place == 0,
        or_(HelpPassage.starts_at.is_(None), HelpPassage.starts_at <= now),
        or_(HelpPassage.ends_at.is_(None), HelpPassage.ends_at > now),
    )  # fmt: skip
    if reach is None:
        found = found.where(HelpPassage.source != "guide")
    else:
        found = found.where(
            or_(
                HelpPassage.about == About.EVERYTHING,
                HelpPassage.product_id.in_(reach.products),
                and_(HelpPassage.about == About.CATEGORY, HelpPassage.value.in_(reach.categories)),
                and_(HelpPassage.about == About.SECTOR, HelpPassage.value.in_(reach.sectors)),
            )
        )
    if kinds:
        found = found.where(HelpPassage.kind.in_(kinds))
    nearest = case({About.PRODUCT: 0, About.CATEGORY: 1, About.SECTOR: 2}, value=HelpPassage.about, else_=3)
    order = (HelpPassage.id.desc(),) if reach is None else (nearest, HelpPassage.id.desc())
    return [Text(*row) for row in db.session.execute(found.order_by(*order).limit(limit))]


def reach_of(actor: Actor | None) -> Reach:
    """What the items of a customer are; of everybody else, nothing. One query for a customer."""
    if actor is None or not actor.is_customer:
        return EVERYBODY
    mine = units.limit_to(actor, select(Unit.product_id)).order_by(Unit.id.desc()).limit(50).subquery()
    rows = db.session.execute(
        select(Product.id, Product.category, Product.sector).where(Product.id.in_(select(mine.c.product_id)))
    ).all()
    return Reach(
        frozenset(row.id for row in rows),
        frozenset(row.category for row in rows),
        frozenset(row.sector for row in rows),
    )


def reach_of_product(product: Product) -> Reach:
    return Reach(frozenset({product.id}), frozenset({product.category}), frozenset({product.sector}))
