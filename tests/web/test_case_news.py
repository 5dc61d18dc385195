"""What is new in a case while its page is open, on both sides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Session
from portal.domain.cases import actions as cases
from portal.domain.cases.models import CaseEvent
from portal.domain.desk import merging
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.pages import parse


def after(page):
    return parse(page).find(".//ol[@data-live]").get("data-after")


def newest():
    return db.session.scalar(select(CaseEvent.id).order_by(CaseEvent.id.desc()).limit(1))


@pytest.fixture
def sides(owner, agent, claim):
    """[(browser, address of the news, number of the newest entry on its page)], the customer's first."""
    return [
        (browser, f"{path}/news", after(browser.get(path).text))
        for browser, path in ((owner, f"/cases/{claim.code}"), (agent, f"/desk/cases/{claim.code}"))
    ]


def test_nothing_new_is_nothing_and_costs_two_statements(sides, statements):
    for browser, path, number in sides:
        with statements() as seen:
            answer = browser.get(f"{path}?after={number}", expect=204, htmx=True)
        assert not answer.data and len(seen) <= 2


def test_each_side_reads_what_the_other_wrote(sides, owner, agent, claim):
    (_, theirs, at), (_, ours, there) = sides
    owner.post(f"/cases/{claim.code}/messages", body="Masih mati, Pak.")
    agent.post(f"/desk/cases/{claim.code}/messages", kind="message", body="Kami cek hari ini.")
    for browser, path, number in ((owner, theirs, at), (agent, ours, there)):
        answer = browser.get(f"{path}?after={number}", htmx=True)
        assert "Masih mati, Pak." in answer.text and "Kami cek hari ini." in answer.text
        assert "<html" not in answer.text and answer.headers["X-After"] == f"{newest()}.0"
        browser.get(f"{path}?after={answer.headers['X-After']}", expect=204, htmx=True)


def test_a_note_is_news_for_staff_alone(sides, agent, claim):
    (owner, theirs, at), (_, ours, there) = sides
    agent.post(f"/desk/cases/{claim.code}/messages", kind="note", body="Pelanggan lama, tolong cepat.")
    owner.get(f"{theirs}?after={at}", expect=204, htmx=True)
    assert "Pelanggan lama" in agent.get(f"{ours}?after={there}", htmx=True).text


def test_a_case_that_moved_says_so(sides, agent, claim):
    (owner, theirs, at), _ = sides
    cases.move(agent.actor, claim, E.REVIEW, clock.now())
    factories.settle()
    assert "Show how it stands now" in owner.get(f"{theirs}?after={at}", htmx=True).text


def test_who_has_read_the_news_can_send_the_reply_they_were_writing(sides, owner, agent, claim):
    version = claim.version
    owner.post(f"/cases/{claim.code}/messages", body="Satu hal lagi.")
    reply = {"kind": "message", "body": "Baik."}
    agent.post(f"/desk/cases/{claim.code}/messages", **reply, version=version, expect=409)
    seen = agent.get(f"{sides[1][1]}?after={sides[1][2]}", htmx=True).headers["X-Version"]
    agent.post(f"/desk/cases/{claim.code}/messages", **reply, version=seen)


def test_a_parcel_that_moves_is_told_once_on_both_sides(sides, agent, claim, statements):
    leg = shipments.start(
        agent.actor, Direction.TO_CUSTOMER, courier="JNE", waybill="CGK123", status=Status.PICKED_UP,
        at=clock.now(), now=clock.now(),
    )  # fmt: skip
    cases.add_leg(agent.actor, claim, leg, clock.now())
    factories.settle()
    marks = []
    for browser, path, number in sides:
        answer = browser.get(f"{path}?after={number}", htmx=True)
        assert "JNE" in answer.text and "Picked up" in answer.text
        marks.append(answer.headers["X-After"])
        assert after(browser.get(path.removesuffix("/news")).text) == marks[-1]
        browser.get(f"{path}?after={marks[-1]}", expect=204, htmx=True)
    shipments.move(
        agent.actor, leg, Status.OUT_FOR_DELIVERY, at=clock.now(), place="Bekasi", note="", now=clock.now()
    )
    factories.settle()
    for (browser, path, _number), mark in zip(sides, marks, strict=True):
        with statements() as seen:
            text = browser.get(f"{path}?after={mark}", htmx=True).text
        assert len(seen) <= 3 and "Out for delivery" in text and "Bekasi" in text and "Picked up" not in text


def test_what_happens_in_a_case_that_goes_on_here_is_told_here(sides, owner, agent, claim, outlet, product):
    bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    twin = factories.claim(owner.actor, factories.units_of(bought)[0])
    merging.merge(agent.actor, twin, claim, clock.now())
    factories.settle()
    mark = after(agent.get(f"/desk/cases/{claim.code}").text)
    cases.note(agent.actor, twin, "message", clock.now(), body="Dari kasus yang digabung.")
    factories.settle()
    for browser, path, _number in sides:
        assert "Dari kasus yang digabung." in browser.get(f"{path}?after={mark}", htmx=True).text


@pytest.mark.parametrize("number", ["", "x", "-5", "99999999999999999999", "3.x", ".", "1.99999999999", "²"])
def test_whatever_number_is_asked_for(sides, number):
    for browser, path, _at in sides:
        browser.get(f"{path}?after={number}", expect=303)  # as a page it is the case


def test_strangers_hear_nothing(stranger, client, claim, sides):
    stranger.get(f"/cases/{claim.code}/news?after=0", expect=404)
    stranger.get(f"/desk/cases/{claim.code}/news?after=0", expect=403)
    client.get(f"/cases/{claim.code}/news?after=0", expect=303)
    asked = client.get(f"/cases/{claim.code}/news?after=0", expect=204, htmx=True)
    assert asked.headers["HX-Redirect"]  # who was signed out stops asking


def test_an_open_page_alone_does_not_keep_somebody_signed_in(agent, claim, time_machine):
    begun = clock.now()
    time_machine.move_to(begun + timedelta(minutes=20), tick=False)
    agent.get(f"/desk/cases/{claim.code}/news?after={newest()}", expect=204, htmx=True)
    assert db.session.scalar(select(Session.seen_at).where(Session.id == agent.actor.session_id)) <= begun
    time_machine.move_to(begun + timedelta(minutes=31), tick=False)
    agent.get(f"/desk/cases/{claim.code}/news?after=0", expect=303)
