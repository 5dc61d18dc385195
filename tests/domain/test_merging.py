"""Two records of one person: made one, two again; what belongs to them goes along and back."""

import pytest

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import merging, queries, sessions
from portal.domain.accounts.models import CustomerRef
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.purchases.models import Purchase
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories
from tests.browser import Browser


@pytest.fixture
def twin(outlet, product, owner):
    """A second record of Siti that the shop keeps, with a receipt, an item and a name at a till."""
    made = accounts.new_customer(clock.now(), name="Siti R.", phone=owner.person.phone)
    made.receipt = factories.purchase(outlet, [(product, 1)], buyer=made)
    db.session.add(CustomerRef(source="file", external_id="C-7", customer_id=made.id))
    db.session.commit()
    return made


def holds(person):
    found = [
        db.session.scalars(db.select(kind.id).where(column == person.id).order_by(kind.id)).all()
        for kind, column in (
            (Purchase, Purchase.customer_id), (Unit, Unit.holder_id), (Case, Case.customer_id),
            (CustomerRef, CustomerRef.customer_id),
        )
    ]  # fmt: skip
    db.session.expire_all()
    return found


def merge(agent, kept, merged):
    made = merging.merge(agent.actor, kept, merged, clock.now())
    factories.settle()
    return made


def undo(agent, made):
    merging.undo(agent.actor, made, clock.now())
    factories.settle()


def test_everything_goes_along_and_comes_back(agent, owner, twin):
    claims.draft(owner.actor, owner.unit, symptom="tv_no_power", story="x", photos=[], now=clock.now())
    factories.claim(Browser(agent.app, twin).actor, factories.units_of(twin.receipt)[0])
    before, theirs = holds(owner.person), holds(twin)
    for _twice in range(2):
        made = merge(agent, owner.person, twin)
        assert holds(twin) == [[], [], [], []]
        assert [sorted(some) for some in holds(owner.person)] == [
            sorted([*mine, *more]) for mine, more in zip(before, theirs, strict=True)
        ]
    for _twice in range(2):
        undo(agent, made)
        assert (holds(owner.person), holds(twin)) == (before, theirs)
    assert made.undone_by == agent.person.id


def test_what_went_elsewhere_meanwhile_stays_there(agent, owner, twin, stranger):
    made = merge(agent, owner.person, twin)
    twin.receipt.customer_id = stranger.person.id
    factories.settle()
    undo(agent, made)
    assert holds(stranger.person)[0] == [twin.receipt.id]
    assert holds(twin)[0] == []


def test_sessions_end_and_a_proven_contact_leads_to_the_kept_record(agent, app, owner):
    other = factories.customer("Siti", "siti.lain@contoh.id")
    browser = Browser(app, other)
    made = merge(agent, owner.person, other)
    browser.get("/home", expect=303)
    assert queries.customer_by_contact("siti.lain@contoh.id", None) is owner.person
    assert queries.customer_by_contact("siti@contoh.id", None) is owner.person
    undo(agent, made)
    assert queries.customer_by_contact("siti.lain@contoh.id", None) is other


def test_a_proven_contact_goes_to_the_record_that_has_none(agent, owner):
    kept = factories.customer("Siti", phone="+6281300001111")
    kept.email, kept.email_verified_at = None, None
    made = merge(agent, kept, owner.person)
    assert (kept.email, kept.email_verified_at is not None, owner.person.proven) == (
        "siti@contoh.id",
        True,
        True,
    )
    assert made.moved["contacts"] == [merging.EMAIL]
    undo(agent, made)
    assert (kept.email, kept.email_verified_at, owner.person.email) == (None, None, "siti@contoh.id")


def test_chains_lead_to_the_last_and_are_taken_apart_from_the_end(agent, owner, twin):
    first = factories.customer("A", "a@contoh.id")
    last = factories.customer("B", "b@contoh.id")
    one = merge(agent, first, twin)
    two = merge(agent, last, first)
    assert queries.customer_by_contact("a@contoh.id", None) is last is queries.living(twin)
    with pytest.raises(Refused, match="later"):
        merging.undo(agent.actor, one, clock.now())
    undo(agent, two)
    assert holds(first)[0] == [twin.receipt.id]
    undo(agent, one)
    assert holds(twin)[0] == [twin.receipt.id]


def test_what_is_refused(agent, owner, twin, stranger):
    def refused(kept, merged):
        with pytest.raises(Refused) as refusal:
            merging.merge(agent.actor, kept, merged, clock.now())
        return str(refusal.value.message)

    assert "same record" in refused(twin, twin)
    assert "its owner uses" in refused(twin, owner.person)
    assert merging.in_order(twin, owner.person) == (owner.person, twin)
    merge(agent, owner.person, twin)
    assert "goes on in another" in refused(stranger.person, twin)
    assert "goes on in another" in refused(twin, stranger.person)  # a cycle begins so
    stranger.person.disabled_at = clock.now()
    assert "closed" in refused(owner.person, stranger.person)
    assert "closed" in refused(stranger.person, owner.person)


def test_a_link_from_the_counter_opens_the_kept_record(agent, owner, twin, client):
    token = accounts.secrets.make_link(twin, clock.now())
    merge(agent, owner.person, twin)
    client.post(f"/sign-in/link/{token}")
    assert "Siti Rahma" in client.get("/account").text
    assert len(sessions.open_ones(owner.actor, clock.now())) == 2
