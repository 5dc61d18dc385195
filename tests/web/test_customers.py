"""Customers at the desk: the list, a record, two made one and two again, receipts in doubt."""

import pytest

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts.models import CustomerMerge
from portal.domain.accounts.rules import Role
from portal.domain.outbox.models import OutboxMessage
from portal.domain.purchases.models import PurchaseDoubt
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.forms import fields, stale
from tests.pages import parse

PATH, DOUBTS = "/desk/customers", "/desk/customers/doubts"


def titles(html):
    return [a.text for a in parse(html).iterfind(".//a[@class='row-title']")]


@pytest.fixture
def twin(owner):
    """A record that the shop keeps, with Siti's phone."""
    made = accounts.new_customer(clock.now(), name="Siti R.", phone=owner.person.phone)
    db.session.commit()
    return made


@pytest.mark.parametrize(
    "words", ["Siti Rahma", "siti", "rahma", "0812-3456-7890", "SITI@contoh.id", "{code}"]
)
def test_they_are_found(agent, owner, stranger, words):
    assert titles(agent.get(f"{PATH}?q={words.format(code=owner.person.code)}").text) == ["Siti Rahma"]


def test_the_list_goes_page_by_page(agent, statements):
    for n in range(30):
        accounts.new_customer(clock.now(), name=f"Orang {n:02}")
    with statements() as seen:
        text = agent.get(PATH).text
    assert len(seen) <= 6
    following = parse(text).find(".//a[@rel='next']").get("href")
    assert titles(text) + titles(agent.get(following).text) == [f"Orang {n:02}" for n in range(30)]
    assert "Nobody is found" in agent.get(f"{PATH}?q=xyzzy%25").text


def test_a_record_shows_what_belongs_to_it_and_nothing_internal(agent, owner, claim, twin, statements):
    page = f"{PATH}/{owner.person.code}"
    agent.get(page)  # clauses never change: they are asked for once
    with statements() as seen:
        text = agent.get(page).text
    assert len(seen) <= 6
    for shown in (owner.purchase.number, owner.unit.serial, claim.title, "siti@contoh.id", "Siti R."):
        assert shown in text
    assert factories.STORY not in text


def test_who_may_look_and_who_may_match(agent, technician, owner, client, twin):
    doubt = factories.doubt(owner.purchase.outlet, owner.unit.product)
    one, other = owner.person.code, twin.code
    for path in (
        PATH,
        f"{PATH}/{one}",
        DOUBTS,
        f"{DOUBTS}/{doubt.purchase.code}",
        f"{PATH}/{one}/merge/{other}",
    ):
        technician.get(path, expect=403)
        owner.get(path, expect=403)
        client.get(path, expect=303)
        agent.get(path)
    for path in (f"{PATH}/{one}/merge/{other}", f"{DOUBTS}/{doubt.purchase.code}", f"{PATH}/merges/ZZ/undo"):
        technician.post(path, expect=403, choice="none")
        owner.post(path, expect=403)
    agent.post(PATH, expect=405)
    agent.get(f"{PATH}/ZZZZZZZZ", expect=404)
    agent.get(f"{DOUBTS}/{owner.purchase.code}", expect=404)
    agent.post(f"{PATH}/merges/ZZ/undo", expect=404)
    assert not db.session.scalars(db.select(CustomerMerge)).all()


def test_two_are_made_one_and_two_again(agent, owner, twin, statements):
    page = f"{PATH}/{twin.code}/merge/{owner.person.code}"
    with statements() as seen:
        text = agent.get(page).text
    assert len(seen) <= 6
    path = f"{PATH}/{owner.person.code}/merge/{twin.code}"  # the record that its owner uses stays
    form = fields(text, path)
    for _twice in range(2):
        agent.post(path, **form)
    [made] = db.session.scalars(db.select(CustomerMerge)).all()
    left = agent.get(f"{PATH}/{twin.code}").text
    assert "goes on in another one" in left and f"{PATH}/{twin.code}/ask" not in left
    undo = f"{PATH}/merges/{made.code}/undo"
    form = fields(agent.get(f"{PATH}/{owner.person.code}").text, undo)
    for _twice in range(2):
        agent.post(undo, **form)
    db.session.expire_all()
    assert (twin.merged_into_id, made.undone_by) == (None, agent.person.id)
    assert undo not in agent.get(f"{PATH}/{owner.person.code}").text


