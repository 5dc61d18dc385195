"""Filing a claim, and what a customer does with a case."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent, CasePhoto
from portal.domain.claims.models import Claim
from portal.domain.claims.rules import Payment
from portal.domain.units import actions as units
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from tests import factories
from tests.forms import errors
from tests.pages import parse

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()
STORY = "Layar mati sejak kemarin malam 😀 ‫عربي‬ <b>tebal</b>"


def photo():
    return [(BytesIO(PHOTO), "a.webp")]


def state(case):
    db.session.rollback()
    return db.session.scalar(select(Case.state).where(Case.code == case.code))


def state_of_draft():
    db.session.rollback()
    return db.session.scalar(select(Case.state))


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def form(owner):
    """Where a claim for the owner's television is written."""
    return f"/units/{owner.unit.code}/claims/new"


def writes(owner, form, *, symptom="tv_no_power", story=STORY, photos=()):
    """Answer every question; the review is left."""
    owner.post(f"{form}/what", symptom=symptom)
    owner.post(f"{form}/story", story=story)
    return owner.post(f"{form}/photos", photos=list(photos))


def test_a_claim_is_asked_one_question_a_screen_and_sent_after_reading_it_again(owner, form):
    assert parse(owner.get(form).text).find(".//input[@name='symptom']") is not None
    answer = owner.post(f"{form}/what", symptom="tv_no_power")
    assert answer.headers["Location"] == f"{form}/story"
    answer = owner.post(f"{form}/story", story=STORY)
    assert answer.headers["Location"] == f"{form}/photos"
    answer = owner.post(f"{form}/photos", photos=photo())
    review = owner.follow(answer).text
    assert "Layar mati" in review and "<b>tebal</b>" not in review and "tv_no_power" in review
    page = owner.follow(owner.post(f"{form}/review")).text
    assert "Layar mati" in page and "<b>tebal</b>" not in page
    shown = parse(page).find(".//ul[@class='photos-shown']//img").get("src")
    assert owner.get(shown).mimetype == "image/jpeg"


def test_a_claim_sent_twice_is_one_claim(owner, form):
    writes(owner, form)
    first, second = owner.post(f"{form}/review", _key="same"), owner.post(f"{form}/review", _key="same")
    assert first.headers["Location"] == second.headers["Location"]
    owner.post(f"{form}/review", expect=422)
    again = owner.post(f"{form}/story", story="Tulisan kedua", expect=422).text
    assert "open claim" in again and "Tulisan kedua" in again  # refused, not lost
    assert count(Claim) == 1


def test_a_draft_comes_back_where_it_was_left_on_any_device(owner, form, stranger):
    owner.post(f"{form}/what", symptom="tv_lines")
    answer = owner.post(f"{form}/story", story="kurang", later="1")
    assert answer.headers["Location"] == f"/units/{owner.unit.code}"
    owner.post(f"{form}/photos", photos=photo())
    page = parse(owner.get(form).text)
    assert page.find(".//textarea").text.strip() == "kurang"  # too short, so it is asked first
    kept = parse(owner.get(f"{form}/photos").text).find(".//input[@name='photos-kept']").get("value")
    owner.get(f"/photos/{kept}?size=thumb")
    stranger.get(f"/photos/{kept}", expect=404)
    owner.post(
        f"{form}/story",
        story=STORY,
        seen=parse(owner.get(form).text).find(".//input[@name='seen']").get("value"),
    )
    owner.follow(owner.post(f"{form}/review"))
    assert count(CasePhoto) == 1 and count(Claim) == 1


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(owner, form):
    assert "symptom" in errors(owner.post(f"{form}/what", expect=422).text)
    short = owner.post(f"{form}/story", story="rusak", expect=422).text
    assert "story" in errors(short) and parse(short).find(".//textarea").text.strip() == "rusak"
    long = "panjang " * 700
    assert long.strip() in owner.post(f"{form}/story", story=long, expect=422).text
    review = owner.get(f"{form}/review").text  # nothing to read again yet: the first open question
    assert parse(review).find(".//input[@name='symptom']") is not None
    owner.post(f"{form}/what", symptom="tv_lines")
    owner.post(f"{form}/review", expect=422)
    assert state_of_draft() == S.DRAFT


def test_text_is_kept_while_it_is_typed(owner, form):
    answer = owner.post(f"{form}/story", story="Lay", htmx=True, expect=200)
    assert "Saved at" in answer.text and "<html" not in answer.text
    seen = parse(f"<div>{answer.text}</div>").find(".//input[@name='seen']").get("value")
    owner.post(f"{form}/story", story="Layar mati", seen=seen, htmx=True, expect=200)
    assert parse(owner.get(f"{form}/story").text).find(".//textarea").text.strip() == "Layar mati"


