"""The clock as the desk and the customer see it: the same promise, and how urgent a case is."""

import re
from datetime import date, datetime, timedelta

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog import holidays
from portal.domain.catalog.models import Outlet
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.web.words import moment, speak
from tests import factories
from tests.browser import Browser

NOW = datetime.fromisoformat("2026-11-23T10:00+07:00")  # a Monday


@pytest.fixture
def claim(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Sent an hour ago; the first answer is due on Tuesday at ten."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    owner.sign_in()
    return factories.claim(owner.actor, owner.unit, now=NOW - timedelta(hours=1))


@pytest.fixture
def desk(agent: Browser, claim: Case) -> Browser:
    agent.sign_in()
    return agent


def shown(browser: Browser, path: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(path).text).split())


def test_the_customer_is_promised_what_the_desk_reads(owner: Browser, desk: Browser, claim: Case) -> None:
    assert claim.respond_by
    with owner.app.test_request_context():
        speak("en")
        said = moment(claim.respond_by)
    assert said == "Tuesday, 24 November 2026, 10:00 WIB"
    assert f"The shop answers by {said} at the latest." in shown(owner, f"/cases/{claim.code}")
    text = shown(desk, f"/desk/cases/{claim.code}")
    assert "First answer 7 hours left by tomorrow 10:00" in text
    assert "Solution" in text and "Next answer" not in text


def test_the_customer_reads_which_closed_days_lie_before_what_is_promised(
    owner: Browser, claim: Case, outlet: Outlet
) -> None:
    assert "not counted" not in shown(owner, f"/cases/{claim.code}")
    for day, name, hours in (
        (24, "Libur = besar", ""),
        (25, "Pasar malam", "10:00-12:00"),
        (29, "Minggu", ""),
    ):
        holidays.save(None, None, day=date(2026, 11, day), outlet_id=None, name=name, name_en="", hours=hours)
    db.session.commit()
    text = shown(owner, f"/cases/{claim.code}")
    assert "Closed, and not counted: Tuesday 24 Nov 2026 (Libur = besar)." in text
    holidays.save(None, None, day=date(2026, 11, 24), outlet_id=outlet.id, name="Buka", hours="09:00-17:00")
    db.session.commit()
    assert "not counted" not in shown(owner, f"/cases/{claim.code}")  # this outlet is open


def test_after_the_answer_its_clock_stands_and_the_end_is_promised(
    owner: Browser, desk: Browser, claim: Case
) -> None:
    cases.say(desk.actor, claim, "Halo", NOW)
    factories.settle(NOW)
    assert "First answer in time" in shown(desk, f"/desk/cases/{claim.code}")
    text = shown(owner, f"/cases/{claim.code}")
    assert "The shop answers by" not in text and "It is settled by" in text
    cases.say(owner.actor, claim, "Bagaimana kelanjutannya?", NOW)
    factories.settle(NOW)
    text = shown(desk, f"/desk/cases/{claim.code}")
    assert "Next answer 2 working days left" in text, text[text.find("Next answer") :][:200]
    assert "The shop answers by Wednesday, 25 November 2026, 12:00 WIB" in shown(
        owner, f"/cases/{claim.code}"
    )


def test_a_pause_says_why(owner: Browser, desk: Browser, claim: Case) -> None:
    cases.move(desk.actor, claim, E.ASK, NOW, body="Nomor seri?")
    factories.settle(NOW)
    text = shown(owner, f"/cases/{claim.code}")
    assert "stands still since Monday, 23 November 2026, 10:00 WIB: it waits for you" in text
    assert "stands still since today 10:00" in shown(desk, f"/desk/cases/{claim.code}")


def test_what_is_over_is_said_to_both(
    owner: Browser, desk: Browser, claim: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=26))
    for browser in (owner, desk):
        browser.sign_in()
    assert "The shop should have answered by" in shown(owner, f"/cases/{claim.code}")
    assert "First answer 2 hours over" in shown(desk, f"/desk/cases/{claim.code}")


def test_staff_say_how_urgent_a_case_is(desk: Browser, claim: Case) -> None:
    where = f"/desk/cases/{claim.code}"
    desk.post(f"{where}/priority", priority="urgent")
    db.session.expire_all()
    assert claim.priority == "urgent"
    assert claim.respond_by == NOW + timedelta(hours=1)
    text = shown(desk, where)
    assert "Priority: Urgent" in text and "First answer 1 hour left" in text
    desk.post(f"{where}/priority", priority="urgent")
    assert db.session.query(CaseEvent).filter_by(event="priority").count() == 1, "twice is harmless"
    desk.post(f"{where}/priority", priority="panic", expect=409)
    desk.get(f"{where}/priority", expect=405)


def test_who_may_not_triage_sets_no_priority(
    owner: Browser, technician: Browser, stranger: Browser, claim: Case
) -> None:
    technician.sign_in()
    technician.post(f"/desk/cases/{claim.code}/priority", priority="urgent", expect=403)
    assert "/priority" not in technician.get(f"/desk/cases/{claim.code}").text
    for browser in (owner, stranger):
        browser.sign_in()
        browser.post(f"/desk/cases/{claim.code}/priority", priority="urgent", expect=403)


def test_a_finished_case_has_no_priority_to_set(owner: Browser, desk: Browser, claim: Case) -> None:
    cases.move(owner.actor, claim, E.CANCEL, NOW)
    factories.settle(NOW)
    desk.post(f"/desk/cases/{claim.code}/priority", priority="urgent", expect=409)
