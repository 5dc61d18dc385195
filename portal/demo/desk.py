"""What the demo's people made of their desk: tags, views, and rules for who gets new cases."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.demo import people
from portal.domain import reactions
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Role
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet
from portal.domain.desk import assigning, tags, views
from portal.domain.workflows.engine import Priority

# tag → words of the cases that have it
TAGS = {
    "pelanggan setia": ("kulkas", "ponsel"),
    "menunggu suku cadang": ("panel", "kompresor", "motor"),
    "bahaya": ("terbakar", "gosong", "menggembung", "setrum"),
    "kemasan rusak": ("kemasan", "tumpah"),
}
ANYTHING = dict.fromkeys(("kind", "category", "priority", "words", "language", "role"), "")


def furnish(team: dict[tuple[str, str], Staff], outlets: dict[str, Outlet], now: datetime) -> None:
    """After the cases are there; rules come last, so that they touch none of them."""
    for name, words in TAGS.items():
        for case in db.session.scalars(select(Case).where(Case.on_desk).order_by(Case.id)):
            if any(word in f"{case.title} {case.search_text}".lower() for word in words):
                tags.add(case, name)
    reactions.settle(now)
    manager, agent = (people.actor(team["JKT", role]) for role in ("manager", "agent"))
    danger = tags.known("bahaya").id
    views.save(manager, "Bahaya dulu", f"tag={danger}&sort=due", shared=True)
    views.save(manager, "Mendesak", "priority=urgent&sort=due", shared=True)
    views.save(agent, "Jakarta, giliran toko", f"who=agent&outlet={outlets['JKT'].id}", shared=False)
    rules = (
        {"name": "Bahaya ke manajer", "tag_id": danger, "people": [team["JKT", "manager"].id]},
        {"name": "Mendesak", "priority": Priority.URGENT, "role": Role.MANAGER, "people": []},
        {"name": "Jakarta", "outlet_id": outlets["JKT"].id, "people": [team["JKT", "agent"].id]},
        {"name": "Sisanya", "role": Role.AGENT, "people": [], "active": False},
    )
    for rule in rules:
        assigning.save(None, None, {**ANYTHING, "outlet_id": None, "tag_id": None, "active": True, **rule})
