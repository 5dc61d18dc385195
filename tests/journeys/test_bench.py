"""At the bench with a phone in one hand: from the counter to the signature."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from portal.domain.accounts.rules import Role
from tests.journeys.customer import PHOTOS
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.window import PHONE, Window

pytestmark = pytest.mark.journey
THUMB = 740 * 0.55  # what lies below this is reached by the thumb of the hand that holds the phone


class Technician(Staff):
    """Somebody who holds the item in one hand and the phone in the other."""

    def __init__(self, portal: Portal, browser: Browser, *, email: str, scripts: bool = True):
        Window.__init__(self, portal, browser, size=PHONE, scripts=scripts)
        self.email = email

    def taps(self, name: str) -> None:
        """A button of the bar at the bottom, where the thumb is."""
        bar = self.page.locator(".work-bar")
        button = bar.get_by_role("button", name=self.t(name)).or_(bar.get_by_role("link", name=self.t(name)))
        box = button.bounding_box()
        assert box and box["y"] > THUMB and min(box["width"], box["height"]) >= 56, (name, box)
        with self.arrives():
            button.click()

    def draws(self) -> None:
        canvas = self.page.locator("canvas.sign")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        for left in (0.2, 0.5):
            self.page.mouse.move(box["x"] + box["width"] * left, box["y"] + 20)
            self.page.mouse.down()
            for n in range(1, 9):
                self.page.mouse.move(box["x"] + box["width"] * (left + n / 40), box["y"] + 20 + n * 8)
            self.page.mouse.up()


@pytest.fixture
def technician(portal: Portal, chromium: Browser, shop: Shop) -> Iterator[Technician]:
    made = Technician(portal, chromium, email=shop.hires(Role.TECHNICIAN, "Togar"))
    yield made.signs_in()
    made.close()


def test_from_the_counter_to_the_signature(technician: Technician) -> None:
    technician.go("/desk/work-orders").follow("Take something in").touches()
    technician.write("Name", "Bu Ani").write("Telephone", "0812-3450-0001")
    technician.write("What is it?", "Kipas angin").write("What shall be done?", "Berdengung, tidak berputar")
    technician.press("Go on to the intake").touches()
    technician.box("Photos of its condition").set_input_files(PHOTOS[:1])
    expect(technician.page.locator(".thumbs img")).to_be_visible()
    technician.write("Condition and visible damage", "Jeruji penyok").write("Shelf place", "B1")
    technician.page.get_by_text("Kardus").click()
    technician.press("Keep it").reads("Jeruji penyok")
    order = technician.page.url.partition("#")[0].rsplit("/", 1)[1]

    technician.go("/desk/work-orders?whose=mine")
    technician.taps("Take the next one")
    assert order in technician.page.url
    technician.taps("Start")
    technician.touches().follow("Write")
    technician.write("What you found", "Kapasitor kering").press("Keep the diagnosis")
    technician.taps("Repair")
    technician.taps("Part missing")
    technician.taps("Repair")
    technician.taps("Stop")
    technician.taps("Done")
    technician.taps("Hand over")
    technician.touches()
    technician.draws()
    technician.press("Hand it over").reads("Signs here on the screen")
    assert technician.page.locator("svg.sign polyline").count() == 2


def test_without_scripts_the_paper_is_signed(
    portal: Portal, chromium: Browser, shop: Shop, windows: list[Window]
) -> None:
    windows.append(made := Technician(portal, chromium, email=shop.hires(Role.TECHNICIAN), scripts=False))
    made.signs_in().go("/desk/work-orders/new").write("Name", "Pak Budi").write("What is it?", "Setrika")
    made.box("Outlet").select_option(index=1)
    made.write("What shall be done?", "Kabel putus").press("Go on to the intake")
    made.write("Condition and visible damage", "Baik").press("Keep it")
    made.taps("Start")
    made.taps("Repair")
    made.write("What was found or done", "Kabel diganti")
    made.press("Done", within=made.page.locator("#work"))
    made.taps("Hand over")
    made.reads("Signing on the screen needs JavaScript. Use the code, or let them sign the printed receipt.")
    made.page.get_by_label(made.t("Signs on the printed receipt"), exact=True).check()
    made.press("Hand it over").reads("Signs on the printed receipt")
