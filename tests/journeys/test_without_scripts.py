"""Everything that customers and staff do, in a browser that runs no script at all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from portal.domain.accounts.rules import Role
from portal.domain.repairs.rules import S as Work
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import PHOTOS, STORY, Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.window import Window

pytestmark = pytest.mark.journey
EMAIL = "wati@contoh.id"


@pytest.fixture
def looks() -> dict[str, bool]:
    return {"scripts": False}


@pytest.fixture
def wati(portal: Portal, chromium: Browser, windows: list[Window], shop: Shop) -> Customer:
    """Known by her e-mail address."""
    shop.knows(EMAIL, "Wati")
    windows.append(made := Customer(portal, chromium, reached_at=EMAIL, scripts=False))
    return made


def test_an_account_and_a_registration(wati: Customer, shop: Shop, agent: Staff) -> None:
    wati.signs_in(EMAIL).go("/home").reads("Begin with your receipt")
    wati.registers(shop.sku, serial="NS-77", bought_on="2024-02-29", outlet=shop.outlet, photos=PHOTOS[:2])
    wati.reads("The shop compares your photos with the serial number and the date.")
    unit = wati.page.url.rpartition("/")[2]
    agent.decides_registration(unit, "Approve")

    form = wati.go("/account").page.locator("form[action='/account']")
    wati.write("Your name", "Wati Susilo", within=form)
    form.get_by_label("English").check()
    wati.press("Save", within=form)
    wati.lang = "en"
    wati.go("/home").reads("Hello, Wati Susilo").press("ID: Bahasa Indonesia")
    wati.lang = "id"
    wati.go("/units").reads("NS-77").press("Sign out", within=wati.page.locator(".top"))
    wati.go("/home").reads("Send me a code")


def test_a_claim_with_photos_in_two_goes_is_rejected_and_appealed(
    customer: Customer, shop: Shop, agent: Staff, hire: Callable[..., Staff]
) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.go("/receipt").write("Code on the receipt", paper.code)
    customer.write("Last four digits of your phone number", "2222").press("Open my receipt")
    customer.begins_claim(paper.unit).press("Go on", status=422)
    assert customer.page.locator(".errors a").get_attribute("href") == "#symptom-0"
    customer.page.locator("input[name=symptom][value=tv_no_power]").check()
    customer.press("Go on").write("What happens, and since when?", STORY).press("Go on")
    customer.adds(PHOTOS[:2]).press("Add more photos")
    customer.adds(PHOTOS[2:]).press("Go on")
    assert customer.page.locator(".photos-shown img").count() == 3
    customer.press("Send the claim").arrived_at_case()

    agent.go("/desk").page.get_by_role("searchbox").fill("Televisi")
    with agent.press("Search").arrives():
        agent.page.locator(f"[data-row='{customer.case}'] a").click()
    agent.asks("Sejak kapan?")
    customer.go(f"/cases/{customer.case}").answers("Kemarin.", photos=PHOTOS[:1])
    assert customer.page.locator("#timeline img").count() == 4
    agent.opens(customer.case).rejects(
        "Karena air.", evidence="Foto 1.", alternative="Servis berbayar.", override="Lihat foto."
    )
    customer.go(f"/cases/{customer.case}").page.get_by_role("link", name=customer.t("Appeal")).click()
    customer.appeals("Tidak pernah kena air.").reads(
        "Your appeal is sent. Another person at the shop decides."
    )
    manager = hire(Role.MANAGER).finds_on_top(customer.case)
    manager.decides_repair("Kami perbaiki.").finds_repair(customer.case).takes_it()
    manager.works(Work.DIAGNOSING).works(Work.IN_PROGRESS)
    customer.go(f"/cases/{customer.case}").reads("Being repaired")


def test_a_receipt_is_printed_on_the_paper_that_is_there(shop: Shop, agent: Staff) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    agent.go("/desk/receipts").page.get_by_role("searchbox").fill(paper.code)
    agent.press("Search").follow("Dewi")
    for label in ("58 mm", "80 mm", "A4"):
        assert agent.downloads(label).startswith(b"%PDF")
