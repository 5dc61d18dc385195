"""The desk's catalogue: warranty policies and their versions, to read."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries
from portal.domain.catalog.models import Policy, PolicyRule, PolicyVersion, Product
from portal.domain.catalog.rules import Layer
from portal.domain.units.coverage import Terms
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.catalog_words import KINDS, REPLACEMENTS, SCOPES, clauses
from portal.web.fields import DayField, Form
from portal.web.render import page
from portal.web.signin import me

bp = Blueprint("staff_catalog_policies", __name__)

ZONE = "Asia/Jakarta"  # a preview belongs to no outlet yet


class PreviewForm(Form):
    bought = DayField(_("Bought on"))
    delivered = DayField(_("Delivered and installed on"))


@bp.get("/desk/catalog/policies")
@requires(Permission.CATALOG_VIEW)
def policies() -> Response:
    return page(
        "staff/catalog/policies.html", nav_current="catalog", tab="policies", policies=queries.policies()
    )


@bp.get("/desk/catalog/policies/<code>")
@bp.get("/desk/catalog/policies/<code>/<int(max=9999):number>")
@requires(Permission.CATALOG_VIEW)
def policy(code: str, number: int | None = None) -> Response:
    """One version: the published one that counts now, unless a number is asked for."""
    versions = versions_of(code)
    published = [version for version in versions if version.published_at]
    current = published[0] if published else versions[0]
    shown = next((v for v in versions if v.number == number), None) if number else current
    if shown is None:
        raise NotFound
    form = PreviewForm(request.args)
    dates = (form.bought.data, form.delivered.data)
    products = db.session.execute(
        queries.limit_to(
            me(),
            select(Product.sku, Product.name)
            .where(Product.policy_id == shown.policy_id)
            .order_by(Product.name)
            .limit(50),
        )
    ).all()
    return page(
        "staff/catalog/policy.html", block="clauses", nav_current="catalog", policy=shown.policy, shown=shown,
        current=current, versions=versions, products=products, form=form, kind=KINDS[shown.kind],
        rules=_rules(shown.policy_id),
        replacement=REPLACEMENTS[shown.replacement],
        clauses=preview(queries.load_layers(shown.id), *dates) if form.validate() else [],
    )  # fmt: skip


def _rules(policy_id: int) -> list[tuple[int, Message, str]]:
    """The rules that give this policy: (id, what it is about, its name there), in their order."""
    found = select(PolicyRule.id, PolicyRule.scope, PolicyRule.value).where(PolicyRule.policy_id == policy_id)
    rows = db.session.execute(queries.limit_to(me(), found).order_by(PolicyRule.value)).all()
    return [
        (number, label, value)
        for scope, label in SCOPES.items()
        for number, about, value in rows
        if about == scope
    ]


def preview(layers: tuple[Layer, ...], bought: date | None, delivered: date | None) -> list[dict[str, Any]]:
    """The clauses as a customer reads them today; without a date, as if bought today."""
    today = day_in(ZONE, clock.now())
    return clauses(Terms(bought or today, layers, delivered, delivered), today)


def versions_of(code: str) -> list[PolicyVersion]:
    """Every version of a policy, newest first. Raises NotFound."""
    versions = list(
        db.session.scalars(
            queries.limit_to(
                me(),
                select(PolicyVersion)
                .join(Policy)
                .where(Policy.code == code)
                .order_by(PolicyVersion.number.desc())
                .options(joinedload(PolicyVersion.policy)),
            )
        )
    )
    if not versions:
        raise NotFound
    return versions
