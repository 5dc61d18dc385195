"""Writing articles, publishing them, taking them back; every change is found at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog.models import GuideVersion, Product
from portal.domain.catalog.rules import Sector
from portal.domain.guidance import index, passages
from portal.domain.guidance.models import Article
from portal.domain.guidance.rules import About, ArticleKind
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def reach(about: str, value: str) -> dict[str, Any]:
    """The columns that say what a text is about; a product is named by its SKU. Raises Refused."""
    value = value.strip()
    if about == About.PRODUCT:
        product = db.session.scalar(select(Product).where(Product.sku == value))
        if product is None:
            raise Refused(_("No product has this code. Choose one from the list."), "value")
        return {"about": about, "value": "", "product_id": product.id}
    if about == About.CATEGORY and not db.session.scalar(
        select(Product.id).where(Product.category == value).limit(1)
    ):
        raise Refused(_("No product is in this category. Choose one from the list."), "value")
    if about == About.SECTOR and value not in list(Sector):
        raise Refused(_("Choose one of the sectors from the list."), "value")
    return {"about": about, "value": "" if about == About.EVERYTHING else value, "product_id": None}


def save_article(
    article: Article | None, version: int | None, now: datetime, *, about: str, value: str, **fields: Any
) -> Article:
    """Write an article; a published one changes for its readers at once. Raises Refused and Stale."""
    if article is not None and version is not None and version != article.version:
        raise Stale
    starts, ends = fields.get("starts_at"), fields.get("ends_at")
    if starts and ends and ends <= starts:
        raise Refused(_("It ends before it begins. Check both days."), "ends_on")
    told = {**fields, **reach(about, value), "changed_at": now}
    article = article or Article(code=new_code())
    for name, given in told.items():
        setattr(article, name, given)
    db.session.add(article)
    if article.published_at:
        _check(article)
    db.session.flush()
    file_article(article)
    return article


def publish(article: Article, now: datetime) -> None:
    """Show it to customers. Raises Refused while a language is missing."""
    _check(article)
    article.published_at = article.published_at or now
    article.changed_at = now
    db.session.flush()
    file_article(article)


def withdraw(article: Article, now: datetime) -> None:
    """Make it a draft again."""
    article.published_at, article.changed_at = None, now
    db.session.flush()
    file_article(article)


def _check(article: Article) -> None:
    for name in ("title_id", "body_id", "title_en", "body_en"):
        if not (getattr(article, name) or "").strip():
            raise Refused(_("Write title and text in both languages before publishing."), name)
    if article.kind == ArticleKind.NOTICE and article.ends_at is None:
        raise Refused(_("Say until when this notice is shown."), "ends_on")


def file_article(article: Article) -> None:
    """Bring the index to what the article says now."""
    shown = article.published_at is not None
    index.put(
        "article", article.id, _texts(article) if shown else {}, kind=article.kind,
        path=f"/help/{article.code}", title_id=article.title_id, title_en=article.title_en,
        about=article.about, value=article.value, product_id=article.product_id,
        starts_at=article.starts_at, ends_at=article.ends_at,
    )  # fmt: skip


def file_guide(product: Product) -> None:
    """Bring the index to what the product's newest published care guide says."""
    guide = db.session.scalar(
        select(GuideVersion)
        .where(GuideVersion.product_id == product.id, GuideVersion.published_at.is_not(None))
        .order_by(GuideVersion.number.desc())
        .limit(1)
    )
    index.put(
        "guide", product.id, _texts(guide) if guide else {}, kind="care", path=f"/help/care/{product.sku}",
        title_id=product.name, title_en=product.name, about=About.PRODUCT, product_id=product.id,
    )  # fmt: skip


def _texts(text: Article | GuideVersion) -> dict[str, list[tuple[str, str]]]:
    return {
        language: [(passage.heading, passage.body) for passage in passages.cut(body)]
        for language, body in (("id", text.body_id), ("en", text.body_en))
    }
