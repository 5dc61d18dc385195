"""Other things than claims that a customer asks the shop for, from the receipt to the last word."""

import pytest

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import PHOTOS, Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
LOOKS = pytest.mark.parametrize("looks", [{}, {"scripts": False}], ids=["on a phone", "without JavaScript"])


def comes_in(shop: Shop, customer: Customer, agent: Staff) -> Customer:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    return customer.scans(agent.shows_code(paper)).proves_by_phone("2222")


@LOOKS
def test_spoiled_food_is_reported_on_one_screen_and_paid_back(
    shop: Shop, customer: Customer, agent: Staff
) -> None:
    comes_in(shop, customer, agent).go("/ask").follow("Food or drink was not good")
    customer.page.locator("main .row-title").first.click()
    page = customer.page
    page.locator("[value=spoiled]").check()
    page.locator("[value=refund]").check()
    button = page.locator("main form button[type=submit]").bounding_box()
    assert button and button["y"] + button["height"] <= 740, "the form fits a phone's screen"
    customer.adds(PHOTOS[:1]).press("Send").arrived_at_case()
    agent.go(f"/desk/cases/{customer.case}").reads("Spoiled, or past its date")
    agent.page.locator("#decide [value=refund]").check()
    agent.write("Amount paid back", "20.000").write("What the customer reads", "Maaf, uang kembali hari ini.")
    agent.press("Decide")
    customer.go(f"/cases/{customer.case}").reads("Maaf, uang kembali hari ini.").reads("Being put right")


@LOOKS
def test_a_question_is_asked_answered_and_closed(shop: Shop, customer: Customer, agent: Staff) -> None:
    comes_in(shop, customer, agent).go("/ask").follow("A question, or help with using it")
    customer.page.locator("main .row-title").first.click()
    page = customer.page
    customer.write("What would you like to know?", "Bagaimana menyambungkan remote?")
    phone = page.locator("#phone")
    page.locator("[value=message]").check()
    assert phone.is_hidden() or phone.input_value() == "", "only what applies is asked"
    customer.press("Send").arrived_at_case()
    agent.go(f"/desk/cases/{customer.case}")
    agent.page.locator("[data-reply]").fill("Tekan tombol tengah lima detik.")
    agent.press("Answer it")
    customer.go(f"/cases/{customer.case}").reads("Tekan tombol tengah lima detik.").press("Yes, it helped")
    customer.reads("Finished")


def test_a_service_is_asked_for_and_accepted(shop: Shop, customer: Customer, agent: Staff) -> None:
    comes_in(shop, customer, agent).go("/ask/service?about=none")
    page = customer.page
    page.locator("[value=other]").check()
    customer.write("What shall be done?", "Ganti kaki meja yang retak.")
    page.locator("[value=home]").check()
    customer.write("Your address", "Jalan Mawar 3")
    page.locator("[value=shop]").check()
    assert page.locator("#place").is_hidden()
    customer.press("Send").arrived_at_case()
    agent.go(f"/desk/cases/{customer.case}")
    agent.page.locator("#decide [value=bring]").check()
    agent.write("What the customer reads", "Silakan bawa mejanya.").press("Decide")
    customer.go(f"/cases/{customer.case}").reads("Silakan bawa mejanya.").reads("Bring or send the item")
