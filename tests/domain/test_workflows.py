"""The contract of every kind of case, read from its table."""

import pytest

from portal.domain.accounts.rules import GRANTS, Permission
from portal.domain.workflows.engine import Category, Kind, Question, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import TO_LOOK_AT, E, S
from portal.kernel.text import Message

TONES = {"waiting", "moving", "good", "bad", "quiet"}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def reachable(kind: Kind, start: str) -> set[str]:
    found, ahead = {start}, [start]
    while ahead:
        for move in kind.events_from(ahead.pop()).values():
            if move.to not in found:
                found.add(move.to)
                ahead.append(move.to)
    return found


def test_every_state_is_reachable(kind: Kind) -> None:
    assert reachable(kind, kind.initial) == set(kind.states)


def test_every_state_leads_to_an_end(kind: Kind) -> None:
    ends = {name for name, state in kind.states.items() if state.category is Category.RESOLVED}
    assert ends
    assert not [name for name in kind.states if not reachable(kind, name) & ends]


def test_moves_name_known_states_and_events(kind: Kind) -> None:
    used = {event for _state, event in kind.moves}
    assert {state for state, _event in kind.moves} <= set(kind.states)
    assert {move.to for move in kind.moves.values()} <= set(kind.states)
    assert used == set(kind.events), "each event has a name, and each name is used"


def test_no_move_stands_still(kind: Kind) -> None:
    assert not [origin for (origin, _event), move in kind.moves.items() if move.to == origin]


def test_every_permission_is_somebodys(kind: Kind) -> None:
    granted = {permission for grants in GRANTS.values() for permission in grants}
    assert {move.by for move in kind.moves.values()} <= granted


def test_who_acts_can_act(kind: Kind) -> None:
    """The one whose turn it is has a move to make, apart from the courier."""
    for name, state in kind.states.items():
        mine = {move.by for move in kind.events_from(name).values()}
        if state.acts in (Who.CUSTOMER, Who.AGENT, Who.TECHNICIAN):
            shop = frozenset().union(*(GRANTS[role] for role in GRANTS if role != "customer"))
            able = GRANTS["customer"] | shop if state.acts is Who.CUSTOMER else shop  # type: ignore[index]
            assert mine & able, name
        if state.category is Category.RESOLVED:
            assert state.acts is Who.NOBODY, name


def test_every_state_says_what_happens_next(kind: Kind) -> None:
    for name, state in kind.states.items():
        for text in (state.staff, state.customer, state.staff_next, state.customer_next):
            assert isinstance(text, Message) and text.id, name
        assert state.customer_next.id.endswith((".", "?")), name
        assert state.tone in TONES, name


def test_open_states_have_a_target_and_paused_ones_none(kind: Kind) -> None:
    for name, state in kind.states.items():
        assert (state.hours is not None) == (state.category is Category.OPEN), name


def test_paused_means_that_somebody_outside_the_shop_has_to_act(kind: Kind) -> None:
    outside = (Who.CUSTOMER, Who.SUPPLIER, Who.COURIER)
    assert all(s.acts in outside for s in kind.states.values() if s.category is Category.PAUSED)


def test_every_outcome_can_be_decided_on_what_is_looked_at(kind: Kind) -> None:
    for outcome in kind.outcomes.values():
        for state in TO_LOOK_AT:
            move = kind.moves[state, outcome.event]
            assert move.by is not Permission.FLOW
        assert outcome.refuses == (move.to == S.DECIDED)


def test_questions_are_asked_after_what_they_depend_on(kind: Kind) -> None:
    asked: dict[str, Question] = {}
    for question in kind.questions:
        if question.when:
            name, answers = question.when
            assert set(answers) <= set(asked[name].choices), question.name
        asked[question.name] = question
    assert len(asked) == len(kind.questions)


def test_what_is_open_can_be_merged_and_separated(kind: Kind) -> None:
    for name, state in kind.states.items():
        merges = (name, E.MERGE) in kind.moves
        assert merges == (state.category in (Category.OPEN, Category.PAUSED)), name
    assert kind.moves[S.MERGED, E.UNMERGE].back


def test_customers_words_are_not_the_desks(kind: Kind) -> None:
    """No internal vocabulary in what the customer reads."""
    for state in kind.states.values():
        for word in ("desk", "agent", "triage", "processing", "The customer"):
            assert word not in state.customer.id + state.customer_next.id
