"""Somebody who owns very much, under a long name in another script: nothing breaks, overlaps or gets lost."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from portal.db import db
from portal.domain.accounts.rules import Actor, Role
from portal.domain.cases import actions as cases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.kernel import clock
from tests import factories
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.window import Window

pytestmark = pytest.mark.journey
EMAIL, NAME = "banyak@contoh.id", "محمد عبد الرحمن الجاوي"
PRODUCT = ("Televisi pintar ultratipis dengan pengeras suara sinematik dan dudukan dinding lengkap " * 3)[
    :200
]
SHOP = ("Toko Elektronik Sumber Rejeki Makmur Sejahtera Abadi Jaya Cabang Kebayoran Baru Selatan" * 2)[:80]
PURCHASES, MESSAGES = 900, 300


@pytest.fixture(scope="module")
def case(portal: Portal) -> str:
    """The code of a case with MESSAGES messages, of a customer with PURCHASES purchases."""
    with portal.inside():
        product, outlet = factories.product(name=PRODUCT), factories.outlet(name=SHOP)
        person = factories.customer(NAME, EMAIL)
        for _n in range(30):
            made = factories.purchase(outlet, [(product, 1)], buyer=person)
        _copy(made, PURCHASES - 30)
        actor = Actor(Role.CUSTOMER, person.id)
        sent = factories.claim(
            actor, factories.units_of(made)[0], story="التلفزيون لا يعمل منذ البارحة " * 10
        )
        for n in range(MESSAGES):
            cases.say(actor, sent, f"Pesan {n}: apakah sudah ada kabar? شكرا", clock.now())
        factories.settle()
        db.session.commit()
        return sent.code


def _copy(purchase: Purchase, times: int) -> None:
    """As many more receipts of the same thing, one a day back from it."""
    line = _values(purchase.lines[0], "id", "purchase_id")
    for n in range(times):
        db.session.add(
            Purchase(
                **_values(purchase, "id", "code", "number", "bought_at"), code=f"C{n:07}", number=f"C{n}",
                bought_at=purchase.bought_at - timedelta(days=n), lines=[PurchaseLine(**line)],
            )
        )  # fmt: skip
    db.session.commit()


def _values(row: Any, *without: str) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in without}


@pytest.mark.parametrize("dark", [False, True])
def test_a_customer_with_too_much(
    portal: Portal, chromium: Browser, windows: list[Window], case: str, dark: bool
) -> None:
    windows.append(made := Customer(portal, chromium, reached_at=EMAIL, dark=dark))
    made.signs_in(EMAIL).go("/home").reads(NAME)
    assert made.page.locator("main .rows > li").count() <= 12
    made.follow("All items").write("Name or serial number", "televisi").press("Find")
    made.follow("Next")
    made.go("/purchases").follow("Next").follow(str(clock.now().year - 1))
    made.page.locator(".row-title").first.click()
    made.page.wait_for_load_state()
    made.look()
    made.go(f"/cases/{case}").follow("Earlier messages").reads("Pesan 249: apakah")
    made.follow("The newest messages").reads("Pesan 299: apakah")


def test_the_claim_stands_on_the_first_screen_of_a_cheap_phone(
    portal: Portal, chromium: Browser, windows: list[Window], case: str
) -> None:
    windows.append(made := Customer(portal, chromium, reached_at=EMAIL))
    made.signs_in(EMAIL).go("/units")
    made.page.locator(".row-title").nth(1).click()
    button = made.page.get_by_role("link", name=made.t("Something is wrong with it"))
    box, bar = button.bounding_box(), made.page.locator(".nav").bounding_box()
    assert box and bar and box["y"] + box["height"] <= bar["y"], (box, bar)
    assert made.page.locator(".stamp-line").evaluate("e => e.offsetHeight") < 40, "the stamp takes two lines"


def test_the_whole_page_mirrored_is_no_wider(
    portal: Portal, chromium: Browser, windows: list[Window], case: str
) -> None:
    windows.append(made := Customer(portal, chromium, reached_at=EMAIL))
    made.signs_in(EMAIL)
    made.context.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"
    )
    for path in ("/home", "/units", "/purchases", f"/cases/{case}"):
        made.go(path)
