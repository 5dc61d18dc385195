"""The demo's holidays, targets and priorities, and what its clocks have told so far."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases import targets, watch
from portal.domain.cases.models import Case, CaseAlarm
from portal.domain.catalog import holidays
from portal.domain.catalog.models import Outlet, Product
from portal.domain.units.models import Unit
from portal.domain.workflows.calendar import calendar

HOUR = 60
# Whose matter is how urgent: (product, state) → priority.
PRIORITIES = {
    ("CK-20", "fulfilling"): "urgent",
    ("FR-2P240", "submitted"): "urgent",
    ("AC-09K", "reopened"): "high",
    ("MT-160", "inspecting"): "high",
    ("LT-14", "received"): "high",
    ("CH-ERG", "inspecting"): "low",
}


# What this shop has let slip: it is late on purpose.
BEHIND = {("MT-160", "inspecting"), ("AC-09K", "reopened"), ("DR-LN", "fulfilling")}


def in_time(outlet: Outlet, at: datetime, now: datetime, ago: timedelta) -> datetime:
    """When a shop that keeps up takes a step: the later of `at` and `ago` of service time before `now`. What
    it promises is still ahead."""
    return max(at, calendar(outlet.hours, outlet.timezone).before(now, ago))


def prepare(outlet: Outlet, now: datetime) -> None:
    """The national holidays, two days of an outlet's own, and targets that this shop has set itself."""
    watch.seed(now)
    for day, name, hours in (
        (date(now.year, 12, 30), "Stok opname", ""),
        (date(now.year, 12, 31), "Malam tahun baru", "09:00-15:00"),
    ):
        holidays.save(None, None, day=day, outlet_id=outlet.id, name=name, hours=hours)
    targets.save("normal", {"quality": (HOUR // 2, None, None), "damage": (2 * HOUR, None, None)})
    targets.save("urgent", {"warranty": (HOUR, 2 * HOUR, None)})


def set_priorities(agent: Actor, now: datetime) -> None:
    """Some cases are more urgent than others."""
    found = select(Case, Product.sku).join(Unit, Unit.id == Case.unit_id).join(Product).where(Case.on_desk)
    for case, sku in db.session.execute(found.order_by(Case.id)).all():
        priority = PRIORITIES.get((sku, case.state))
        if priority:
            cases.prioritise(agent, case, priority, now)


def catch_up(now: datetime) -> None:
    """What is due by now is written down; who had to be told of older things was told then."""
    while watch.reckon(now) or watch.ring(now):
        pass
    old = CaseAlarm.at < now - timedelta(hours=12)
    db.session.execute(update(CaseAlarm).where(old).values(told_at=CaseAlarm.at))
    watch.tell(now)
