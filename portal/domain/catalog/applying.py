"""Which warranty policy applies to what is sold where: asked in a stated order, the first answer counts.

1. The product itself: its own policy, or that it never has one. 2. Its category. 3. Its brand. 4. The outlet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog.models import PolicyRule
from portal.domain.catalog.rules import Scope

Rules = Mapping[tuple[Scope, str], int | None]  # (scope, key) → policy, None when it says that none applies


class Sold(Protocol):
    """What the question depends on: a product, or a row with these columns."""

    policy_id: int | None
    unwarranted: bool
    category: str
    brand: str


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


def applied(product: Sold, outlet_code: str, rules: Rules) -> Applied:
    """The policy of this product when sold at this outlet, and why."""
    if product.unwarranted or product.policy_id is not None:
        return Applied(None if product.unwarranted else product.policy_id)
    asked = (
        (Scope.CATEGORY, product.category),
        (Scope.BRAND, product.brand),
        (Scope.OUTLET, outlet_code),
    )
    for scope, value in asked:
        key = scope_key(value)
        if key and (scope, key) in rules:
            return Applied(rules[scope, key], scope, key)
    return Applied(None, said=False)
