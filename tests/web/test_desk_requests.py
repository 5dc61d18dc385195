"""Cases of every kind at the desk: decided, answered, moved to another kind; and what the customer sees."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.claims.models import Claim
from portal.domain.requests import queries
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from tests import factories
from tests.asking import ask
from tests.pages import parse, words

REFUSAL = {"outcome": "refuse", "reason": "Sudah lama.", "evidence": "Foto.", "alternative": "Voucher."}


@pytest.fixture
def file(owner):
    return lambda kind, **answers: ask(owner.actor, owner.person, kind, owner.unit, owner.purchase, **answers)


@pytest.mark.parametrize("kind", ["question", "quality", "service", "part", "privacy", "damage", "warranty"])
def test_both_pages_of_every_kind_cost_six_statements_at_most(
    owner, agent, claim, file, statements, kind, manager
):
    case = claim if kind == "warranty" else file(kind)
    if kind == "quality":
        manager.post(f"/desk/cases/{case.code}/resolve", version=case.version, **REFUSAL)
    for browser, path in ((owner, f"/cases/{case.code}"), (agent, f"/desk/cases/{case.code}")):
        browser.get(path)
        with statements() as seen:
            browser.get(path)
        assert len(seen) <= 6, seen


def test_a_decision_is_made_read_appealed_and_made_again(owner, manager, admin, agent, file):
    case = file("quality")
    path = f"/desk/cases/{case.code}"
    page = parse(agent.get(path).text)
    assert page.find(".//input[@value='redo']").get("checked") is not None, "what the customer wished for"
    missing = manager.post(f"{path}/resolve", expect=422, version=case.version, **REFUSAL | {"evidence": ""})
    assert "A rejection names its evidence." in missing.text
    manager.post(f"{path}/resolve", version=case.version, **REFUSAL)
    told = words(parse(owner.get(f"/cases/{case.code}").text))
    assert "Rejected" in told and "Voucher." in told and "BPSK" in told
    owner.post(f"/cases/{case.code}/appeal", body="Saya tidak setuju.")
    db.session.refresh(case)
    again = {"outcome": "refund", "reason": "Kami keliru.", "amount": "20.000", "version": case.version}
    assert "somebody else has to decide" in manager.post(f"{path}/resolve", expect=422, **again).text
    admin.post(f"{path}/resolve", **again)
    told = words(parse(owner.get(f"/cases/{case.code}").text))
    assert "The second decision" in told and "20" in told and "Being put right" in told
    assert "Money paid back; close" in admin.get(path).text
    db.session.refresh(case)
    admin.post(f"{path}/moves", event=E.SETTLE, version=case.version)
    db.session.refresh(case)
    assert case.state == S.CLOSED


def test_two_at_once_the_second_sees_what_the_first_did(manager, agent, file):
    case = file("quality")
    seen = case.version
    agent.post(f"/desk/cases/{case.code}/messages", kind="message", body="Sebentar.", version=seen)
    page = manager.post(f"/desk/cases/{case.code}/resolve", expect=409, version=seen, **REFUSAL).text
    assert "Sebentar." in page and "Sudah lama." in page


def test_an_answer_waits_for_the_customer_to_say_whether_it_helped(owner, agent, file):
    case = file("question")
    agent.post(f"/desk/cases/{case.code}/messages", kind="solve", body="Tekan tombol 5 detik.")
    page = parse(owner.get(f"/cases/{case.code}").text)
    assert "Tekan tombol 5 detik." in words(page.find(".//blockquote")) and "Did it help?" in words(page)
    owner.post(f"/cases/{case.code}/reopen", body="Belum bisa.")
    db.session.refresh(case)
    assert case.state == S.REOPENED
    agent.post(f"/desk/cases/{case.code}/messages", kind="solve", body="Ganti baterai.")
    owner.post(f"/cases/{case.code}/confirm")
    db.session.refresh(case)
    assert case.state == S.CLOSED


def test_only_an_answered_question_can_be_confirmed_and_only_by_its_customer(owner, stranger, file, claim):
    stranger.post(f"/cases/{file('question').code}/confirm", expect=404)
    owner.get(f"/cases/{claim.code}/confirm", expect=405)
    assert owner.post(f"/cases/{claim.code}/confirm", expect=409)


def test_an_appointment_is_read_by_both(owner, agent, file):
    case, at = file("question"), clock.now() + timedelta(days=2)
    form = {"agreed": f"{at:%Y-%m-%dT%H:%M}", "promised": "Kami menelepon.", "version": case.version}
    assert (
        "Choose the day"
        in agent.post(f"/desk/cases/{case.code}/book", expect=422, **form | {"agreed": ""}).text
    )
    agent.post(f"/desk/cases/{case.code}/book", **form)
    assert "Appointment agreed" in words(parse(owner.get(f"/cases/{case.code}").text))


@pytest.mark.parametrize(
    ("kind", "to", "given"),
    [
        ("question", "service", {"service": "other", "where": "shop"}),
        ("question", "part", {"part": "Remote", "pieces": "1", "way": "collect"}),
        ("part", "question", {"story": "Cara pasang?", "way": "message"}),
        ("question", "quality", {"fault": "taste", "wish": "redo"}),
        ("question", "warranty", {"symptom": "tv_no_power"}),
        ("quality", "privacy", {"right": "erase"}),
    ],
)
def test_a_case_moves_to_another_kind_with_all_it_has(owner, agent, file, kind, to, given):
    case = file(kind)
    photo = factories.photo(owner.actor)
    cases.say(owner.actor, case, "Ini fotonya.", clock.now(), photos=[photo])
    db.session.commit()
    path = f"/desk/cases/{case.code}/kind"
    assert f"{path}?to={to}" in agent.get(path).text
    names = {
        f.get("name") for f in parse(agent.get(f"{path}?to={to}").text).iterfind(".//main//form//*[@name]")
    }
    assert names - {"csrf_token", "_key", "phone", "place", "hours"} == set(given), (
        "only what is missing is asked"
    )
    agent.post(f"{path}?to={to}", expect=422)
    agent.post(f"{path}?to={to}", **given)
    db.session.refresh(case)
    assert case.kind == to and case.on_desk
    for page in (agent.get(f"/desk/cases/{case.code}").text, owner.get(f"/cases/{case.code}").text):
        assert "Now handled as:" in page and "Ini fotonya." in page and photo in page


def test_into_a_claim_and_out_of_it_again(owner, agent, file, manager):
    case = file("question")
    agent.post(f"/desk/cases/{case.code}/kind?to=warranty", symptom="tv_no_power")
    assert db.session.get(Claim, case.id).verdict["component"] is not None
    assert "Covered" in agent.get(f"/desk/cases/{case.code}").text
    db.session.refresh(case)
    factories.decide(manager.actor, case)
    agent.post(f"/desk/cases/{case.code}/kind?to=part", part="Remote", pieces="1", way="collect")
    db.session.refresh(case)
    assert case.kind == "part" and queries.of_case(case.id).answers["part"] == "Remote"
    agent.get(f"/desk/cases/{case.code}")
    owner.get(f"/cases/{case.code}")


def test_no_second_open_claim_by_way_of_another_kind(agent, claim, file):
    case = file("question")
    answer = agent.post(f"/desk/cases/{case.code}/kind?to=warranty", expect=422, symptom="tv_no_power").text
    assert claim.code in answer.replace("-", "")
    db.session.refresh(case)
    assert case.kind == "question"


def test_finished_cases_and_those_that_owe_something_stay_what_they_are(agent, manager, owner, file):
    closed, owing = file("question"), file("quality")
    cases.move(owner.actor, closed, E.CANCEL, clock.now())
    db.session.commit()
    told = {"part": "Remote", "pieces": "1", "way": "collect"}
    assert (
        "Only an open case" in agent.post(f"/desk/cases/{closed.code}/kind?to=part", expect=422, **told).text
    )
    manager.post(f"/desk/cases/{owing.code}/resolve", outcome="refund", reason="Maaf.", amount="20000")
    assert "still owed" in agent.post(f"/desk/cases/{owing.code}/kind?to=part", expect=422, **told).text


def test_technicians_neither_decide_nor_move_to_another_kind(technician, file):
    case = file("service")
    for path in ("resolve", "book", "kind?to=part"):
        technician.post(f"/desk/cases/{case.code}/{path}", expect=403)
