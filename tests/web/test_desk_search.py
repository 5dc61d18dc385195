"""What is typed at the desk: the ladder from a whole code to a part of a word, and filters that combine."""

from datetime import timedelta

import pytest

from portal.domain.cases import actions as cases
from portal.domain.cases import lists
from portal.domain.desk import tags
from portal.domain.workflows.engine import Priority
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.pages import parse
from tests.web.test_desk import rows


@pytest.fixture
def found(both):
    """Asks the desk of each database, where Siti has a claim for a television and Wayan one for another."""
    shop, tv = factories.outlet(), factories.product()
    agent = Browser(both, factories.staff())
    made = {}
    for name, phone in (("Siti Rahma", "+6281234567890"), ("Wayan Putra", "+6281998876655")):
        person = factories.customer(name, f"{name.split()[0].lower()}@contoh.id", phone)
        bought = factories.purchase(
            shop, [(tv, 1)], buyer=person, serials={1: [f"KLY43{name[:2].upper()}77A"]}
        )
        made[name.split()[0]] = factories.claim(Browser(both, person).actor, factories.units_of(bought)[0])

    def ask(typed, **more):
        answer = agent.client.get(
            "/desk", query_string={"q": typed, **more}, base_url="http://127.0.0.1:8000"
        )
        return sorted(name for name, case in made.items() if case.code in rows(answer))

    ask.made, ask.agent = made, agent
    return ask


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("7890", ["Siti"]), ("567890", ["Siti"]), ("0812-3456-7890", ["Siti"]),
        ("+62 812 3456 7890", ["Siti"]),
        ("WA77A", ["Wayan"]), ("wa77a", ["Wayan"]), ("KLY43WA77A", ["Wayan"]), ("Siti Rahma", ["Siti"]),
        ("siti rah", ["Siti"]), ("televisi", ["Siti", "Wayan"]), ("LEVIS", ["Siti", "Wayan"]),
        ("ahm", ["Siti"]),
        ("zzz", []), ("55555", []), ("%", []), ("_", []),
    ],
)  # fmt: skip
def test_every_rung_finds_what_it_should(found, typed, expected):
    assert found(typed) == expected


def test_the_beginning_of_a_code(found):
    code = found.made["Siti"].code
    typed = next(code[:n] for n in range(4, 8) if any(sign.isdigit() for sign in code[:n]) or n == 7)
    assert found(typed if any(c.isdigit() for c in typed) else f"{code[:4]}-{code[4:7]}") == ["Siti"]


def test_the_last_digits_of_a_receipt(found):
    assert found(found.made["Wayan"].unit.purchase.number) == ["Wayan"]


def test_a_search_costs_two_statements_more_than_the_list(agent, claim, statements):
    for typed in ("7890", "siti", "zzzzz", "K7QM-2"):
        with statements() as seen:
            agent.get(f"/desk?q={typed}")
        assert len(seen) == 5


def test_filters_combine(agent, claim, owner, outlet, product):
    other = factories.claim(
        owner.actor, factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    )
    tags.add(claim, "VIP")
    cases.prioritise(agent.actor, claim, Priority.URGENT, clock.now())
    cases.move(agent.actor, other, E.ASK, clock.now(), body="Warna lampunya apa?")
    factories.settle()
    tag = lists.tags()[0][0]
    for asked in (f"tag={tag}", "priority=urgent", "who=agent", f"tag={tag}&priority=urgent&kind=warranty"):
        assert rows(agent.get(f"/desk?{asked}")) == [claim.code]
    for asked in ("who=customer", "clock=paused", "stage=customer"):
        assert rows(agent.get(f"/desk?{asked}")) == [other.code]
    assert len(rows(agent.get(f"/desk?product={product.id}&outlet={outlet.id}"))) == 2
    for asked in (f"tag={tag}&who=customer", "kind=return", "who=outside", "tag=999", "clock=late"):
        assert rows(agent.get(f"/desk?{asked}")) == []


def test_each_filter_can_be_taken_away(agent, claim):
    page = parse(agent.get("/desk?priority=normal&kind=warranty&whose=nobody").text)
    chips = [chip.get("href") for chip in page.iterfind(".//a[@class='filter-on']")]
    for without in (
        "kind=warranty&whose=nobody",
        "whose=nobody&priority=normal",
        "kind=warranty&priority=normal",
    ):
        assert f"/desk?{without}" in chips


def test_due_today_ends_with_the_outlets_day(agent, claim, time_machine):
    assert claim.due_at is not None
    time_machine.move_to(claim.due_at - timedelta(days=4), tick=False)
    assert claim.code not in rows(Browser(agent.app, agent.person).get("/desk?clock=today"))
    time_machine.move_to(claim.due_at - timedelta(minutes=1), tick=False)
    fresh = Browser(agent.app, agent.person)
    assert rows(fresh.get("/desk?clock=today")) == [claim.code]
    assert rows(fresh.get("/desk?clock=late")) == []
    time_machine.move_to(claim.due_at + timedelta(minutes=1), tick=False)
    fresh = Browser(agent.app, agent.person)
    assert rows(fresh.get("/desk?clock=late")) == rows(fresh.get("/desk?clock=today")) == [claim.code]


def test_the_panel_counts_what_is_there(agent, claim, statements):
    with statements() as seen:
        text = agent.get("/desk/filters?kind=warranty").text
    assert len(seen) <= 6
    assert "Warranty claim (1)" in text
    assert "<html" not in agent.get("/desk/filters", htmx=True).text


def test_what_came_is_told_while_the_desk_is_open(agent, owner, claim, outlet, product):
    since = agent.get("/desk").text.split("since=")[1].split('"')[0]
    assert "new case" not in agent.get(f"/desk/pulse?since={since}", htmx=True).text
    bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    factories.claim(owner.actor, factories.units_of(bought)[0])
    assert "1 new case" in agent.get(f"/desk/pulse?since={since}", htmx=True).text
    assert "delay:80s" in agent.get(f"/desk/pulse?since={since}&pause=40&new=1", htmx=True).text
    agent.get("/desk/pulse?since=x&pause=y&new=z", htmx=True)
