"""The small shop of the route tests, served to real browsers, and every page of it that a person can open."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.adapters.filestore import open_store
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


@dataclass(frozen=True)
class Everything:
    """People by role; "visitor" is somebody who is not signed in, "stranger" a customer without anything.

    `pages` are the addresses that show them a page, and what stands in its main part; `also` those of them
    behind addresses that are listed already.
    """

    portal: Portal
    world: World
    cookies: dict[str, str]
    pages: dict[str, list[tuple[str, str]]]
    also: dict[str, list[str]]

    def opens(self, who: str, window: Window) -> Window:
        """The window becomes this person's."""
        cookie = {"name": "purna", "value": self.cookies[who], "url": self.portal.url}
        window.context.add_cookies([cookie])  # type: ignore[list-item]
        return window


@pytest.fixture
def everything(request: pytest.FixtureRequest, kept: dict[str, Any], tmp_path: Path) -> Iterator[Everything]:
    if "made" not in kept:
        kept["made"] = _make(request.getfixturevalue, tmp_path, kept["folder"])
    shutil.copytree(kept["folder"] / "files", tmp_path / "served" / "files")
    portal = Portal(tmp_path / "served", kept["folder"] / "world.db")
    yield Everything(portal, *kept["made"])
    portal.stop()


def _make(
    fixture: Callable[[str], Any], here: Path, folder: Path
) -> tuple[World, dict[str, str], dict[str, list[tuple[str, str]]], dict[str, list[str]]]:
    """Keep the world that stands `here` in the folder; all of Everything but its portal."""
    world, owner, agent = fixture("world"), fixture("owner"), fixture("agent")
    people = {"visitor": Browser(world.app), Role.CUSTOMER.value: owner, "stranger": fixture("stranger")}
    for role in (Role.TECHNICIAN, Role.AGENT, Role.MANAGER, Role.ADMIN):
        people[role.value] = Browser(world.app, factories.staff(role))
    for person in people.values():
        with person.session() as session:
            session["lang"] = "id"
    also = _states(owner, agent.actor, world.values["/units/<"])
    db.session.commit()
    with sqlite3.connect(here / "purna.db") as database:
        database.execute("VACUUM INTO ?", (str(folder / "world.db"),))
    shutil.copytree(here / "files", folder / "files")
    photos = open_store(f"{folder}/files")
    for key in db.session.scalars(select(StoredFile.key)):
        for size in ("", ".thumb"):
            photos.put(key + size, PHOTOS[0].read_bytes())
    cookies = {who: person.client.get_cookie("purna", domain="127.0.0.1") for who, person in people.items()}
    pages = {who: list(_pages(world, person, also.get(who, []))) for who, person in people.items()}
    return world, {who: cookie.value for who, cookie in cookies.items() if cookie}, pages, also


def _pages(world: World, person: Browser, also: list[str]) -> Iterator[tuple[str, str]]:
    """A page that is at fault, too: it shows when somebody opens it."""
    world.app.testing = False
    paths = [a.path for a in world.addresses(real=True) if a.method == "GET" and a.access]
    paths += [f"{path}?q=zzzz" for path in SEARCHES] + also
    for path in (path for path in paths if path not in ELSEWHERE):
        answer = person.client.get(path, base_url=HOST)
        if answer.status_code in (200, 500) and answer.mimetype == "text/html":
            yield path, re.sub(r'value="[^"]*"', "", answer.text.partition("<main")[2])


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
