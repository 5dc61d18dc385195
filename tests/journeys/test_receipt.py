"""Paper, and what it does and does not open."""

import pytest
from playwright.sync_api import Browser

from portal.domain.accounts.rules import WRONG_RECEIPT_TRIES
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.window import Window

pytestmark = pytest.mark.journey
EMAIL = "dewi@contoh.id"


@pytest.fixture
def stranger(portal: Portal, chromium: Browser, windows: list[Window]) -> Customer:
    """Somebody else with a phone."""
    windows.append(made := Customer(portal, chromium, reached_at="+6281299990000"))
    return made


def test_a_receipt_without_contact_goes_to_the_first_who_holds_it(
    shop: Shop, customer: Customer, stranger: Customer
) -> None:
    paper = shop.prints_receipt()
    stranger.scans(paper)
    customer.scans(paper).press("Yes, keep it for me").reads("Welcome. The receipt is in your account.")
    stranger.press("Yes, keep it for me", status=409).reads(
        "This receipt is in somebody's account already. If it is yours, please ask the shop."
    )
    stranger.scans(paper).reads("The shop opens this receipt for you")


def test_a_code_belongs_to_the_browser_that_asked(shop: Shop, customer: Customer, stranger: Customer) -> None:
    paper = shop.prints_receipt(email=EMAIL)
    customer.reached_at = EMAIL
    customer.scans(paper).asks_for_code()
    code = customer.reads_code()
    stranger.scans(paper).go(f"{paper.address}/code").writes_code(code, status=422).reads(
        "That code is wrong or no longer valid. Check it, or ask for a new one."
    )
    customer.writes_code(code).reads("Welcome. The receipt is in your account.")
    other = customer.on_another_phone().scans(paper).asks_for_code()
    other.writes_code(other.reads_code()).reads("Welcome. The receipt is in your account.").close()


def test_after_ten_wrong_tries_only_the_code_opens_it(
    shop: Shop, customer: Customer, stranger: Customer
) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    stranger.scans(paper)
    for n in range(WRONG_RECEIPT_TRIES):
        stranger.proves_by_phone(f"{n:04}", status=422)
    stranger.reads("Too many wrong tries. Use a code, or ask the shop to open this receipt for you.")
    customer.scans(paper)
    assert not customer.box("Last four digits of your phone number").count()
    customer.asks_for_code().writes_code(customer.reads_code()).reads(
        "Welcome. The receipt is in your account."
    )


def test_new_paper_ends_the_old(shop: Shop, customer: Customer, agent: Staff) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    agent.go(f"/desk/receipts/{paper.code}")
    agent.press("Yes, make a new one", within=agent.unfold("Make a new QR code"))
    customer.scans(paper, status=410).reads("This link has expired")
    customer.scans(agent.shows_code(paper)).reads("Is this your receipt?")
    agent.press("Yes, revoke it", within=agent.unfold("Revoke the QR code"))
    customer.proves_by_phone("2222", status=410)
