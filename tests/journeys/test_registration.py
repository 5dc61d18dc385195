"""A product bought elsewhere is registered, sent back, corrected and approved."""

from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.journeys.customer import PHOTOS, Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.window import Window

pytestmark = pytest.mark.journey
EMAIL = "rahma@contoh.id"


@pytest.fixture
def customer(portal: Portal, chromium: Browser, windows: list[Window]) -> Customer:
    """Rahma, whose e-mail address the shop knows."""
    windows.append(made := Customer(portal, chromium, reached_at=EMAIL))
    return made


def test_a_registration_is_rejected_corrected_and_approved(
    shop: Shop, customer: Customer, agent: Staff
) -> None:
    shop.knows(EMAIL)
    customer.signs_in(EMAIL).registers(
        shop.sku, serial="NS43-0001", bought_on="2024-02-29", outlet=shop.outlet, photos=PHOTOS[:1]
    )
    unit = customer.page.url.rpartition("/")[2]
    customer.reads("The shop compares your photos with the serial number and the date.")
    agent.portal.letter_to(shop.email, "registration")

    agent.decides_registration(unit, "Reject", "Nomor seri di foto lain: NS43-0007.")
    customer.follows_message("registration_rejected").reads("Correct the registration and send it again.")
    customer.follow("Correct and send again").write("Serial number", "NS43-0007")
    assert customer.page.get_by_label(customer.t("Date of purchase")).input_value() == "2024-02-29"
    customer.press("Send again").reads("Sent again. The shop checks it and tells you.")

    agent.decides_registration(unit, "Approve")
    customer.follows_message("registration_approved")
    card = PdfReader(BytesIO(customer.downloads("Card as PDF")))
    assert "NS43-0007" in "".join(page.extract_text() for page in card.pages)
