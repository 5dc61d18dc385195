"""What was returned or cancelled, as its customer and the desk see it."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.units import actions as units
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories


@pytest.fixture
def returned(owner):
    """Siti's television went back to the shop: the piece, and its receipt was cancelled."""
    units.take_back(owner.unit, clock.now())
    owner.purchase.lines[0].returned = 1
    owner.purchase.cancelled_at = clock.now()
    db.session.commit()
    return owner


def test_its_customer_sees_that_it_went_back(returned):
    code = returned.unit.code
    text = returned.get(f"/units/{code}").text
    assert "This went back to the shop on" in text
    assert f"/units/{code}/claims/new" not in text and f"/units/{code}/card" not in text
    assert "Returned" in returned.get("/units").text
    assert code not in returned.get("/home").text


def test_nothing_can_be_claimed_for_it(returned):
    with pytest.raises(Refused, match="returned to the shop"):
        factories.claim(returned.actor, returned.unit)
    returned.post(f"/units/{returned.unit.code}/claims/new/photo", expect=422)


def test_the_receipt_says_so_everywhere(returned, agent, client):
    code = returned.purchase.code
    for text in (
        returned.get(f"/purchases/{code}").text,
        agent.get(f"/desk/receipts/{code}").text,
    ):
        assert "Cancelled on" in text and "1 returned" in text
    assert "Cancelled" in returned.get("/purchases").text
    assert "Cancelled" in agent.get("/desk/receipts").text


def test_the_desk_tells_its_history(returned, agent):
    code = returned.unit.code
    text = agent.get(f"/desk/units/{code}").text
    assert "It went back to the shop on" in text and "Returned to the shop" in text
    assert f"/desk/units/{code}/card" not in text
    units.restore(returned.unit, clock.now() + timedelta(days=1))
    db.session.commit()
    assert "Not returned after all" in agent.get(f"/desk/units/{code}").text
