"""The desk by keyboard alone."""

import pytest

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def test_the_desk_is_worked_by_keys(shop: Shop, customer: Customer, agent: Staff) -> None:
    claims = []
    for _ in range(3):
        paper = shop.prints_receipt(phone=PHONE_ON_FILE)
        customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
        claims.insert(0, customer.case)

    def chosen() -> str | None:
        return agent.page.locator("[data-row].is-selected").get_attribute("data-row")

    key = agent.go("/desk").page.keyboard.press
    for pressed, expected in [("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)]:
        key(pressed)
        assert chosen() == claims[expected]
    with agent.arrives():
        key("Enter")
    assert agent.page.url.endswith(f"/desk/cases/{claims[1]}")

    key("r")
    agent.page.keyboard.type("jk/r: kami periksa hari ini.")
    assert agent.box("Message").input_value() == "jk/r: kami periksa hari ini."
    agent.press("Send to the customer")
    assert "kami periksa hari ini" in agent.portal.letter_to(PHONE_ON_FILE, "message").text

    agent.go("/desk")
    key("/")
    agent.page.keyboard.type(claims[2])
    with agent.arrives():
        key("Enter")
    assert agent.page.url.endswith(f"/desk/cases/{claims[2]}")
