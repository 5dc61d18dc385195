"""Spare parts as customers meet them: found, ordered, withdrawn; and codes that tell a genuine one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import MISSES_AN_ADDRESS, Reach
from portal.domain.cases.models import Case
from portal.domain.parts import genuine, showing, supply
from portal.domain.parts.models import PartLine, PartMark, PartOrder
from portal.kernel import clock
from tests import factories, factories_parts
from tests.browser import Browser


@pytest.fixture
def seal(product, outlet):
    return factories_parts.part(product, outlet, 2, number="DA-97/B", name_en="Door seal", lead_days=4)


def wanted(part, where, **changes):
    return {
        f"pieces_{part.code}": 1, "item": "", "model": "", "way": "collect", "outlet": where.id,
        "paying": "counter", **changes,
    }  # fmt: skip


def newest():
    return db.session.scalars(select(Case).order_by(Case.id.desc())).first()


@pytest.mark.parametrize("words", ["seal", "SEA", "da97b", "DA-97", "TV-32", "door sea", "karet"])
def test_everybody_finds_a_part_by_its_words_number_and_product(app, seal, product, words):
    product.model = "TV-32"
    factories_parts.catalogue.index(seal)
    other = factories_parts.part(": ZZ-9", name_en="Hinge", name_id="Engsel")
    db.session.commit()
    page = Browser(app).get(f"/parts?q={words}").text
    assert f"/parts/{seal.code}" in page
    assert f"/parts/{other.code}" not in page


def test_where_it_is_and_when_it_comes_is_told_honestly(app, seal, outlet):
    visitor = Browser(app)
    assert f"In stock: {outlet.name} (2)" in visitor.get(f"/parts/{seal.code}").text
    factories_parts.stock.count(factories_parts.SYSTEM, seal.id, outlet.id, 0, "Hilang", clock.now())
    assert "in about 4 days" in visitor.get(f"/parts/{seal.code}").text
    supply.order(factories_parts.SYSTEM, factories_parts.supplier(), outlet, {seal.id: 5}, clock.now())
    db.session.commit()
    assert "On order, expected on" in visitor.get(f"/parts/{seal.code}").text


def test_what_is_no_longer_sold_is_not_there(app, agent, seal):
    seal.active = False
    db.session.commit()
    Browser(app).get(f"/parts/{seal.code}", expect=404)
    assert agent.get(f"/parts/{seal.code}").status_code == 200


def test_an_item_lists_what_fits_it_and_is_its_owners_alone(owner, stranger, seal, unit):
    other = factories_parts.part(": ZZ-9")
    page = owner.get(f"/units/{unit.code}/parts").text
    assert seal.code in page and other.code not in page
    assert f"/units/{unit.code}/parts" in owner.get(f"/units/{unit.code}").text
    stranger.get(f"/units/{unit.code}/parts", expect=404)


def test_an_order_keeps_the_price_of_its_day(owner, seal, unit, outlet):
    owner.get(f"/parts/order?part={seal.code}&unit={unit.code}")
    owner.post(
        f"/parts/order?part={seal.code}", **wanted(seal, outlet, item=unit.code, **{f"pieces_{seal.code}": 2})
    )
    seal.price = 99_999
    db.session.commit()
    case = newest()
    made, [line] = showing.of_case(case.id)
    assert (case.kind, case.state, case.unit_id) == ("part", "submitted", unit.id)
    assert (line.pieces, line.price, line.state, made.paid) == (2, 85_000, "wanted", None)
    assert "Rp170.000" in owner.get(f"/cases/{case.code}").text


def test_a_part_of_another_model_is_refused_with_what_it_fits(owner, unit, outlet):
    other = factories_parts.part("Sejuka: ZZ-9", name_id="Engsel")
    path = f"/parts/order?part={other.code}"
    page = owner.post(path, expect=422, **wanted(other, outlet, item=unit.code)).text
    assert "does not fit" in page and "Sejuka ZZ-9" in page
    assert "does not fit model" in owner.post(path, expect=422, **wanted(other, outlet, model="YY-1")).text
    assert db.session.scalar(select(PartOrder.case_id)) is None
    owner.post(path, **wanted(other, outlet, model="zz 9"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"way": "send"}, "Write the address"),
        ({"paying": "delivery"}, "only when it is sent"),
        ({"way": "fly"}, "This choice is not available"),
        ({"paying": "nothing"}, "This choice is not available"),
        ({"pieces": "0"}, "Write a number from"),
        ({"pieces": "-3"}, "Write a number from"),
        ({"pieces": "many"}, "Write a whole number"),
        ({"outlet": "99999"}, "This choice is not available"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(owner, seal, outlet, changes, said):
    if "pieces" in changes:
        changes = {f"pieces_{seal.code}": changes["pieces"]}
    page = owner.post(f"/parts/order?part={seal.code}", expect=422, **wanted(seal, outlet, **changes)).text
    assert said in page
    assert db.session.scalar(select(PartLine.id)) is None


def test_only_customers_order_and_only_for_what_is_theirs(app, owner, stranger, agent, seal, unit, outlet):
    path = f"/parts/order?part={seal.code}"
    stranger.post(path, expect=422, **wanted(seal, outlet, item=unit.code))
    agent.post(path, expect=403, **wanted(seal, outlet))
    agent.get(path, expect=403)
    assert "sign-in" in Browser(app).get(path, expect=303).location
    owner.get("/parts/order?part=ZZZZZZZZ", expect=404)
    half = Browser(app, owner.person, reach=Reach(purchases=(owner.purchase.id,), units=(unit.id,)))
    half.post(path, expect=422, **wanted(seal, outlet))  # nothing but the paper was shown
    half.post(path, **wanted(seal, outlet, item=unit.code))


def test_sending_it_twice_is_one_order_and_withdrawing_gives_back(owner, agent, seal, unit, outlet):
    form = wanted(seal, outlet, item=unit.code, _key="once")
    first = owner.post(f"/parts/order?part={seal.code}", **form).location
    assert owner.post(f"/parts/order?part={seal.code}", **form).location == first
    assert len(db.session.scalars(select(PartLine)).all()) == 1
    line = db.session.scalars(select(PartLine)).one()
    agent.post(f"/desk/cases/{newest().code}/parts/{line.id}/reserve", outlet=outlet.id)
    assert factories_parts.stock.available(seal.id, outlet.id) == 1
    owner.post(f"{first}/withdraw")
    db.session.expire_all()
    assert (factories_parts.stock.available(seal.id, outlet.id), line.state) == (2, "cancelled")


def mark(seal, *, pieces=1, each=True):
    sheet = genuine.make(seal, "B7", pieces, each, clock.now() - timedelta(days=1))
    db.session.commit()
    return genuine.labels(sheet)[0]


def test_a_code_is_genuine_once_and_then_says_how_often_it_was_checked(app, seal):
    visitor, code = Browser(app), mark(seal)
    for _look in range(2):  # looking counts nothing
        assert code[:4] in visitor.get(f"/genuine/{code}").text
    first = visitor.post("/genuine", code=f"https://toko.example/genuine/{code.lower()}")
    assert "nobody checked it before" in visitor.follow(first).text
    second = visitor.follow(visitor.post("/genuine", code=" ".join(code))).text
    assert "checked 2 times since" in second and "may carry a copy" in second
    assert "nobody checked it before" in visitor.follow(first).text  # what that check said stays
    visitor.get(f"/genuine/result/{code}-1-MADEUP", expect=404)


def test_a_code_on_many_packages_is_doubtful_only_after_as_many_checks(app, seal):
    visitor, code = Browser(app), mark(seal, pieces=2, each=False)
    told = [visitor.follow(visitor.post("/genuine", code=code)).text for _n in range(3)]
    assert "nobody checked" in told[0] and "It stands on 2 packages" in told[1]
    assert "Others may carry a copy" in told[2]


def test_codes_cannot_be_guessed_but_hits_are_never_blocked(app, seal):
    visitor, code = Browser(app), mark(seal)
    tries = int(MISSES_AN_ADDRESS.split()[0])
    for n in range(tries):
        assert "We do not know this code" in visitor.post("/genuine", expect=422, code=f"WRONG{n}").text
    visitor.post("/genuine", expect=429, code="WRONG")
    visitor.post("/genuine", code=code)
    visitor.post("/genuine", expect=422, code="")
    assert db.session.scalar(select(PartMark.checks)) == 1


def test_a_picture_is_kept_for_ever_under_its_own_address(app, agent, seal):
    photo = factories.photo(agent.actor, app.extensions["files"])
    factories_parts.catalogue.hang_picture(agent.actor, seal, [photo])
    db.session.commit()
    visitor = Browser(app)
    assert "immutable" in visitor.get(f"/parts/{seal.code}/picture.jpg?v={photo}").headers["Cache-Control"]
    assert "immutable" not in visitor.get(f"/parts/{seal.code}/picture.jpg").headers["Cache-Control"]
    visitor.get("/parts/ZZZZZZZZ/picture.jpg", expect=404)
