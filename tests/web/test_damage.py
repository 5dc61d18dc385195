"""A damaged parcel at the desk and for its customer; the rules that managers keep."""

import pytest

from portal.db import db
from portal.domain.damage import queries
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Subject
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from tests import factories


@pytest.fixture
def case(owner):
    answers = {
        "peril": "damaged",
        "courier": "JNE",
        "waybill": "JN1",
        "story": "Penyok",
        "arrived": clock.now().date(),
    }
    subject = Subject(purchase=owner.purchase)
    made = requests.ask(owner.actor, owner.person, "damage", subject, answers, now=clock.now())
    factories.settle()
    return made


def parcel(case, **changes):
    claim = queries.parcel(case.id, clock.now()).claim
    values = {
        "version": claim.version,
        "peril": "damaged",
        "courier": "JNE",
        "waybill": "JN1",
        "value": "900.000",
    }
    return {f"parcel-{name}": value for name, value in {**values, **changes}.items()}


def test_customer_and_desk_read_the_same_deadline(owner, agent, case):
    until = "The courier takes the claim for"
    assert until in owner.get(f"/cases/{case.code}").text
    page = agent.get(f"/desk/cases/{case.code}/parcel").text
    assert "days left" in page and "Only the sender" in page and "Still missing" in page


def test_the_parcel_is_completed_claimed_and_answered(owner, agent, case):
    way = f"/desk/cases/{case.code}/parcel"
    assert (
        "It cannot have arrived before it was sent."
        in agent.post(way, expect=422, **parcel(case, shipped_on="2025-02-02", arrived_on="2025-02-01")).text
    )
    assert "not a valid choice" in agent.post(way, expect=422, **parcel(case, proofs=["moon"])).text
    stale = parcel(case)
    agent.post(way, **parcel(case, proofs=["outside", "label"]))
    assert queries.parcel(case.id, clock.now()).claim.proofs == ["outside", "label"]
    agent.post(way, expect=409, **stale)
    db.session.refresh(case)
    assert agent.post(f"{way}/claim", expect=422, **{"claim-claimed": "0", "claim-version": case.version})
    form = {"claim-claimed": "900.000", "claim-version": case.version}
    agent.post(f"{way}/claim", **form)
    agent.post(f"{way}/claim", expect=409, **form)
    db.session.refresh(case)
    assert case.state == S.WAITING_COURIER
    answer = {"answer-answer": "450.000", "answer-words": "Dibayar separuh.", "answer-version": case.version}
    agent.post(f"{way}/answer", **answer)
    db.session.refresh(case)
    assert case.state == S.UNDER_REVIEW
    assert "The courier pays Rp450.000." in owner.get(f"/cases/{case.code}").text


def test_the_letter_is_a_pdf(agent, technician, case, claim):
    answer = agent.get(f"/desk/cases/{case.code}/claim-letter.pdf")
    assert answer.data.startswith(b"%PDF")
    agent.get(f"/desk/cases/{claim.code}/claim-letter.pdf", expect=404)


def test_who_may_do_what(owner, technician, agent, case, claim):
    way = f"/desk/cases/{case.code}/parcel"
    for name in ("", "/claim", "/answer"):
        technician.post(way + name, expect=403)
        owner.post(way + name, expect=403)
        agent.post(f"/desk/cases/{claim.code}/parcel{name}", expect=404)
    agent.get(f"{way}/claim", expect=405)
    agent.get("/desk/catalog/couriers/JNE", expect=403)


def rule(**changes):
    values = {
        "name": "TIKI", "code": "TIKI", "damage_days": "2", "damage_since": "arrived",
        "loss_since": "expected", "claimant": "sender", "source": "Syarat di resi",
        "checked_on": "2026-11-20", "channel": "", "note": "",
    }  # fmt: skip
    return {**values, **changes}


def test_managers_keep_the_rules(manager, agent):
    assert "anteraja" in agent.get("/desk/catalog/couriers").text.lower()
    said = manager.post("/desk/catalog/couriers/new", expect=422, **rule(source="", name="jne")).text
    assert "Please fill this in." in said or "where it is written" in said.lower()
    assert (
        "has rules already" in manager.post("/desk/catalog/couriers/new", expect=422, **rule(name="jne")).text
    )
    manager.post("/desk/catalog/couriers/new", **rule())
    assert "TIKI" in agent.get("/desk/catalog/couriers").text
    page = rule(version=1, damage_days="3")
    manager.post("/desk/catalog/couriers/TIKI", **page)
    manager.post("/desk/catalog/couriers/TIKI", expect=409, **page)
    agent.post("/desk/catalog/couriers/TIKI", expect=403, **page)
    manager.get("/desk/catalog/couriers/none", expect=404)
