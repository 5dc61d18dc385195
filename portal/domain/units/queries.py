"""Reading units: `visible_to(actor)` first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import PolicyVersion
from portal.domain.catalog.rules import Replacement
from portal.domain.links import actions as links
from portal.domain.units import guarantees as repairs
from portal.domain.units.coverage import Terms, Verdict, coverage
from portal.domain.units.models import CardLink, Unit, UnitPhoto
from portal.domain.units.rules import Registration
from portal.kernel.clock import day_in


def limit_to(actor: Actor, found: Select) -> Select:
    """Add who may see which units to a query that has Unit in it."""
    if actor.is_customer:
        found = found.where(Unit.holder_id == actor.id)
        if actor.reach is not None:
            found = found.where(
                or_(Unit.purchase_id.in_(actor.reach.purchases), Unit.id.in_(actor.reach.units))
            )
        return found
    return found if actor.may(Permission.CASE_VIEW) else found.where(false())


def visible_to(actor: Actor) -> Select[Unit]:
    return limit_to(actor, select(Unit))


# What coverage needs, as columns, so that lists can ask for it in their own query. A unit that replaced
# another needs no look back: it was given the dates that count when it was made (see actions.replace).
TERMS = (
    Unit.bought_on, Unit.delivered_on, Unit.installed_on, Unit.policy_version_id,
    Unit.registration, Unit.void_on, Unit.reason, Unit.guarantees,
)  # fmt: skip


def terms(
    bought_on: date,
    delivered_on: date | None,
    installed_on: date | None,
    policy_version_id: int | None,
    registration: str,
    void_on: date | None,
    reason: str,
    guarantees: Sequence[Mapping[str, Any]],
) -> Terms:
    """`Terms` from the values of the columns in TERMS."""
    clauses = catalog.layers(policy_version_id)
    return Terms(
        bought_on,
        clauses + repairs.layers(guarantees, len(clauses)) if guarantees else clauses,
        delivered_on,
        installed_on,
        Registration(registration),
        void_on,
        reason,
    )


def verdict(unit: Unit, now: datetime, component: str = "") -> Verdict:
    """The verdict for a unit at a moment, on the outlet's day."""
    values = (getattr(unit, column.key) for column in TERMS)
    return coverage(terms(*values), component, day_in(unit.outlet.timezone, now))


def card_token(unit_id: int) -> str | None:
    """The token of the unit's warranty card, None before one was made."""
    link = db.session.scalar(select(CardLink).where(CardLink.unit_id == unit_id))
    return links.token(CardLink, link.seed, link.token_hash) if link else None


def photo_codes(unit_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(UnitPhoto.file_code).where(UnitPhoto.unit_id == unit_id).order_by(UnitPhoto.id)
        )
    )


def photo_is_visible(actor: Actor, file_code: str) -> bool:
    """Whether a photo proves the registration of a unit that this person sees."""
    found = (
        select(UnitPhoto.id).join(Unit, Unit.id == UnitPhoto.unit_id).where(UnitPhoto.file_code == file_code)
    )
    return db.session.scalar(limit_to(actor, found).limit(1)) is not None


def restarts(policy_version_id: int | None) -> bool:
    """Whether a replacement under this policy begins a new term."""
    rule = db.session.scalar(select(PolicyVersion.replacement).where(PolicyVersion.id == policy_version_id))
    return rule == Replacement.RESTARTS


def lineage(unit: Unit) -> tuple[Unit | None, Unit | None]:
    """(the unit this one replaced, the unit that replaced it)."""
    later = aliased(Unit)
    return unit.predecessor, db.session.scalar(select(later).where(later.predecessor_id == unit.id))
