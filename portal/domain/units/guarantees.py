"""The guarantee on a repair: a layer of cover of its own, from the day the item was handed out.

It covers what was repaired, whoever paid for it, and takes nothing from the warranty, which goes on as it
was. A unit that is replaced or whose warranty is void has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.catalog.rules import Layer, Provider, Start
from portal.domain.units.coverage import Guaranteed, add_term
from portal.domain.units.models import Unit, UnitEvent

NAME_ID, NAME_EN = "Garansi perbaikan", "Guarantee on the repair"
ORDER_ID, ORDER_EN = "Order servis {}", "Work order {}"
REPAIR = "repair"  # the component of a repair that names none; no symptom has it


@dataclass(frozen=True)
class Guarantee:
    """`order` is the code of the work order, `component` what was repaired; `days` from `since` on."""

    order: str
    component: str
    since: date
    days: int

    @property
    def until(self) -> date:
        """The last day."""
        return add_term(self.since, 0, self.days)


def give(actor: Actor, unit: Unit, guarantee: Guarantee, now: datetime) -> bool:
    """Add a guarantee; one of the same work order twice is harmless. Whether it is new."""
    if any(kept["order"] == guarantee.order for kept in unit.guarantees):
        return False
    row = {
        "order": guarantee.order, "component": guarantee.component or REPAIR,
        "since": guarantee.since.isoformat(), "days": guarantee.days,
    }  # fmt: skip
    unit.guarantees = [*unit.guarantees, row]
    db.session.add(
        UnitEvent(unit_id=unit.id, at=now, event="repair", staff_id=actor.id, reason=guarantee.order)
    )
    db.session.flush()
    return True


def layers(kept: Sequence[Mapping[str, Any]], clauses: int) -> tuple[Layer, ...]:
    """The guarantees of a unit as clauses, numbered after the `clauses` of its policy."""
    return tuple(
        Guaranteed(
            number, row["component"], NAME_ID, NAME_EN, True, True, False, 0, row["days"], Start.PURCHASE,
            Provider.SHOP, how_id=ORDER_ID.format(row["order"]), how_en=ORDER_EN.format(row["order"]),
            since=date.fromisoformat(row["since"]),
        )
        for number, row in enumerate(kept, clauses + 1)
    )  # fmt: skip
