"""Codes in front of the camera. The browser's own reader is missing here; zxing reads in its place."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import ARGUMENTS, PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop

pytestmark = pytest.mark.journey
READER = """window.BarcodeDetector = class {
  async detect(video) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    return (await window.readCodes(canvas.toDataURL("image/png"))).map((rawValue) => ({ rawValue }));
  }
};"""


def read_codes(picture: str) -> list[str]:
    with Image.open(BytesIO(base64.b64decode(picture.partition(",")[2]))) as image:
        return [found.text for found in zxingcpp.read_barcodes(image)]


class Camera:
    """A browser whose camera films one picture for ever."""

    def __init__(self, browser: Browser, film: Path):
        flags = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
        kind = browser.browser_type
        self.browser = kind.launch(executable_path="/usr/bin/chromium", args=[*ARGUMENTS, *flags])


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return tmp_path / "camera.mjpeg"


@pytest.fixture
def scanning(portal: Portal, chromium: Browser, film: Path) -> Iterator[Customer]:
    """A phone that films what `show` put in front of it."""
    show(film, f"{portal.url}/somewhere-else")
    browser = Camera(chromium, film).browser
    customer = Customer(portal, browser, reached_at=PHONE_ON_FILE)
    customer.context.expose_function("readCodes", read_codes)
    customer.context.add_init_script(READER)
    yield customer
    customer.close()
    browser.close()


def show(film: Path, text: str) -> None:
    code = BytesIO()
    segno.make(text, micro=False).save(code, kind="png", scale=6, border=4)
    with Image.open(code) as small:
        frame = Image.new("RGB", (640, 480), "white")
        frame.paste(small.convert("RGB").resize((400, 400)), (120, 40))
    picture = BytesIO()
    frame.save(picture, "JPEG", quality=95)
    film.write_bytes(picture.getvalue() * 10)


def test_the_receipt_opens_by_the_camera(shop: Shop, scanning: Customer, film: Path) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    address = f"{shop.portal.url}{paper.address}"
    show(film, address)
    scanning.go("/")
    with scanning.arrives():
        scanning.page.get_by_role("button", name=scanning.t("Scan here")).click()
    assert scanning.page.url == address


def test_a_code_of_somebody_else_opens_nothing(scanning: Customer, film: Path) -> None:
    show(film, "https://elsewhere.example/q/AAAA")
    scanning.go("/")
    scanning.page.get_by_role("button", name=scanning.t("Scan here")).press("Enter")
    scanning.reads("That code is not one of ours. Try another one.")
    scanning.look()
    scanning.page.keyboard.press("Escape")
    assert scanning.page.evaluate("document.activeElement.textContent").strip() == scanning.t("Scan here")


def test_a_serial_number_is_read_from_its_sticker(shop: Shop, scanning: Customer, film: Path) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    show(film, "SN-7788-XY")
    scanning.scans(paper).proves_by_phone("2222").go(f"/units/register?product={shop.sku}")
    scanning.page.get_by_role("button", name=scanning.t("Scan"), exact=True).click()
    expect(scanning.box("Serial number")).to_have_value("SN-7788-XY")


def test_without_a_reader_the_code_is_typed(shop: Shop, customer: Customer) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.go("/")
    assert not customer.page.get_by_role("button", name=customer.t("Scan here")).is_visible()
    customer.follow("Type the code in").write("Code on the receipt", paper.code)
    with customer.arrives():
        customer.box("Last four digits of your phone number").press_sequentially("2222")
        customer.page.get_by_role("button", name=customer.t("Open my receipt")).click()
    assert customer.page.url.endswith(f"/purchases/{paper.code}")
