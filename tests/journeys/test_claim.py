"""From a printed receipt to a solved claim."""

import pytest

from portal.domain.repairs.rules import S as Work
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import E, S
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import PHOTOS, Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    "looks",
    [{}, {"scripts": False}, {"lang": "en", "dark": True}],
    ids=["on a phone", "without JavaScript", "in English, dark"],
)
def test_a_claim_is_asked_about_repaired_and_brought_back(
    shop: Shop, customer: Customer, agent: Staff, technician: Staff
) -> None:
    def both_see(state: S) -> None:
        how = shop.books(customer.case)
        assert how.name == state
        customer.sees(how)
        agent.sees(customer.case, how)

    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(agent.shows_code(paper)).proves_by_phone("2222").reads(
        "Welcome. The receipt is in your account."
    )

    customer.files_claim(paper.unit, photos=PHOTOS)
    both_see(S.SUBMITTED)
    customer.portal.letter_to(PHONE_ON_FILE, "received")
    customer.portal.letter_to(shop.email, "staff_new")

    agent.finds_on_top(customer.case).asks("Apakah lampu merah berkedip tiga kali?")
    both_see(S.WAITING_CUSTOMER)

    elsewhere = customer.on_another_phone().follows_message("question_asked").press("Open the case")
    elsewhere.answers("Ya, tiga kali.", photos=PHOTOS[:1]).close()
    both_see(S.SUBMITTED)
    agent.portal.letter_to(shop.email, "staff_answer")

    agent.moves(E.REQUEST_ITEM)
    both_see(S.WAITING_ITEM)
    customer.portal.letter_to(PHONE_ON_FILE, "item_requested")

    agent.ships(Direction.TO_SHOP, waybill="JNE-001")
    customer.go(f"/cases/{customer.case}").reads("JNE · JNE-001")
    agent.notes_movement(Status.DELIVERED, "Jakarta")
    both_see(S.RECEIVED)
    customer.portal.letter_to(PHONE_ON_FILE, "item_received")

    technician.opens(customer.case).moves(E.INSPECT)
    both_see(S.INSPECTING)
    agent.decides_repair("Panel daya rusak, kami ganti.")
    both_see(S.FULFILLING)
    customer.reads("Panel daya rusak, kami ganti.").reads("We repair it")
    customer.portal.letter_to(PHONE_ON_FILE, "decision_accepted")

    technician.finds_repair(customer.case).takes_it().works(Work.DIAGNOSING).works(Work.IN_PROGRESS)
    customer.sees(shop.books(customer.case)).reads("Being repaired")
    technician.works(Work.DONE, "Panel daya diganti dan diuji dua jam.", PHOTOS[2:])
    both_see(S.READY)
    customer.portal.letter_to(PHONE_ON_FILE, "ready")

    agent.ships(Direction.TO_CUSTOMER, waybill="JNE-002")
    both_see(S.SHIPPED)
    customer.reads("JNE · JNE-002").portal.letter_to(PHONE_ON_FILE, "shipped")
    agent.notes_movement(Status.DELIVERED, "Bekasi")
    both_see(S.CLOSED)
    customer.portal.letter_to(PHONE_ON_FILE, "closed")
