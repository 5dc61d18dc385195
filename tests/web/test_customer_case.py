"""The page of a case as its customer reads it: where it stands, what is asked, what happened."""

import pytest

from portal.domain.cases import actions as cases
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from tests import factories
from tests.pages import parse, words


@pytest.fixture
def show(owner, claim):
    """The page as it stands now."""
    return lambda query="": parse(owner.get(f"/cases/{claim.code}{query}").text)


def track(page):
    """(done, now): the names of the steps."""
    steps = page.findall(".//ol[@class='track']/li")
    now = [words(li) for li in steps if li.get("aria-current") == "step"]
    return [words(li) for li in steps if li.get("class") == "is-done"], now


def test_the_steps_say_in_words_where_the_case_stands(show, agent, claim):
    assert track(show()) == (["Sent, done"], ["Review"])
    factories.decide(agent.actor, claim)
    factories.settle()
    assert track(show())[1] == ["Work"]
    cases.move(agent.actor, claim, E.READY, clock.now())
    factories.settle()
    assert track(show())[1] == ["Work"], "it is finished when the customer has it"


def test_a_rejection_has_no_work_and_a_withdrawn_claim_no_steps(show, owner, agent, claim, outlet, product):
    factories.decide(agent.actor, claim, Payment.REJECTED)
    factories.settle()
    assert track(show())[1] == ["Decision"] and "Work" not in words(show().find(".//ol[@class='track']"))
    other = factories.units_of(factories.purchase(outlet, [(product, 1)], buyer=owner.person))[0]
    withdrawn = factories.claim(owner.actor, other)
    owner.post(f"/cases/{withdrawn.code}/withdraw")
    assert track(parse(owner.get(f"/cases/{withdrawn.code}").text)) == ([], [])


def test_a_finished_case_has_every_step_done(show, agent, manager, claim):
    factories.decide(agent.actor, claim, Payment.FREE, Outcome.REFUND)
    factories.settle()
    cases.move(manager.actor, claim, E.SETTLE, clock.now())
    factories.settle()
    assert len(track(show())[0]) == 5


def test_a_question_stands_with_the_form_before_what_happened(show, agent, claim):
    before = [e.get("id") for e in show().iter() if e.get("id") in ("write", "timeline")]
    assert before == ["timeline", "write"]
    cases.move(agent.actor, claim, E.ASK, clock.now(), body="Nomor serinya berapa?")
    factories.settle()
    page = show()
    assert [e.get("id") for e in page.iter() if e.get("id") in ("write", "timeline")] == ["write", "timeline"]
    assert "Nomor serinya berapa?" in words(page.find(".//blockquote"))


def test_three_hundred_messages_come_by_fifty_each_once(show, owner, claim):
    for n in range(120):
        cases.say(owner.actor, claim, f"Pesan {n:03}.", clock.now())
    factories.settle()
    page, seen = show(), []
    while True:
        seen += [
            t for t in (words(p) for p in page.iterfind(".//ol[@class='timeline']//p")) if t[:6] == "Pesan "
        ]
        older = next((a.get("href") for a in page.iter("a") if "?before=" in a.get("href", "")), None)
        if older is None:
            break
        page = show("?" + older.partition("?")[2].partition("#")[0])
    assert len(seen) == len(set(seen)) == 120
    assert words(page.find(".//ol[@class='timeline']/li")).startswith("You Claim sent")


@pytest.mark.parametrize("before", ["x", "-5", "0", "1", "99999999999999999999"])
def test_a_place_in_the_timeline_that_somebody_made_up_breaks_nothing(show, before):
    show(f"?before={before}")


def test_a_parcel_under_way_shows_its_number_until_it_arrives(show, agent, claim):
    leg = shipments.start(
        agent.actor, Direction.TO_CUSTOMER, courier="JNE", waybill="JNE123", status=Status.PICKED_UP,
        at=clock.now(), now=clock.now(),
    )  # fmt: skip
    cases.add_leg(agent.actor, claim, leg, clock.now())
    factories.settle()
    assert show().find(".//button[@data-copy='JNE123']") is not None
    shipments.move(agent.actor, leg, Status.DELIVERED, at=clock.now(), place="", note="", now=clock.now())
    factories.settle()
    assert show().find(".//button[@data-copy='JNE123']") is None


def test_an_item_says_in_words_what_is_free(owner):
    page = parse(owner.get(f"/units/{owner.unit.code}").text)
    covers = page.find(".//ul[@class='covers']")
    assert [icon.get("aria-label") for icon in covers.iterfind(".//*[@role='img']")][:2] == ["free", "free"]
    stamp = words(page.find(".//p[@class='stamp stamp-big stamp-line tone-good']"))
    assert stamp.startswith("Covered till ")
