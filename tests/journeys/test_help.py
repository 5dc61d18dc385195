"""Helping oneself: one finds the cause step by step, another is handed over to a person."""

import pytest

from tests import factories_help
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("looks", [{}, {"scripts": False}], ids=["on a phone", "without JavaScript"]),
]


def asks(customer: Customer, question: str) -> None:
    """Ask the assistant; with scripts the answer comes into the page that is there."""
    customer.write("Your question", question)
    customer.page.get_by_role("button", name=customer.t("Ask"), exact=True).click()


def test_a_cause_is_found_step_by_step(shop: Shop, customer: Customer) -> None:
    with shop.portal.inside():
        code = factories_help.tree().code
    customer.go("/help").reads("How can we help?").go(f"/help/steps/{code}").press("Begin")
    customer.reads("Step %(number)s", number=1).follow("Ya").reads("Step %(number)s", number=2)
    customer.follow("Back").reads("Step %(number)s", number=1).follow("Ya").follow("Ya")
    customer.reads("That should have done it").press("Yes, it works again").reads("Glad it works again.")


def test_a_person_takes_over_and_reads_what_was_said(shop: Shop, customer: Customer, agent: Staff) -> None:
    with shop.portal.inside():
        factories_help.article()
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222")
    customer.go("/help/assistant")
    asks(customer, "sampai kapan garansi TV saya?")
    customer.reads("This is what the shop has on record for you:")
    asks(customer, "apa rahasia alam semesta?")
    customer.reads("I do not know that. A person at the shop can answer.").follow("Ask a person")
    customer.reads("This goes with it").press("Send to the shop")
    customer.arrived_at_case()
    agent.go(f"/desk/cases/{customer.case}")
    assert "sampai kapan garansi TV saya?" in agent.page.locator("main").inner_text()
