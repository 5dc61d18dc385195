"""The desk by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def test_the_desk_is_worked_by_keys(shop: Shop, customer: Customer, agent: Staff) -> None:
    claims = []
    for bought in range(3):
        paper = shop.prints_receipt(phone=PHONE_ON_FILE, again=bought > 0)
        customer.scans(paper)
        if not bought:  # whoever is signed in and known to the till sees the next receipts at once
            customer.proves_by_phone("2222")
        customer.files_claim(paper.unit)
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
    agent.sends()
    assert "kami periksa hari ini" in agent.portal.letter_to(PHONE_ON_FILE, "message").text

    agent.go("/desk")
    key("/")
    agent.page.keyboard.type(claims[2])
    with agent.arrives():
        key("Enter")
    assert agent.page.url.endswith(f"/desk/cases/{claims[2]}")


def test_five_cases_are_worked_through_beside_the_queue(shop: Shop, agent: Staff) -> None:
    codes = shop.receives_claims("lima@contoh.id", 5)
    page = agent.go("/desk?stage=new").page
    key = page.keyboard.press

    def shown(code: str) -> None:
        """This case stands beside the queue: marked, titled, said, and reading begins at its heading."""
        page.locator(f"#case[data-case='{code}']").wait_for()
        page.wait_for_url(f"**/desk/cases/{code}?stage=new")
        assert (
            page.locator("[data-row] > [aria-current]").get_attribute("href")
            == f"/desk/cases/{code}?stage=new"
        )
        assert page.evaluate("document.activeElement.id") == "case-title"
        said = f"{code[:4]}-{code[4:]}"
        assert said in page.title()
        assert said in page.locator("#say").inner_text()
        agent.look()

    key("j")
    with agent.arrives():
        key("Enter")
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.locator(f"[data-row='{codes[0]}'] > [aria-current]").wait_for()
    key("j")
    key("Enter")
    shown(codes[1])
    key("k")
    key("Enter")
    shown(codes[0])
    key("n")
    shown(codes[1])
    key("n")
    shown(codes[2])
    assert not loads  # one page all the while

    key("d")
    key("Space")
    assert page.locator("#decide [type=radio]").first.is_checked()
    agent.write("Reason, for the customer to read", "Kerusakan pabrik.").press("Decide")
    assert page.url.endswith(f"/desk/cases/{codes[3]}?stage=new")
    page.locator(f"[data-row='{codes[3]}'] > [aria-current]").wait_for()
    key("r")
    page.keyboard.type("Lampunya warna apa?")
    key("Control+Enter")
    expect(agent.page.locator("[data-reply]")).to_have_value("")
    assert agent.portal.letter_to("lima@contoh.id", "message").text.count("Lampunya warna apa?")
    page.locator(f"[data-row='{codes[3]}'] > [aria-current]").wait_for()
    key("Escape")
    key("n")
    shown(codes[4])
    page.go_back()
    page.locator(f"#case[data-case='{codes[3]}']").wait_for()
