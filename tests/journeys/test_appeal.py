"""A rejection names its reasons, and another person decides on the appeal."""

from collections.abc import Callable

import pytest

from portal.domain.accounts.rules import Role
from portal.domain.workflows.vocabulary import S
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey
REASON = "Kerusakan karena air, yang tidak ditanggung."
EVIDENCE = "Foto 1: bekas air pada papan daya."
ALTERNATIVE = "Servis berbayar, Rp350.000."


def test_a_rejection_is_appealed_and_somebody_else_decides(
    shop: Shop, customer: Customer, agent: Staff, hire: Callable[..., Staff]
) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)

    agent.opens(customer.case).rejects(
        REASON, evidence=EVIDENCE, alternative=ALTERNATIVE, override="Air masuk; lihat foto."
    )
    told = customer.portal.letter_to(PHONE_ON_FILE, "decision_rejected")
    assert REASON in told.text
    customer.go(f"/cases/{customer.case}").shows(".thing .stamp", "Rejected")
    decision = customer.page.locator("#decision").inner_text()
    for said in (REASON, EVIDENCE, ALTERNATIVE, customer.t("Clause of the warranty"), "BPSK"):
        assert said in decision
    assert "Air masuk" not in customer.page.content()  # why the coverage was overruled is the shop's own

    customer.appeals("Perangkat tidak pernah terkena air.").reads(
        "Your appeal is sent. Another person at the shop decides."
    )
    customer.sees(shop.books(customer.case)).portal.letter_to(shop.email, "staff_appeal")
    agent.sees(customer.case, shop.books(customer.case))
    agent.decides_repair("Baik, kami perbaiki.", status=422).reads(
        "You decided before; somebody else has to decide on the appeal."
    )
    assert agent.box("Reason, for the customer to read").input_value() == "Baik, kami perbaiki."

    manager = hire(Role.MANAGER)
    manager.finds_on_top(customer.case).decides_repair(
        "Kami periksa lagi: tidak ada bekas air. Kami perbaiki."
    )
    how = shop.books(customer.case)
    assert how.name == S.FULFILLING
    customer.sees(how).reads("The second decision").portal.letter_to(PHONE_ON_FILE, "decision_accepted")
