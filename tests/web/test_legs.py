"""Parcels at the desk: found, corrected, explained, dealt with; what a person says counts."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.shipments import actions, watch
from portal.domain.shipments.models import Checkpoint, Leg
from portal.domain.shipments.rules import Direction, Status, Trouble
from portal.kernel import clock
from tests import factories
from tests.adapters.couriers.samples import biteship
from tests.browser import Browser
from tests.fixtures.couriers import sent


@pytest.fixture
def leg(owner: Browser) -> Leg:
    return sent(owner.purchase, "JNE 777", at=clock.now() - timedelta(days=1))  # type: ignore[attr-defined]


def now_of(leg: Leg) -> Leg:
    db.session.rollback()
    db.session.refresh(leg)
    return leg


def test_a_parcel_is_found_by_its_number_former_ones_too(agent: Browser, leg: Leg) -> None:
    agent.post(f"/desk/legs/{leg.code}/change", courier="sicepat", waybill="SC-1", version=leg.version)
    assert now_of(leg).courier == "SiCepat"
    for typed in ("jne777", "JNE 77", "SC-1", leg.code):
        assert f"/desk/legs/{leg.code}" in agent.get(f"/desk/legs?q={typed}").text
    assert "JNE777" in agent.get(f"/desk/legs/{leg.code}").text
    assert "No shipment has this number" in agent.get("/desk/legs?q=LAIN").text
    assert "Every parcel goes its way" in agent.get("/desk/legs?show=nonsense&after=x").text
    for show in ("under_way", "all"):
        assert leg.code in agent.get(f"/desk/legs?show={show}").text


def test_a_long_list_goes_by_pages(agent: Browser, owner: Browser) -> None:
    for n in range(27):
        sent(owner.purchase, f"W{n:02}", at=clock.now() - timedelta(hours=n))  # type: ignore[attr-defined]
    first = agent.get("/desk/legs?show=under_way").text
    assert "W00" in first and "W26" not in first
    assert "after=" in first


def test_late_and_silent_parcels_stand_in_the_list_until_they_are_dealt_with(
    agent: Browser, leg: Leg
) -> None:
    today = clock.day_in("Asia/Jakarta", clock.now())
    late = {"eta_from": today - timedelta(days=3), "eta_until": today - timedelta(days=2)}
    agent.post(f"/desk/legs/{leg.code}/change", courier="JNE", waybill="J", version=leg.version, **late)
    assert now_of(leg).attention == Trouble.LATE
    page = agent.get("/desk/legs").text
    assert leg.code in page and "Late" in page
    agent.post(f"/desk/legs/{leg.code}/settle")
    agent.post(f"/desk/legs/{leg.code}/settle")
    assert now_of(leg).attention is None
    assert leg.code not in agent.get("/desk/legs").text
    later = clock.now() + timedelta(days=9)
    assert watch.ring(later) and not watch.ring(later)
    assert leg.attention == Trouble.STALE, "another trouble shows again"


def test_a_day_that_cannot_be(agent: Browser, leg: Leg) -> None:
    answer = agent.post(
        f"/desk/legs/{leg.code}/change", courier="JNE", eta_from="2031-02-05", eta_until="2031-02-03",
        version=leg.version, expect=422,
    )  # fmt: skip
    assert "before the first" in answer.text and "2031-02-05" in answer.text
    agent.post(f"/desk/legs/{leg.code}/change", courier="", version=leg.version, expect=422)


def test_two_editors_of_one_parcel(agent: Browser, leg: Leg) -> None:
    version = leg.version
    agent.post(f"/desk/legs/{leg.code}/change", courier="JNE", waybill="A", version=version)
    told = agent.post(
        f"/desk/legs/{leg.code}/change", courier="TIKI", waybill="B", version=version, expect=409
    )
    assert "TIKI" in told.text and "Somebody else" in told.text
    assert now_of(leg).waybill == "A"


def test_what_a_courier_said_wrongly_is_taken_out_and_put_back(
    agent: Browser, leg: Leg, courier: Any, owner: Browser
) -> None:
    """“Delivered” that was not: the items' cover does not begin, the parcel goes on."""
    courier("biteship").send(biteship("delivered", "JNE777", updated_at=clock.now().isoformat()))
    unit = owner.unit  # type: ignore[attr-defined]
    assert now_of(leg).status == Status.DELIVERED
    db.session.refresh(unit)
    assert unit.delivered_on is not None
    point = db.session.scalars(select(Checkpoint).where(Checkpoint.status == Status.DELIVERED)).one()
    path = f"/desk/legs/{leg.code}/points/{point.id}/strike"
    agent.post(path)
    assert now_of(leg).status == Status.LABEL_CREATED
    db.session.refresh(unit)
    assert unit.delivered_on is None
    agent.post(path)
    assert now_of(leg).status == Status.DELIVERED
    first = db.session.scalars(select(Checkpoint).where(Checkpoint.status == Status.LABEL_CREATED)).one()
    agent.post(f"/desk/legs/{leg.code}/points/{first.id}/strike")
    told = agent.post(path, expect=422).text
    assert "only movement" in told
    agent.post(f"/desk/legs/{leg.code}/points/99999/strike", expect=404)


