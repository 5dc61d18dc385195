"""A claim on a weak phone and a bad line: nothing that was written or photographed is lost."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import IMAGES, PHOTOS, STORY, Customer
from tests.journeys.shop import Paper, Shop

pytestmark = pytest.mark.journey
STORED = """() => new Promise((done) => {
  const opened = indexedDB.open("purna", 1);
  opened.onsuccess = () => {
    const all = opened.result.transaction("sealed").objectStore("sealed").getAll();
    all.onsuccess = () => {
      const readable = ({ data }) =>
        ["255,216", "137,80", "82,73"].includes(String(new Uint8Array(data, 0, 2)));
      opened.result.close();
      done([all.result.length, all.result.some(readable)]);
    };
  };
})"""


@pytest.fixture
def paper(shop: Shop, customer: Customer) -> Paper:
    """In the customer's account."""
    printed = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(printed).proves_by_phone("2222")
    return printed


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Nineteen photos, each another one."""
    folder = tmp_path_factory.mktemp("photos")
    with Image.open(PHOTOS[0]) as picture:
        for number in range(19):
            picture.resize((700 + number, 500)).save(folder / f"{number}.jpg", quality=95)
    return sorted(folder.iterdir())


class Line:
    """The way of single photos to the shop: counts them, and breaks when it is told to."""

    def __init__(self, customer: Customer):
        self.sent, self.breaks_at = 0, 0
        customer.context.route("**/claims/new/photo", self._carry)

    def _carry(self, route: Route) -> None:
        self.sent += 1
        if self.breaks_at and self.sent >= self.breaks_at:
            route.abort("internetdisconnected")
        else:
            route.continue_()


@pytest.fixture
def line(customer: Customer) -> Line:
    return Line(customer)


def photos_step(customer: Customer, paper: Paper) -> None:
    customer.go(f"/units/{paper.unit}/claims/new/photos")


def sent(customer: Customer, count: int) -> None:
    expect(customer.page.locator("input[name=photos-kept]")).to_have_count(count, timeout=30_000)


def waiting(customer: Customer, count: int) -> None:
    expect(customer.page.locator("[data-left]")).to_have_count(count, timeout=15_000)


def test_nothing_moves_while_a_photo_goes(customer: Customer, paper: Paper) -> None:
    photos_step(customer, paper)
    held: list[Route] = []
    customer.context.route("**/claims/new/photo", lambda route: held.append(route))
    with customer.page.expect_request("**/claims/new/photo"):
        customer.adds(PHOTOS[:1])
    photos = customer.page.locator(".thumbs")
    expect(photos.locator("canvas")).to_be_visible()
    going = photos.bounding_box()
    held[0].continue_()
    sent(customer, 1)
    assert photos.bounding_box() == going


def test_the_line_breaks_at_the_third_photo_and_comes_back(
    customer: Customer, paper: Paper, line: Line, many: list[Path]
) -> None:
    photos_step(customer, paper)
    line.breaks_at = 3
    customer.adds(many[:5])
    sent(customer, 2)
    customer.reads("Not sent yet. It goes by itself once there is a connection.")
    line.breaks_at = 0
    customer.page.get_by_role("button", name=customer.t("Try again")).first.click()
    customer.page.evaluate("dispatchEvent(new Event('online'))")
    sent(customer, 5)
    waiting(customer, 0)


def test_what_could_not_travel_is_there_after_the_tab_was_closed_and_nobody_else_can_read_it(
    customer: Customer, paper: Paper, line: Line, many: list[Path]
) -> None:
    photos_step(customer, paper)
    line.breaks_at = 2
    customer.adds(many[:3])
    sent(customer, 1)
    waiting(customer, 2)
    customer.reads("Not sent yet. It goes by itself once there is a connection.")
    assert customer.page.evaluate(STORED) == [2, False]  # two, and none of them a readable picture
    customer.opens_new_tab()
    line.breaks_at = 0
    photos_step(customer, paper)
    sent(customer, 3)
    expect(customer.page.locator("[data-left]")).to_have_count(0)
    assert customer.page.evaluate(STORED)[0] == 0


def test_the_form_waits_for_its_photos_and_goes_on_by_itself(
    customer: Customer, paper: Paper, many: list[Path]
) -> None:
    photos_step(customer, paper)
    customer.adds(many[:4])
    customer.press("Go on")
    assert customer.page.url.endswith(("/what", "/story", "/review"))
    photos_step(customer, paper)
    sent(customer, 4)


def test_twenty_photos_at_once_and_a_large_heic(customer: Customer, paper: Paper, many: list[Path]) -> None:
    photos_step(customer, paper)
    customer.adds([*many, IMAGES / "twelve_megapixels.heic"])
    sent(customer, 20)
    waiting(customer, 0)
    customer.adds(PHOTOS[:1])
    customer.reads("A claim holds at most %(count)s photos. Remove one first.", count=20)
    customer.faults.clear()  # the refusal was asked for


def test_a_story_is_saved_while_it_is_typed_and_read_on_another_phone(
    shop: Shop, customer: Customer, paper: Paper
) -> None:
    customer.go(f"/units/{paper.unit}/claims/new/story")
    customer.box("What happens, and since when?").press_sequentially("Layar mati sejak")
    expect(customer.page.locator("[data-kept] span")).to_contain_text(
        customer.t("Saved at %(clock)s.", clock="")[:8]
    )
    other = customer.on_another_phone()
    other.scans(paper).proves_by_phone("2222").go(f"/units/{paper.unit}/claims/new/story")
    assert other.box("What happens, and since when?").input_value() == "Layar mati sejak"
    other.close()


def test_a_story_typed_without_a_line_is_there_after_the_tab_was_closed(
    customer: Customer, paper: Paper
) -> None:
    customer.go(f"/units/{paper.unit}/claims/new/story")
    customer.page.route("**/claims/new/story", lambda route: route.abort("internetdisconnected"))
    customer.box("What happens, and since when?").press_sequentially(STORY)
    customer.reads("Not saved yet: no connection. What you wrote is safe on this phone.")
    customer.opens_new_tab()
    customer.go(f"/units/{paper.unit}/claims/new/story")
    expect(customer.box("What happens, and since when?")).to_have_value(STORY)


def test_back_in_the_middle_keeps_every_answer(customer: Customer, paper: Paper) -> None:
    customer.writes_claim(paper.unit, photos=PHOTOS[:1])
    for _step in range(2):
        with customer.arrives():
            customer.page.go_back()
    assert customer.box("What happens, and since when?").input_value() == STORY
    customer.press("Go on").press("Go on").press("Send the claim").arrived_at_case()


def test_the_session_ends_between_two_photos(
    shop: Shop, customer: Customer, paper: Paper, many: list[Path]
) -> None:
    photos_step(customer, paper)
    customer.adds(many[:1])
    sent(customer, 1)
    shop.signs_everybody_out()
    customer.adds(many[1:2])
    customer.reads("You were signed out. Sign in again; the photo is safe on this phone.")
    customer.scans(paper).proves_by_phone("2222")
    photos_step(customer, paper)
    sent(customer, 2)


def test_a_line_that_is_dead_although_the_phone_shows_one_keeps_the_page(
    customer: Customer, paper: Paper
) -> None:
    customer.go(f"/units/{paper.unit}/claims/new/story").write("What happens, and since when?", STORY)
    customer.page.wait_for_timeout(5_100)  # before that the line counts as just heard
    customer.context.route("**/*", lambda route: route.abort("connectionreset"))
    customer.page.get_by_role("button", name=customer.t("Go on"), exact=True).click()
    customer.reads("No connection. What you wrote is still here; send it again in a moment.")
    assert customer.box("What happens, and since when?").input_value() == STORY
    customer.context.unroute("**/*")
    customer.press("Go on")
    assert customer.page.url.endswith("/photos")
