"""What a found receipt tells a stranger: what is printed on it, and nothing about its buyer."""

import pytest

from portal.domain.purchases import queries as purchases
from portal.domain.units import queries as units
from tests import factories

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
