"""A part is sent instead of bringing the item in: from the claim to the courier's delivery."""

import pytest

from portal.db import db
from portal.domain.catalog.models import Outlet, Product
from portal.domain.parts.models import PartLevel
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import S
from tests import factories_parts
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def test_a_part_is_sent_instead_of_a_return(shop: Shop, customer: Customer, agent: Staff) -> None:
    with shop.portal.inside():
        product = db.session.query(Product).filter_by(sku=shop.sku).one()
        outlet = db.session.query(Outlet).filter_by(code=shop.outlet).one()
        part = factories_parts.part(product, outlet, 2, name_id="Remote televisi", name_en="Remote")
        part_id, outlet_id, code = part.id, outlet.id, part.code

    def shelf() -> tuple[int, int]:
        with shop.portal.inside():
            level = db.session.get_one(PartLevel, (part_id, outlet_id))
            return level.on_hand, level.reserved

    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)

    agent.finds_on_top(customer.case)
    form = agent.chooses("part", "Kami kirim remote yang baru.")
    form.get_by_label(agent.t("From the catalogue"), exact=True).select_option(code)
    agent.press("Decide", within=form)
    assert shop.books(customer.case).name == S.FULFILLING
    assert shelf() == (2, 1)

    agent.opens(customer.case)
    agent.page.locator("#parts").wait_for()
    agent.press("All are picked")
    customer.go(f"/cases/{customer.case}").reads("Remote televisi").reads("Kami kirim remote yang baru.")

    agent.opens(customer.case).ships(Direction.TO_CUSTOMER, waybill="JNE-003")
    assert shop.books(customer.case).name == S.SHIPPED
    assert shelf() == (1, 0)
    customer.go(f"/cases/{customer.case}").reads("JNE · JNE-003")

    agent.opens(customer.case).notes_movement(Status.DELIVERED, "Bekasi")
    assert shop.books(customer.case).name == S.CLOSED
    assert shelf() == (1, 0)
