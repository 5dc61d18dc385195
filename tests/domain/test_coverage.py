"""The one function that says what a warranty covers: tables of dates, then anything at all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalog.rules import Provider, Start
from portal.domain.units.coverage import Standing, Terms, Verdict, add_term, coverage
from portal.domain.units.rules import Registration
from portal.kernel.clock import day_in
from tests.factories import layer

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
BOUGHT = date(2024, 5, 10)


def ask(*layers: object, on: date, component: str = "", **terms: object) -> Verdict:
    return coverage(Terms(bought=terms.pop("bought", BOUGHT), layers=layers, **terms), component, on)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "months", "days", "last"),
    [
        (date(2024, 5, 10), 12, 0, date(2025, 5, 10)),
        (date(2024, 2, 29), 12, 0, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, 0, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, 0, date(2024, 2, 28)),
        (date(2024, 1, 31), 1, 0, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, 0, date(2023, 2, 28)),
        (date(2024, 8, 31), 6, 0, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, 0, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, 0, date(2025, 1, 15)),
        (date(2024, 11, 30), 1, 0, date(2024, 12, 30)),
        (date(2024, 2, 28), 0, 1, date(2024, 2, 29)),
        (date(2023, 2, 28), 0, 2, date(2023, 3, 2)),
        (date(2024, 1, 31), 1, 1, date(2024, 3, 1)),
        (date(2024, 5, 10), 0, 7, date(2024, 5, 17)),
    ],
)
def test_the_last_day_of_a_term(start: date, months: int, days: int, last: date) -> None:
    assert add_term(start, months, days) == last


@given(DAYS, st.integers(0, 240), st.integers(0, 400))
def test_a_term_never_ends_before_it_begins(start: date, months: int, days: int) -> None:
    assert add_term(start, months, days) >= start


@given(DAYS, st.integers(0, 240), st.integers(0, 240), st.integers(0, 60))
def test_a_longer_term_never_ends_earlier(start: date, months: int, more: int, days: int) -> None:
    assert add_term(start, months + more, days) >= add_term(start, months, days)


@given(DAYS, st.integers(0, 800), st.integers(0, 240))
def test_a_later_start_never_ends_earlier(start: date, later: int, months: int) -> None:
    assert add_term(start + timedelta(days=later), months) >= add_term(start, months)


@given(DAYS, st.integers(1, 240))
def test_months_end_on_the_same_day_or_the_months_last(start: date, months: int) -> None:
    end = add_term(start, months)
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months


def test_first_and_last_day_are_inside() -> None:
    year = layer()
    assert not ask(year, on=date(2024, 5, 9)).covered
    assert ask(year, on=date(2024, 5, 10)).complete
    assert ask(year, on=date(2025, 5, 10)).complete
    after = ask(year, on=date(2025, 5, 11))
    assert (after.covered, after.parts.standing, after.parts.until) == (
        False,
        Standing.EXPIRED,
        date(2025, 5, 10),
    )


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_last_second_is_inside_and_the_next_outside(zone: str) -> None:
    """In the outlet's zone, whatever the server's clock says."""
    last = datetime(2025, 5, 10, 23, 59, 59, tzinfo=ZoneInfo(zone))
    after = last.astimezone(UTC) + timedelta(seconds=1)
    assert ask(layer(), on=day_in(zone, last.astimezone(UTC))).complete
    assert not ask(layer(), on=day_in(zone, after)).covered
    assert after.date() == date(2025, 5, 10), "in UTC it is still the day before"


def test_cover_from_a_delivery_that_has_not_happened() -> None:
    clause = layer(starts=Start.DELIVERY)
    verdict = ask(clause, on=date(2024, 6, 1))
    assert verdict.parts.standing is Standing.NOT_STARTED
    assert verdict.parts.until is None
    assert "delivery" in verdict.parts.why.id
    assert ask(clause, on=date(2025, 6, 1), delivered=date(2024, 6, 1)).complete
    assert not ask(clause, on=date(2024, 5, 31), delivered=date(2024, 6, 1)).covered


def test_cover_from_an_installation() -> None:
    clause = layer(starts=Start.INSTALLATION)
    assert "installation" in ask(clause, on=BOUGHT).parts.why.id
    assert ask(clause, on=date(2025, 7, 1), installed=date(2024, 7, 1)).until == date(2025, 7, 1)


def test_nothing_is_covered_from_the_day_it_was_voided() -> None:
    voided = {"registration": Registration.VOID, "void_on": date(2024, 8, 1), "void_reason": "Dibongkar."}
    assert ask(layer(), on=date(2024, 7, 31), **voided).complete, "history stays as it was"
    verdict = ask(layer(), on=date(2024, 8, 1), **voided)
    assert (verdict.covered, verdict.parts.standing) == (False, Standing.VOID)
    assert verdict.parts.why.values["reason"] == "Dibongkar."


@pytest.mark.parametrize("state", [Registration.PENDING, Registration.REJECTED])
def test_an_unconfirmed_registration_covers_nothing(state: Registration) -> None:
    assert ask(layer(), on=BOUGHT, registration=state).parts.standing is Standing.PENDING


def test_a_component_has_its_own_clauses_beside_the_whole() -> None:
    whole, compressor = layer(months=12), layer("compressor", months=120, covers="parts")
    late = date(2030, 1, 1)
    assert not ask(whole, compressor, on=late).covered
    verdict = ask(whole, compressor, on=late, component="compressor")
    assert (verdict.parts.covered, verdict.labour.covered, verdict.complete) == (True, False, False)
    assert not ask(whole, compressor, on=late, component="door").covered


def test_the_longest_cover_answers() -> None:
    short, long = layer(months=6), layer(months=24, provider=Provider.EXTENDED)
    verdict = ask(short, long, on=date(2024, 6, 1))
    assert (verdict.parts.until, verdict.parts.provider) == (date(2026, 5, 10), Provider.EXTENDED)
    assert verdict.until == date(2026, 5, 10)


def test_a_repair_is_free_until_the_first_of_parts_and_labour_ends() -> None:
    parts, labour = layer(months=24, covers="parts"), layer(months=12, covers="labour")
    assert ask(parts, labour, on=BOUGHT).until == date(2025, 5, 10)


def test_a_policy_without_clauses_says_so() -> None:
    verdict = ask(on=BOUGHT)
    assert not verdict.covered
    assert verdict.transport.clause is None
    assert "does not include" in verdict.parts.why.id


@given(
    st.lists(
        st.builds(
            layer,
            st.sampled_from(["", "panel"]),
            months=st.integers(1, 60),
            covers=st.sampled_from(["parts", "labour", "parts labour", "transport"]),
            starts=st.sampled_from(Start),
        ),
        max_size=4,
    ),
    DAYS, st.none() | DAYS, st.none() | DAYS, DAYS, st.sampled_from(["", "panel", "door"]),
)  # fmt: skip
def test_a_verdict_never_contradicts_itself(
    layers: list[object],
    bought: date,
    delivered: date | None,
    installed: date | None,
    on: date,
    component: str,
) -> None:
    verdict = ask(
        *layers, on=on, component=component, bought=bought, delivered=delivered, installed=installed
    )
    for answer in (verdict.parts, verdict.labour, verdict.transport):
        assert answer.covered == (answer.standing is Standing.COVERED)
        assert not answer.covered or (answer.until is not None and answer.until >= on and answer.clause)
        assert str(answer.why)
    assert not verdict.complete or verdict.covered
    assert len(verdict.layers) == len(layers)