def test_what_cannot_be_merged_says_why(agent, owner, twin):
    assert "its owner uses" in agent.post(f"{PATH}/{twin.code}/merge/{owner.person.code}", expect=422).text
    assert "same record" in agent.post(f"{PATH}/{twin.code}/merge/{twin.code}", expect=422).text


def test_a_doubt_is_settled_once(agent, staff, outlet, product, statements):
    doubt = factories.doubt(outlet, product)
    path = f"{DOUBTS}/{doubt.purchase.code}"
    assert "Whose receipt is it?" in agent.get(PATH).text
    assert titles(agent.get(DOUBTS).text) == ["B. Santoso"]
    with statements() as seen:
        text = agent.get(path).text
    assert len(seen) <= 6
    choices = [box.get("value") for box in parse(text).iter("input") if box.get("name") == "choice"]
    assert len(choices) == 3
    assert "Choose one of these" in agent.post(path, expect=422, **fields(text, path)).text
    agent.post(path, expect=422, choice="ZZZZZZZZ")
    form = fields(text, path) | {"choice": choices[0]}
    for _twice in range(2):
        agent.post(path, **form)
    agent.post(path, choice=choices[0])
    answer = staff(Role.MANAGER).post(path, expect=409, choice=choices[1])
    assert "This is settled" in answer.text and not stale(answer.text)
    db.session.expire_all()
    assert doubt.purchase.customer.code == choices[0]
    assert "No receipt waits" in agent.get(DOUBTS).text


def test_its_buyer_was_faster(agent, stranger, outlet, product):
    doubt = factories.doubt(outlet, product)
    text = stranger.get(f"/receipt?code={doubt.purchase.code}").text
    stranger.post("/receipt", **fields(text, "/receipt") | {"digits": doubt.purchase.buyer_phone[-4:]})
    db.session.expire_all()
    assert doubt.purchase.customer_id == stranger.person.id
    agent.post(f"{DOUBTS}/{doubt.purchase.code}", expect=409, choice="none")
    assert db.session.scalars(db.select(PurchaseDoubt)).one().staff_id is None


def test_a_record_from_receipts_is_opened_by_a_code_to_its_address(app, outlet, product, statements):
    made = factories.purchase(outlet, [(product, 1)], buyer_email="tia@contoh.id")
    told, browsers = [], []
    for contact in ("tia@contoh.id", "nobody@contoh.id", "tia2@contoh.id"):
        browser = Browser(app)
        with statements() as seen:
            answer = browser.post("/sign-in", contact=contact)
        before = [said[:40] for said in seen if "outbox" not in said]  # a message is owed to one of them
        told.append((before, answer.text, answer.headers["Location"]))
        browsers.append(browser)
    assert told[0] == told[1] == told[2]
    assert made.customer.unopened
    code = db.session.scalars(db.select(OutboxMessage)).one().values["code"]
    browsers[0].follow(browsers[0].post("/sign-in/code", code=code))
    browsers[0].get(f"/purchases/{made.code}")
    db.session.expire_all()
    assert made.customer.email_verified_at and made.customer.opened_at


def test_two_records_with_an_address_are_opened_by_nobody(client, app):
    for _n in range(2):
        accounts.new_customer(clock.now(), email="dua@contoh.id")
    accounts.new_customer(clock.now(), phone="+6281200009999")
    for contact in ("dua@contoh.id", "0812-0000-9999"):
        client.post("/sign-in", contact=contact)
    assert not db.session.scalars(db.select(OutboxMessage)).all()
