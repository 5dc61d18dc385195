"""The case beside its queue: the list that it came from, the case alone for htmx, and long timelines."""

from datetime import timedelta

import pytest
from flask import request, request_started

from portal.domain.cases import actions as cases
from portal.domain.cases.queries import TIMELINE
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.pages import parse, words


def lane(browser, query=""):
    """The codes in the column that this address loads beside a case."""
    answer = browser.get(f"/desk/lane{query}", htmx=True)
    assert "<html" not in answer.text
    return [row.get("data-row") for row in parse(answer.text).iterfind(".//li[@data-row]")]


DONE = [  # what ends the work on a case for now
    ("decide", {"outcome": "repair", "payment": "free", "reason": "Kerusakan pabrik."}),
    ("messages", {"kind": "ask", "body": "Lampunya menyala?"}),
]


def told(answer):
    return [words(p) for p in parse(answer.text).iterfind(".//ol[@class='timeline']//p[@class='said']")]


@pytest.fixture
def five(owner, outlet, product):
    """Five claims, the newest first as the desk shows them."""
    start = clock.now() - timedelta(hours=9)
    bought = [factories.purchase(outlet, [(product, 1)], buyer=owner.person) for _ in range(5)]
    return [
        factories.claim(owner.actor, factories.units_of(one)[0], now=start - timedelta(hours=n))
        for n, one in enumerate(bought)
    ]


@pytest.fixture
def chatty(agent, claim):
    """A case with three hundred messages."""
    for n in range(300):
        cases.say(agent.actor, claim, f"Pesan {n}.", clock.now())
    factories.settle()
    return claim


def test_the_queue_beside_the_case_is_the_one_that_the_agent_came_from(agent, five):
    cases.assign(agent.actor, five[0], agent.actor.id, "Agent", clock.now())
    cases.move(agent.actor, five[1], E.REVIEW, clock.now())
    factories.settle()
    page = parse(agent.get(f"/desk/cases/{five[4].code}?sort=&whose=mine").text)
    assert page.find(".//nav[@class='lane']//li").get("hx-get") == "/desk/lane?whose=mine"
    assert lane(agent, "?whose=mine") == [five[0].code]
    assert lane(agent, "?stage=review") == [five[1].code]
    assert lane(agent, "?stage=closed") == []
    assert set(lane(agent, "?q=siti")) == {case.code for case in five}


def test_the_column_alone_is_the_desk(agent, five, technician, owner):
    assert agent.get("/desk/lane?stage=new", expect=303).headers["Location"] == "/desk?stage=new"
    row = parse(agent.get("/desk/lane?stage=new", htmx=True).text).find(".//a")
    assert row.get("href") == f"/desk/cases/{five[0].code}?stage=new"
    assert len(lane(technician)) == 5
    owner.get("/desk/lane", expect=403)


def test_htmx_gets_the_case_alone(agent, five):
    answer = agent.get(f"/desk/cases/{five[0].code}?stage=new", htmx=True)
    assert "<html" not in answer.text
    assert "lane" not in answer.text
    page = parse(answer.text)
    assert five[0].title in page.find(".//title").text
    assert page.find(".//h1").get("tabindex") == "-1"
    assert five[0].title in page.find(".//h1").get("data-told")
    assert "HX-Request" in answer.headers["Vary"]
    assert "data-told" not in agent.get(f"/desk/cases/{five[0].code}").text


def test_next_walks_down_the_list_and_begins_again(agent, five):
    steps = [
        agent.get(f"/desk/cases/{case.code}/next?stage=new", expect=303).headers["Location"] for case in five
    ]
    after = [*five[1:], five[0]]
    assert steps == [f"/desk/cases/{case.code}?stage=new" for case in after]


def test_a_decision_leads_to_the_case_below(agent, five):
    answer = agent.post(
        f"/desk/cases/{five[1].code}/decide", version=five[1].version, outcome="repair", payment="free",
        reason="Kerusakan pabrik.", back="stage=new",
    )  # fmt: skip
    assert answer.headers["Location"] == f"/desk/cases/{five[2].code}?stage=new"


