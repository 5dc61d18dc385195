"""Damaged and lost parcels: the courier's deadline, what it pays at most, the claim and its answer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.damage import actions as damage
from portal.domain.damage import queries
from portal.domain.damage.rules import Days, Since, Terms, deadline, most
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Subject
from portal.domain.workflows.vocabulary import S
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories

JNE = Terms(damage_days=14)
ANTERAJA = Terms(damage_days=3, loss_days=7)
LION = Terms(damage_days=14, damage_since=Since.SHIPPED, loss_days=14, loss_since=Since.SHIPPED)
JNT = Terms(fee_times=10, uninsured_most=1_000_000, insured_most=20_000_000)
SENT, DUE, CAME = date(2026, 11, 1), date(2026, 11, 4), date(2026, 11, 5)


@pytest.mark.parametrize(
    ("terms", "peril", "days", "until"),
    [
        (JNE, "damaged", Days(SENT, DUE, CAME), date(2026, 11, 19)),
        (JNE, "part_lost", Days(SENT, DUE, CAME), date(2026, 11, 19)),
        (JNE, "lost", Days(SENT, DUE), None),
        (ANTERAJA, "damaged", Days(arrived=CAME), date(2026, 11, 8)),
        (ANTERAJA, "lost", Days(SENT, DUE), date(2026, 11, 11)),
        (ANTERAJA, "lost", Days(SENT), None),
        (LION, "damaged", Days(SENT, DUE, CAME), date(2026, 11, 15)),
        (JNT, "damaged", Days(SENT, DUE, CAME), None),
    ],
)
def test_the_deadline_of_each_courier(terms, peril, days, until):
    assert deadline(terms, peril, days) == until


@given(st.integers(1, 365), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(Since))
def test_a_deadline_is_so_many_days_after_the_day_it_counts_from(number, day, since):
    days = {
        Since.ARRIVED: Days(arrived=day),
        Since.SHIPPED: Days(shipped=day),
        Since.EXPECTED: Days(expected=day),
    }
    terms = Terms(damage_days=number, damage_since=since)
    assert deadline(terms, "damaged", days[since]) == day + timedelta(days=number)


amounts = st.none() | st.integers(0, 10**9)


@given(insured=amounts, value=amounts, fee=amounts)
def test_no_courier_pays_more_than_its_limits_or_the_goods(insured, value, fee):
    found = most(JNT, insured=insured, value=value, fee=fee)
    if found is None:
        assert insured is None and fee is None
        return
    assert found <= (JNT.insured_most if insured is not None else JNT.uninsured_most)
    assert value is None or found <= value


@pytest.fixture
def case(owner):
    answers = {
        "peril": "damaged",
        "courier": "jne",
        "waybill": "JN1",
        "story": "Penyok",
        "arrived": clock.now().date(),
    }
    made = requests.ask(
        owner.actor, owner.person, "damage", Subject(purchase=owner.purchase), answers, now=clock.now()
    )
    factories.settle()
    return made


def test_what_the_customer_told_is_in_the_claim_with_the_couriers_rules(case):
    shown = queries.parcel(case.id, clock.now())
    assert (shown.claim.courier, shown.claim.waybill, shown.rule.name) == ("JNE", "JN1", "JNE")
    assert shown.until == shown.claim.arrived_on + timedelta(days=14) and shown.left in (13, 14)
    assert shown.missing and shown.claim.value == case.purchase.total


def test_rules_that_came_with_the_portal_name_where_they_were_read(app):
    assert {rule.name for rule in queries.rules()} >= {"JNE", "J&T Express", "AnterAja"}
    assert all(rule.source.startswith("https://") and rule.checked_on for rule in queries.rules())


def test_claimed_answered_and_never_more_than_claimed(agent, case):
    damage.claim(agent.actor, case, 500_000, clock.now())
    factories.settle()
    assert case.state == S.WAITING_COURIER
    with pytest.raises(Refused):
        damage.hear(agent.actor, case, 500_001, "Ya", clock.now())
    damage.hear(agent.actor, case, 0, "Ditolak: kemasan kurang.", clock.now())
    factories.settle()
    assert (case.state, queries.parcel(case.id, clock.now()).claim.answer) == (S.UNDER_REVIEW, 0)
    with pytest.raises(Refused):
        damage.hear(agent.actor, case, 0, "Lagi", clock.now())
