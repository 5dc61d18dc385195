"""What the check has understood is what is let in."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.intake import checking
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.imports.parcel import pack, unpack

words = st.text(max_size=20)
amounts = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-3))
sku = st.none() | st.text(min_size=1, max_size=9)
bare = st.tuples(words, st.integers(-99, 99), amounts, sku)
full = st.tuples(
    words, st.integers(-99, 99), amounts, sku, st.lists(words, max_size=2).map(tuple), amounts,
    st.integers(0, 9), words, words, words,
)  # fmt: skip
lines = (bare | full).map(lambda told: SaleLine(*told))
maybe = st.none() | words
sales = st.builds(
    Sale, words, words, st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),
    st.lists(lines, max_size=4).map(tuple), words, maybe, maybe, st.sampled_from(PurchaseKind), words,
    st.none(), maybe, maybe, st.none(), maybe,
)  # fmt: skip


@given(sales)
def test_there_and_back(sale: Sale) -> None:
    again = unpack(pack(sale))
    assert again == sale
    assert checking.digest(again) == checking.digest(sale)


def test_a_plain_line_is_short() -> None:
    sale = Sale("T1", "1", datetime(2024, 2, 29, tzinfo=UTC), (SaleLine("Kopi", 1, Decimal("2.10"), "K"),))
    assert '["Kopi",1,"2.10","K"]' in pack(sale)
