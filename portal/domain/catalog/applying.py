"""Which warranty policy applies to what is sold where: asked in a stated order, the first answer counts.

1. The product itself: its own policy, or that it never has one. 2. Its category. 3. Its brand. 4. The outlet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, case, false, func, select, true

from portal.db import db
from portal.domain.catalog.models import PolicyRule, Product
from portal.domain.catalog.rules import Scope

Rules = Mapping[tuple[Scope, str], int | None]  # (scope, key) → policy, None when it says that none applies


class Sold(Protocol):
    """What the question depends on: a product, or a row with these columns."""

    policy_id: int | None
    unwarranted: bool
    category: str
    brand: str


SOLD = (Product.policy_id, Product.unwarranted, Product.category, Product.brand)  # as columns, for lists


@dataclass(frozen=True)
class Applied:
    """The policy that applies (None: no warranty) and what said so; `scope` None is the product itself.

    `said` is False when nothing said anything at all.
    """

    policy_id: int | None
    scope: Scope | None = None
    key: str = ""
    said: bool = True


def scope_key(value: str) -> str:
    """Categories, brands and outlet codes are compared without regard to capitals and spaces around."""
    return " ".join(value.split()).casefold()


def load_rules() -> dict[tuple[Scope, str], int | None]:
    """Every rule there is: shops have dozens, not thousands. One query."""
    rows = db.session.execute(select(PolicyRule.scope, PolicyRule.value, PolicyRule.policy_id))
    return {(Scope(scope), value): policy_id for scope, value, policy_id in rows}


def questions(product: Sold, outlet_code: str) -> tuple[tuple[Scope, str], ...]:
    """What is asked after the product itself, in order: (scope, what it is called there)."""
    return (
        (Scope.CATEGORY, product.category),
        (Scope.BRAND, product.brand),
        (Scope.OUTLET, outlet_code),
    )


def applied(product: Sold, outlet_code: str, rules: Rules) -> Applied:
    """The policy of this product when sold at this outlet, and why; with "", wherever it is sold."""
    if product.unwarranted or product.policy_id is not None:
        return Applied(None if product.unwarranted else product.policy_id)
    for scope, value in questions(product, outlet_code):
        key = scope_key(value)
        if key and (scope, key) in rules:
            return Applied(rules[scope, key], scope, key)
    return Applied(None, said=False)


def covered_somewhere(rules: Rules) -> ColumnElement[bool]:
    """Whether some policy applies to a product at one outlet at least, as a condition on Product."""

    def keys(scope: Scope, *, given: bool) -> list[str]:
        return [key for (s, key), policy in rules.items() if s == scope and (policy is not None) is given]

    def asked(scope: Scope, column: Any) -> list[tuple[ColumnElement[bool], ColumnElement[bool]]]:
        called = func.lower(func.trim(column))
        return [
            (called.in_(keys(scope, given=False)), false()),
            (called.in_(keys(scope, given=True)), true()),
        ]

    return case(
        (Product.unwarranted, false()),
        (Product.policy_id.is_not(None), true()),
        *asked(Scope.CATEGORY, Product.category),
        *asked(Scope.BRAND, Product.brand),
        else_=true() if keys(Scope.OUTLET, given=True) else false(),
    )


def under(policy_id: int) -> list[int]:
    """The ids of the products that a policy may apply to, by itself or by a rule."""
    own = db.session.scalars(select(Product.id).where(Product.policy_id == policy_id))
    rules = [rule for rule, given in load_rules().items() if given == policy_id]
    return [*own, *{number for scope, key in rules for number in asking(scope, key)}]


def asking(scope: Scope, key: str) -> list[int]:
    """The ids of the products that this rule may speak for: those that say nothing themselves."""
    columns = {Scope.CATEGORY: Product.category, Scope.BRAND: Product.brand}
    silent = select(Product.id).where(Product.policy_id.is_(None), Product.unwarranted.is_(False))
    if scope == Scope.OUTLET:
        return list(db.session.scalars(silent))
    rows = db.session.execute(silent.add_columns(columns[scope]))
    return [number for number, value in rows if scope_key(value) == key]
