"""Lists that stay short and are searched when somebody owns very much."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.kernel import clock
from tests import factories
from tests.pages import parse, words


def links(answer):
    return [link.get("href") for link in parse(answer.text).iterfind(".//a[@class='row-title']")]


@pytest.fixture
def receipts(owner, outlet, product):
    """One receipt a month for three years, the oldest last."""
    at = datetime(2025, 6, 15, 5, tzinfo=UTC)
    return [
        factories.purchase(outlet, [(product, 1)], buyer=owner.person, at=at - timedelta(days=30 * n))
        for n in range(36)
    ]


def test_home_shows_the_newest_items_and_leads_to_the_rest(owner, receipts):
    page = owner.get("/home")
    assert len(links(page)) == 6 and parse(page.text).find(".//a[@href='/units']") is not None


def test_home_of_a_new_customer_says_how_to_begin(stranger):
    page = parse(stranger.get("/home").text)
    assert "Begin with your receipt" in words(page) and page.find(".//a[@href='/units/register']") is not None


def test_a_receipt_is_called_by_what_was_bought(owner, outlet, product):
    other = factories.product(name="Rak dinding", sku="RAK-1")
    factories.purchase(outlet, [(other, 1), (product, 1), (product, 1)], buyer=owner.person, at=clock.now())
    row = words(parse(owner.get("/purchases").text).find(".//ul[@class='rows rows-told rows-two']/li"))
    assert "and 2 more things" in row


def test_a_year_shows_its_receipts_alone_page_after_page(owner, receipts):
    first = owner.get("/purchases")
    years = [words(link) for link in parse(first.text).iterfind(".//nav[@class='chips']/a")]
    assert years[0] == "All" and {"2025", "2024", "2023"} <= set(years)
    of_2024 = {f"/purchases/{made.code}" for made in receipts if made.bought_at.year == 2024}
    assert set(links(owner.get("/purchases?year=2024"))) == of_2024
    forward = parse(first.text).find(".//a[@rel='next']").get("href")
    assert not set(links(first)) & set(links(owner.get(forward)))
    assert "No receipts from that year" in owner.get("/purchases?year=1999").text


def test_the_year_begins_at_midnight_of_the_shop(owner, outlet, product):
    at = datetime(2023, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight in Jakarta
    made = factories.purchase(outlet, [(product, 1)], buyer=owner.person, at=at)
    assert f"/purchases/{made.code}" in links(owner.get("/purchases?year=2024"))
    assert f"/purchases/{made.code}" not in links(owner.get("/purchases?year=2023"))


@pytest.mark.parametrize("year", ["x", "-1", "0", "1", "9999", "99999999999999999999", "2024.5"])
def test_a_year_that_somebody_made_up_breaks_nothing(owner, year):
    owner.get(f"/purchases?year={year}")


def test_an_item_is_found_by_part_of_its_name_or_the_beginning_of_its_serial(owner, outlet):
    lamp = factories.product(name="Lampu 100% meja", sku="LMP-1")
    bought = factories.purchase(outlet, [(lamp, 1)], buyer=owner.person, serials={1: ["LX9000"]})
    code = factories.units_of(bought)[0].code
    for looked_for in ("lampu", "100%25", "lx90"):
        assert links(owner.get(f"/units?q={looked_for}")) == [f"/units/{code}"]
    for nothing in ("9000", "%25%25%25", "___", "x" * 5000):
        assert links(owner.get(f"/units?q={nothing}")) == []
    assert "None of your items has this name" in owner.get("/units?q=zzz").text


def test_nobody_finds_what_others_own(stranger, owner):
    assert links(stranger.get(f"/units?q={owner.unit.serial}")) == []


def test_the_search_keeps_its_words_on_the_next_page(owner, receipts):
    forward = parse(owner.get("/units?q=televisi").text).find(".//a[@rel='next']").get("href")
    assert "q=televisi&" in forward
    assert len(links(owner.get(forward))) == 12
