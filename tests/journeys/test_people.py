"""A receipt in doubt, and two records of one person: settled, made one and two again at the desk."""

import pytest

from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def test_a_doubt_is_settled_and_two_records_become_one(shop: Shop, agent: Staff, customer: Customer) -> None:
    shop.prints_receipt(phone=PHONE_ON_FILE, name="Rina Wulandari")
    paper = shop.prints_receipt(phone=PHONE_ON_FILE, name="Agus Setiawan", again=True)
    agent.go("/desk/customers").reads("Whose receipt is it?")
    agent.go("/desk/customers/doubts").follow("Agus Setiawan")
    agent.reads("The phone is known under another name")
    agent.page.get_by_label(agent.t("None of them")).check()
    agent.press("Put the receipt there").reads("No receipt waits")

    customer.scans(paper).proves_by_phone(PHONE_ON_FILE[-4:]).reads(
        "Welcome. The receipt is in your account."
    )

    agent.go("/desk/customers?q=Rina").follow("Rina Wulandari").follow("Agus Setiawan")
    agent.reads("Compare them. What agrees is marked; ask the customer when in doubt.")
    agent.press("Yes, it is one person")
    assert agent.page.locator("h1").inner_text() == "Agus Setiawan"  # the one that its owner uses
    agent.reads("Made one with").press("Yes, make them two again", within=agent.unfold("Undo"))
    agent.reads("They are two records again, each with what it had before.")
    customer.go(f"/purchases/{paper.code}")
