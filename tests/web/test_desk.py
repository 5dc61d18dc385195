"""The desk's queue: order, filters, search, pages, and what it costs."""

from datetime import timedelta

import pytest

from portal.domain.cases import actions as cases
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.web.words import code
from tests import factories
from tests.pages import parse


def rows(answer):
    return [row.get("data-row") for row in parse(answer.text).iterfind(".//tr[@data-row]")]


@pytest.fixture
def many(owner, outlet, product):
    """Thirty claims, one an hour, the newest last."""
    bought = [factories.purchase(outlet, [(product, 1)], buyer=owner.person) for _ in range(30)]
    start = clock.now() - timedelta(hours=40)
    return [
        factories.claim(owner.actor, factories.units_of(one)[0], now=start + timedelta(hours=n))
        for n, one in enumerate(bought)
    ]


def test_the_newest_claim_is_on_top_and_opens(agent, many):
    answer = agent.get("/desk")
    assert rows(answer)[0] == many[-1].code
    agent.get(f"/desk/cases/{many[-1].code}")


def test_an_empty_desk_says_so(agent):
    assert "empty" in agent.get("/desk").text


def test_the_next_page_goes_on_where_this_one_ends(agent, many):
    first = agent.get("/desk")
    following = parse(first.text).find(".//a[@rel='next']").get("href")
    second = agent.get(following)
    assert len(rows(first)) == 25
    assert rows(first) + rows(second) == [case.code for case in reversed(many)]


def test_a_made_up_page_shows_the_first(agent, many):
    for hostile in ("x", "W10", "bnVsbA", "%00" * 3, "WyIyMDMxIl0"):
        if "%00" not in hostile:
            assert rows(agent.get(f"/desk?after={hostile}"))[0] == many[-1].code


def test_filters_stand_in_the_address(agent, many):
    cases.move(agent.actor, many[0], E.REVIEW, clock.now())
    cases.assign(agent.actor, many[1], agent.actor.id, "Agent", clock.now())
    factories.settle()
    assert rows(agent.get("/desk?stage=review")) == [many[0].code]
    assert rows(agent.get("/desk?whose=mine")) == [many[1].code]
    assert len(rows(agent.get("/desk?stage=new&whose=nobody&sort=due"))) == 25
    assert rows(agent.get("/desk?stage=closed")) == []


@pytest.mark.parametrize("typed", ["Siti Rahma", "0812-3456-7890", "siti rah", "081234567890", "mati lampu"])
def test_search_finds_by_name_phone_and_words(agent, claim, typed):
    assert rows(agent.get(f"/desk?q={typed}")) == [claim.code]


def test_search_by_serial(agent, claim, unit):
    assert rows(agent.get(f"/desk?q={unit.serial}")) == [claim.code]


def test_a_whole_code_opens_the_case(agent, claim):
    answer = agent.get(f"/desk?q={code(claim.code).lower()}", expect=303)
    assert answer.headers["Location"] == f"/desk/cases/{claim.code}"


@pytest.mark.parametrize("typed", ['"', "' OR 1=1 --", "*", "NEAR(", "a" * 300, "🙂", "%(x)s"])
def test_odd_searches_are_harmless(agent, claim, typed):
    agent.client.get("/desk", query_string={"q": typed}, base_url="http://127.0.0.1:8000")
    assert (
        agent.client.get("/desk", query_string={"q": typed}, base_url="http://127.0.0.1:8000").status_code
        == 200
    )


def test_htmx_gets_the_queue_alone(agent, claim):
    text = agent.get("/desk?q=siti", htmx=True).text
    assert claim.code in text
    assert "<html" not in text


def test_drafts_are_not_on_the_desk(agent, owner):
    factories.claims.draft(
        owner.actor, owner.unit, symptom="x", story="belum selesai", photos=[], now=clock.now()
    )
    factories.settle()
    assert rows(agent.get("/desk")) == []
    assert rows(agent.get("/desk?q=selesai")) == []


def test_who_may_see_the_desk(client, owner, technician):
    owner.get("/desk", expect=403)
    technician.get("/desk")
    assert client.get("/desk", expect=303).headers["Location"].startswith("/staff/sign-in")


def test_the_queue_makes_the_same_four_statements_whatever_its_length(agent, many, statements):
    with statements() as few:
        agent.get("/desk?stage=review")
    with statements() as lots:
        agent.get("/desk")
    assert len(few) == len(lots) == 4


def test_the_fullest_desk_makes_six_statements(agent, many, statements):
    done = agent.post("/desk/bulk", do="tag", value="panen", case=[case.code for case in many[:3]])
    with statements() as seen:
        agent.get(done.headers["Location"] + f"&q=siti&tag=1&outlet=1&product=1&whose={agent.actor.id}")
    assert len(seen) == 6


def test_digits_that_are_no_number_choose_nothing(agent, claim):
    agent.get("/desk?outlet=²")
    agent.post(f"/desk/cases/{claim.code}/assign", staff="²")
