"""Whose a doubtful receipt is: a person says so once; its buyer may be faster."""

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts import merging
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Role
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import doubts
from portal.domain.purchases.models import PurchaseDoubt
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.browser import Browser
from tests.threads import at_once


@pytest.fixture
def doubt(outlet, product) -> PurchaseDoubt:
    """Two records have the phone; a third receipt comes in with it."""
    return factories.doubt(outlet, product)


def only() -> PurchaseDoubt:
    return db.session.scalars(db.select(PurchaseDoubt)).one()


def test_one_is_chosen_and_the_items_follow(doubt, agent):
    one, _other = [row.Customer for row in doubts.candidates(doubt)]
    for _twice in range(2):
        doubts.settle(agent.actor, doubt, one, clock.now())
        factories.settle()
    assert doubt.purchase.customer_id == one.id
    assert {unit.holder_id for unit in factories.units_of(doubt.purchase)} == {one.id}
    assert (doubt.settled_at is not None, doubt.staff_id) == (True, agent.person.id)
    assert doubts.waiting(agent.actor) == []


def test_none_of_them_makes_a_new_record(doubt, agent):
    known = set(doubt.candidates)
    doubts.settle(agent.actor, doubt, None, clock.now())
    owner = doubt.purchase.customer
    assert owner.id not in known
    assert (owner.name, owner.phone, owner.unopened) == (
        doubt.purchase.buyer_name,
        doubt.purchase.buyer_phone,
        True,
    )


def test_who_was_not_in_question_cannot_be_chosen(doubt, agent, stranger):
    with pytest.raises(Refused):
        doubts.settle(agent.actor, doubt, stranger.person, clock.now())


def test_settled_otherwise_meanwhile(doubt, agent):
    one, other = [row.Customer for row in doubts.candidates(doubt)]
    doubts.settle(agent.actor, doubt, one, clock.now())
    for choice in (other, None):
        with pytest.raises(Stale):
            doubts.settle(agent.actor, doubt, choice, clock.now())
    assert doubt.purchase.customer_id == one.id


def test_its_buyer_is_faster(doubt, agent, stranger):
    assert purchases.give_to(doubt.purchase, stranger.person)
    factories.settle()
    assert doubt.settled_at is not None and doubt.staff_id is None
    one = doubts.candidates(doubt)[0].Customer
    with pytest.raises(Stale):
        doubts.settle(agent.actor, doubt, one, clock.now())


def test_records_that_became_one_are_one_candidate(doubt, agent):
    one, other = [row.Customer for row in doubts.candidates(doubt)]
    merging.merge(agent.actor, one, other, clock.now())
    factories.settle()
    assert [row.Customer.id for row in doubts.candidates(doubt)] == [one.id]
    one.disabled_at = clock.now()
    db.session.flush()
    assert doubts.candidates(doubt) == []


def test_nobody_without_the_permission_sees_them(doubt, technician, owner, agent):
    assert doubts.waiting(technician.actor) == doubts.waiting(owner.actor) == []
    assert (doubts.count_waiting(technician.actor), doubts.count_waiting(agent.actor)) == (0, 1)


def test_two_decide_at_the_same_moment(both: Flask) -> None:
    made = factories.doubt(factories.outlet(), factories.product())
    staff = [Browser(both, factories.staff(Role.AGENT)) for _n in range(2)]
    ids, actors = list(made.candidates), [browser.actor for browser in staff]

    def decide(n: int) -> bool:
        try:
            doubts.settle(actors[n], only(), db.session.get_one(Customer, ids[n]), clock.now())
        except Stale:
            return False
        return True

    answers = at_once(both, 2, decide)
    assert sorted(answers) == [False, True]
    db.session.expire_all()
    assert only().purchase.customer_id == ids[answers.index(True)]
