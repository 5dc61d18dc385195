"""Numbers and dates as tills write them."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.intake import dates, numbers
from portal.domain.intake.dates import DateStyle
from portal.domain.intake.numbers import NumberStyle
from portal.kernel.errors import Refused

COMMA, DOT = NumberStyle
DMY, MDY = DateStyle
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("typed", "comma", "dot"),
    [
        ("1.500.000", "1500000", None),
        ("1,500.00", None, "1500.00"),
        ("Rp 1.500.000,00", "1500000.00", None),
        ("Rp. 12.500,-", "12500", "12.500"),
        ("1.500", "1500", "1.500"),
        ("1,500", "1.500", "1500"),
        ("0.001", None, "0.001"),
        ("(4.65)", None, "-4.65"),
        ("-12", "-12", "-12"),
        ("12-", "-12", "-12"),
        ("−1.000.000", "-1000000", None),
        ("1 500 000", "1500000", "1500000"),
        ("1.234567", None, "1.234567"),
        (".5", None, "0.5"),
        ("1.5E+06", None, None),
        ("-1.776357e-15", "0", "0"),
        ("=1+1", None, None),
        ("1.2.3", None, None),
        ("1,23,456", None, None),
        ("gratis", None, None),
        ("", None, None),
        ("9" * 20, None, None),
    ],
)
def test_a_number_is_read_in_its_style_or_not_at_all(typed: str, comma: str | None, dot: str | None) -> None:
    for style, value in ((COMMA, comma), (DOT, dot)):
        if value is None:
            with pytest.raises(Refused):
                numbers.parse(typed, style)
        else:
            assert numbers.parse(typed, style)[0] == Decimal(value)


@pytest.mark.parametrize(
    ("sample", "currency", "style"),
    [
        (["25.000", "12.500"], "IDR", COMMA),
        (["25,000", "12,500"], "IDR", DOT),
        (["25.000", "12.50"], "IDR", DOT),
        (["2.55", "1.250"], "GBP", DOT),
        (["1.250"], "GBP", DOT),
        (["1.500.000", "2,5"], "GBP", COMMA),
        ([], "IDR", COMMA),
    ],
)
def test_the_style_of_a_column_is_told_from_its_values(
    sample: list[str], currency: str, style: NumberStyle
) -> None:
    assert numbers.detect(sample, currency) is style


def test_a_currency_beside_the_price_is_noticed() -> None:
    assert [numbers.currency_of(numbers.parse(t, DOT)[1]) for t in ("Rp500", "£4.65", "7")] == [
        "IDR",
        "GBP",
        None,
    ]
    with pytest.raises(Refused, match="no currency"):
        numbers.currency_of("btc")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_written_in_a_style_is_read_in_it(value: Decimal) -> None:
    english = f"{value:,.2f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    assert numbers.parse(english, DOT)[0] == value == numbers.parse(indonesian, COMMA)[0]


@pytest.mark.parametrize(
    ("typed", "clock", "style", "moment"),
    [
        ("2010-12-01 08:26:00", "", DMY, "2010-12-01T01:26"),
        ("2010-12-01T08:26:00+09:00", "", DMY, "2010-11-30T23:26"),
        ("2024-03-01 12:34 +0700", "", DMY, "2024-03-01T05:34"),
        ("1/12/2010 8:26", "", DMY, "2010-12-01T01:26"),
        ("1/12/2010 8:26", "", MDY, "2010-01-12T01:26"),
        ("25/12/2010", "17:05", DMY, "2010-12-25T10:05"),
        ("2010-12-25", "05:05 PM", DMY, "2010-12-25T10:05"),
        ("Rabu, 1 Desember 2010 08.26 WITA", "", DMY, "2010-12-01T00:26"),
        ("1 Agt 2010", "", DMY, "2010-07-31T17:00"),
        ("March 1, 2024 12:34 am", "", DMY, "2024-02-29T17:34"),
        ("01-Dec-10", "", DMY, "2010-11-30T17:00"),
        ("40513.5", "", DMY, "2010-12-01T05:00"),
        ("01.12.2010", "0.5", DMY, "2010-12-01T05:00"),
        ("20101201 08:26", "", MDY, "2010-12-01T01:26"),
    ],
)
def test_a_date_is_read_in_the_zone_of_its_outlet(
    typed: str, clock: str, style: DateStyle, moment: str
) -> None:
    assert dates.parse(typed, clock, style, JAKARTA) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0202-12-01", "year"), ("01/12/0202", "year"), ("2210-01-01", "year"),
        ("25/12/2010", "cannot be read"), ("2010-02-30", "cannot be read"), ("soon", "cannot be read"),
        ("1.5.1", "cannot be read"), ("2010-12-01 25:00", "cannot be read"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_meant_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        dates.parse(typed, "", MDY, JAKARTA)


def test_the_order_of_day_and_month_is_told_from_all_dates() -> None:
    assert dates.detect(["01/02/2030", "13/02/2030"]) is DMY
    assert dates.detect(["01/02/2030", "01/13/2030"]) is MDY
    assert dates.detect(["01/02/2030", "2030-12-31"]) is DMY


@given(
    st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2099, 1, 1)), st.sampled_from(DateStyle)
)
def test_what_is_written_as_a_date_is_read_as_it(at: datetime, style: DateStyle) -> None:
    at = at.replace(microsecond=0)
    written = at.strftime("%d/%m/%Y %H:%M:%S" if style is DMY else "%m/%d/%Y %I:%M:%S %p")
    assert dates.parse(written, "", style, UTC) == at.replace(tzinfo=UTC)
