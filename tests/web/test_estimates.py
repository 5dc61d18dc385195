"""Estimates: sent from the desk, answered on the phone, by the link in a message, at the counter."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.db import db
from portal.domain.cases import queries as cases
from portal.domain.estimates import actions as estimates
from portal.domain.estimates.models import Estimate
from portal.domain.estimates.rules import S
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import S as Work
from portal.kernel import clock
from tests import estimating, factories


@pytest.fixture
def order(claim, agent):
    factories.decide(agent.actor, claim)
    factories.settle()
    made = estimating.order_of(claim)
    db.session.commit()
    return made


@pytest.fixture
def estimate(order, agent):
    return estimating.sent(agent.actor, order, optional=("Remote baru",))


def desk(order, tail=""):
    return f"/desk/work-orders/{order.code}/estimate{tail}"


def mine(order, tail=""):
    return f"/cases/{order.case.code}/estimate{tail}"


def sending(order):
    until = estimates.day_in("Asia/Jakarta", clock.now()).isoformat()
    return {"until": until, "version": str(order.version)}


def newest(order):
    db.session.rollback()
    return db.session.query(Estimate).filter_by(work_order_id=order.id).order_by(Estimate.id.desc()).first()


def test_the_desk_sends_what_stands_on_the_work_order(order, agent):
    remote = next(n for n in agent.get(desk(order)).text.split('name="optional" value="')[3:])
    fields = {"until": "2000-01-01", "fee": "50.000", "note": "Panel asli", "optional": remote.split('"')[0]}
    refused = agent.post(desk(order), expect=422, **fields)
    assert "Panel asli" in refused.text and "to come" in refused.text
    until = estimates.day_in("Asia/Jakarta", clock.now()).isoformat()
    agent.post(desk(order), expect=303, **{**fields, "until": until})
    made = newest(order)
    assert (made.state, made.fee, made.note, made.sent_by_id) == (
        S.SENT,
        50_000,
        "Panel asli",
        agent.person.id,
    )
    assert [line.description for line in made.lines if line.optional] == ["Remote baru"]


@pytest.mark.parametrize("fee", ["-1", "1,5", "1.5", "15.00", "1000.000", ".500", "1e3", "1" * 16, "seribu"])
def test_an_amount_is_taken_as_it_was_meant_or_not_at_all(order, agent, fee):
    page = agent.post(desk(order), expect=422, **{**sending(order), "fee": fee}).text
    assert f'value="{fee}"' in page and newest(order) is None


@pytest.mark.parametrize("fee", ["1500", "1.500", "Rp1.500", " Rp 1 500 "])
def test_dots_spaces_and_the_sign_are_no_digits(order, agent, fee):
    agent.post(desk(order), expect=303, **{**sending(order), "fee": fee})
    assert newest(order).fee == 1_500


def test_the_version_that_was_seen_is_the_one_that_is_sent(order, agent):
    fields = sending(order)
    db.session.get_one(WorkOrder, order.id).shelf = "B2"
    db.session.commit()
    assert (
        "changed this work order" in agent.post(desk(order), expect=409, **{**fields, "note": "Tetap"}).text
    )


def test_the_customer_approves_line_by_line(estimate, owner):
    order = estimate.order
    page = owner.get(mine(order)).text
    assert "Rp1.550.001" in page and "may be left out" in page
    seen = {"number": "1", "answer": "sum"}
    assert "Rp1.400.001" in owner.post(mine(order), expect=200, **seen).text
    assert newest(order).state == S.SENT, "asking what it comes to agrees to nothing"
    assert owner.post(mine(order), expect=422, number="1")
    owner.post(mine(order), expect=303, number="1", answer="approve")
    assert (newest(order).state, newest(order).agreed) == (S.APPROVED, 1_400_001)
    assert "Approved by" in owner.get(mine(order)).text
    assert "already" in owner.post(mine(order), expect=422, number="1", answer="decline").text


def test_what_was_typed_stays_when_it_is_too_late(estimate, owner, agent):
    order = estimate.order
    estimating.sent(agent.actor, order)
    answer = owner.post(mine(order), expect=422, number="1", answer="decline", reason="Mahal")
    assert "newer estimate" in answer.text and "Mahal" in answer.text and newest(order).state == S.SENT


def test_the_link_in_the_message_is_enough(estimate, client, owner):
    token = cases.link_token(estimate.order.case_id)
    client.post(f"/c/{token}")
    client.get(mine(estimate.order))
    client.post(mine(estimate.order), expect=303, number="1", answer="decline", reason="Nanti")
    assert (newest(estimate.order).state, newest(estimate.order).reason) == (S.DECLINED, "Nanti")
    declined = client.get(mine(estimate.order)).text
    assert (
        "The diagnosis costs Rp100.000; you pay it when you collect" in declined and "You pay" not in declined
    )
    client.get(f"/units/{owner.unit.code}", expect=404)


def test_an_answer_at_the_counter_names_who_gave_it(estimate, agent, technician):
    order = estimate.order
    said = {"number": "1", "how": "phone", "name": "Ibu Siti", "answer": "approve"}
    technician.post(desk(order, "/answer"), expect=403, **said)
    assert agent.post(desk(order, "/answer"), expect=422, **{**said, "how": "portal"})
    agent.post(desk(order, "/answer"), expect=303, **said)
    made = newest(order)
    assert (made.decided_by, made.how, made.recorded_by_id) == ("Ibu Siti", "phone", agent.person.id)
    agent.post(desk(order, "/answer"), expect=422, **said)


def test_nobody_approves_a_version_that_was_not_on_the_screen(estimate, agent, owner):
    order, said = estimate.order, {"how": "phone", "name": "Siti", "answer": "approve"}
    assert 'name="number" type="hidden" value="1"' in agent.get(desk(order)).text
    estimating.sent(agent.actor, order)
    late = agent.post(desk(order, "/answer"), expect=422, number="1", **said).text
    assert "newer estimate" in late and 'name="number" type="hidden" value="2"' in late
    for number in ("", "-1", "0", "x", "9" * 5000):
        agent.post(desk(order, "/answer"), expect=404, number=number, **said)
        owner.post(mine(order), expect=404, number=number, answer="approve")
    assert newest(order).state == S.SENT


def test_what_was_unticked_stays_so(estimate, agent):
    fields = {"number": "1", "how": "phone", "name": "Siti", "answer": "perhaps"}
    line = str(newest(estimate.order).lines[2].id)
    for ticked in ([], [line]):
        page = agent.post(desk(estimate.order, "/answer"), expect=422, **fields, lines=ticked).text
        assert (f'value="{line}" checked' in page) is bool(ticked)


def test_a_later_no_does_not_stop_what_was_approved(estimate, owner, agent):
    order = estimate.order
    owner.post(mine(order), expect=303, number="1", answer="approve")
    estimating.adds(order.case, "Bingkai", 90_000)
    estimating.sent(agent.actor, order)
    page = owner.get(mine(order)).text
    assert "goes on with what you approved before" in page and "the diagnosis costs" not in page
    owner.post(mine(order), expect=303, number="2", answer="decline")
    answered = owner.get(mine(order)).text
    assert "goes on with what you approved" in answered and "You pay" not in answered
    assert (newest(order).order.state, newest(order).fee) == (Work.APPROVED, 0)


def test_whoever_stands_at_the_counter_agrees_at_once(order, agent):
    fields = sending(order)
    agent.post(desk(order), expect=303, **{**fields, "here": "1"})
    assert (newest(order).state, newest(order).how, newest(order).order.state) == (
        S.APPROVED, "counter", Work.APPROVED,
    )  # fmt: skip


def test_strangers_see_none_of_it(estimate, stranger, client, technician):
    order = estimate.order
    for path in (mine(order), mine(order, "/1.pdf")):
        stranger.get(path, expect=404)
    stranger.post(mine(order), expect=404, number="1", answer="approve")
    stranger.post(mine(order, "/again"), expect=404)
    client.get(mine(order), expect=303)
    technician.get(desk(order))


@pytest.mark.slow
def test_on_paper(estimate, owner, agent):
    for browser, path in ((owner, mine(estimate.order, "/1.pdf")), (agent, desk(estimate.order, "/1.pdf"))):
        answer = browser.get(path)
        assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
        text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
        assert "Rp1.550.001" in text and "Panel 43 inci" in text and "Rp100.000" in text
    owner.get(mine(estimate.order, "/2.pdf"), expect=404)
