"""Reading the catalog. It holds nothing personal; staff who may not view it see none of it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog.applying import SOLD, covered_somewhere, load_rules
from portal.domain.catalog.models import (
    GuideVersion,
    Outlet,
    Policy,
    PolicyLayer,
    PolicyVersion,
    Product,
    ReturnPolicy,
    Symptom,
)
from portal.domain.catalog.rules import Layer, Provider, Start
from portal.kernel.paging import PAGE_SIZE


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see the catalog to a query of any of its tables."""
    return found if actor.may(Permission.CATALOG_VIEW) else found.where(false())


def visible_to(actor: Actor) -> Select[Product]:
    return limit_to(actor, select(Product))


@lru_cache(maxsize=512)
def _published_layers(bind: str, version_id: int) -> tuple[Layer, ...]:
    return load_layers(version_id)


def layers(version_id: int | None) -> tuple[Layer, ...]:
    """The clauses of a published version, which never change: kept in memory once read."""
    return () if version_id is None else _published_layers(str(db.engine.url), version_id)


def load_layers(version_id: int) -> tuple[Layer, ...]:
    """The clauses of any version, draft or published, from the database."""
    return tuple(
        Layer(
            row.clause, row.component, row.name_id, row.name_en, row.parts, row.labour, row.transport,
            row.months, row.days, Start(row.starts), Provider(row.provider),
            row.exclusions_id, row.exclusions_en, row.how_id, row.how_en,
        )
        for row in db.session.execute(
            select(PolicyLayer.__table__)
            .where(PolicyLayer.policy_version_id == version_id)
            .order_by(PolicyLayer.clause)
        )
    )  # fmt: skip


def current_version(policy_id: int | None) -> int | None:
    """The id of the newest published version of a policy."""
    if policy_id is None:
        return None
    return db.session.scalar(
        select(PolicyVersion.id)
        .where(PolicyVersion.policy_id == policy_id, PolicyVersion.published_at.is_not(None))
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class PolicyNow:
    """A policy with its newest published version; `version_id` None while it is a draft."""

    code: str
    name: str
    version_id: int | None
    number: int | None


def policies_now() -> dict[int, PolicyNow]:
    """Every policy by its id, in the order of their names. One query."""
    published = aliased(PolicyVersion)
    newest = (
        select(func.max(PolicyVersion.number))
        .where(PolicyVersion.policy_id == Policy.id, PolicyVersion.published_at.is_not(None))
        .correlate(Policy)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Policy.id, Policy.code, Policy.name, published.id, published.number)
        .outerjoin(published, (published.policy_id == Policy.id) & (published.number == newest))
        .order_by(Policy.name, Policy.id)
    )
    return {row[0]: PolicyNow(*row[1:]) for row in rows}


def guide_number() -> Select[int]:
    """A scalar subquery for lists: the number of the product's published guide, correlated on Product."""
    return (
        select(func.max(GuideVersion.number))
        .where(GuideVersion.product_id == Product.id, GuideVersion.published_at.is_not(None))
        .correlate(Product)
    )


def symptoms(product: Product) -> list[Symptom]:
    """What can be wrong with a product, its own category's first, "other" last."""
    found = db.session.scalars(
        select(Symptom).where(
            Symptom.sector == product.sector,
            or_(Symptom.category == product.category, Symptom.category == ""),
        )
    )
    return sorted(found, key=lambda s: (s.category == "", s.code.startswith("other"), s.id))


def search_products(
    actor: Actor, words: str, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1
) -> list[Any]:
    """Rows of products by SKU, barcode, name, brand or model, by name; `after` is (name, id)."""
    found = limit_to(
        actor,
        select(
            Product.name, Product.id, Product.sku, Product.brand, Product.model, Product.icon, Product.price,
            Product.active, Product.draft, guide_number().label("guide"), *SOLD[:3],
        ),
    )  # fmt: skip
    found = _saying(found, words)
    if after:
        found = found.where(tuple_(Product.name, Product.id) > tuple_(*after))
    return list(db.session.execute(found.order_by(Product.name, Product.id).limit(limit)))


def outlets() -> list[Outlet]:
    return list(db.session.scalars(select(Outlet).order_by(Outlet.name)))


def policies() -> list[tuple[Policy, int | None, int | None]]:
    """(policy, number of the published version, number of the draft), by name."""
    published = func.max(PolicyVersion.number).filter(PolicyVersion.published_at.is_not(None))
    draft = func.max(PolicyVersion.number).filter(PolicyVersion.published_at.is_(None))
    rows = db.session.execute(
        select(Policy, published, draft)
        .outerjoin(PolicyVersion, PolicyVersion.policy_id == Policy.id)
        .group_by(Policy.id)
        .order_by(Policy.name)
    )
    return [(policy, live, pending) for policy, live, pending in rows]


def return_policies() -> list[ReturnPolicy]:
    return list(db.session.scalars(select(ReturnPolicy).order_by(ReturnPolicy.name)))


def registrable(words: str, limit: int = 25) -> list[Any]:
    """(sku, name, brand, model, icon) of products that can be registered, by name: for everybody."""
    found = select(Product.sku, Product.name, Product.brand, Product.model, Product.icon).where(
        Product.active, Product.draft.is_(False), covered_somewhere(load_rules())
    )
    found = _saying(found, words)
    return list(db.session.execute(found.order_by(Product.name, Product.id).limit(limit)))


def drafts(actor: Actor, *, after: list[Any] | None = None, limit: int = PAGE_SIZE + 1) -> list[Any]:
    """Rows of products that wait to be completed, by name; `after` is (name, id)."""
    found = limit_to(
        actor,
        select(
            Product.name,
            Product.id,
            Product.sku,
            Product.brand,
            Product.category,
            Product.price,
            Product.icon,
        ).where(Product.draft),
    )
    if after:
        found = found.where(tuple_(Product.name, Product.id) > tuple_(*after))
    return list(db.session.execute(found.order_by(Product.name, Product.id).limit(limit)))


def count_drafts(actor: Actor, most: int = 100) -> int:
    """How many products wait to be completed; counting stops at `most`."""
    some = limit_to(actor, select(Product.id).where(Product.draft)).limit(most)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _saying(found: Select, words: str) -> Select:
    """Only products in whose code, barcode, name, brand or model every word stands."""
    for word in words.split()[:5]:
        like = f"%{word.lower()}%"
        columns = (Product.sku, Product.name, Product.brand, Product.model)
        found = found.where(
            or_(Product.barcode == word, *(func.lower(column).like(like) for column in columns))
        )
    return found
