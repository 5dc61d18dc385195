"""The work order: the contract of its table, and what its moves cause."""

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims.rules import Outcome
from portal.domain.repairs import actions as repairs
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import ENDED, MOVES, STATES, S
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.browser import Browser


@pytest.fixture
def order(claim: Case, agent: Browser) -> WorkOrder:
    factories.decide(agent.actor, claim)
    return db.session.query(WorkOrder).one()


def go(who: Browser, order: WorkOrder, *states: S, note: str = "Kapasitor diganti.") -> None:
    for state in states:
        repairs.move(who.actor, order, state, note=note, now=clock.now())
        factories.settle()


def test_every_state_has_its_words_and_moves() -> None:
    assert set(STATES) == set(MOVES) == set(S)
    assert {to for ends in MOVES.values() for to in ends} <= set(S)


def test_every_state_is_reachable_and_leads_to_an_end() -> None:
    def reach(start: S) -> set[str]:
        found, ahead = {str(start)}, [str(start)]
        while ahead:
            new = set(MOVES[ahead.pop()]) - found
            found |= new
            ahead += new
        return found

    assert reach(S.OPEN) == set(S)
    assert not [state for state in S if not reach(state) & ENDED]
    assert not [state for state in ENDED if MOVES[state]]


def test_a_decision_for_repair_opens_one_order(order: WorkOrder, claim: Case) -> None:
    assert (order.state, order.case_id) == (S.OPEN, claim.id)
    assert repairs.open_for(factories.SYSTEM, claim, clock.now()).id == order.id


def test_the_case_follows_the_workshop(order: WorkOrder, claim: Case, technician: Browser) -> None:
    go(technician, order, S.DIAGNOSING, S.IN_PROGRESS)
    assert (claim.state, order.technician_id) == ("fulfilling", technician.person.id)
    go(technician, order, S.DONE)
    assert claim.state == "ready" and order.done_at
    go(technician, order, S.HANDED_OVER)
    assert claim.state == "closed"


def test_what_cannot_be_repaired_is_decided_anew(
    order: WorkOrder, claim: Case, technician: Browser, agent: Browser
) -> None:
    go(technician, order, S.DIAGNOSING, S.UNREPAIRABLE)
    assert claim.state == "under_review"
    factories.decide(agent.actor, claim, outcome=Outcome.REPLACE)
    cases.move(agent.actor, claim, E.READY, clock.now())
    cases.move(agent.actor, claim, E.HAND_OVER, clock.now())
    factories.settle()
    assert (claim.state, order.state) == ("closed", S.HANDED_OVER)


def test_an_ended_case_leaves_no_order_behind(order: WorkOrder, claim: Case, agent: Browser) -> None:
    """Sent back before anybody began: nothing stays on the board."""
    cases.move(agent.actor, claim, E.SHIP, clock.now())
    factories.settle()
    assert order.state == S.CANCELLED


@pytest.mark.parametrize("state", [S.UNREPAIRABLE, S.CANCELLED])
def test_some_ends_need_a_note(order: WorkOrder, technician: Browser, state: S) -> None:
    go(technician, order, S.DIAGNOSING, note="")
    with pytest.raises(Refused) as refusal:
        go(technician, order, state, note=" ")
    assert refusal.value.field == "note"


def test_moves_that_are_not_in_the_table(order: WorkOrder, technician: Browser) -> None:
    for state in (S.DONE, S.HANDED_OVER, S.UNCOLLECTED, "nothing"):
        with pytest.raises(Refused):
            repairs.move(technician.actor, order, state, note="x", now=clock.now())


def test_who_may_move_and_who_was_late(order: WorkOrder, technician: Browser, owner: Browser) -> None:
    with pytest.raises(Refused, match="role"):
        repairs.move(owner.actor, order, S.DIAGNOSING, now=clock.now())
    with pytest.raises(Stale):
        repairs.move(technician.actor, order, S.DIAGNOSING, version=order.version - 1, now=clock.now())


def test_a_second_repair_may_begin_where_the_first_failed(
    order: WorkOrder, claim: Case, technician: Browser, agent: Browser
) -> None:
    go(technician, order, S.DIAGNOSING, S.UNREPAIRABLE)
    factories.decide(agent.actor, claim)
    alive = db.session.query(WorkOrder).filter(WorkOrder.state.not_in(list(ENDED))).one()
    go(technician, alive, S.DIAGNOSING, S.IN_PROGRESS, S.DONE)
    assert claim.state == "ready"
