"""A case at the desk: what is on the screen, and every action on it."""

from io import BytesIO

import pytest

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.claims.models import Decision, PartOwed, Refund
from portal.domain.claims.rules import Payment
from portal.domain.repairs.models import WorkOrder
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from tests import factories
from tests.adapters.photos import photo

DECISION = {"outcome": "repair", "payment": "free", "reason": "Kerusakan pabrik."}


def fresh(case):
    db.session.expire_all()
    return db.session.get(Case, case.id)


def act(browser, case, what, expect=303, **form):
    return browser.post(f"/desk/cases/{case.code}/{what}", expect=expect, version=fresh(case).version, **form)


def test_all_that_a_decision_needs_is_on_one_screen(agent, claim, unit):
    text = agent.get(f"/desk/cases/{claim.code}").text
    for needed in (
        factories.STORY,
        unit.serial,
        "Siti Rahma",
        "0812-3456-7890",
        'name="outcome"',
        "Ask and wait",
    ):
        assert needed in text


def test_asking_waits_for_the_customer_and_shows_the_next_case(agent, claim, owner, outlet, product):
    other = factories.claim(
        owner.actor, factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    )
    answer = act(agent, claim, "messages", kind="ask", body="Lampunya warna apa?", back="stage=new")
    assert answer.headers["Location"] == f"/desk/cases/{other.code}?stage=new"
    assert fresh(claim).state == S.WAITING_CUSTOMER


def test_a_note_is_for_staff_only(agent, claim, owner):
    act(agent, claim, "messages", kind="note", body="Pelanggan sering komplain.")
    assert "sering komplain" in agent.get(f"/desk/cases/{claim.code}").text
    assert "sering komplain" not in owner.get(f"/cases/{claim.code}").text


def test_an_empty_message_is_refused_beside_the_field(agent, claim):
    assert "Write something" in act(agent, claim, "messages", expect=422, kind="message", body=" ").text


def test_photos_go_with_a_message(agent, claim, owner):
    act(
        agent,
        claim,
        "messages",
        kind="message",
        body="Seperti ini?",
        photos=[(BytesIO(photo()), "contoh.jpg")],
    )
    assert "/photos/" in owner.get(f"/cases/{claim.code}").text


def test_a_broken_photo_is_named_and_the_words_stay(agent, claim):
    answer = act(
        agent,
        claim,
        "messages",
        expect=422,
        kind="message",
        body="Tulisan saya",
        photos=[(BytesIO(b"x"), "a.jpg")],
    )
    assert "Tulisan saya" in answer.text
    assert "a.jpg" in answer.text


def test_deciding_a_repair_opens_a_work_order(agent, claim):
    act(agent, claim, "decide", **DECISION)
    assert fresh(claim).state == S.FULFILLING
    assert db.session.query(WorkOrder).filter_by(case_id=claim.id).count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"payment": "free", "reason": "x"}, "Choose what is done"),
        ({**DECISION, "reason": ""}, "Give a reason"),
        ({**DECISION, "outcome": "reject", "override_reason": "x"}, "evidence"),
        ({**DECISION, "outcome": "refund"}, "amount"),
        ({**DECISION, "outcome": "part"}, "which part"),
        ({**DECISION, "payment": "paid"}, "coverage says otherwise"),
        ({**DECISION, "outcome": "fly"}, "choice"),
    ],
)
def test_a_decision_that_lacks_something_says_so_and_keeps_the_rest(agent, claim, form, said):
    text = act(agent, claim, "decide", expect=422, **form).text
    assert said in text
    assert form["reason"] in text
    assert db.session.query(Decision).count() == 0


def test_a_refund_is_an_entry_and_settling_closes(agent, claim):
    act(agent, claim, "decide", **DECISION | {"outcome": "refund", "amount": "1.000.000"})
    assert db.session.query(Refund).one().amount == 1_000_000
    assert "The shop acts next" in agent.get(f"/desk/cases/{claim.code}").text  # not a technician
    act(agent, claim, "moves", event=E.SETTLE)
    assert fresh(claim).state == S.CLOSED
    assert db.session.query(Refund).one().state == "done"


def test_deciding_twice_is_harmless(agent, claim):
    version = fresh(claim).version
    form = {**DECISION, "version": version, "_key": "same"}
    first = agent.post(f"/desk/cases/{claim.code}/decide", **form)
    second = agent.post(f"/desk/cases/{claim.code}/decide", **form)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(Decision).count() == 1


def test_the_second_of_two_editors_keeps_the_typing_and_sees_both(agent, manager, claim):
    version = fresh(claim).version
    act(agent, claim, "messages", kind="ask", body="Sejak kapan?")
    path = f"/desk/cases/{claim.code}/messages"
    answer = manager.post(path, expect=409, version=version, kind="message", body="Kami periksa dulu.")
    assert "Kami periksa dulu." in answer.text
    assert "Sejak kapan?" in answer.text
    manager.post(path, version=fresh(claim).version, kind="message", body="Kami periksa dulu.")


def test_the_one_who_rejected_does_not_decide_the_appeal(agent, manager, owner, claim):
    factories.decide(agent.actor, claim, Payment.REJECTED)
    factories.claims.appeal(owner.actor, claim, "Tidak kena air.", photos=[], now=clock.now())
    factories.settle()
    assert "somebody else" in act(agent, claim, "decide", expect=422, **DECISION).text
    act(manager, claim, "decide", **DECISION)


def test_a_case_is_given_to_somebody(agent, claim):
    agent.post(f"/desk/cases/{claim.code}/assign", staff="me")
    assert fresh(claim).assignee_id == agent.actor.id
    agent.post(f"/desk/cases/{claim.code}/assign", staff="")
    assert fresh(claim).assignee_id is None
    agent.post(f"/desk/cases/{claim.code}/assign", expect=409, staff="9999")


def test_moves_that_the_table_does_not_know_are_refused(agent, claim):
    for event in (E.FULFIL, E.SUBMIT, E.DELIVER, "nonsense"):
        act(agent, claim, "moves", expect=422, event=event)


@pytest.mark.parametrize("what", ["messages", "moves", "decide", "assign", "legs"])
def test_wrong_method_wrong_role_and_missing_case(agent, owner, technician, client, claim, what):
    path = f"/desk/cases/{claim.code}/{what}"
    if what == "assign":
        assert 'name="staff"' in agent.get(path).text  # where somebody is chosen
        owner.get(path, expect=403)
    else:
        agent.get(path, expect=405)
    owner.post(path, expect=403)
    assert "/staff/sign-in" in client.post(path).headers["Location"]
    agent.post(f"/desk/cases/NOTHERE0/{what}", expect=404, event="review")
    if what == "decide":
        technician.post(path, expect=403)


def test_the_page_makes_six_statements_however_long_the_story(agent, claim, statements):
    for n in range(30):
        act(agent, claim, "messages", kind="note", body=f"Catatan {n}")
    path = f"/desk/cases/{claim.code}"
    with statements() as seen:
        agent.get(path)
    assert len(seen) <= 6


def test_a_part_that_was_delivered_is_owed_no_more(agent, claim):
    act(agent, claim, "decide", **DECISION | {"outcome": "part", "part": "Remote"})
    act(agent, claim, "legs", direction="to_customer", courier="JNE", status="delivered")
    assert fresh(claim).state == S.CLOSED
    assert db.session.query(PartOwed).one().state == "done"
