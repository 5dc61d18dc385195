"""What is given back for pieces of a line, and until when they can come back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.returns.rules import last_day, share
from portal.kernel import clock

amounts = st.integers(0, 10**12)


@given(amounts, st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_parts_make_up_the_whole_and_never_exceed_it(amount: int, parts: list[int]) -> None:
    sold, before, paid = sum(parts), 0, []
    for pieces in parts:
        paid.append(share(amount, sold, before, pieces))
        before += pieces
        assert 0 <= sum(paid) <= amount
    assert sum(paid) == amount


@given(amounts, st.integers(1, 99), st.data())
def test_every_piece_but_the_last_is_worth_the_same(amount: int, sold: int, data: Any) -> None:
    before = data.draw(st.integers(0, sold - 1))
    assert share(amount, sold, before, 1) in (amount // sold, amount - amount // sold * (sold - 1))


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura", "UTC"])
@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), days=st.integers(1, 400))
def test_the_window_ends_with_the_last_second_of_its_day(zone: str, at: datetime, days: int) -> None:
    bought = at.replace(tzinfo=UTC)
    until = last_day(bought, zone, days)
    assert (until - clock.day_in(zone, bought)).days == days
