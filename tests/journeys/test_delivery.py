"""A delivery on its way: told by webhooks, watched by the customer, held up, seen at the desk, arrived."""

import pytest
from playwright.sync_api import Browser, expect

from portal.domain.accounts.rules import Role
from portal.kernel import clock
from portal.web.road_words import ROAD, TROUBLES
from tests.adapters.couriers.samples import biteship
from tests.fixtures.couriers import Hook, connect
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.portal import Portal
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
WAYBILL = "WYB-1762513032476"
A_LOOK = 31_000  # milliseconds after which the page asks again


class Road:
    """The courier, as its webhooks tell of one parcel."""

    def __init__(self, portal: Portal):
        self.portal = portal
        with portal.inside():
            self.hook: Hook = connect(portal.app, "biteship")

    def tells(self, status: str) -> None:
        with self.portal.inside():
            body = biteship(status, WAYBILL, updated_at=clock.now().isoformat())
            self.hook.send(body)


def test_a_delivery_moves_while_its_customer_watches(
    shop: Shop, portal: Portal, chromium: Browser, customer: Customer
) -> None:
    road, agent = Road(portal), Staff(portal, chromium, email=shop.hires(Role.AGENT)).signs_in()
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    agent.go(f"/desk/receipts/{paper.code}")
    part = agent.unfold("Send it to the customer")
    agent.write("Courier", "jne", within=part).write("Waybill number", WAYBILL, within=part)
    agent.press("Begin the delivery").reads("The customer sees the delivery from now on.")

    customer.page.clock.install()
    customer.scans(paper).reads(ROAD["label_created"])
    assert WAYBILL not in customer.page.content(), "whoever holds the paper sees no number"
    customer.proves_by_phone(PHONE_ON_FILE[-4:])
    watched = customer.page.locator("#delivery")
    for status in ("picked", "in_transit", "on_hold"):
        road.tells(status)
        customer.page.clock.fast_forward(A_LOOK)
        shown = {"picked": "picked_up", "on_hold": "exception"}.get(status, status)
        expect(watched.locator("h3")).to_contain_text(customer.t(ROAD[shown]))
    assert customer.page.url.endswith(f"/purchases/{paper.code}"), "the page was never left"
    customer.look()

    agent.go("/desk/legs").reads(TROUBLES["exception"])
    with agent.arrives():
        agent.page.get_by_role("link", name=f"JNE {WAYBILL}").click()
    agent.reads("Claim it from the courier")
    agent.press("Dealt with").reads("Done. It shows up again if something else happens.")

    road.tells("delivered")
    customer.page.clock.fast_forward(A_LOOK)
    expect(watched.locator("h3")).to_contain_text(customer.t(ROAD["delivered"]))
    expect(watched).not_to_have_attribute("hx-get", f"/purchases/{paper.code}/road")
    customer.go(f"/units/{paper.unit}").reads("Delivered on")
    agent.close()
