"""A manager gives the portal the shop's own face, and a customer sees it."""

from collections.abc import Callable

import pytest

from portal.domain.accounts.rules import Role
from tests.journeys.customer import Customer
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey

BUTTON = "() => getComputedStyle(document.querySelector('.sample-{} .button.primary')).backgroundColor"


@pytest.mark.parametrize("looks", [{}, {"scripts": False}, {"dark": True}], ids=["", "no scripts", "dark"])
def test_the_preview_follows_the_colour_and_saving_shows_it_to_everybody(
    hire: Callable[..., Staff], customer: Customer
) -> None:
    manager = hire(Role.MANAGER).go("/desk/shop").write("Name of the shop", "Toko Mawar Melati")
    colour = manager.box("Colour")
    if manager.scripts:
        with manager.page.expect_response(lambda answer: "samples.css" in answer.url):
            colour.fill("#fff9c4")
        manager.page.wait_for_timeout(100)
        assert manager.page.evaluate(BUTTON.format("light")) == "rgb(104, 98, 50)"
        assert manager.page.evaluate(BUTTON.format("dark")) == "rgb(255, 249, 196)"
        assert "Toko Mawar Melati" in manager.page.locator("#preview").inner_text()
        manager.look()
    else:
        colour.fill("#fff9c4")
        manager.press("Preview")
        assert colour.input_value() == "#fff9c4"
    manager.reads("On a dark screen").press("Save the shop")
    manager.reads("Saved. Every page now shows your shop like this.")
    customer.go("/sign-in")
    assert "Toko Mawar Melati" in customer.page.locator("header").inner_text()
