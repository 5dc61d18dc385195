"""What a found receipt tells a stranger: what is printed on it, and nothing about its buyer."""

import pytest

from portal.db import db
from portal.domain.purchases import actions as purchase_actions
from portal.domain.purchases import queries as purchases
from portal.domain.units import queries as units
from portal.kernel import clock
from tests import factories
from tests.browser import Browser

ABOUT_THE_BUYER = ("Dewi", "Anggraini", "dewi", "contoh.id", "1111", "2222", "0812", "62812")


@pytest.fixture
def found(outlet, product):
    return factories.purchase(outlet, [(product, 1)], buyer_email="dewi@contoh.id")


def test_the_receipt_shows_goods_and_cover_and_nobody(client, found, product):
    answer = client.get(f"/q/{purchases.token_of(found.id)}")
    assert product.name in answer.text
    for word in ABOUT_THE_BUYER:
        assert word not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_asking_for_a_code_tells_nothing_either(client, found):
    token = purchases.token_of(found.id)
    client.post(f"/q/{token}/code")
    text = client.get(f"/q/{token}/code").text
    for word in ABOUT_THE_BUYER:
        assert word not in text


def test_the_card_names_nobody_and_masks_the_serial(client, owner, unit):
    text = client.get(f"/w/{units.card_token(unit.id)}").text
    assert "Siti" not in text
    assert unit.serial not in text


def test_opening_paper_signs_nobody_in(client, found):
    client.get(f"/q/{purchases.token_of(found.id)}")
    client.get("/home", expect=303)


@pytest.mark.parametrize(
    ("code", "digits"),
    [("{code}", "0000"), ("ZZZZZZZZ", "2222"), ("", "2222"), ("{code}", ""), ("{code}", "22")],
)
def test_a_typed_code_opens_nothing_alone_and_tells_nothing(client, found, code, digits):
    page = client.post("/receipt", code=code.format(code=found.code), digits=digits, expect=422).text
    assert "money" not in page and "Tries left" not in page


def test_a_typed_code_with_its_digits_is_as_good_as_a_scan(client, found):
    spaced = f"{found.code[:4].lower()} {found.code[4:]}"
    answer = client.post("/receipt", code=spaced, digits="2222")
    assert answer.headers["Location"] == f"/purchases/{found.code}"
    client.follow(answer)


def test_ten_tries_an_address_and_then_the_right_one_waits_too(client, found):
    for _n in range(10):
        client.post("/receipt", code="ZZZZZZZZ", digits="2222", expect=422)
    client.post("/receipt", code=found.code, digits="2222", expect=429)


def test_buyers_behind_one_address_do_not_lock_each_other_out(app, found):
    for _n in range(12):
        Browser(app).post("/receipt", code=found.code, digits="2222")


def test_a_replaced_paper_is_not_opened_by_its_code(client, found):
    purchase_actions.revoke_link(found, clock.now())
    db.session.commit()
    client.post("/receipt", code=found.code, digits="2222", expect=422)
