"""The parts of a case at the desk: reserved, picked, handed out, paid; a claim answered with one."""

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.claims.models import PartOwed
from portal.domain.parts import showing
from portal.domain.parts.models import PartLevel, PartLine, PartOrder
from portal.domain.parts.rules import Way
from portal.domain.repairs.models import WorkOrder
from tests import factories, factories_parts

LEG = {"direction": "to_customer", "courier": "JNE", "waybill": "J1", "status": "picked_up"}
DECISION = {"outcome": "part", "payment": "free", "reason": "Kami kirim suku cadangnya."}


@pytest.fixture
def part(product, outlet):
    return factories_parts.part(product, outlet, 2)


@pytest.fixture
def order(owner, part, outlet, unit):
    return factories_parts.order(owner.person, part, outlet, unit)


def way(case):
    return f"/desk/cases/{case.code}/parts"


def line(case):
    db.session.expire_all()
    return db.session.scalars(select(PartLine).where(PartLine.case_id == case.id)).one()


def level(part, outlet):
    db.session.expire_all()
    row = db.session.get_one(PartLevel, (part.id, outlet.id))
    return row.on_hand, row.reserved


def reserved(agent, case, outlet):
    agent.post(f"{way(case)}/{line(case).id}/reserve", outlet=outlet.id)
    return case


def test_reserved_picked_collected_and_paid(agent, owner, order, part, outlet):
    for _twice in range(2):
        reserved(agent, order, outlet)
    assert (line(order).state, level(part, outlet), order.state) == ("held", (2, 1), "fulfilling")
    agent.post(f"{way(order)}/pick")
    assert (line(order).state, order.state) == ("picked", "ready")
    assert "Packed" in owner.get(f"/cases/{order.code}").text
    for _twice in range(2):
        agent.post(f"{way(order)}/pay", amount="85.000", paid_way="cash")
    agent.post(f"{way(order)}/pay", expect=422, amount="90.000", paid_way="cash")
    agent.post(f"/desk/cases/{order.code}/moves", event="hand_over")
    assert (line(order).state, level(part, outlet), order.state) == ("gone", (1, 0), "closed")
    told = owner.get(f"/cases/{order.code}").text
    assert "Payment received" in told and "Rp85.000" in told


def test_a_parcel_takes_the_part_off_the_shelf_once(agent, owner, part, outlet, unit):
    case = reserved(agent, factories_parts.order(owner.person, part, outlet, unit, way=Way.SEND), outlet)
    agent.post(f"{way(case)}/pick")
    assert line(case).state == "picked" and case.state == "fulfilling"
    agent.post(f"{way(case)}/way", way="send", paying="delivery", address="Jl. Baru 5", freight="14.000")
    assert "Rp99.000" in owner.get(f"/cases/{case.code}").text
    agent.post(f"/desk/cases/{case.code}/legs", **LEG)
    assert (line(case).state, level(part, outlet), case.state) == ("gone", (1, 0), "shipped")
    agent.post(f"/desk/cases/{case.code}/moves", event="deliver")
    assert (level(part, outlet), case.state) == ((1, 0), "closed")
    agent.post(f"{way(case)}/pay", amount="99.000", paid_way="cod")  # the courier pays later


def test_parts_are_fitted_by_a_work_order(agent, owner, part, outlet, unit):
    case = factories_parts.order(owner.person, part, outlet, unit, way=Way.FIT)
    agent.post(f"{way(case)}/fit", expect=422)
    reserved(agent, case, outlet)
    for _twice in range(2):
        agent.post(f"{way(case)}/fit")
    assert len(db.session.scalars(select(WorkOrder).where(WorkOrder.case_id == case.id)).all()) == 1


@pytest.mark.parametrize("event", ["close", "withdraw"])
def test_what_is_not_handed_out_is_free_again(agent, owner, order, part, outlet, event):
    reserved(agent, order, outlet)
    if event == "close":
        agent.post(f"/desk/cases/{order.code}/moves", event="close")
    else:
        owner.post(f"/cases/{order.code}/withdraw")
    assert (line(order).state, level(part, outlet)) == ("cancelled", (2, 0))


def test_a_line_is_given_up_alone(agent, order, part, outlet):
    reserved(agent, order, outlet)
    for _twice in range(2):
        agent.post(f"{way(order)}/{line(order).id}/give-up")
    assert (line(order).state, level(part, outlet)) == ("cancelled", (2, 0))
    agent.post(f"{way(order)}/{line(order).id}/reserve", expect=422, outlet=outlet.id)
    agent.post(f"{way(order)}/pick", expect=422)


