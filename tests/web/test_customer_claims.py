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
from portal.domain.workflows.warranty import E, S
from portal.kernel import clock
from tests import factories
from tests.pages import parse

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()
STORY = "Layar mati sejak kemarin malam 😀 ‫عربي‬ <b>tebal</b>"


def photo():
    return [(BytesIO(PHOTO), "a.webp")]


def state(case):
    db.session.rollback()
    return db.session.scalar(select(Case.state).where(Case.code == case.code))


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def form(owner):
    """Where a claim for the owner's television is written."""
    return f"/units/{owner.unit.code}/claims/new"


def test_a_claim_is_sent_with_a_photo_and_its_page_says_what_happens_next(owner, form):
    answer = owner.post(form, symptom="tv_no_power", story=STORY, photos=photo(), send="1")
    page = owner.follow(answer).text
    assert "Layar mati" in page and "<b>tebal</b>" not in page
    shown = parse(page).find(".//ul[@class='photos-shown']//img").get("src")
    assert owner.get(shown).mimetype == "image/jpeg"


def test_a_claim_sent_twice_is_one_claim(owner, form):
    values = {"symptom": "tv_no_power", "story": STORY, "send": "1", "_key": "same"}
    first, second = owner.post(form, **values), owner.post(form, **values)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(Claim) == 1
    again = owner.post(form, symptom="tv_no_power", story="Tulisan kedua", send="1", expect=422).text
    assert "open claim" in again and "Tulisan kedua" in again  # refused, not lost


def test_a_draft_comes_back_with_its_photos_and_is_sent_later(owner, form, stranger):
    owner.post(form, story="kurang", photos=photo(), save="1")
    page = parse(owner.get(form).text)
    kept = page.find(".//input[@name='photos-kept']").get("value")
    assert page.find(".//textarea").text.strip() == "kurang"
    owner.get(f"/photos/{kept}?size=thumb")
    stranger.get(f"/photos/{kept}", expect=404)
    answer = owner.post(form, symptom="tv_lines", story=STORY, send="1", **{"photos-kept": kept})
    assert count(CasePhoto) == 1 and count(Claim) == 1
    owner.follow(answer)


def test_what_was_typed_stays_when_something_is_missing(owner, form):
    page = parse(owner.post(form, story=STORY, photos=photo(), send="1", expect=422).text)
    assert page.find(".//textarea").text.strip() == STORY
    assert page.find(".//input[@name='photos-kept']") is not None
    long = "panjang " * 700
    assert long.strip() in owner.post(form, symptom="tv_lines", story=long, send="1", expect=422).text
    assert count(Claim) == 0


def test_a_void_item_refuses_a_claim_kindly(owner, form, manager):
    units.void(manager.actor, owner.unit, reason="Segel rusak.", now=clock.now())
    factories.settle()
    owner.post(form, symptom="tv_no_power", story=STORY, send="1", expect=422)


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
