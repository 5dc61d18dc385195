"""A sale at the counter: a few taps from the barcode to the code that the customer takes along."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalog.models import Product
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff
from tests.journeys.test_scan import READER, Camera, read_codes, show
from tests.journeys.window import PHONE, Window

pytestmark = pytest.mark.journey
BARCODE = "8991234567891"


class Cashier(Staff):
    """Somebody who sells with a phone in the hand; `acts` counts what the hand does."""

    def __init__(self, portal: Portal, browser: Browser, *, email: str, scripts: bool = True):
        Window.__init__(self, portal, browser, size=PHONE, scripts=scripts)
        self.email, self.acts = email, 0

    def taps(self, name: str, *, within: Locator | None = None) -> None:
        self.acts += 1
        (within or self.page).get_by_role("button", name=self.t(name), exact=True).click()

    def types(self, label: str, text: str) -> None:
        self.acts += 1
        self.write(label, text)

    def code_shown(self) -> str:
        """What the customer's camera reads on this phone."""
        with Image.open(BytesIO(self.page.screenshot(full_page=True))) as screen:
            (code,) = zxingcpp.read_barcodes(screen)
        return code.text


@pytest.fixture
def cashier(portal: Portal, chromium: Browser, shop: Shop, tmp_path: Path) -> Iterator[Cashier]:
    show_barcode(tmp_path / "camera.mjpeg")
    browser = Camera(chromium, tmp_path / "camera.mjpeg").browser
    made = Cashier(portal, browser, email=shop.hires(Role.AGENT))
    made.context.expose_function("readCodes", read_codes)
    made.context.add_init_script(READER)
    yield made.signs_in()
    made.close()
    browser.close()


def show_barcode(film: Path) -> None:
    code = zxingcpp.create_barcode(BARCODE, zxingcpp.BarcodeFormat.EAN13).to_image(scale=4)
    frame = Image.new("RGB", (640, 480), "white")
    frame.paste(Image.fromarray(code).convert("RGB"), (80, 120))
    picture = BytesIO()
    frame.save(picture, "JPEG", quality=95)
    film.write_bytes(picture.getvalue() * 10)


def give_barcode(shop: Shop) -> None:
    with shop.portal.inside():
        product = db.session.scalars(select(Product).where(Product.sku == shop.sku)).one()
        product.barcode = BARCODE
        db.session.commit()


def test_from_the_barcode_to_the_customers_phone(
    shop: Shop, cashier: Cashier, customer: Customer, tmp_path: Path
) -> None:
    give_barcode(shop)
    cashier.go("/desk/sell")
    cashier.taps("Scan")
    serial = cashier.box("Serial number")
    expect(serial).to_be_focused()
    show(tmp_path / "camera.mjpeg", "SN-0042-A")
    cashier.taps("Scan", within=cashier.page.locator("#items ol"))
    expect(serial).to_have_value("SN-0042-A")
    cashier.types("Customer's phone", "0812-1111-2222")
    with cashier.arrives():
        cashier.taps("Record the sale")
    assert cashier.acts <= 8
    cashier.touches().reads("Let the customer scan this")

    customer.scans(cashier.code_shown().removeprefix(shop.portal.url)).proves_by_phone("2222")
    customer.reads(shop.product).go("/units").reads("SN-0042-A")
    assert customer.reached_at == PHONE_ON_FILE


def test_without_scripts_nothing_is_missing(
    portal: Portal, chromium: Browser, shop: Shop, windows: list[Window]
) -> None:
    windows.append(made := Cashier(portal, chromium, email=shop.hires(Role.AGENT), scripts=False))
    made.signs_in().go("/desk/sell").write("Add an item", shop.product[:6]).press("Search")
    with made.arrives():
        made.page.locator("#found button").first.click()
    made.write("Serial number", "NS-1").press("Something without a product")
    made.write("What it is", "Ongkos kirim").write("Pieces", "2")
    made.box("Price of one").last.fill("-1")
    made.press("Record the sale", status=422)
    expect(made.box("Serial number")).to_have_value("NS-1")
    made.box("Price of one").last.fill("12.500")
    made.press("Add up again").reads("Rp4.324.000")
    made.write("Customer's phone", "0812-1111-2222").press("Record the sale")
    made.reads("Let the customer scan this").touches()
