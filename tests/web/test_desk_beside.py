"""Beside a case: tags, cases like it, merging and separating, who else is here, rules for who gets it."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.cases import queries
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.desk import merging, tags
from portal.domain.desk.models import AssignRule, Presence, SavedView
from portal.domain.outbox.models import OutboxMessage
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.pages import parse, words


@pytest.fixture
def twin(owner, outlet, product, claim):
    """A second claim of Siti, for a television that she bought later."""
    bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    return factories.claim(owner.actor, factories.units_of(bought)[0])


def test_tags_are_added_and_taken_off(agent, claim):
    path = f"/desk/cases/{claim.code}"
    agent.post(f"{path}/tags", tag="  Pelanggan  Setia ")
    agent.post(f"{path}/tags", tag="pelanggan setia")
    assert tags.of_case(claim.id)[0] == ["pelanggan setia"]
    assert "pelanggan setia" in agent.get(f"{path}/beside", htmx=True).text
    agent.post(f"{path}/tags", tag=" ", expect=422)
    agent.post(f"{path}/tags", remove="pelanggan setia")
    assert tags.of_case(claim.id)[0] == []


def test_what_is_beside_a_case_takes_six_statements(agent, claim, twin, statements):
    path = f"/desk/cases/{claim.code}/beside"
    with statements() as seen:
        agent.get(path, htmx=True)
    assert len(seen) == 6


def test_similar_cases_say_why_and_what_was_decided(agent, claim, twin):
    factories.decide(agent.actor, twin)
    text = words(parse(agent.get(f"/desk/cases/{claim.code}/beside").text))
    assert "same product, same fault" in text
    assert "Repair" in text


def test_merging_shows_one_thread_and_tells_the_customer_once(agent, owner, claim, twin):
    cases.say(owner.actor, twin, "Ini kasus kedua.", clock.now())
    factories.settle()
    assert twin.code in agent.get(f"/desk/cases/{claim.code}/beside").text
    form = {"into": claim.code, "_key": "m"}
    agent.post(f"/desk/cases/{twin.code}/merge", **form)
    agent.post(f"/desk/cases/{twin.code}/merge", **form)
    db.session.expire_all()
    assert (twin.state, twin.merged_into_id, twin.on_desk) == ("merged", claim.id, False)
    entries, _older = queries.timeline(claim.id, internal=False)
    assert "Ini kasus kedua." in [entry.body for entry in entries]
    assert [entry.number for entry in entries] == sorted(entry.number for entry in entries)
    told = db.session.query(OutboxMessage).filter_by(template="merged", channel="email").all()
    assert [letter.values["case"] for letter in told] == [claim.code]
    assert owner.get(f"/cases/{twin.code}", expect=303).headers["Location"].endswith(f"/cases/{claim.code}")

    agent.post(f"/desk/cases/{twin.code}/separate")
    db.session.expire_all()
    assert (twin.state, twin.merged_into_id) == ("submitted", None)
    entries, _older = queries.timeline(claim.id, internal=False)
    assert "Ini kasus kedua." not in [entry.body for entry in entries]
    agent.post(f"/desk/cases/{twin.code}/separate", expect=409)


def test_what_cannot_be_merged(agent, staff, stranger, owner, claim, twin, outlet, product):
    bought = factories.purchase(outlet, [(product, 1)], buyer=stranger.person)
    foreign = factories.claim(stranger.actor, factories.units_of(bought)[0])
    for into in (foreign.code, claim.code, "ZZZZZZZZ", ""):
        agent.post(f"/desk/cases/{claim.code}/merge", into=into, expect=422)
    staff(Role.TECHNICIAN).post(f"/desk/cases/{claim.code}/merge", into=twin.code, expect=403)
    merging.merge(agent.actor, twin, claim, clock.now())
    with pytest.raises(Refused):  # no chains
        merging.merge(agent.actor, claim, twin, clock.now())


def test_separating_waits_for_a_newer_claim_of_the_item(agent, owner, claim, twin):
    merging.merge(agent.actor, twin, claim, clock.now())
    factories.settle()
    factories.claim(owner.actor, twin.unit)
    agent.post(f"/desk/cases/{twin.code}/separate", expect=409)


def test_who_else_is_here(agent, staff, claim, time_machine, statements):
    other, path = staff(Role.AGENT, "Dwi Lestari"), f"/desk/cases/{claim.code}/here"
    other.post(path, expect=200, htmx=True)
    assert "Dwi Lestari" in agent.post(path, expect=200, htmx=True).text
    with statements() as seen:
        agent.post(path, expect=200, htmx=True)
    assert not [statement for statement in seen if statement.startswith(("INSERT", "UPDATE"))]
    time_machine.move_to(clock.now() + timedelta(seconds=80), tick=False)
    assert "Dwi" not in agent.post(path, expect=200, htmx=True).text
    assert db.session.query(Presence).count() == 2


def rule(**values):
    empty = dict.fromkeys(("kind", "outlet_id", "category", "priority", "tag_id", "words", "language"), "")
    return {**empty, "name": "Aturan", "role": "agent", "active": "y", **values}


def test_a_rule_gives_new_cases_to_the_least_loaded(manager, agent, staff, owner, claim, outlet, product):
    idle = staff(Role.AGENT, "Zaki")
    cases.assign(agent.actor, claim, agent.actor.id, agent.actor.name, clock.now())
    manager.post("/desk/rules/new", **rule(words="robot, mati"))
    bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    case = factories.claim(owner.actor, factories.units_of(bought)[0])
    assert case.assignee_id == idle.actor.id
    entry = db.session.query(CaseEvent).filter_by(case_id=case.id, event="assign").one()
    assert (entry.author, entry.data["rule"], entry.data["name"]) == ("system", 1, "Aturan")
    assert "assigned by rule 1: Aturan" in words(parse(agent.get(f"/desk/cases/{case.code}").text))


def test_the_first_fitting_rule_counts_and_a_tag_brings_one(manager, agent, claim):
    tag = tags.known("vip").id
    db.session.commit()
    manager.post("/desk/rules/new", **rule(name="Mati", active=None, role="manager"))
    manager.post("/desk/rules/new", **rule(name="VIP", tag_id=tag, people=agent.actor.id))
    agent.post(f"/desk/cases/{claim.code}/tags", tag="vip")
    assert db.session.get(Case, claim.id, populate_existing=True).assignee_id == agent.actor.id


def test_a_rule_is_tried_on_a_case_and_nothing_is_kept(manager, claim):
    answer = manager.post(
        "/desk/rules/new", **rule(kind="return", **{"try": "1", "case": claim.code}), expect=200
    )
    assert "The rule does not fit" in answer.text
    answer = manager.post(
        "/desk/rules/new", **rule(role="manager", **{"try": "1", "case": claim.code}), expect=200
    )
    assert manager.actor.name in words(parse(answer.text).find(".//*[@role='status'][@tabindex]"))
    manager.post("/desk/rules/new", **rule(**{"try": "1", "case": "?"}), expect=422)
    assert db.session.query(AssignRule).count() == 0


def test_rules_change_places_and_go(manager, agent):
    for name in ("A", "B"):
        manager.post("/desk/rules/new", **rule(name=name))
    manager.post("/desk/rules/2/order", up="1")
    assert [r.name for r in db.session.query(AssignRule).order_by(AssignRule.position)] == ["B", "A"]
    manager.post("/desk/rules/1", **rule(name="C", version=99), expect=409)
    manager.post("/desk/rules/1", **rule(name="C", role="", version=2), expect=422)
    manager.post("/desk/rules/1/order", remove="1", version=2)
    assert db.session.query(AssignRule).count() == 1
    agent.get("/desk/rules", expect=403)
    manager.get("/desk/rules/77", expect=404)


def test_views_are_kept_shared_renamed_and_removed(manager, agent, staff):
    agent.post("/desk/views", name="Nyala", query="kind=warranty&evil=1&after=x")
    manager.post("/desk/views", name="Semua lihat", query="clock=late", shared="y")
    agent.post("/desk/views", name="Curang", query="clock=late", shared="y", expect=422)
    agent.post("/desk/views", name="Kosong", query="", expect=422)
    mine, shared = db.session.query(SavedView).order_by(SavedView.id)
    assert mine.query == "kind=warranty"
    assert "Nyala" in agent.get("/desk").text
    seen = staff(Role.AGENT).get("/desk").text
    assert "Semua lihat" in seen
    assert "Nyala" not in seen
    agent.post(f"/desk/views/{shared.code}", name="X", version=1, expect=404)
    agent.post(f"/desk/views/{mine.code}", name="Terang", version=1)
    agent.post(f"/desk/views/{mine.code}", name="Basi", version=1, expect=409)
    agent.post(f"/desk/views/{mine.code}", remove="1")
    assert db.session.query(SavedView).count() == 1


def test_a_stranger_and_a_customer_are_told_nothing(owner, agent, claim):
    for path in ("beside", "tags", "merge", "separate", "here"):
        method = owner.get if path == "beside" else owner.post
        method(f"/desk/cases/{claim.code}/{path}", expect=403)
        again = agent.get if path == "beside" else agent.post
        again(f"/desk/cases/ZZZZZZZZ/{path}", expect=404)
    assert (claim.state, E.MERGE) == ("submitted", "merge")
