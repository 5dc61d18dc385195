"""Registrations, work orders and shipments at the desk."""

from io import BytesIO

import pytest

from portal.db import db
from portal.domain.cases.models import Case, CaseEvent, CaseLeg
from portal.domain.repairs.models import WorkOrder
from portal.domain.shipments.models import Leg
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import S
from tests import factories
from tests.adapters.photos import photo


@pytest.fixture
def order(agent, claim):
    factories.decide(agent.actor, claim)
    return db.session.query(WorkOrder).one()


@pytest.fixture
def pending(owner, product, outlet):
    return factories.registration(owner.actor, product, outlet)


def again(row):
    db.session.expire_all()
    return db.session.get(type(row), row.id)


def work(browser, order, to, expect=303, **form):
    path = f"/desk/work-orders/{order.code}/move"
    return browser.post(path, expect=expect, to=to, version=again(order).version, **form)


def test_a_technician_repairs_and_the_customer_sees_it(technician, owner, claim, order):
    technician.get("/desk/work-orders?whose=all")
    work(technician, order, "diagnosing")
    work(technician, order, "in_progress")
    work(technician, order, "done", note="Kapasitor diganti.", photos=[(BytesIO(photo()), "sesudah.jpg")])
    assert db.session.get(Case, claim.id).state == S.READY
    page = owner.get(f"/cases/{claim.code}").text
    assert "Ready to collect" in page
    assert "Kapasitor diganti." in technician.get(f"/desk/work-orders/{order.code}").text
    assert again(order).technician_id == technician.actor.id


def test_done_needs_a_finding(technician, order):
    work(technician, order, "in_progress")
    assert "Write down what was found" in work(technician, order, "done", expect=422).text


def test_a_move_the_table_does_not_know(technician, order):
    assert "moved on" in work(technician, order, "handed_over", expect=422, note="x").text


def test_two_technicians_at_once(technician, order):
    version = order.version
    work(technician, order, "diagnosing")
    path = f"/desk/work-orders/{order.code}/move"
    answer = technician.post(path, expect=409, to="cancelled", version=version, note="Batal saja")
    assert "Batal saja" in answer.text


def test_notes_with_photos_stay_inside(technician, owner, claim, order):
    path = f"/desk/work-orders/{order.code}/notes"
    technician.post(
        path,
        version=order.version,
        note="Ada bekas air",
        stage="before",
        photos=[(BytesIO(photo()), "a.jpg")],
    )
    assert "bekas air" not in owner.get(f"/cases/{claim.code}").text


def test_agents_see_but_do_not_move_work(agent, order):
    agent.get(f"/desk/work-orders/{order.code}")
    agent.post(f"/desk/work-orders/{order.code}/move", expect=403, to="diagnosing")
    agent.get("/desk/work-orders/NOTHERE0", expect=404)


def test_a_registration_is_rejected_with_a_reason_and_the_customer_reads_it(agent, owner, pending):
    path = f"/desk/registrations/{pending.code}"
    assert pending.code in agent.get("/desk/registrations").text
    agent.get(path)
    assert "Say why" in agent.post(path, expect=422, verdict="reject", version=pending.version).text
    agent.post(path, verdict="reject", version=pending.version, reason="Foto nota tidak terbaca.")
    assert "Foto nota tidak terbaca." in owner.get(f"/units/{pending.code}").text


def test_a_registration_is_approved_once(agent, pending):
    path = f"/desk/registrations/{pending.code}"
    agent.post(path, verdict="approve", version=pending.version)
    assert db.session.get(Unit, pending.id).registration == "valid"
    agent.post(path, expect=409, verdict="reject", version=1, reason="Terlambat")


def test_registrations_are_not_for_technicians(technician, owner, pending):
    technician.get("/desk/registrations", expect=403)
    owner.post(f"/desk/registrations/{pending.code}", expect=403)


def test_a_shipment_both_ways_moves_the_case(agent, owner, claim):
    def case():
        return db.session.get(Case, claim.id)

    path = f"/desk/cases/{claim.code}"
    agent.post(f"{path}/moves", event="request_item", version=claim.version)
    agent.post(f"{path}/legs", direction="to_shop", courier="JNE", waybill="JP123", status="picked_up")
    leg = db.session.query(Leg).one()
    agent.get(f"/desk/legs/{leg.code}")
    agent.post(f"/desk/legs/{leg.code}", status="delivered", place="Jakarta")
    db.session.expire_all()
    assert case().state == S.RECEIVED
    assert "JP123" in owner.get(f"/cases/{claim.code}").text
    assert db.session.query(CaseLeg).count() == 1


def test_a_movement_in_the_future_is_refused_beside_the_field(agent, claim):
    path = f"/desk/cases/{claim.code}/legs"
    answer = agent.post(
        path, expect=422, direction="to_shop", courier="JNE", status="picked_up", at="2090-01-01T10:00"
    )
    assert "future" in answer.text


def test_legs_of_strangers_do_not_exist(agent, owner, client):
    agent.get("/desk/legs/NOTHERE0", expect=404)
    owner.get("/desk/legs/NOTHERE0", expect=403)
    client.get("/desk/legs/NOTHERE0", expect=303)


def test_what_follows_stands_after_what_it_follows_from(agent, claim):
    form = {"outcome": "repair", "payment": "free", "reason": "Panel.", "version": claim.version}
    agent.post(f"/desk/cases/{claim.code}/decide", expect=303, **form)
    told = db.session.query(CaseEvent).filter_by(case_id=claim.id).order_by(CaseEvent.at, CaseEvent.id)
    assert [entry.event for entry in told][-3:] == ["decide", "fulfil", "work"]
