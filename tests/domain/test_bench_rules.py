"""Money, billing and signatures of the workshop: what needs no database."""

from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalog.rules import Provider
from portal.domain.repairs.money import labour_price, totals, usual_billing
from portal.domain.repairs.rules import FIELD, NEXT, OWN_FORM, STATES, Billing, LineKind, S, strokes
from portal.domain.repairs.sending import pays
from portal.domain.units.coverage import Answer, Verdict
from portal.kernel.text import Message

LINES = st.lists(
    st.builds(
        SimpleNamespace,
        pieces=st.integers(1, 999),
        price=st.integers(0, 10**12),
        billing=st.sampled_from(list(Billing)),
    ),
    max_size=40,
)


def verdict(*covered: str, provider: str | None = None) -> Verdict:
    def answer(aspect: str) -> Answer:
        return Answer(aspect in covered, None, None, None, provider, Message(""))

    return Verdict(date(2031, 1, 1), "", answer("parts"), answer("labour"), answer("transport"), ())


@given(LINES)
def test_totals_lose_no_rupiah(lines: list[SimpleNamespace]) -> None:
    found = totals(lines)
    assert found.all == sum(line.pieces * line.price for line in lines)
    for billing, sum_ in (
        (Billing.BILLABLE, found.billable),
        (Billing.WARRANTY, found.warranty),
        (Billing.NO_CHARGE, found.no_charge),
    ):
        assert sum_ == sum(line.pieces * line.price for line in lines if line.billing == billing)


@given(LINES, st.randoms())
def test_totals_do_not_depend_on_the_order(lines: list[SimpleNamespace], chance: object) -> None:
    mixed = list(lines)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert totals(mixed) == totals(lines)


@given(LINES, st.data())
def test_changing_who_pays_moves_money_and_makes_none(
    lines: list[SimpleNamespace], data: st.DataObject
) -> None:
    before = totals(lines).all
    for line in lines:
        line.billing = data.draw(st.sampled_from(list(Billing)))
    assert totals(lines).all == before


@given(st.integers(0, 10**9), st.integers(1, 9999))
def test_an_hour_s_price_is_rounded_once(hour: int, minutes: int) -> None:
    exact = Fraction(hour * minutes, 60)
    assert abs(labour_price(hour, minutes) - exact) <= Fraction(1, 2)
    assert labour_price(hour, 60) == hour


@pytest.mark.parametrize(
    ("covered", "kind", "expected"),
    [
        (("parts", "labour"), LineKind.PART, Billing.WARRANTY),
        (("parts", "labour"), LineKind.LABOUR, Billing.WARRANTY),
        (("parts", "labour"), LineKind.FEE, Billing.BILLABLE),
        (("parts",), LineKind.LABOUR, Billing.BILLABLE),
        (("transport",), LineKind.FEE, Billing.WARRANTY),
        ((), LineKind.PART, Billing.BILLABLE),
    ],
)
def test_who_pays_follows_the_coverage(covered: tuple[str, ...], kind: LineKind, expected: Billing) -> None:
    assert usual_billing(verdict(*covered), kind) == expected


def test_without_a_claim_the_customer_pays() -> None:
    assert {usual_billing(None, kind) for kind in LineKind} == {Billing.BILLABLE}


@pytest.mark.parametrize(
    ("provider", "covered", "expected"),
    [
        (Provider.MAKER, ("parts", "labour"), True),
        (Provider.DISTRIBUTOR, ("labour",), True),
        (Provider.SHOP, ("parts", "labour"), False),
        (Provider.EXTENDED, ("parts",), False),
        (Provider.MAKER, (), False),
    ],
)
def test_the_supplier_pays_what_its_own_warranty_covers(
    provider: str, covered: tuple[str, ...], expected: bool
) -> None:
    assert pays(verdict(*covered, provider=provider)) is expected


def test_without_a_claim_the_supplier_does_not_pay() -> None:
    assert pays(None) is False


POINT = st.tuples(st.integers(0, FIELD[0]), st.integers(0, FIELD[1]))


@given(st.lists(st.lists(POINT, min_size=2, max_size=30), min_size=4, max_size=20))
def test_a_signature_is_read_as_it_was_drawn(drawn: list[list[tuple[int, int]]]) -> None:
    drawn = [*drawn, [(0, 0), FIELD]]  # all of it is more than a dot
    sent = ";".join(" ".join(f"{x},{y}" for x, y in stroke) for stroke in drawn)
    assert strokes(sent) == drawn


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "1,1",
        "1,1 2,2",
        "a,b " * 10,
        "1 2 " * 10,
        "5000,1 " * 10,
        "-1,1 " * 10,
        "500,200 " * 10,
        "1,1 " * 5000,
        "<svg>;" * 9,
    ],
)
def test_what_is_no_signature(sent: str) -> None:
    with pytest.raises(ValueError):
        strokes(sent)


def test_every_living_state_says_what_is_next() -> None:
    assert set(STATES) - set(NEXT) == {S.HANDED_OVER, S.CANCELLED}
    assert set(S) >= OWN_FORM
