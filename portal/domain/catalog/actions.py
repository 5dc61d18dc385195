"""Creating and changing what the shop sells and promises."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select

from portal.db import db
from portal.domain.catalog.models import (
    GuideVersion,
    Outlet,
    Policy,
    PolicyLayer,
    PolicyVersion,
    Product,
    ReturnPolicy,
)
from portal.domain.catalog.rules import DAYS, Layer, parse_hours
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def save_outlet(outlet: Outlet | None, version: int | None, **fields: Any) -> Outlet:
    """Create or change an outlet. `fields` are columns. Raises Refused, Stale."""
    if fields["timezone"] not in available_timezones():
        raise Refused(_("Choose a time zone."), "timezone")
    ZoneInfo(fields["timezone"])
    for day in DAYS:
        parse_hours(fields["hours"].get(day, ""))
    return _save(Outlet, outlet, version, "code", fields)


def save_product(product: Product | None, version: int | None, **fields: Any) -> Product:
    """Create or change a product. Units that were sold keep their policy version. Raises Refused, Stale."""
    return _save(Product, product, version, "sku", fields)


def save_return_policy(policy: ReturnPolicy | None, version: int | None, **fields: Any) -> ReturnPolicy:
    return _save(ReturnPolicy, policy, version, "code", fields)


def save_policy_draft(
    policy: Policy | None, version: int | None, *, code: str, name: str, layers: list[Layer], **fields: Any
) -> PolicyVersion:
    """Write the draft of a policy's next version, making one when there is none.

    `layers` are numbered anew as clauses 1 … n. `fields` are columns of PolicyVersion. Raises Refused, Stale.
    """
    policy = _save(Policy, policy, None, "code", {"code": code, "name": name})
    draft = db.session.scalar(
        select(PolicyVersion).where(
            PolicyVersion.policy_id == policy.id, PolicyVersion.published_at.is_(None)
        )
    )
    if draft is None:
        last = db.session.scalar(
            select(func.max(PolicyVersion.number)).where(PolicyVersion.policy_id == policy.id)
        )
        draft = PolicyVersion(policy_id=policy.id, number=(last or 0) + 1)
        db.session.add(draft)
    elif version is not None and version != draft.version:
        raise Stale
    for column, value in fields.items():
        setattr(draft, column, value)
    draft.layers.clear()
    db.session.flush()
    draft.layers = [PolicyLayer(**vars(replace(layer, clause=n))) for n, layer in enumerate(layers, 1)]
    db.session.flush()
    return draft


def publish_policy(draft: PolicyVersion, now: datetime) -> None:
    """From now on units are sold with this version. Raises Refused."""
    if draft.published_at:
        return
    if not draft.layers:
        raise Refused(_("Add at least one layer of cover before publishing."))
    draft.published_at = now
    db.session.flush()


def save_guide_draft(product: Product, version: int | None, *, body_id: str, body_en: str) -> GuideVersion:
    """Write the draft of a product's next care guide. Raises Stale."""
    newest = db.session.scalar(
        select(GuideVersion)
        .where(GuideVersion.product_id == product.id)
        .order_by(GuideVersion.number.desc())
        .limit(1)
    )
    if newest is None or newest.published_at:
        newest = GuideVersion(product_id=product.id, number=(newest.number if newest else 0) + 1)
        db.session.add(newest)
    elif version is not None and version != newest.version:
        raise Stale
    newest.body_id, newest.body_en = body_id, body_en
    db.session.flush()
    return newest


def publish_guide(draft: GuideVersion, now: datetime) -> None:
    if draft.published_at:
        return
    if not draft.body_id.strip() or not draft.body_en.strip():
        raise Refused(_("Write the guide in both languages before publishing."))
    draft.published_at = now
    db.session.flush()


def _save(kind: type[Any], row: Any, version: int | None, unique: str, fields: dict[str, Any]) -> Any:
    twin = db.session.scalar(select(kind).where(getattr(kind, unique) == fields[unique]))
    if twin is not None and twin is not row:
        raise Refused(_("%(value)s is already taken. Choose another.", value=fields[unique]), unique)
    if row is None:
        row = kind()
        db.session.add(row)
    elif version is not None and version != row.version:
        raise Stale
    for column, value in fields.items():
        setattr(row, column, value)
    db.session.flush()
    return row
