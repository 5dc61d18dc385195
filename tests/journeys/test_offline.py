"""The portal without a connection: a page of ours, the last seen states, and nothing private kept."""

import json
from typing import Any

import pytest

from portal.db import db
from portal.domain.accounts.rules import Actor, Role
from portal.domain.shop import actions, queries
from portal.kernel import clock
from portal.web import look
from tests import factories
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import STORY, Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop

pytestmark = pytest.mark.journey

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push([request.url, await (await cache.match(request)).text()]);
    }
  }
  return found;
}"""
STORED = "() => ({ ...localStorage })"
TAKEN_OVER = """async () => {
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller)
    await new Promise((done) => { navigator.serviceWorker.oncontrollerchange = done; });
}"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


@pytest.fixture
def claimant(shop: Shop, customer: Customer) -> Customer:
    """Dewi with a claim that she has sent; the worker looks after her browser."""
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper)
    assert customer.page.evaluate(WORKERS) == 0  # paper alone brings none
    customer.proves_by_phone("2222").files_claim(paper.unit)
    customer.page.evaluate(TAKEN_OVER)
    return customer


def kept(customer: Customer) -> list[tuple[str, str]]:
    """(path, content) of all that the browser's caches hold."""
    return [(url.removeprefix(customer.portal.url), text) for url, text in customer.page.evaluate(KEPT)]


def sheets(customer: Customer) -> list[str]:
    return [path for path, _text in kept(customer) if path.endswith("site.css")]


def stored(customer: Customer) -> dict[str, Any]:
    found: dict[str, Any] = customer.page.evaluate(STORED)
    return found


@pytest.mark.parametrize("looks", [{}, {"lang": "en", "dark": True}], ids=["Indonesian", "in English, dark"])
def test_without_a_connection_the_last_seen_states_are_shown(claimant: Customer, shop: Shop) -> None:
    claimant.go("/home")
    claimant.context.set_offline(True)
    claimant.go("/units")  # a page that was never opened
    claimant.reads("This page cannot be opened now").reads("Your cases, as last seen")
    code = f"{claimant.case[:4]}-{claimant.case[4:]}"
    assert code in claimant.page.locator("[data-last-seen]").inner_text()
    assert claimant.page.locator("[data-last-seen] .stamp").inner_text()
    claimant.context.set_offline(False)
    claimant.follow("Try again")
    assert claimant.page.url.endswith("/units")
    assert shop.product in claimant.page.inner_text("main")


def test_nothing_private_is_kept(claimant: Customer, shop: Shop) -> None:
    for path in ("/home", f"/cases/{claimant.case}", "/units", "/account"):
        claimant.go(path)
    found = kept(claimant)
    assert {path for path, _text in found if not path.startswith("/assets/")} == {"/offline?lang=id"}
    everything = json.dumps([found, stored(claimant)])
    for secret in ("Dewi", shop.product, STORY, "1111", "/cases/", claimant.case):
        assert secret not in everything, secret
    entry = json.loads(stored(claimant)["seen"])["cases"]
    assert [set(one) for one in entry] == [{"code", "state", "by", "at"}]


def test_after_signing_out_nothing_is_left(claimant: Customer) -> None:
    claimant.go("/home").press("Sign out")
    claimant.page.wait_for_function("() => !('seen' in localStorage)", polling=100)
    assert "seen" not in stored(claimant)
    assert claimant.page.evaluate(WORKERS) == 0
    assert kept(claimant) == []


def test_another_person_does_not_see_the_states_of_the_one_before(claimant: Customer, portal: Portal) -> None:
    claimant.go("/home")
    before = json.loads(stored(claimant)["seen"])
    assert before["cases"]
    claimant.context.clear_cookies()  # the session ended, but nobody signed out
    with portal.inside():
        factories.customer("Budi", "budi@contoh.id", "+6281298765432")
        db.session.commit()
    claimant.reached_at = "budi@contoh.id"
    claimant.signs_in("budi@contoh.id").go("/account")
    after = json.loads(stored(claimant)["seen"])
    assert after["who"] != before["who"] and not after["cases"]


def test_a_new_look_takes_over_while_pages_are_open(claimant: Customer, portal: Portal) -> None:
    (former,) = sheets(claimant)
    with portal.inside():
        manager = factories.staff(Role.MANAGER)
        actor = Actor(Role.MANAGER, manager.id)
        version = queries.look(db.session).version
        actions.change(actor, version, clock.now(), name="Toko Berganti", colour="#aa3355")
        db.session.commit()
        look.forget()
    claimant.go("/home")
    for _second in range(10):  # a browser takes its time
        claimant.page.wait_for_timeout(1000)
        if former not in sheets(claimant):
            break
    assert len(sheets(claimant)) == 1 and former not in sheets(claimant)
    claimant.context.set_offline(True)
    claimant.go("/units")
    assert "Toko Berganti" in claimant.page.locator("header").inner_text()


def test_a_form_that_cannot_be_sent_stays_with_what_was_written(claimant: Customer) -> None:
    claimant.go("/account").write("Your name", "Dewi Lestari Ayu")
    claimant.context.set_offline(True)
    claimant.page.get_by_role("button", name=claimant.t("Save"), exact=True).click()
    claimant.reads("No connection. What you wrote is still here; send it again in a moment.")
    assert claimant.box("Your name").input_value() == "Dewi Lestari Ayu"
    claimant.context.set_offline(False)
    claimant.press("Save")
    assert claimant.box("Your name").input_value() == "Dewi Lestari Ayu"


def test_a_browser_finds_nothing_that_keeps_it_from_installing_the_portal(claimant: Customer) -> None:
    claimant.go("/home")
    line = claimant.context.new_cdp_session(claimant.page)
    found = line.send("Page.getAppManifest")
    assert json.loads(found["data"])["start_url"] == "/home" and not found["errors"]
    problems = [e["errorId"] for e in line.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [p for p in problems if p != "in-incognito"] == []  # each test has a window of its own kind
