"""Phones, money, codes and pages."""

import base64
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import codes, email, paging, phone
from portal.kernel.money import minor, receipt_total

MOBILE = "+6281234567890"
WIT = ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    "typed",
    ["081234567890", "0812-3456-7890", "0812 3456 7890", "81234567890", "6281234567890", "+6281234567890",
     "+62 812-3456-7890", "006281234567890", "0062 812 3456 7890", " 081234567890 ", "(0812) 3456-7890",
     "+62 0812 3456 7890"],
)  # fmt: skip
def test_the_ways_a_phone_is_typed(typed: str) -> None:
    assert phone.parse(typed) == MOBILE


@given(st.sampled_from(["0", "62", "+62", "0062", ""]), st.from_regex(r"8[0-9]{4,13}", fullmatch=True))
def test_mobile_numbers_are_taken_as_phonenumbers_takes_them(start: str, national: str) -> None:
    if phonenumbers.is_valid_number(phonenumbers.parse("+62" + national)):
        assert phone.parse(start + national) == "+62" + national
    else:
        with pytest.raises(ValueError):
            phone.parse(start + national)


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "abc", "123", "08", "+", "0812345678901234567", "0812\x003456", "+999123456789", "😀"],
)
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(ValueError):
        phone.parse(typed)


@pytest.mark.parametrize(
    ("e164", "shown", "masked"),
    [
        (MOBILE, "0812-3456-7890", "0812-••••-••90"),
        ("+62811123456", "0811-1234-56", "0811-••••-56"),
        ("+6281234567890123", "0812-3456-7890123", "0812-••••-•••••23"),
        ("+62215500142", "(021) 5500-142", "(021) ••••-•42"),  # Jakarta, seven digits and eight
        ("+622155001420", "(021) 5500-1420", "(021) ••••-••20"),
        ("+62225500142", "(022) 5500-142", "(022) ••••-•42"),  # Bandung
        ("+62318290123", "(031) 8290-123", "(031) ••••-•23"),  # Surabaya
        ("+62361755123", "(0361) 755-123", "(036•) •••-•23"),  # Denpasar
        ("+628001234567", "0800-1234-567", "0800-••••-•67"),
        ("+621500123", "1 500 123", "1 50• •23"),
        ("+6591234567", "+65 9123 4567", "+65 •••• ••67"),
    ],
)
def test_phones_as_people_read_them(e164: str, shown: str, masked: str) -> None:
    assert (phone.show(e164), phone.mask(e164)) == (shown, masked)
    assert phone.parse("+65 9123 4567") == "+6591234567"


def test_phones_are_linked() -> None:
    assert phone.wa_link(MOBILE) == "https://wa.me/6281234567890"


@given(st.text(max_size=20))
def test_any_text_is_a_phone_or_refused(typed: str) -> None:
    try:
        found = phone.parse(typed)
    except ValueError:
        return
    assert found.startswith("+") and phone.parse(phone.show(found)) == found


@pytest.mark.parametrize(
    "typed", ["a@b", "@", "siti@@contoh.id", "siti contoh@x.id", "x" * 300 + "@contoh.id", ""]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError):
        email.parse(typed)


def test_addresses_are_compared_in_lower_case() -> None:
    assert email.parse(" Siti.Rahma@Contoh.ID ") == "siti.rahma@contoh.id"
    assert email.mask("siti.rahma@gmail.com") == "s•••@gmail.com"


PRICES = st.decimals(min_value="-999999", max_value="999999", places=4)


@given(st.lists(st.tuples(PRICES, st.integers(1, 500)), max_size=30), st.sampled_from(["IDR", "GBP"]))
def test_a_receipt_is_rounded_once(lines: list[tuple[Decimal, int]], currency: str) -> None:
    exact = sum((Fraction(price) * n for price, n in lines), Fraction(0)) * (1 if currency == "IDR" else 100)
    total = receipt_total(lines, currency)
    assert abs(total - exact) <= Fraction(1, 2)
    if abs(total - exact) == Fraction(1, 2):
        assert abs(total) > abs(exact), "halves go away from zero"


