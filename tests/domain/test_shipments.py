"""Movements may be written down in any order, and twice."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.db import db
from portal.domain import news
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.facts import LegMoved
from portal.domain.shipments.models import Checkpoint, Leg
from portal.domain.shipments.rules import FINAL, Direction, Status, current
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser

MOMENTS = st.integers(0, 6).map(
    lambda n: datetime.fromisoformat("2026-01-01T08:00+07:00") + timedelta(hours=n)
)
MOVEMENTS = st.lists(st.tuples(MOMENTS, st.sampled_from(Status)), min_size=1, max_size=10, unique=True)


@given(MOVEMENTS.flatmap(lambda m: st.tuples(st.just(m), st.permutations(m))))
def test_any_order_gives_one_end(
    orders: tuple[list[tuple[datetime, Status]], list[tuple[datetime, Status]]],
) -> None:
    one, other = orders
    assert current(one) == current(other)


@given(MOVEMENTS)
def test_what_has_ended_stays_ended(movements: list[tuple[datetime, Status]]) -> None:
    """Seen in the order of time, a status after the end never changes it."""
    ordered = sorted(movements, key=lambda m: m[0])
    seen = [current(ordered[: n + 1]) for n in range(len(ordered))]
    strictly = len({moment for moment, _s in ordered}) == len(ordered)
    assert not strictly or all(a == b for a, b in pairwise(seen) if a in FINAL)


@pytest.fixture
def leg(agent: Browser) -> Leg:
    start = clock.now() - timedelta(hours=10)
    made = shipments.start(
        agent.actor,
        Direction.TO_CUSTOMER,
        courier="JNE",
        waybill=" J1 ",
        status=Status.PICKED_UP,
        at=start,
        now=clock.now(),
    )
    news.take()
    return made


def walk(who: Browser, leg: Leg, *steps: tuple[Status, int]) -> list[str]:
    """Write down (status, hours ago) one after the other; returns the statuses announced."""
    for status, ago in steps:
        at = leg.created_at - timedelta(hours=ago)
        shipments.move(who.actor, leg, status, at=at, place="", note="", now=clock.now())
    return [fact.status for fact in news.take() if isinstance(fact, LegMoved)]


def test_each_status_is_told_once(leg: Leg, agent: Browser) -> None:
    told = walk(
        agent,
        leg,
        (Status.IN_TRANSIT, 8),
        (Status.IN_TRANSIT, 6),
        (Status.DELIVERED, 2),
        (Status.DELIVERED, 2),
    )
    assert told == [Status.IN_TRANSIT, Status.DELIVERED]
    assert leg.waybill == "J1"


def test_late_news_of_the_way_changes_nothing(leg: Leg, agent: Browser) -> None:
    assert walk(agent, leg, (Status.DELIVERED, 2), (Status.OUT_FOR_DELIVERY, 4)) == [Status.DELIVERED]
    assert leg.status == Status.DELIVERED
    assert db.session.query(Checkpoint).count() == 3, "but it is on the timeline"


def test_an_ended_leg_does_not_go_on(leg: Leg, agent: Browser) -> None:
    walk(agent, leg, (Status.DELIVERED, 2))
    with pytest.raises(Refused):
        walk(agent, leg, (Status.IN_TRANSIT, 1))


def test_no_movement_in_the_future(leg: Leg, agent: Browser) -> None:
    with pytest.raises(Refused) as refusal:
        walk(agent, leg, (Status.DELIVERED, -1))
    assert refusal.value.field == "at"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.permutations(
        [
            (Status.IN_TRANSIT, 8),
            (Status.OUT_FOR_DELIVERY, 4),
            (Status.ATTEMPT_FAILED, 3),
            (Status.DELIVERED, 2),
        ]
        * 2
    )
)
def test_a_case_ends_alike_whatever_came_first(
    leg: Leg, agent: Browser, steps: list[tuple[Status, int]]
) -> None:
    with db.session.begin_nested() as trial:
        walk(agent, leg, *steps)
        assert (leg.status, db.session.query(Checkpoint).count()) == (Status.DELIVERED, 5)
        trial.rollback()
    db.session.expire_all()


def test_the_case_follows_the_parcel(claim: Case, agent: Browser) -> None:
    factories.decide(agent.actor, claim)
    at = clock.now() - timedelta(hours=3)
    leg = shipments.start(
        agent.actor,
        Direction.TO_CUSTOMER,
        courier="JNE",
        waybill="",
        status=Status.LABEL_CREATED,
        at=at,
        now=clock.now(),
    )
    cases.add_leg(agent.actor, claim, leg, clock.now())
    factories.settle()
    assert claim.state == "fulfilling", "a label moves nothing"
    for status, ago, state in ((Status.PICKED_UP, 2, "shipped"), (Status.DELIVERED, 1, "closed")):
        shipments.move(
            agent.actor,
            leg,
            status,
            at=clock.now() - timedelta(hours=ago),
            place="",
            note="",
            now=clock.now(),
        )
        factories.settle()
        assert claim.state == state


def test_an_item_that_arrives_is_received(claim: Case, agent: Browser) -> None:
    leg = shipments.start(
        agent.actor,
        Direction.TO_SHOP,
        courier="Kurir toko",
        waybill="",
        status=Status.DELIVERED,
        at=clock.now(),
        now=clock.now(),
    )
    cases.add_leg(agent.actor, claim, leg, clock.now())
    factories.settle()
    assert claim.state == "received"
