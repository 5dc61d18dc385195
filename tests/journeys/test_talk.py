"""Two who have a case open at the same time talk as in a chat; a note stays with the shop."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
SOON = 15_000  # milliseconds; a page that is looked at asks every three seconds


def test_both_write_and_neither_reloads(shop: Shop, customer: Customer, agent: Staff) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
    customer.go(f"/cases/{customer.case}")
    agent.opens(customer.case)
    writing = customer.page.locator("#write textarea")
    writing.fill("Lampunya berkedip")

    box = agent.page.locator("[data-reply]")
    box.fill("Apakah lampu merahnya menyala?")
    agent.page.locator("#reply button[value=message]").click()
    thread = customer.page.locator(".timeline")
    expect(thread).to_contain_text("Apakah lampu merahnya menyala?", timeout=SOON)
    expect(customer.page.locator("#say")).to_contain_text("Apakah lampu merahnya menyala?")
    assert writing.input_value() == "Lampunya berkedip"

    writing.fill("Ya, berkedip merah.")
    customer.page.locator("#write button[type=submit]").last.click()
    expect(agent.page.locator("#thread")).to_contain_text("Ya, berkedip merah.", timeout=SOON)
    box = agent.page.locator("[data-reply]")
    box.fill("Catatan: cek papan daya")
    agent.page.locator("#reply button[value=note]").click()  # who has read the news is told of no conflict
    expect(agent.page.locator("#thread")).to_contain_text("cek papan daya")
    agent.page.locator("[data-reply]").fill("Baik, kami siapkan papan dayanya.")
    agent.page.locator("#reply button[value=message]").click()
    expect(thread).to_contain_text("Baik, kami siapkan papan dayanya.", timeout=SOON)
    assert "cek papan daya" not in customer.page.content()
