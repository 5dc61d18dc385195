"""Adding, changing and removing the rules that give policies to categories, brands and outlets."""

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog import applying
from portal.domain.catalog.facts import PoliciesChanged
from portal.domain.catalog.models import PolicyRule
from portal.domain.catalog.rules import Scope
from portal.domain.news import announce
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _


def save_rule(
    rule: PolicyRule | None, version: int | None, *, scope: Scope, value: str, policy_id: int | None
) -> PolicyRule:
    """Create a rule, or change which policy it gives; None says that none applies. Raises Refused, Stale."""
    if rule is None:
        key = applying.scope_key(value)
        if db.session.scalar(select(PolicyRule.id).where(PolicyRule.scope == scope, PolicyRule.value == key)):
            raise Refused(_("There is a rule for this already. Change that one."), "value")
        rule = PolicyRule(scope=scope, value=key)
        db.session.add(rule)
    elif version is not None and version != rule.version:
        raise Stale
    rule.policy_id = policy_id
    db.session.flush()
    _tell(rule)
    return rule


def remove_rule(rule: PolicyRule, version: int | None) -> None:
    """From now on the next question is asked instead. Raises Stale."""
    if version is not None and version != rule.version:
        raise Stale
    db.session.delete(rule)
    db.session.flush()
    _tell(rule)


def _tell(rule: PolicyRule) -> None:
    found = applying.asking(Scope(rule.scope), rule.value)
    if found:
        announce(PoliciesChanged(tuple(found)))
