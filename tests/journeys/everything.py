"""The small shop of the route tests, served to real browsers, and every page of it that a person can open."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import actions as cases
from portal.domain.claims import actions as claims
from portal.domain.claims.rules import Payment
from portal.domain.files.models import StoredFile
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.conftest import HOST
from tests.fixtures.world import World
from tests.journeys.customer import PHOTOS
from tests.journeys.portal import Portal
from tests.journeys.window import Window

ELSEWHERE = ("/styleguide", "/outbox")  # the one has tests of its own, the other is only the demo's
SEARCHES = ("/units", "/desk", "/desk/receipts", "/desk/catalog", "/desk/registrations", "/desk/work-orders")


@dataclass
class Everything:
    """`people` by role; None is somebody who is not signed in, "stranger" a customer without anything."""

    portal: Portal
    world: World
    people: dict[str, Browser]
    also: dict[str, list[str]]

    def pages(self, who: str) -> Iterator[tuple[str, str]]:
        """Each address that shows this person a page, and what stands in its main part."""
        paths = [a.path for a in self.world.addresses(real=True) if a.method == "GET" and a.access]
        paths += [f"{path}?q=zzzz" for path in SEARCHES] + self.also.get(who, [])
        for path in (path for path in paths if path not in ELSEWHERE):
            answer = self.people[who].client.get(path, base_url=HOST)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield path, re.sub(r'value="[^"]*"', "", answer.text.partition("<main")[2])

    def opens(self, who: str, window: Window) -> Window:
        """The window becomes this person's."""
        cookie = self.people[who].client.get_cookie("purna", domain="127.0.0.1")
        assert cookie
        window.context.add_cookies([{"name": "purna", "value": cookie.value, "url": self.portal.url}])
        return window


@pytest.fixture
def everything(
    world: World, owner: Browser, stranger: Browser, agent: Browser, tmp_path: Path
) -> Iterator[Everything]:
    app = world.app
    people = {"visitor": Browser(app, lang="id"), Role.CUSTOMER.value: owner, "stranger": stranger}
    for role in (Role.TECHNICIAN, Role.AGENT, Role.MANAGER, Role.ADMIN):
        people[role.value] = Browser(app, factories.staff(role), lang="id")
    for person in people.values():
        with person.session() as session:
            session["lang"] = "id"
    also = _states(owner, agent.actor, world.values["/units/<"])
    db.session.commit()
    served = tmp_path / "served"
    shutil.copytree(tmp_path / "files", served / "files")
    with sqlite3.connect(tmp_path / "purna.db") as database:
        database.execute("VACUUM INTO ?", (str(tmp_path / "world.db"),))
    portal = Portal(served, tmp_path / "world.db")
    with portal.inside():
        for key in db.session.scalars(select(StoredFile.key)):
            for size in ("", ".thumb"):
                portal.app.extensions["files"].put(key + size, PHOTOS[0].read_bytes())
    yield Everything(portal, world, people, also)
    portal.stop()


def _states(owner: Browser, agent: Actor, code: str) -> dict[str, list[str]]:
    """Pages behind addresses that are listed already: each step of a claim, each stand of a case."""
    made = factories.purchase(owner.case.outlet, [(owner.unit.product, 4)], buyer=owner.person)  # type: ignore[attr-defined]
    draft = db.session.scalars(select(Unit).where(Unit.code == code)).one()
    claims.draft(owner.actor, draft, symptom="tv_no_power", story=factories.STORY, photos=[], now=clock.now())
    asked, wanted, rejected, withdrawn = [
        factories.claim(owner.actor, unit) for unit in factories.units_of(made)
    ]
    cases.move(agent, asked, E.ASK, clock.now(), body="Lampunya warna apa?")
    cases.move(agent, wanted, E.REQUEST_ITEM, clock.now())
    factories.decide(agent, rejected, Payment.REJECTED)
    cases.move(owner.actor, withdrawn, E.CANCEL, clock.now())
    factories.settle()
    steps = [f"/units/{code}/claims/new/{step}" for step in ("story", "photos", "review")]
    codes = [case.code for case in (asked, wanted, rejected, withdrawn)]
    return {
        Role.CUSTOMER.value: [*steps, *(f"/cases/{code}" for code in codes)],
        Role.AGENT.value: [f"/desk/cases/{code}" for code in codes],
    }
