"""Reading the catalog. It holds nothing personal; staff who may not view it see none of it."""

from functools import lru_cache

from sqlalchemy import Select, false, func, or_, select, tuple_

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
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


def visible_to(actor: Actor) -> Select[tuple[Product]]:
    found = select(Product)
    return found if actor.may(Permission.CATALOG_VIEW) else found.where(false())


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


def current_guide(product_id: int) -> GuideVersion | None:
    return db.session.scalar(
        select(GuideVersion)
        .where(GuideVersion.product_id == product_id, GuideVersion.published_at.is_not(None))
        .order_by(GuideVersion.number.desc())
        .limit(1)
    )


def guide_number() -> Select[tuple[int]]:
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
    actor: Actor, words: str, *, after: tuple[str, int] | None = None, limit: int = 26
) -> list[Product]:
    """Products by SKU, name, brand or model, in the order of their names."""
    found = visible_to(actor).order_by(Product.name, Product.id).limit(limit)
    for word in words.split()[:5]:
        like = f"%{word.lower()}%"
        found = found.where(
            or_(
                *(
                    func.lower(column).like(like)
                    for column in (Product.sku, Product.name, Product.brand, Product.model)
                )
            )
        )
    if after:
        found = found.where(tuple_(Product.name, Product.id) > tuple_(*after))
    return list(db.session.scalars(found))


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
