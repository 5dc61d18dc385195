"""The guarantee on a repair: beside the warranty, for what was repaired, from the day it was handed out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases.models import Case
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import settings
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import S
from portal.domain.units import actions as units
from portal.domain.units import guarantees, queries
from portal.domain.units.coverage import Standing, Terms, coverage
from portal.domain.units.guarantees import REPAIR, Guarantee
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from tests import factories
from tests.browser import Browser

YEARS_LATER = datetime(2060, 1, 1, tzinfo=UTC)


@pytest.fixture
def order(claim: Case, agent: Browser) -> WorkOrder:
    """A repair of the panel that is done."""
    factories.decide(agent.actor, claim)
    factories.settle()
    made = repairs.open_for(SYSTEM, claim, clock.now())
    made.component = "panel"
    for state in (S.IN_PROGRESS, S.DONE):
        repairs.move(SYSTEM, made, state, note="Panel diganti", now=clock.now())
    factories.settle()
    return made


def hand_over(order: WorkOrder) -> None:
    repairs.move(SYSTEM, order, S.HANDED_OVER, now=clock.now())
    factories.settle()


def test_what_was_repaired_is_covered_and_nothing_else(order: WorkOrder, unit: Unit) -> None:
    unit.bought_on = date(2001, 1, 1)  # its own warranty ended long ago
    hand_over(order)
    first = day_in(unit.outlet.timezone, clock.now())
    for days, covered in ((0, True), (90, True), (91, False)):
        found = queries.verdict(unit, clock.now() + timedelta(days=days), "panel")
        assert (found.parts.covered, found.labour.covered) == (covered, covered)
        assert not queries.verdict(unit, clock.now() + timedelta(days=days)).parts.covered
    assert queries.verdict(unit, clock.now(), "panel").until == first + timedelta(days=90)


def test_the_same_repair_counts_once(order: WorkOrder, unit: Unit) -> None:
    hand_over(order)
    assert len(unit.guarantees) == 1
    again = Guarantee(order.code, "panel", date(2040, 1, 1), 90)
    assert not guarantees.give(SYSTEM, unit, again, clock.now())


@pytest.mark.parametrize("state", [S.CANCELLED, S.UNREPAIRABLE])
def test_what_was_not_repaired_has_none(order: WorkOrder, unit: Unit, state: S) -> None:
    for step in (S.IN_PROGRESS, state) if state == S.UNREPAIRABLE else (S.IN_PROGRESS, S.ESTIMATING, state):
        repairs.move(SYSTEM, order, step, note="Tidak bisa", now=clock.now())
    if state == S.UNREPAIRABLE:
        hand_over(order)
    factories.settle()
    assert unit.guarantees == []


def test_a_shop_may_give_none(order: WorkOrder, unit: Unit) -> None:
    settings.load().guarantee_days = 0
    hand_over(order)
    assert unit.guarantees == []


def test_it_ends_with_a_swap(order: WorkOrder, unit: Unit, agent: Browser) -> None:
    hand_over(order)
    new = units.replace(agent.actor, unit, serial="BARU1", now=clock.now())
    factories.settle()
    assert queries.verdict(unit, clock.now(), "panel").parts.standing is Standing.VOID
    assert new.guarantees == [] and queries.lineage(new)[0] is unit


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 3650), st.integers(-10, 4000))
def test_it_covers_exactly_its_days(since: date, days: int, later: int) -> None:
    rows = [{"order": "A", "component": REPAIR, "since": since.isoformat(), "days": days}]
    terms = Terms(date(1999, 1, 1), guarantees.layers(rows, 3))
    found = coverage(terms, REPAIR, since + timedelta(days=later)).parts
    assert found.covered == (0 <= later <= days) and found.clause == 4
