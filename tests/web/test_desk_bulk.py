"""Work on many cases at once: what is done, what is not possible and why, undo, two people at once."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims.rules import Payment
from portal.domain.desk import bulk, tags
from portal.domain.desk.models import BulkRun
from portal.domain.outbox.models import OutboxMessage
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.browser import Browser


@pytest.fixture
def three(owner, outlet, product):
    """Three claims, all decided: two rejected, which can be closed, one to be repaired."""
    bought = [factories.purchase(outlet, [(product, 1)], buyer=owner.person) for _ in range(3)]
    made = [factories.claim(owner.actor, factories.units_of(one)[0]) for one in bought]
    judge = Browser(owner.app, factories.staff()).actor
    for case in made[:2]:
        factories.decide(judge, case, Payment.REJECTED)
    factories.decide(judge, made[2])
    return made


def do(agent, verb, chosen, value="", expect=303):
    return agent.post("/desk/bulk", do=verb, value=value, case=[case.code for case in chosen], expect=expect)


def undo(agent, answer):
    code = answer.headers["Location"].split("did=")[1]
    return agent.post(f"/desk/bulk/{code}/undo")


def fresh(case):
    return db.session.get(Case, case.id, populate_existing=True)


def letters(name):
    return db.session.query(OutboxMessage).filter_by(template=name).count()


def test_ticked_cases_are_shown_before_anything_is_done(agent, three):
    codes = "&".join(f"case={case.code}" for case in three)
    text = agent.get(f"/desk/bulk?do=close&{codes}").text
    assert "Not possible with 1 case" in text
    assert "Do it with 2 cases" in text
    assert fresh(three[0]).on_desk


def test_all_on_this_page_without_a_script(agent, three):
    assert "Do it with 3 cases" in agent.get("/desk/bulk?do=tag&all=1").text
    assert "No case is chosen" in agent.get("/desk/bulk?do=tag").text


def test_assigning_and_back(agent, staff, three):
    other = staff(Role.AGENT)
    cases.assign(agent.actor, three[0], other.actor.id, "Other", clock.now())
    db.session.commit()
    answer = do(agent, "assign", three, agent.actor.id)
    assert {fresh(case).assignee_id for case in three} == {agent.actor.id}
    assert "Undo" in agent.follow(answer).text
    undo(agent, answer)
    undo(agent, answer)  # twice is harmless
    assert [fresh(case).assignee_id for case in three] == [other.actor.id, None, None]


def test_undoing_leaves_what_somebody_changed_since(agent, staff, three):
    other = staff(Role.AGENT)
    answer = do(agent, "assign", three[:2], agent.actor.id)
    cases.assign(other.actor, fresh(three[0]), other.actor.id, "Other", clock.now())
    db.session.commit()
    told = agent.follow(undo(agent, answer)).text
    assert "1 cases stay" in told
    assert [fresh(case).assignee_id for case in three[:2]] == [other.actor.id, None]


def test_tags_and_priority_and_back(agent, three):
    tags.add(three[0], "panen")
    db.session.commit()
    tagged, hurried = do(agent, "tag", three, " Panen "), do(agent, "priority", three[:2], "urgent")
    assert [tags.of_case(case.id)[0] for case in three] == [["panen"]] * 3
    assert fresh(three[0]).priority == "urgent"
    undo(agent, hurried)
    undo(agent, tagged)
    assert [tags.of_case(case.id)[0] for case in three] == [["panen"], [], []]
    assert fresh(three[0]).priority == "normal"
    do(agent, "untag", three, "panen")
    assert tags.of_case(three[0].id)[0] == []


def test_a_message_waits_for_a_minute_and_can_be_taken_back(agent, three, time_machine):
    before = letters("message")
    held = do(agent, "reply", three, "Kami tutup besok.")
    assert "3 messages go out in a minute" in agent.follow(held).text
    assert not bulk.perform_next(clock.now())
    undo(agent, held)
    time_machine.move_to(clock.now() + timedelta(seconds=61), tick=False)
    assert not bulk.perform_next(clock.now())
    factories.settle()
    assert letters("message") == before


def test_what_was_held_is_done_once_and_cases_that_changed_are_named(agent, three, time_machine):
    held = do(agent, "close", three, "Selesai ya.")
    cases.move(agent.actor, fresh(three[1]), E.CLOSE, clock.now())
    factories.settle()
    time_machine.move_to(clock.now() + timedelta(seconds=61), tick=False)
    sent = letters("closed")
    assert bulk.perform_next(clock.now())
    factories.settle()
    assert not bulk.perform_next(clock.now())
    assert [fresh(case).state for case in three] == ["closed", "closed", "fulfilling"]
    assert letters("closed") == sent + 1
    code = held.headers["Location"].split("did=")[1]
    text = Browser(agent.app, agent.person).get(f"/desk/bulk/{code}").text
    assert "1 case was closed" in text
    assert "Not possible with 2 cases" in text
    Browser(agent.app, agent.person).post(f"/desk/bulk/{code}/undo", expect=409)


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("assign", "9999"),
        ("assign", "²"),
        ("tag", " "),
        ("tag", "x" * 41),
        ("priority", "soon"),
        ("reply", " "),
        ("x", ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(agent, three, verb, value):
    do(agent, verb, three, value, expect=422)
    assert db.session.query(BulkRun).count() == 0


def test_nothing_chosen_and_made_up_codes(agent):
    agent.post("/desk/bulk", do="tag", value="a", expect=422)
    agent.post("/desk/bulk", do="tag", value="a", case="ZZZZZZZZ", expect=422)


def test_the_same_form_twice_is_one_run(agent, three):
    form = {"do": "tag", "value": "a", "case": three[0].code, "_key": "k1"}
    first, second = agent.post("/desk/bulk", **form), agent.post("/desk/bulk", **form)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(BulkRun).count() == 1


def test_who_may(agent, staff, technician, owner, three):
    made = do(agent, "tag", three, "a").headers["Location"].split("did=")[1]
    staff(Role.AGENT).get(f"/desk/bulk/{made}", expect=404)
    staff(Role.MANAGER).post(f"/desk/bulk/{made}/undo", expect=404)
    technician.post("/desk/bulk", do="close", case=three[0].code, expect=422)
    owner.get("/desk/bulk", expect=403)
    agent.get(f"/desk/bulk/{made}/undo", expect=405)
