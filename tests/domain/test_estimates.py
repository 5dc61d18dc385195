"""Estimates: frozen when they are sent, answered once, and nothing is billed beyond what was agreed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from time_machine import travel

from portal.db import db
from portal.domain.accounts.rules import SYSTEM
from portal.domain.cases.models import Case
from portal.domain.estimates import actions as estimates
from portal.domain.estimates.models import Estimate, EstimateLine
from portal.domain.estimates.rules import How, S, accepted, total
from portal.domain.outbox.models import OutboxMessage
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import Billing, LineKind
from portal.domain.repairs.rules import S as Work
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import estimating, factories
from tests.browser import Browser


@pytest.fixture
def order(claim: Case, agent: Browser) -> WorkOrder:
    factories.decide(agent.actor, claim)
    factories.settle()
    return estimating.order_of(claim)


def answer(estimate: Estimate, owner: Browser, *names: str) -> None:
    chosen = [line.id for line in estimate.lines if line.description in names]
    estimates.approve(owner.actor, estimate, chosen, how=How.PORTAL, by="Siti", now=clock.now())
    factories.settle()


def templates() -> list[str]:
    return [message.template for message in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]


def lines() -> st.SearchStrategy[list[EstimateLine]]:
    made = st.builds(
        EstimateLine, pieces=st.integers(1, 999), price=st.integers(0, 10**12),
        billing=st.sampled_from(list(Billing)), optional=st.booleans(),
    )  # fmt: skip
    return st.lists(made, max_size=12)


@given(lines(), st.data())
def test_what_is_agreed_to_is_the_sum_of_what_was_not_left_out(
    made: list[EstimateLine], data: st.DataObject
) -> None:
    for number, line in enumerate(made):
        line.id = number
    chosen = data.draw(st.sets(st.integers(-2, 14)))
    taken = accepted(made, chosen)
    left = [line for line in made if line.optional and line.id not in chosen]
    agreed = total(line for line in made if line.id in taken)
    assert agreed == total(made) - total(left)
    assert agreed == sum(
        line.pieces * line.price for line in made if line.billing == "billable" and line not in left
    )


def test_sending_freezes_the_lines_and_asks_the_customer(order: WorkOrder, agent: Browser) -> None:
    estimate = estimating.sent(agent.actor, order)
    assert (estimate.number, estimate.state, estimate.total) == (1, S.SENT, estimating.TOTAL)
    assert (order.state, order.case.state) == (Work.WAITING_APPROVAL, "waiting_approval")
    assert order.case.step_by == estimates.end_of(estimate)
    assert templates()[-1] == "estimate"
    order_line = work_lines.of_order(order.id)[0]
    order_line.price = 1
    db.session.flush()
    assert estimate.lines[0].price == 1_250_000


def test_lines_that_were_left_out_leave_the_work_order(
    order: WorkOrder, agent: Browser, owner: Browser
) -> None:
    estimate = estimating.sent(agent.actor, order, optional=("Remote baru",))
    answer(estimate, owner)
    assert (estimate.state, estimate.agreed) == (S.APPROVED, estimating.TOTAL - estimating.REMOTES)
    assert "Remote baru" not in [line.description for line in work_lines.of_order(order.id)]
    assert (order.state, order.case.state) == (Work.APPROVED, "fulfilling")
    assert templates()[-2:] == ["estimate_approved", "staff_estimate"]


def test_declining_leaves_the_diagnosis_to_be_paid(order: WorkOrder, agent: Browser, owner: Browser) -> None:
    estimate = estimating.sent(agent.actor, order)
    estimates.decline(owner.actor, estimate, "Terlalu mahal", how=How.PORTAL, by="Siti", now=clock.now())
    factories.settle()
    billed = [line for line in work_lines.of_order(order.id) if line.billing == Billing.BILLABLE]
    assert [(line.kind, line.price, line.agreed) for line in billed] == [(LineKind.FEE, 100_000, 100_000)]
    assert (order.state, order.case.state) == (Work.DECLINED, "ready")


def test_a_later_price_needs_a_new_consent(
    order: WorkOrder, agent: Browser, owner: Browser, technician: Browser
) -> None:
    with pytest.raises(Refused):
        repairs.move(technician.actor, order, Work.IN_PROGRESS, now=clock.now())
    answer(estimating.sent(agent.actor, order), owner)
    repairs.move(technician.actor, order, Work.IN_PROGRESS, now=clock.now())
    more = work_lines.NewLine(LineKind.PART, "Kabel", 30_000, billing=Billing.BILLABLE, reason="Putus")
    work_lines.add(technician.actor, order, more, clock.now())
    with pytest.raises(Refused):
        repairs.move(technician.actor, order, Work.DONE, note="Selesai", now=clock.now())
    second = estimating.sent(agent.actor, order)
    assert (second.number, second.total) == (2, estimating.TOTAL + 30_000)
    estimates.decline(owner.actor, second, "", how=How.PHONE, by="Siti", now=clock.now())
    factories.settle()
    assert order.state == Work.APPROVED, "what was agreed before still holds"
    assert "Kabel" not in [line.description for line in work_lines.of_order(order.id)]
    repairs.move(technician.actor, order, Work.IN_PROGRESS, now=clock.now())
    repairs.move(technician.actor, order, Work.DONE, note="Selesai", now=clock.now())


def test_a_newer_version_replaces_the_one_before(order: WorkOrder, agent: Browser, owner: Browser) -> None:
    first, second = estimating.sent(agent.actor, order), estimating.sent(agent.actor, order)
    assert (first.state, second.state) == (S.SUPERSEDED, S.SENT)
    with pytest.raises(Refused):
        answer(first, owner)
    answer(second, owner)
    third = estimating.sent(agent.actor, order)
    answer(third, owner)
    assert (second.state, third.state) == (S.SUPERSEDED, S.APPROVED)
    with pytest.raises(Refused):
        answer(third, owner)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura"])
def test_it_holds_until_the_last_second_of_its_day(
    order: WorkOrder, agent: Browser, owner: Browser, zone: str
) -> None:
    order.case.outlet.timezone = zone
    estimate = estimating.sent(agent.actor, order, days=3)
    end = estimates.end_of(estimate)
    with travel(end, tick=False):
        assert not estimates.expire(clock.now())
    with travel(end + timedelta(seconds=1), tick=False):
        with pytest.raises(Refused):
            answer(estimate, owner)
        assert estimates.expire(clock.now())
        factories.settle()
        assert not estimates.expire(clock.now())
        assert (estimate.state, order.state, order.case.state) == (S.EXPIRED, Work.ESTIMATING, "fulfilling")
        assert templates()[-2:] == ["estimate_over", "staff_estimate"]
        estimates.ask_again(owner.actor, estimate, "Tolong yang baru", clock.now())
    with pytest.raises(Refused):
        answer(estimate, owner)


def test_the_customer_is_reminded_once(order: WorkOrder, agent: Browser) -> None:
    estimate = estimating.sent(agent.actor, order, days=7)
    with travel(estimates.end_of(estimate) - timedelta(days=4)):
        assert not estimates.remind(clock.now())
    with travel(estimates.end_of(estimate) - timedelta(days=1)):
        assert estimates.remind(clock.now())
        factories.settle()
        assert not estimates.remind(clock.now())
    assert templates()[-1] == "estimate_due"


@pytest.mark.parametrize(
    ("told", "field"), [({"days": -1}, "until"), ({"days": 91}, "until"), ({"fee": 10**9}, "fee")]
)
def test_what_cannot_be_sent(order: WorkOrder, agent: Browser, told: dict[str, int], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        estimating.sent(agent.actor, order, **told)
    assert refusal.value.field == field


def test_an_estimate_of_what_has_changed_meanwhile(order: WorkOrder, agent: Browser) -> None:
    with pytest.raises(Stale):
        estimating.sent(agent.actor, order, version=order.version - 1)
    for line in work_lines.of_order(order.id):
        line.billing = Billing.WARRANTY
    with pytest.raises(Refused):
        estimating.sent(agent.actor, order)


def test_the_diagnosis_is_paid_once_however_often_it_is_declined(
    order: WorkOrder, agent: Browser, owner: Browser
) -> None:
    for fee in (100_000, 60_000):
        told = estimating.sent(agent.actor, order, fee=fee)
        estimates.decline(owner.actor, told, "Mahal", how=How.PORTAL, by="Siti", now=clock.now())
        factories.settle()
        estimating.adds(order.case, "Panel lain", 800_000)
    fees = [line for line in work_lines.of_order(order.id) if line.description == estimates.DIAGNOSIS]
    assert [(line.price, line.agreed) for line in fees] == [(60_000, 60_000)]


@pytest.mark.parametrize("before", ["waiting_supplier", "ready"])
def test_the_case_waits_for_the_answer_wherever_it_stood(
    order: WorkOrder, agent: Browser, owner: Browser, before: str
) -> None:
    if before == "ready":
        no = estimating.sent(agent.actor, order)
        estimates.decline(owner.actor, no, "Mahal", how=How.PORTAL, by="Siti", now=clock.now())
        factories.settle()
        estimating.adds(order.case, "Remote bekas", 20_000)
    else:
        repairs.move(SYSTEM, order, Work.WAITING_PARTS, now=clock.now())
        factories.settle()
    assert order.case.state == before
    asked = estimating.sent(agent.actor, order)
    assert (order.case.state, order.state) == ("waiting_approval", Work.WAITING_APPROVAL)
    answer(asked, owner)
    assert (order.case.state, order.state) == ("fulfilling", Work.APPROVED)
