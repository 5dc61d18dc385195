"""What a proven receipt opens: the whole table, and what each answer does."""

import pytest

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.purchases import paper, queries
from portal.domain.purchases.paper import Opens, Owner, Proof
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

PHONE = "+6281355557890"


@pytest.mark.parametrize("proof", Proof)
@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("only", [True, False])
def test_with_an_account_of_ones_own_what_nobody_opened_is_taken(owner, proof, only):
    found = paper.opens(owner, proof, only=only, own_account=True)
    assert (found is Opens.TAKE) is (owner in (Owner.NOBODY, Owner.KEPT))


@pytest.mark.parametrize(
    ("owner", "proof", "only", "opens"),
    [
        (Owner.KEPT, Proof.DIGITS, True, Opens.WHOLE),
        (Owner.KEPT, Proof.DIGITS, False, Opens.RECEIPT),
        (Owner.KEPT, Proof.PHONE, False, Opens.RECEIPT),
        (Owner.KEPT, Proof.EMAIL, False, Opens.WHOLE),
        (Owner.KEPT, Proof.OTHER, True, Opens.NEW),
        (Owner.KEPT, Proof.HELD, True, Opens.NEW),
        (Owner.OPENED, Proof.DIGITS, True, Opens.WHOLE),
        (Owner.OPENED, Proof.DIGITS, False, Opens.RECEIPT),
        (Owner.OPENED, Proof.PHONE, False, Opens.RECEIPT),
        (Owner.OPENED, Proof.OTHER, True, Opens.RECEIPT),
        (Owner.PROVEN, Proof.DIGITS, True, Opens.RECEIPT),
        (Owner.PROVEN, Proof.EMAIL, False, Opens.WHOLE),
        (Owner.PROVEN, Proof.HELD, True, Opens.NOTHING),
        (Owner.NOBODY, Proof.DIGITS, False, Opens.NEW),
    ],
)
def test_the_table(owner, proof, only, opens):
    assert paper.opens(owner, proof, only=only, own_account=False) is opens


@pytest.fixture
def bought(outlet, product):
    """`bought(…)`: one more receipt of the same buyer, in a record that the shop keeps."""
    return lambda **fields: factories.purchase(
        outlet, [(product, 1)], **{"buyer_name": "Tia", "buyer_phone": PHONE, "buyer_email": None, **fields}
    )


def prove(browser, purchase, **form):
    address = f"/q/{queries.token_of(purchase.id)}"
    return browser.post(f"{address}/phone", digits=PHONE[-4:], **form)


def test_digits_open_a_record_with_one_receipt_and_mark_it_opened(client, bought):
    made = bought()
    assert made.customer.unopened
    prove(client, made)
    client.get("/units")
    assert made.customer.opened_at and not made.customer.proven


def test_digits_open_one_receipt_of_several(client, bought):
    made, other = bought(), bought()
    assert made.customer_id == other.customer_id
    prove(client, made)
    client.get(f"/purchases/{made.code}")
    client.get(f"/purchases/{other.code}", expect=404)
    assert made.customer.unopened
    prove(client, other)
    client.get(f"/purchases/{made.code}")


def test_a_visitor_takes_a_receipt_that_nobody_opened_and_its_items(stranger, bought):
    made, other = bought(), bought()
    prove(stranger, made)
    db.session.expire_all()
    assert (made.customer_id, other.customer.unopened) == (stranger.person.id, True)
    assert {unit.holder_id for unit in factories.units_of(made)} == {stranger.person.id}
    made.customer.opened_at = clock.now()
    prove(Browser(stranger.app, factories.customer()), made)
    db.session.expire_all()
    assert made.customer_id == stranger.person.id


def test_paper_without_a_contact_goes_to_whoever_holds_it(client, stranger, outlet, product, bought):
    kept = accounts.new_customer(clock.now(), name="Langganan")
    made = [factories.purchase(outlet, [(product, 1)], buyer=kept, buyer_phone=None) for _n in range(2)]
    address = f"/q/{queries.token_of(made[0].id)}/keep"
    client.post(address)
    client.get(f"/purchases/{made[1].code}", expect=404)
    stranger.post(address, expect=409)
    stranger.post(address.replace(queries.token_of(made[0].id), queries.token_of(made[1].id)))
    db.session.expire_all()
    assert made[0].customer_id not in (kept.id, stranger.person.id)
    assert made[1].customer_id == stranger.person.id
    Browser(client.app).post(address, expect=409)
    stranger.post(f"/q/{queries.token_of(bought().id)}/keep", expect=409)


def test_a_proven_address_gathers_from_records_that_nobody_opened(bought):
    kept, by_phone = bought(buyer_email="tia@contoh.id"), bought()
    opened = bought(buyer_phone="+6281355550001", buyer_email="tia@contoh.id", buyer_name="Tia")
    other = accounts.new_customer(clock.now(), name="Lain")
    opened.customer_id, other.opened_at = other.id, clock.now()
    tia = accounts.new_customer(clock.now(), name="Tia")
    db.session.flush()
    accounts.verify_contact(tia, "tia@contoh.id", None, clock.now())
    factories.settle()
    assert [p.customer_id == tia.id for p in (kept, by_phone, opened)] == [True, False, False]
    assert {unit.holder_id for unit in factories.units_of(kept)} == {tia.id}


def test_a_closed_account_opens_by_no_paper(client, bought):
    made = bought()
    made.customer.disabled_at = clock.now()
    db.session.commit()
    address = f"/q/{queries.token_of(made.id)}"
    assert "closed" in client.post(f"{address}/phone", digits=PHONE[-4:], expect=409).text
