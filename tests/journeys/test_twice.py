"""Doing it twice, going back, coming back late: nothing is doubled and nothing is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.domain.accounts.rules import Role
from portal.domain.workflows.vocabulary import E
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import PHOTOS, STORY, Customer
from tests.journeys.shop import Paper, Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
AT_ONCE = """async (form) => {
  const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
  return (await Promise.all([send(), send(), send()])).map((answer) => [answer.status, answer.url]);
}"""


@pytest.fixture
def paper(shop: Shop, customer: Customer) -> Paper:
    """In the customer's account."""
    printed = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(printed).proves_by_phone("2222")
    return printed


@pytest.mark.parametrize("looks", [{}, {"scripts": False}], ids=["with scripts", "without JavaScript"])
def test_a_double_tap_makes_one_claim(shop: Shop, customer: Customer, paper: Paper) -> None:
    customer.writes_claim(paper.unit, photos=PHOTOS[:1])
    customer.page.get_by_role("button", name=customer.t("Send the claim")).dblclick()
    expect(customer.page).to_have_url(re.compile(r"/cases/\w+$"))  # the second tap may break off the first
    customer.page.wait_for_load_state("load")
    customer.look()
    assert shop.claims_of(paper.unit) == [customer.arrived_at_case().case]


def test_the_same_form_three_times_at_once_makes_one_claim(
    shop: Shop, customer: Customer, paper: Paper
) -> None:
    customer.writes_claim(paper.unit, photos=PHOTOS[:1])
    answers = customer.page.locator("form[action$='/review']").evaluate(AT_ONCE)
    (claim,) = shop.claims_of(paper.unit)
    assert answers == [[200, f"{shop.portal.url}/cases/{claim}"]] * 3


def test_back_after_sending_leads_to_the_claim_that_was_sent(
    shop: Shop, customer: Customer, paper: Paper
) -> None:
    customer.files_claim(paper.unit)
    with customer.arrives():
        customer.page.go_back()
    customer.reads("There is an open claim for this already. Write there, so that everything stays together.")
    customer.follow("Go to your claim")
    assert shop.claims_of(paper.unit) == [customer.arrived_at_case().case]


def test_whoever_was_signed_out_while_writing_finds_the_text_again(
    shop: Shop, customer: Customer, paper: Paper
) -> None:
    customer.go(f"/units/{paper.unit}/claims/new/story")
    shop.signs_everybody_out()
    customer.write("What happens, and since when?", STORY).press("Go on", status=401)
    customer.reads("You have been signed out")
    assert customer.page.locator("textarea").input_value() == STORY
    with customer.context.expect_page() as opened:
        customer.page.get_by_role("link", name=customer.t("Sign in"), exact=True).click()
    assert opened.value.url.endswith(f"/sign-in?next=/units/{paper.unit}/claims/new/story")


def test_an_answer_written_while_signed_out_is_in_its_place_after_signing_in(
    shop: Shop, customer: Customer, paper: Paper
) -> None:
    customer.files_claim(paper.unit)
    shop.signs_everybody_out()
    customer.write("Your message", "Lampunya sekarang mati sama sekali.")
    customer.page.wait_for_timeout(800)  # it goes on the shelf when the typing rests
    customer.press("Send", status=401)
    customer.scans(paper).proves_by_phone("2222").go(f"/cases/{customer.case}")
    expect(customer.box("Your message")).to_have_value("Lampunya sekarang mati sama sekali.")
    customer.reads("This was not sent yet; it is here again.").sends()
    customer.reads("Lampunya sekarang mati sama sekali.").go(f"/cases/{customer.case}")
    assert customer.box("Your message").input_value() == ""


def test_the_second_of_two_editors_keeps_the_typing(
    customer: Customer, paper: Paper, agent: Staff, hire: Callable[..., Staff]
) -> None:
    customer.files_claim(paper.unit)
    other = hire(Role.MANAGER)
    agent.opens(customer.case).write("Message", "Mohon foto stiker seri.")
    other.opens(customer.case).moves(E.REQUEST_ITEM)
    agent.press("Ask and wait", status=409)
    agent.reads("Somebody changed this case while you were writing")
    assert agent.box("Message").input_value() == "Mohon foto stiker seri."
