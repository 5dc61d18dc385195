"""Many cases at once by keyboard: chosen, tagged, and put back."""

import pytest

from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def test_rows_are_chosen_tagged_and_put_back_by_keys(shop: Shop, agent: Staff) -> None:
    shop.receives_claims("banyak@contoh.id", 4)
    page = agent.go("/desk").page
    key = page.keyboard.press
    for pressed in ("j", "x", "j", "j", "Shift+X"):
        key(pressed)
    assert page.locator("[name=case]:checked").count() == 3
    agent.look()
    key("Shift+T")
    page.wait_for_url("**/desk/bulk?**")
    page.keyboard.type("panen")
    key("Enter")
    page.wait_for_url("**did=**")
    assert page.locator(".bulk-done b").inner_text().startswith("3 ")
    agent.look()
    key("z")
    page.locator(".flashes .tone-good").wait_for()
    assert not page.locator(".bulk-done").count()
    key("f")
    page.locator("#panel fieldset").first.wait_for()
    agent.look()
    key("g")
    key("2")
    page.wait_for_url("**whose=mine")
