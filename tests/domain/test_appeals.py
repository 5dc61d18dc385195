"""A rejection may be appealed once, and another person decides."""

from collections.abc import Callable

import pytest

from portal.domain.accounts.rules import Role
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.claims.rules import Payment
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser


@pytest.fixture
def rejected(claim: Case, agent: Browser) -> Case:
    factories.decide(agent.actor, claim, Payment.REJECTED)
    return claim


@pytest.fixture
def appealed(rejected: Case, owner: Browser) -> Case:
    claims.appeal(owner.actor, rejected, "Saya tidak setuju.", photos=[], now=clock.now())
    factories.settle()
    return rejected


def test_only_a_rejection_is_appealed(claim: Case, owner: Browser) -> None:
    with pytest.raises(Refused):
        claims.appeal(owner.actor, claim, "Tidak setuju", photos=[], now=clock.now())


def test_an_appeal_says_something(rejected: Case, owner: Browser) -> None:
    with pytest.raises(Refused):
        claims.appeal(owner.actor, rejected, "  ", photos=[], now=clock.now())


def test_another_person_decides(appealed: Case, agent: Browser, manager: Browser) -> None:
    with pytest.raises(Refused, match="somebody else"):
        factories.decide(agent.actor, appealed)
    factories.decide(manager.actor, appealed)
    assert appealed.state == "fulfilling"


@pytest.mark.parametrize("detour", ["question", "item"])
def test_a_detour_does_not_let_the_first_person_decide(
    appealed: Case, owner: Browser, agent: Browser, detour: str
) -> None:
    if detour == "question":
        cases.move(agent.actor, appealed, E.ASK, clock.now(), body="Foto lagi?")
        cases.move(owner.actor, appealed, E.ANSWER, clock.now(), body="Ini")
        assert appealed.state == "appealed", "an answer leads back to where the question was asked"
    else:
        cases.move(agent.actor, appealed, E.REQUEST_ITEM, clock.now())
        cases.move(agent.actor, appealed, E.RECEIVE, clock.now())
    with pytest.raises(Refused, match="somebody else"):
        factories.decide(agent.actor, appealed)


def test_the_second_decision_is_the_last(
    appealed: Case, owner: Browser, staff: Callable[..., Browser]
) -> None:
    factories.decide(staff(Role.AGENT, "Lain").actor, appealed, Payment.REJECTED)
    with pytest.raises(Refused, match="BPSK"):
        claims.appeal(owner.actor, appealed, "Masih tidak setuju", photos=[], now=clock.now())
