"""Creating and changing what the shop sells and promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from portal.db import db
from portal.domain.catalog.applying import scope_key, under
from portal.domain.catalog.facts import GuidePublished, HoursChanged, PoliciesChanged
from portal.domain.catalog.models import (
    GuideVersion,
    Outlet,
    Policy,
    PolicyLayer,
    PolicyRule,
    PolicyVersion,
    Product,
    ReturnPolicy,
)
from portal.domain.catalog.rules import DAYS, Layer, Scope, clean_barcode, parse_hours
from portal.domain.news import announce
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def save_outlet(outlet: Outlet | None, version: int | None, **fields: Any) -> Outlet:
    """Create or change an outlet. `fields` are columns. Raises Refused, Stale."""
    if fields["timezone"] not in clock.zones():
        raise Refused(_("Choose a time zone."), "timezone")
    ZoneInfo(fields["timezone"])
    for day in DAYS:
        parse_hours(fields["hours"].get(day, ""))
    before = outlet.code if outlet else None
    other_hours = outlet and (outlet.hours, outlet.timezone) != (fields["hours"], fields["timezone"])
    saved: Outlet = _save(Outlet, outlet, version, "code", fields)
    if before not in (None, saved.code):  # its rule stays its own
        renamed = update(PolicyRule).where(
            PolicyRule.scope == Scope.OUTLET, PolicyRule.value == scope_key(before or "")
        )
        db.session.execute(renamed.values(value=scope_key(saved.code)))
    if other_hours:
        announce(HoursChanged(saved.id))
    return saved


def save_product(product: Product | None, version: int | None, **fields: Any) -> Product:
    """Create or change a product; a draft is complete then. Units that were sold keep their policy version.

    Raises Refused, Stale.
    """
    barcode = fields["barcode"] = clean_barcode(fields.get("barcode"))
    for name in ("category", "brand"):
        fields[name] = " ".join(fields.get(name, "").split())
    if barcode and (twin := _with_barcode(barcode)) not in (None, product):
        raise Refused(_("%(name)s has this barcode already.", name=twin.name), "barcode")
    before = _asked(product) if product else None
    saved: Product = _save(Product, product, version, "sku", {"draft": False, **fields})
    if before not in (None, _asked(saved)):
        announce(PoliciesChanged((saved.id,)))
    return saved


def complete_drafts(products: Sequence[Product], **fields: Any) -> int:
    """Give what several drafts have in common, and take them out of the drafts; returns how many they were.

    `fields` are columns; what is left out stays as it is.
    """
    drafts = [product for product in products if product.draft]
    before = [_asked(product) for product in drafts]
    for product in drafts:
        for column, value in {**fields, "draft": False}.items():
            setattr(product, column, value)
    db.session.flush()
    changed = [p.id for p, asked in zip(drafts, before, strict=True) if _asked(p) != asked]
    if changed:
        announce(PoliciesChanged(tuple(changed)))
    return len(drafts)


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
    if draft.number == 1 and (found := under(draft.policy_id)):
        announce(PoliciesChanged(tuple(found)))


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
    announce(GuidePublished(draft.product_id))


def _asked(product: Product) -> tuple[Any, ...]:
    """What the question for its policy depends on."""
    return (
        product.policy_id, bool(product.unwarranted), scope_key(product.category), scope_key(product.brand),
    )  # fmt: skip


def _with_barcode(barcode: str) -> Product | None:
    return db.session.scalar(select(Product).where(Product.barcode == barcode))


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