def test_staff_add_what_a_customer_asked_for_in_words(agent, owner, product, part, outlet, unit):
    case = factories_parts.asked(owner, unit, "Karet pintu")
    agent.get(way(case))
    agent.post(f"{way(case)}/add", number=part.number, pieces=2)
    assert (line(case).price, line(case).pieces) == (85_000, 2)
    other = factories_parts.part(": ZZ-9")
    assert "does not fit" in agent.post(f"{way(case)}/add", expect=422, number=other.number, pieces=1).text
    for number, pieces in (("TIDAK-ADA", 1), (part.number, 0), (part.number, "x"), ("", 1)):
        agent.post(f"{way(case)}/add", expect=422, number=number, pieces=pieces)


def test_more_than_there_is_cannot_be_reserved(agent, owner, part, outlet, unit):
    case = factories_parts.order(owner.person, part, outlet, unit, pieces=3)
    page = agent.post(f"{way(case)}/{line(case).id}/reserve", expect=422, outlet=outlet.id).text
    assert "Only 2 of these are free here" in page
    assert level(part, outlet) == (2, 0)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"amount": "0", "paid_way": "cash"}, "above zero"),
        ({"amount": "", "paid_way": "cash"}, "above zero"),
        ({"amount": "5", "paid_way": "card"}, "This choice is not available"),
        ({"amount": "5", "paid_way": "cash", "at": "2090-01-01T10:00"}, "future"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(agent, order, form, said):
    assert said in agent.post(f"{way(order)}/pay", expect=422, **form).text
    assert db.session.get_one(PartOrder, order.id).paid is None


def test_who_may_do_what_with_the_parts_of_a_case(app, owner, stranger, staff, order, outlet):
    technician = staff(Role.TECHNICIAN)
    steps = {"pay": {"amount": "5"}, "way": {}, "add": {"number": "x"}, "fit": {}}
    for step, form in steps.items():
        technician.post(f"{way(order)}/{step}", expect=403, **form)
        stranger.post(f"{way(order)}/{step}", expect=403, **form)
    technician.post(f"{way(order)}/{line(order).id}/reserve", outlet=outlet.id)
    stranger.get(f"/cases/{order.code}", expect=404)
    for path in (
        f"{way(order)}/99999/reserve",
        f"{way(order)}/99999/give-up",
        "/desk/cases/ZZZZZZZZ/parts/pick",
    ):
        staff(Role.AGENT).post(path, expect=404, outlet=outlet.id)
    technician.get(f"{way(order)}/pick", expect=405)


def test_a_claim_is_answered_with_a_part_of_the_catalogue(agent, owner, claim, part, outlet):
    choices = agent.get(f"{way(claim)}/fitting", htmx=True).text
    assert part.code in choices
    agent.post(f"/desk/cases/{claim.code}/decide", **DECISION, part_code=part.code)
    assert (line(claim).state, line(claim).price, level(part, outlet)) == ("held", 0, (2, 1))
    owed = db.session.scalars(select(PartOwed)).one()
    assert owed.description == part.name_id
    agent.post(f"{way(claim)}/way", way="send", paying="nothing", address="Jl. Uji 9")
    agent.post(f"{way(claim)}/pick")
    agent.post(f"/desk/cases/{claim.code}/legs", **LEG)
    agent.post(f"/desk/cases/{claim.code}/moves", event="deliver")
    assert (line(claim).state, level(part, outlet), claim.state) == ("gone", (1, 0), "closed")
    assert owed.state == "done"
    assert showing.of_case(claim.id)[0].paying == "nothing"
    assert part.name_en in owner.get(f"/cases/{claim.code}").text


def test_a_claim_is_not_decided_with_a_part_of_another_model(agent, claim, part):
    other = factories_parts.part(": ZZ-9")
    page = agent.post(f"/desk/cases/{claim.code}/decide", expect=422, **DECISION, part_code=other.code).text
    assert "does not fit" in page
    db.session.expire_all()
    assert claim.state == "submitted"
    assert db.session.scalar(select(PartOwed.id)) is None


def test_what_is_not_in_the_catalogue_is_written_in_words(agent, claim, part):
    agent.post(f"/desk/cases/{claim.code}/decide", **DECISION, part="Sekrup khusus")
    assert db.session.scalars(select(PartOwed)).one().description == "Sekrup khusus"
    assert db.session.scalar(select(PartLine.id)) is None


def test_looking_again_at_a_claim_frees_what_was_promised(agent, staff, claim, part, outlet):
    agent.post(f"/desk/cases/{claim.code}/decide", **DECISION, part=part.number)
    assert level(part, outlet) == (2, 1)
    staff(Role.TECHNICIAN).post(f"/desk/cases/{claim.code}/moves", event="reconsider")
    assert (line(claim).state, level(part, outlet)) == ("wanted", (2, 0))
    assert factories.settle() is None
