"""What a repair costs is asked first, line by line, without an account; what is swapped keeps its story."""

import pytest

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.claims.rules import Outcome
from portal.domain.estimates.models import Estimate
from portal.domain.repairs.rules import S as Work
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from tests import estimating, factories
from tests.journeys.conftest import PHONE_ON_FILE
from tests.journeys.customer import Customer
from tests.journeys.shop import Shop
from tests.journeys.staff import Staff

pytestmark = pytest.mark.journey


def diagnosed(shop: Shop, case: str) -> str:
    """The code of the claim's work order, in which a technician wrote what it needs."""
    with shop.portal.inside():
        order = estimating.order_of(db.session.query(Case).filter_by(code=case).one())
        db.session.commit()
        return order.code


def answers(shop: Shop, order: str) -> list[tuple[str, int | None]]:
    with shop.portal.inside():
        found = db.session.query(Estimate).filter(Estimate.order.has(code=order)).order_by(Estimate.number)
        return [(estimate.state, estimate.agreed) for estimate in found]


def test_an_estimate_is_approved_in_part_and_a_later_price_declined(
    shop: Shop, customer: Customer, agent: Staff, technician: Staff
) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
    agent.opens(customer.case).decides_repair("Kami perbaiki; panelnya Anda bayar.")
    order = diagnosed(shop, customer.case)

    agent.go(f"/desk/work-orders/{order}/estimate")
    agent.page.get_by_label("Remote baru").check()
    agent.write("What the diagnosis costs if it is declined", "100.000")
    agent.write("A word to the customer", "Remote lama retak, tidak wajib diganti.").press(
        "Send the estimate"
    )
    agent.reads("Sent. The customer gets a message.").sees(customer.case, shop.books(customer.case))

    other = customer.on_another_phone().follows_message("estimate").press("Open the case")
    other.follow("See the estimate and decide").reads("Rp1.550.001")
    other.page.get_by_label("Remote baru").uncheck()
    other.reads("Rp1.400.001").press("Approve").reads("What the repair costs")
    assert answers(shop, order) == [("approved", estimating.TOTAL - estimating.REMOTES)]
    assert "1.400.001" in shop.portal.letter_to(PHONE_ON_FILE, "estimate_approved").text

    technician.go(f"/desk/work-orders/{order}").works(Work.IN_PROGRESS)
    with shop.portal.inside():
        found = db.session.query(Case).filter_by(code=customer.case).one()
        estimating.adds(found, "Kabel fleksibel", 60_000)
    technician.go(f"/desk/work-orders/{order}").write("What was found or done", "Kabel putus")
    technician.press("Done", status=422).reads(
        "The customer has not agreed to the price of “%(line)s” yet. Send the estimate.",
        line="Kabel fleksibel",
    )
    technician.go(f"/desk/work-orders/{order}/estimate").press("Send the estimate")
    other.follows_message("estimate").press("Open the case").follow("See the estimate and decide")
    other.write("Why not?", "Cukup yang pertama", within=other.unfold("Decline")).press(
        "Decline the estimate"
    )
    assert answers(shop, order)[1] == ("declined", None)
    technician.go(f"/desk/work-orders/{order}").works(Work.IN_PROGRESS).works(Work.DONE, "Panel diganti")
    assert shop.books(customer.case).name == S.READY


def test_a_swapped_unit_knows_the_one_before(shop: Shop, customer: Customer, agent: Staff) -> None:
    paper = shop.prints_receipt(phone=PHONE_ON_FILE)
    customer.scans(paper).proves_by_phone("2222").files_claim(paper.unit)
    agent.opens(customer.case)
    form = agent.chooses(Outcome.REPLACE, "Panel rusak, kami ganti baru.")
    agent.press("Decide", within=form, status=422).reads("Write the serial number of the new unit.")
    agent.write("Serial number of the new unit", "NS43-BARU-77").press(
        "Decide", within=agent.page.locator("#decide")
    )

    with shop.portal.inside():
        new = db.session.query(Unit).filter_by(serial="NS43-BARU-77").one()
        old, fresh = new.predecessor.code, new.code
        assert (new.bought_on, new.predecessor.void_on) == (
            new.predecessor.bought_on,
            clock.day_in("Asia/Jakarta", clock.now()),
        )
        factories.settle()
    customer.go(f"/units/{old}").reads("Replaced")
    customer.go(f"/units/{fresh}").reads("NS43-BARU-77")
    assert customer.downloads("Card as PDF").startswith(b"%PDF")
