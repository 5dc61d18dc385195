"""Two who have a case open at the same time talk as in a chat; a note stays with the shop."""

import pytest
from playwright.sync_api import Page, Route, expect

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.kernel import clock
from tests import factories
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import PHOTOS, Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
SOON = 15_000  # milliseconds; a page that is looked at asks every three seconds


def loads(page: Page) -> list[str]:
    """The pages that are loaded from here on."""
    seen: list[str] = []
    page.on("request", lambda r: r.is_navigation_request() and seen.append(r.url))
    return seen


def test_both_write_and_neither_reloads(shop: Shop, customer: Customer, agent: Staff) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
    customer.go(f"/cases/{customer.case}")
    agent.opens(customer.case)
    loaded = [*map(loads, (customer.page, agent.page))]
    writing = customer.page.locator("#write textarea")
    writing.fill("Lampunya berkedip")

    box, thread = agent.page.locator("[data-reply]"), customer.page.locator(".timeline")
    box.fill("Apakah lampu merahnya menyala?")
    agent.page.locator("#reply button[value=message]").click()
    expect(agent.page.locator("#thread")).to_contain_text("Apakah lampu merahnya menyala?")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    expect(agent.page.locator("#say")).to_have_text(agent.t("Saved."))
    expect(thread).to_contain_text("Apakah lampu merahnya menyala?", timeout=SOON)
    expect(customer.page.locator("#say")).to_contain_text("Apakah lampu merahnya menyala?")
    assert writing.input_value() == "Lampunya berkedip"

    writing.fill("Ya, berkedip merah.")
    customer.page.locator("#write button[type=submit]").last.dblclick()
    expect(thread).to_contain_text("Ya, berkedip merah.")
    expect(writing).to_be_focused()
    expect(writing).to_have_value("")
    assert customer.page.get_by_text("Ya, berkedip merah.").count() == 1
    customer.look()
    expect(agent.page.locator("#thread")).to_contain_text("Ya, berkedip merah.", timeout=SOON)
    box.fill("Catatan: cek papan daya")
    agent.page.locator("#reply button[value=note]").click()  # who has read the news is told of no conflict
    expect(agent.page.locator("#thread")).to_contain_text("cek papan daya")
    agent.look()
    box.fill("Baik, kami siapkan papan dayanya.")
    box.press("Control+Enter")
    expect(thread).to_contain_text("Baik, kami siapkan papan dayanya.", timeout=SOON)
    assert "cek papan daya" not in customer.page.content()

    with shop.portal.inside():
        case = db.session.query(Case).filter_by(code=customer.case).one()
        leg = shipments.start(
            SYSTEM, Direction.TO_CUSTOMER, courier="JNE", waybill="CGK123", status=Status.PICKED_UP,
            at=clock.now(), now=clock.now(),
        )  # fmt: skip
        cases.add_leg(SYSTEM, case, leg, clock.now())
        factories.settle()
    expect(thread).to_contain_text(customer.t("Picked up"), timeout=SOON)
    expect(customer.page.locator("#stands .parcel")).to_contain_text("CGK123")
    expect(agent.page.locator("#shipments")).to_contain_text("CGK123", timeout=SOON)
    assert loaded == [[], []]


def test_without_a_connection_nothing_is_lost(shop: Shop, customer: Customer) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
    customer.go(f"/cases/{customer.case}")
    writing, send = (
        customer.page.locator("#write textarea"),
        customer.page.locator("#write [type=submit]").last,
    )

    kept = customer.page.locator("#write [name$=-kept]")

    def cut(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    customer.page.locator("#write input[type=file]").last.set_input_files(PHOTOS[0])
    expect(kept).to_have_count(1)
    customer.go(f"/cases/{customer.case}")  # the tab was closed before the message was written
    expect(kept).to_have_count(1)
    customer.page.route("**/messages", cut)
    writing.fill("Besok saya antar.")
    send.click()
    expect(customer.page.locator("#offline")).to_be_visible()
    expect(writing).to_have_value("Besok saya antar.")
    customer.page.unroute("**/messages", cut)
    send.click()
    expect(customer.page.locator(".timeline")).to_contain_text("Besok saya antar.")
    expect(customer.page.locator("#offline")).to_be_hidden()
    expect(customer.page.locator(".timeline img")).to_have_count(1)
    customer.go(f"/cases/{customer.case}")
    expect(kept).to_have_count(0)
    send.click()  # with nothing in it
    expect(customer.page.locator(".errors")).to_be_focused()
    customer.page.locator(".errors a").press("Enter")
    expect(writing).to_be_focused()
    customer.look()