def test_two_tabs_do_not_overwrite_each_other_unseen(owner, form):
    empty = parse(owner.get(f"{form}/story").text).find(".//input[@name='seen']").get("value")
    owner.post(f"{form}/story", story=STORY, seen=empty)
    both = owner.post(f"{form}/story", story="Dari tab kedua, lampu merah.", seen=empty, expect=409).text
    assert "Layar mati" in both
    assert parse(both).find(".//textarea").text.strip() == "Dari tab kedua, lampu merah."
    seen = parse(both).find(".//input[@name='seen']").get("value")
    owner.post(f"{form}/story", story="Dari tab kedua, lampu merah.", seen=seen)
    assert "Dari tab kedua" in owner.get(f"{form}/story").text


def test_what_is_changed_from_the_review_leads_back_to_it(owner, form):
    writes(owner, form)
    asked = parse(owner.get(f"{form}/what").text)
    action = next(f.get("action") for f in asked.iter("form") if "/what" in f.get("action"))
    assert owner.post(action, symptom="tv_lines").headers["Location"] == f"{form}/review"


def test_a_void_item_refuses_a_claim_kindly(owner, form, manager):
    units.void(manager.actor, owner.unit, reason="Segel rusak.", now=clock.now())
    factories.settle()
    owner.post(f"{form}/what", symptom="tv_no_power", expect=422)


@pytest.mark.parametrize("step", ["what", "story", "photos", "photo", "review"])
def test_who_may_not_write_a_claim(owner, form, stranger, agent, client, step):
    stranger.post(f"{form}/{step}", story="x", expect=404)
    agent.post(f"{form}/{step}", story="x", expect=403)
    client.post(f"{form}/{step}", story="x", expect=401)
    assert count(Claim) == 0


def test_an_answer_moves_the_case_on_and_a_second_one_is_a_message(owner, claim, agent):
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Foto stiker?")
    factories.settle()
    assert "Foto stiker?" in owner.get(f"/cases/{claim.code}").text
    path = f"/cases/{claim.code}/messages"
    owner.post(path, body="", expect=422)
    owner.post(path, body="Ini fotonya", photos=photo())
    assert state(claim) == S.SUBMITTED
    owner.post(path, body="Satu lagi", _key="k")
    before = count(CaseEvent)
    owner.post(path, body="Satu lagi", _key="k")
    assert count(CaseEvent) == before


def test_notes_and_findings_of_staff_are_nowhere(owner, claim, agent):
    cases.say(agent.actor, claim, "Pelanggan rewel", clock.now(), internal=True)
    factories.decide(agent.actor, claim, Payment.REJECTED)
    page = owner.get(f"/cases/{claim.code}").text
    assert "Pelanggan rewel" not in page and "Air masuk." not in page
    assert "Kerusakan pabrik." in page and "Servis Rp250.000" in page and "BPSK" in page


def test_a_rejection_is_appealed_once(owner, claim, agent):
    path = f"/cases/{claim.code}/appeal"
    owner.post(path, body="Terlalu dini", expect=422)
    factories.decide(agent.actor, claim, Payment.REJECTED)
    page = owner.post(path, body="", expect=422).text
    assert '<details class="more" id="appeal" open>' in page
    owner.post(path, body="Tidak kena air", photos=photo())
    assert state(claim) == S.APPEALED
    owner.post(path, body="Lagi", expect=422)


def test_a_finished_case_is_opened_again_with_a_word(owner, claim, agent):
    factories.decide(agent.actor, claim, Payment.REJECTED)
    cases.move(agent.actor, claim, E.CLOSE, clock.now())
    factories.settle()
    owner.post(f"/cases/{claim.code}/messages", body="Halo", expect=422)
    owner.post(f"/cases/{claim.code}/reopen", body=" ", expect=422)
    owner.post(f"/cases/{claim.code}/reopen", body="Rusak lagi")
    assert state(claim) == S.REOPENED


def test_withdrawing_ends_a_claim_and_twice_is_harmless(owner, claim):
    owner.post(f"/cases/{claim.code}/withdraw")
    owner.post(f"/cases/{claim.code}/withdraw", expect=409)
    assert state(claim) == S.CANCELLED


@pytest.mark.parametrize("action", ["messages", "withdraw", "appeal", "reopen"])
def test_who_may_not_and_how_not(owner, claim, stranger, agent, client, action):
    path = f"/cases/{claim.code}/{action}"
    stranger.post(path, body="x", expect=404)
    agent.post(path, body="x", expect=403)
    client.post(path, body="x", expect=401)
    owner.get(path, expect=405)
    assert state(claim) == S.SUBMITTED


def test_nobody_writes_on_a_case_that_was_not_sent(owner, form):
    owner.post(f"{form}/what", symptom="tv_lines")
    code = db.session.scalar(select(Case.code))
    answer = owner.post(f"/cases/{code}/messages", body="Halo")
    assert answer.headers["Location"] == form
    assert count(CaseEvent) == 0