@pytest.mark.parametrize(("verb", "form"), DONE)
def test_the_next_case_after_a_decision_is_one_request(agent, five, statements, verb, form):
    """The answer to the form names the case itself: no address in between, nothing asked but the page."""
    case, below = five[1], five[2]
    answer = agent.post(f"/desk/cases/{case.code}/{verb}", version=case.version, back="stage=new", **form)
    asked = []
    with request_started.connected_to(lambda _app: asked.append(request.path)), statements() as seen:
        page = parse(agent.follow(answer).text)
    assert page.find(".//article[@id='case']").get("data-case") == below.code
    assert asked == [f"/desk/cases/{below.code}"]
    assert len(seen) <= 6


def test_after_an_answer_the_next_case_is_still_the_one_below(agent, five):
    answer = agent.post(
        f"/desk/cases/{five[2].code}/messages", version=five[2].version, kind="message", body="Kami periksa.",
        back="stage=new",
    )  # fmt: skip
    page = parse(agent.follow(answer).text)
    assert page.find(".//a[@data-next]").get("href") == f"/desk/cases/{five[3].code}?stage=new"
    assert "//evil" not in agent.get(f"/desk/cases/{five[2].code}?then=//evil.example").text


def test_after_the_only_case_comes_the_desk(agent, claim):
    path = f"/desk/cases/{claim.code}/next"
    assert agent.get(path, expect=303).headers["Location"] == "/desk"
    assert agent.get(path, expect=204, htmx=True).headers["HX-Redirect"] == "/desk"


def test_a_page_of_the_queue_is_kept(agent, owner, outlet, product):
    start = clock.now() - timedelta(hours=40)
    for n in range(30):
        bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
        factories.claim(owner.actor, factories.units_of(bought)[0], now=start + timedelta(hours=n))
    second = parse(agent.get("/desk").text).find(".//a[@rel='next']").get("href")
    row = parse(agent.get(second).text).find(".//a[@class='row-title']").get("href")
    assert "after=" in row
    assert len(lane(agent, f"?{row.partition('?')[2]}")) == 5


def test_the_case_and_its_parts_make_few_statements(agent, five, chatty, statements):
    long, short = f"/desk/cases/{chatty.code}", f"/desk/cases/{five[0].code}"
    for path, most in ((short, 4), (long, 5), (f"{long}?before=100000", 5), ("/desk/lane", 2)):
        with statements() as seen:
            agent.get(path, htmx=True)
        assert len(seen) <= most
        with statements() as seen:
            agent.get(path, expect=303 if path == "/desk/lane" else 200)
        assert len(seen) <= 6


def test_three_hundred_messages_come_fifty_at_a_time(agent, chatty):
    path, seen = f"/desk/cases/{chatty.code}", []
    page = agent.get(path)
    assert factories.STORY in page.text  # what the customer wrote is there however far back it lies
    while True:
        seen += told(page)
        older = parse(page.text).find(".//li[@class='older']/a")
        if older is None:
            break
        assert len(parse(page.text).findall(".//li[@class='older']")) == 1
        page = agent.get(older.get("href").partition("#")[0])
    assert seen == [f"Pesan {n}." for n in reversed(range(300))]


def test_htmx_gets_the_older_messages_alone(agent, chatty):
    older = parse(agent.get(f"/desk/cases/{chatty.code}").text).find(".//li[@class='older']/a").get("hx-get")
    answer = agent.get(older, htmx=True)
    assert answer.text.count('class="entry ') == TIMELINE
    assert "<article" not in answer.text
    assert f"{TIMELINE} earlier messages" in answer.text


@pytest.mark.parametrize("hostile", ["x", "-1", "0", "9" * 30, "²"])
def test_a_made_up_place_in_the_timeline_is_harmless(agent, claim, hostile):
    agent.get(f"/desk/cases/{claim.code}?before={hostile}")


def test_who_gets_the_case_is_chosen_in_place(agent, claim):
    assert "<html" not in agent.get(f"/desk/cases/{claim.code}/assign", htmx=True).text