def test_a_word_is_explained_by_a_manager(manager: Browser, agent: Browser, leg: Leg, courier: Any) -> None:
    courier("biteship").send(biteship("disulap", "JNE777", updated_at=clock.now().isoformat()))
    point = db.session.scalars(select(Checkpoint).where(Checkpoint.word == "disulap")).one()
    path = f"/desk/legs/{leg.code}/points/{point.id}/word"
    assert "disulap" in agent.get(f"/desk/legs/{leg.code}").text
    assert leg.code in agent.get("/desk/legs?show=unknown").text
    agent.post(path, meaning="exception", expect=403)
    manager.post(path, meaning="", expect=422)
    manager.post(path, meaning="teleported", expect=422)
    manager.post(path, meaning="nothing")
    assert now_of(leg).attention is None
    manager.post(path, meaning="exception", expect=422)
    assert now_of(leg).status == Status.LABEL_CREATED, "it was explained already"


def test_an_exception_offers_the_claim(agent: Browser, leg: Leg, owner: Browser) -> None:
    agent.post(f"/desk/legs/{leg.code}", status="exception", note="Hilang di gudang")
    page = agent.get(f"/desk/legs/{leg.code}").text
    link = f"/desk/customers/{owner.person.code}/ask/damage?receipt={owner.purchase.code}"  # type: ignore[attr-defined]
    assert link in page
    form = agent.get(f"{link}&courier=JNE&waybill=JNE777&peril=lost").text
    assert 'value="JNE777"' in form
    agent.post(
        f"{link}&courier=JNE", peril="lost", courier="JNE", waybill="JNE 777", story="Tidak pernah sampai."
    )
    case = db.session.scalars(select(Case).where(Case.kind == "damage")).one()
    page = agent.get(f"/desk/cases/{case.code}").text
    assert "JNE 777" in page
    assert f"/desk/legs/{leg.code}" in page, "the delivery stands in the case, too"


def test_both_ways_of_a_case_stand_in_one_timeline(agent: Browser, owner: Browser, claim: Case) -> None:
    for direction, waybill in ((Direction.TO_SHOP, "MASUK1"), (Direction.TO_CUSTOMER, "PULANG2")):
        made = actions.start(
            agent.actor, direction, courier="JNE", waybill=waybill, status=Status.PICKED_UP, at=clock.now(),
            now=clock.now(), outlet_id=claim.outlet_id,
        )  # fmt: skip
        cases.add_leg(agent.actor, claim, made, clock.now())
        factories.settle()
    page = owner.get(f"/cases/{claim.code}").text
    assert "MASUK1" in page and "PULANG2" in page
    desk = agent.get(f"/desk/cases/{claim.code}").text
    assert desk.count("/desk/legs/") >= 2


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AGENT])
def test_who_records_and_who_does_not(
    app: Flask, staff: Any, stranger: Browser, leg: Leg, role: Role
) -> None:
    staff(role).post(f"/desk/legs/{leg.code}", status="in_transit")
    stranger.get(f"/desk/legs/{leg.code}", expect=403)
    stranger.post(f"/desk/legs/{leg.code}/settle", expect=403)
    staff(role).get("/desk/legs/ZZZZZZZZ", expect=404)
