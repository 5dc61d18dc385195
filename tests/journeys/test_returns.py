"""Goods that come back and a parcel that never came: each from the first word to the last rupiah."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.db import db
from portal.domain.accounts.models import Customer as Person
from portal.domain.catalog import actions as catalog
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from tests import factories
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


@pytest.fixture
def receipts(shop: Shop, customer: Customer) -> tuple[str, str]:
    """Two of one customer, by e-mail: of today, and of three weeks ago; things can come back for a week."""
    customer.reached_at = mail = f"siti{next(factories.number)}@contoh.id"
    shop.knows(mail)
    with shop.portal.inside():
        code = f"TUKAR{next(factories.number)}"
        policy = catalog.save_return_policy(
            None, None, code=code, name="Tujuh hari", days=7, text_id="Belum dicuci.", text_en=""
        )
        fields: dict[str, Any] = {
            "category": code, "sector": "fashion", "serialised": False, "return_policy_id": policy.id,
        }  # fmt: skip
        shirts = [
            factories.product(name=name, price=price, **fields)
            for name, price in (("Kemeja S", 100_000), ("Kemeja L", 130_000))
        ]
        person = db.session.query(Person).filter_by(email=mail).one()
        outlet, codes = factories.outlet(), []
        for days, lines in ((0, [(shirts[0], 1), (shirts[0], 2)]), (21, [(shirts[1], 1)])):
            sold = tuple(SaleLine(p.name, n, Decimal(p.price), p.sku) for p, n in lines)
            number, at = f"J{next(factories.number)}", clock.now() - timedelta(days=days)
            made = factories.sold(Sale(outlet.code, number, at, sold))
            made.customer_id = person.id
            factories.settle()
            codes.append(made.code)
        db.session.commit()
    customer.signs_in(mail)
    return codes[0], codes[1]


def test_three_lines_of_two_receipts_come_back(
    customer: Customer, agent: Staff, receipts: tuple[str, str]
) -> None:
    new, old = receipts
    customer.go("/ask").follow("Return or exchange")
    page = customer.page
    for box in page.locator("[name=receipt]").all():
        box.check()
    customer.press("Next").reads("What do you want to return?")
    for name, pieces in ((f"{new}-1", 1), (f"{new}-2", 2), (f"{old}-1", 1)):
        page.locator(f"[name='pieces-{name}']").fill(str(pieces))
    assert page.locator(".late").count() == 1, "what is late says so before anything is sent"
    customer.press("Next")
    for key, wish in ((f"{new}-1", "exchange"), (f"{new}-2", "money"), (f"{old}-1", "credit")):
        page.locator(f"[name='reason-{key}']").select_option("size")
        page.locator(f"[name='condition-{key}']").select_option("unused")
        page.locator(f"[name='wish-{key}'][value={wish}]").check()
    swap = page.locator(f"[name='product-{new}-1']")
    swap.select_option(swap.locator("option", has_text="Kemeja L").get_attribute("value"))
    customer.press("Check it").reads("after its return period")
    assert "Rp30.000" in page.locator(".nota").inner_text(), "what is paid on top stands before sending"
    customer.press("Send the request").arrived_at_case()

    agent.go(f"/desk/cases/{customer.case}/goods")
    desk = agent.page
    desk.locator(".goods > li").nth(2).get_by_label(agent.t("Approve"), exact=True).check()
    agent.write("What the customer reads", "Boleh, kecuali tanpa label.").press("Decide", status=422)
    agent.reads("Its window is over. Say why you allow it; the reason is kept.")
    agent.write("Reason for this line", "Pelanggan lama.", within=desk.locator(".goods > li").nth(2))
    agent.press("Decide")
    customer.go(f"/cases/{customer.case}").reads("Approved: bring or send it")

    agent.go(f"/desk/cases/{customer.case}/goods")
    for n, pieces in enumerate(("1", "1", "1")):
        agent.write("Pieces that came", pieces, within=desk.locator(".goods > li").nth(n))
    agent.press("Write down what came").go(f"/desk/cases/{customer.case}/goods").reads(
        "%(received)s of %(asked)s counted", received=1, asked=2
    )
    agent.press("Give back and take in the goods")
    customer.go(f"/cases/{customer.case}")
    customer.reads("%(received)s of %(asked)s counted by the shop", received=1, asked=2)
    assert "Rp30.000" in page.locator("#goods").inner_text(), "the exchange costs more"
    customer.go("/account/credit").reads(
        "From your return %(code)s", code=f"{customer.case[:4]}-{customer.case[4:]}"
    )
    assert "Rp130.000" in page.locator("main").inner_text()
    agent.go(f"/desk/cases/{customer.case}").press("Money paid back; close")
    customer.go(f"/cases/{customer.case}").reads("Finished")


def test_a_lost_parcel_is_claimed_from_its_courier(
    customer: Customer, agent: Staff, receipts: tuple[str, str]
) -> None:
    customer.go(f"/ask/damage?receipt={receipts[0]}")
    customer.page.locator("[value=lost]").check()
    customer.write("Which courier?", "anteraja").write("Waybill number", "100033").write(
        "What do you see?", "Tidak tiba."
    )
    customer.press("Send").arrived_at_case()

    agent.go(f"/desk/cases/{customer.case}/parcel").reads("fill in that day to see the deadline.")
    expected = (clock.now() - timedelta(days=5)).date()
    part = agent.unfold("What is known of the parcel")
    agent.write("Should have arrived on", expected.isoformat(), within=part)
    part.get_by_label(agent.t("The weight of the parcel"), exact=True).check()
    agent.press("Save", within=part)
    agent.go(f"/desk/cases/{customer.case}/parcel")
    left = agent.page.locator(".deadline").inner_text()
    assert re.search(r"\b[12]\b", left), f"seven days after it should have come: {left}"
    agent.go(f"/desk/cases/{customer.case}").reads("Courier's deadline")
    customer.go(f"/cases/{customer.case}")
    assert customer.page.locator(".deadline").is_visible(), "the customer reads the same days"
    agent.go(f"/desk/cases/{customer.case}/parcel")
    assert agent.downloads("Letter of claim (PDF)").startswith(b"%PDF")
    agent.write("Amount claimed", "300.000").press("The claim was sent to the courier")
    customer.go(f"/cases/{customer.case}").reads("The courier checks the claim")
    agent.go(f"/desk/cases/{customer.case}/parcel").write("What the courier pays", "250.000")
    agent.write("What it answered", "Diganti sebagian.").press("Write down the answer")
    customer.go(f"/cases/{customer.case}").reads("The courier pays %(amount)s.", amount="Rp250.000")
    agent.go(f"/desk/cases/{customer.case}")
    agent.page.locator("#decide [value=refund]").check()
    agent.write("Amount paid back", "300.000").write("What the customer reads", "Kami ganti semuanya.")
    agent.press("Decide").go(f"/desk/cases/{customer.case}").press("Money paid back; close")
    customer.go(f"/cases/{customer.case}").reads("Finished")
