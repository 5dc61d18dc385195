"""Every kind of case but the claim: asked for, decided, appealed against."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Reach
from portal.domain.cases import queries as case_queries
from portal.domain.claims import actions as claims
from portal.domain.claims.models import Refund
from portal.domain.outbox.models import OutboxMessage
from portal.domain.requests import actions as requests
from portal.domain.requests import queries
from portal.domain.requests.actions import Ruling, Subject
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.asking import ANSWERS, ask, ruling

REQUIRED = [(k, n) for k, told in ANSWERS.items() for n in told]
OUTCOMES = [(kind, name) for kind in ANSWERS for name in KINDS[kind].outcomes]
REFUSALS = [(kind, name) for kind, name in OUTCOMES if KINDS[kind].outcomes[name].refuses]


@pytest.fixture
def file(owner):
    """A case of a kind, sent by Siti."""
    return lambda kind, **answers: ask(owner.actor, owner.person, kind, owner.unit, owner.purchase, **answers)


@pytest.mark.parametrize("kind", ANSWERS)
def test_its_customer_asks_and_everybody_is_told(file, owner, stranger, agent, kind):
    case = file(kind)
    assert (case.state, case.on_desk) == (S.SUBMITTED, True)
    assert case.respond_by and case.title
    told = set(db.session.scalars(select(OutboxMessage.template).where(OutboxMessage.about == case.code)))
    assert "received" in told
    seen = case_queries.visible_to
    assert db.session.scalar(seen(owner.actor)) and db.session.scalar(seen(agent.actor))
    assert db.session.scalar(seen(stranger.actor)) is None


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_what_is_missing_is_named_by_its_question(file, kind, name):
    with pytest.raises(Refused) as refused:
        file(kind, **{name: ""})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("kind", "answers", "field"),
    [
        ("quality", {"fault": "made up"}, "fault"),
        ("part", {"pieces": 0}, "pieces"),
        ("part", {"part": "x" * 201}, "part"),
        ("question", {"way": "call"}, "phone"),
        ("question", {"story": "x" * 5001}, "story"),
        ("damage", {"arrived": (clock.now() + timedelta(days=3)).date()}, "arrived"),
        ("service", {"where": "home"}, "place"),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_question(file, kind, answers, field):
    with pytest.raises(Refused) as refused:
        file(kind, **answers)
    assert refused.value.field == field


def test_an_answer_that_no_longer_applies_is_left_out(file):
    case = file("question", phone="+6281200001111", place="Jalan Mawar")
    assert queries.of_case(case.id).answers == ANSWERS["question"]


@pytest.mark.parametrize(("kind", "name"), OUTCOMES)
def test_each_outcome_is_decided_and_causes_what_it_says(file, manager, kind, name):
    case, outcome = file(kind), KINDS[kind].outcomes[name]
    requests.decide(manager.actor, case, ruling(kind, name), version=case.version, now=clock.now())
    factories.settle()
    assert case.state == KINDS[kind].moves[S.SUBMITTED, outcome.event].to
    owed = db.session.scalars(select(Refund).where(Refund.case_id == case.id)).all()
    assert len(owed) == outcome.money
    told = list(db.session.scalars(select(OutboxMessage.template).where(OutboxMessage.about == case.code)))
    assert told.count("decision_rejected" if outcome.refuses else "decision_accepted") == 1
    assert "closed" not in told, "a decision is told once"


@pytest.mark.parametrize(("kind", "name"), REFUSALS)
@pytest.mark.parametrize("lacks", ["reason", "evidence", "alternative"])
def test_a_rejection_names_reason_evidence_and_a_way_on(file, manager, kind, name, lacks):
    case = file(kind)
    with pytest.raises(Refused) as refused:
        requests.decide(
            manager.actor, case, ruling(kind, name, **{lacks: " "}), version=None, now=clock.now()
        )
    assert refused.value.field == lacks


@pytest.mark.parametrize("amount", [None, 0, -5, 10**12])
def test_money_is_no_more_than_was_paid(file, manager, amount):
    with pytest.raises(Refused) as refused:
        requests.decide(
            manager.actor, file("quality"), ruling("quality", "refund", amount=amount), version=None,
            now=clock.now(),
        )  # fmt: skip
    assert refused.value.field == "amount"


def test_an_outcome_of_another_kind_or_an_old_version_is_no_decision(file, manager):
    case = file("quality")
    with pytest.raises(Refused):
        requests.decide(manager.actor, case, Ruling("bring", "Ya."), version=None, now=clock.now())
    with pytest.raises(Stale):
        requests.decide(manager.actor, case, ruling("quality", "redo"), version=0, now=clock.now())


@pytest.mark.parametrize(("kind", "name"), REFUSALS)
def test_an_appeal_is_decided_by_another_person_and_once(file, owner, manager, admin, kind, name):
    case = file(kind)
    with pytest.raises(Refused):
        requests.appeal(owner.actor, case, "Tidak setuju.", photos=(), now=clock.now())
    requests.decide(manager.actor, case, ruling(kind, name), version=None, now=clock.now())
    requests.appeal(owner.actor, case, "Tidak setuju.", photos=(), now=clock.now())
    assert case.state == S.APPEALED
    with pytest.raises(Refused):
        requests.decide(manager.actor, case, ruling(kind, name), version=None, now=clock.now())
    requests.decide(admin.actor, case, ruling(kind, name), version=None, now=clock.now())
    with pytest.raises(Refused):
        requests.appeal(owner.actor, case, "Sekali lagi.", photos=(), now=clock.now())


def test_what_is_paid_back_is_settled_with_the_case(file, manager):
    case = file("quality")
    requests.decide(manager.actor, case, ruling("quality", "refund"), version=None, now=clock.now())
    claims.settle(manager.actor, case, clock.now())
    assert case.state == S.CLOSED
    assert db.session.scalars(select(Refund.state)).all() == ["done"]


def test_an_appointment_is_when_the_next_step_is_due(file, agent):
    case, now = file("question"), clock.now()
    for wrong in (None, now - timedelta(hours=1)):
        with pytest.raises(Refused) as refused:
            requests.book(agent.actor, case, wrong, "", now)
        assert refused.value.field == "agreed"
    requests.book(agent.actor, case, now + timedelta(hours=2), "Teknisi menelepon.", now)
    assert (case.state, case.step_by) == (S.BOOKED, now + timedelta(hours=2))


def test_staff_ask_in_a_customers_name_without_answering_for_the_shop(owner, agent):
    case = ask(agent.actor, owner.person, "question", owner.unit, owner.purchase)
    assert case.customer_id == owner.person.id and case.first_responded_at is None
    entries, _older = case_queries.timeline(case.id, internal=True)
    assert [(e.event, e.internal) for e in entries] == [(E.SUBMIT, False), ("opened", True)]


def test_who_came_by_paper_asks_about_what_they_hold_and_sees_it(owner):
    reached = owner.actor.__class__(**{**vars(owner.actor), "reach": Reach((owner.purchase.id,))})
    case = ask(reached, owner.person, "quality", None, owner.purchase)
    assert db.session.scalar(case_queries.visible_to(reached)) is case
    for kind in ("question", "privacy"):
        with pytest.raises(Refused):
            requests.ask(
                reached, owner.person, kind, Subject(outlet=owner.purchase.outlet), ANSWERS[kind],
                now=clock.now(),
            )  # fmt: skip
