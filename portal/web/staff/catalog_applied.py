"""The desk's catalogue: which warranty policy applies to a product at an outlet, in words, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from sqlalchemy import and_, or_, select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries
from portal.domain.catalog.applying import Applied, applied, load_rules, questions, scope_key
from portal.domain.catalog.models import Outlet, PolicyRule, Product
from portal.domain.catalog.queries import PolicyNow
from portal.domain.catalog.rules import Scope
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.render import page
from portal.web.signin import me

bp = Blueprint("staff_catalog_applied", __name__)

QUESTIONS: dict[Scope | None, Message] = {
    None: _("The product itself"),
    Scope.CATEGORY: _("Its category"),
    Scope.BRAND: _("Its brand"),
    Scope.OUTLET: _("The outlet"),
}
FOUND = 10  # products offered for what was typed


@dataclass(frozen=True)
class Answer:
    """What applies at some outlets (all of them when `outlets` is empty), and which question decided."""

    policy: PolicyNow | None
    by: Message | None
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One of the four questions: `reached` when nothing before it answered."""

    question: Message
    about: str
    reached: bool
    answered: bool
    policy: PolicyNow | None
    rule: PolicyRule | None = None


def short_answers(rows: Sequence[Any]) -> list[str | Message]:
    """For rows with the columns SOLD: the name of the policy, "No warranty", or that the outlet decides."""
    rules, policies = load_rules(), queries.policies_now()
    by_outlet = any(scope == Scope.OUTLET for scope, _key in rules)
    said: list[str | Message] = []
    for row in rows:
        answer = applied(row, "", rules)
        if answer.policy_id is not None:
            said.append(policies[answer.policy_id].name)
        else:
            depends = by_outlet and not answer.said
            said.append(_("Depends on the outlet") if depends else _("No warranty"))
    return said


def answers_by_outlet(product: Product) -> list[Answer]:
    """What applies to a product, once where it is the same everywhere; what holds at most outlets first."""
    rules, policies = load_rules(), queries.policies_now()

    def answer(found: Applied, outlets: tuple[Outlet, ...] = ()) -> Answer:
        return Answer(
            policies.get(found.policy_id or 0), QUESTIONS[found.scope] if found.said else None, outlets
        )

    everywhere = applied(product, "", rules)
    if everywhere.said or not any(scope == Scope.OUTLET for scope, _key in rules):
        return [answer(everywhere)]
    groups: dict[int | None, list[Outlet]] = {}
    told: dict[int | None, Applied] = {}
    for outlet in queries.outlets():
        found = applied(product, outlet.code, rules)
        groups.setdefault(found.policy_id, []).append(outlet)
        told.setdefault(found.policy_id, found)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return [answer(told[policy_id], tuple(outlets)) for policy_id, outlets in ordered] or [answer(everywhere)]


@bp.get("/desk/catalog/applies")
@requires(Permission.CATALOG_VIEW)
def explain() -> Response:
    """Choose a product and an outlet: the four questions in order, and which of them answered."""
    typed = request.args.get("product", "").strip()[:100]
    outlets = queries.outlets()
    outlet = next(
        (o for o in outlets if o.code == request.args.get("outlet")), outlets[0] if outlets else None
    )
    found = _products(typed) if typed else []
    exact = [product for product in found if typed in (product.sku, product.barcode)]
    product = (exact or found)[0] if exact or len(found) == 1 else None
    steps = _asked(product, outlet.code) if product and outlet else []
    return page(
        "staff/catalog/applies.html", nav_current="catalog", tab="rules", typed=typed, outlets=outlets,
        outlet=outlet, found=found, product=product, steps=steps,
        answer=next((step for step in steps if step.answered), None),
    )  # fmt: skip


def _asked(product: Product, outlet_code: str) -> list[Asked]:
    """The four questions, down to the one that answered and those that were not asked any more."""
    policies = queries.policies_now()
    rules = {
        (rule.scope, rule.value): rule
        for rule in db.session.scalars(queries.limit_to(me(), select(PolicyRule)))
    }
    own = product.unwarranted or product.policy_id is not None
    steps = [Asked(QUESTIONS[None], "", True, own, policies.get(product.policy_id or 0))]
    for scope, value in questions(product, outlet_code):
        reached = not any(step.answered for step in steps)
        rule = rules.get((scope, scope_key(value))) if value else None
        policy = policies.get(rule.policy_id or 0) if rule else None
        steps.append(Asked(QUESTIONS[scope], value, reached, reached and rule is not None, policy, rule))
    return steps


def _products(typed: str) -> list[Product]:
    """Those with this code or barcode, then those whose name holds every word."""
    exact = or_(Product.sku == typed, Product.barcode == typed)
    named = and_(*(Product.name.icontains(word, autoescape=True) for word in typed.split()[:5]))
    found = queries.visible_to(me()).where(or_(exact, named))
    return list(db.session.scalars(found.order_by(exact.desc(), Product.name, Product.id).limit(FOUND)))