@pytest.mark.parametrize(
    ("amount", "currency", "whole"),
    [("2.5", "IDR", 3), ("-2.5", "IDR", -3), ("2.4999", "IDR", 2), ("1.005", "GBP", 101), ("0.1", "GBP", 10)],
)
def test_halves_go_away_from_zero(amount: str, currency: str, whole: int) -> None:
    assert minor(Decimal(amount), currency) == whole


def test_thirds_are_summed_before_they_are_rounded() -> None:
    third = Decimal("3333.3333")
    assert receipt_total([(third, 3)], "IDR") == int((third * 3).quantize(Decimal(1), ROUND_HALF_UP)) == 10000


def test_codes_as_people_read_them() -> None:
    assert codes.normalise("k7-m2o1 il") == "K7M20111"
    assert all(len(codes.new_code(n)) == n for n in (8, 10, 16))
    assert not set("".join(codes.new_code() for _ in range(500))) & set("ILOU")
    assert len({codes.new_code() for _ in range(2000)}) == 2000


@given(st.text(alphabet=codes.ALPHABET, min_size=1, max_size=16))
def test_a_code_is_its_own_normal_form(code: str) -> None:
    assert codes.normalise(code) == codes.normalise(code.lower()) == codes.normalise("-".join(code)) == code


def test_tokens_are_long_enough() -> None:
    assert len(base64.urlsafe_b64decode(codes.new_token() + "==")) == 16
    assert len(codes.derive("key", "purpose", b"seed")) == 26, "128 bits at five a sign"
    assert len(codes.digest("token")) == 32
    assert {len(codes.six_digits()) for _ in range(300)} == {6}


@given(st.text(min_size=1), st.text(min_size=1), st.binary(min_size=1, max_size=16))
def test_a_derived_token_depends_on_all_it_is_made_of(key: str, purpose: str, seed: bytes) -> None:
    token = codes.derive(key, purpose, seed)
    assert token == codes.derive(key, purpose, seed)
    assert token not in (codes.derive(key + "x", purpose, seed), codes.derive(key, purpose, seed + b"x"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared(left: str, right: str) -> None:
    assert codes.same(left, right) == (left == right)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, WIT]))


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.integers(-(2**63) + 1, 2**63 - 1),
    MOMENTS,
)
def test_a_page_key_comes_back(text: str, number: int, moment: datetime) -> None:
    key = paging.encode([text, number, moment])
    assert paging.decode(key, str, int, datetime) == [text, number, moment]
    assert paging.decode(key, str, int) is None
    assert paging.decode(key, int, str, datetime) is None


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_made_up_page_key_is_none(value: str) -> None:
    assert paging.decode(value, datetime, int) is None


HOSTILE = [
    '{"a":1}', "[1,[2]]", '["a",null]', '["a",1.5]', '["a",true]', "NaN", "[" * 400, '["a",1e999]',
    "[" * 5000,     '["\\ud800",1]', '["a",99999999999999999999]', "5", '"ab"', "null", "[]", '["a",1,1]',
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_page_keys(raw: str) -> None:
    assert paging.decode(base64.urlsafe_b64encode(raw.encode()).decode(), str, int) is None


@pytest.mark.parametrize(
    "moment", ["", "2026-02-30", "2026-01-01T00:00", "0001-01-01T00:00:00+14:00", "x" * 99]
)
def test_hostile_moments(moment: str) -> None:
    assert paging.decode(paging.encode([moment, 1]), datetime, int) is None


def test_pages_are_cut() -> None:
    page = paging.cut(list(range(26)), lambda n: [n])
    assert len(page.rows) == 25 and paging.decode(page.next, int) == [24]
    assert paging.cut(list(range(25)), lambda n: [n]).next is None
