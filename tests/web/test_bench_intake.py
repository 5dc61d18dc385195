"""Taking in at the counter: each action works, once, for whom it is."""

from io import BytesIO

import pytest

from portal.db import db
from portal.domain.cases.models import Case, CasePhoto
from portal.domain.repairs.models import AccessoryList, WorkOrder
from tests import factories, factories_shop
from tests.adapters.photos import photo
from tests.factories_bench import order_of, taken_in

FORM = {
    "condition": "Baret di sudut",
    "said": "Mati",
    "accessories": ["Remote", "Kardus"],
    "others": "Braket",
    "shelf": "A3",
}


@pytest.fixture
def order(agent, claim) -> WorkOrder:
    factories.decide(agent.actor, claim)
    return order_of(claim)


def path(order, way):
    return f"/desk/work-orders/{order.code}/{way}"


def again(row):
    db.session.expire_all()
    return db.session.get(type(row), row.id)


def test_the_item_of_a_claim_is_taken_in_from_its_case(agent, owner, claim):
    assert "Take it in for repair" in agent.get(f"/desk/cases/{claim.code}").text
    answer = agent.post(f"/desk/cases/{claim.code}/work-order")
    assert (
        agent.post(f"/desk/cases/{claim.code}/work-order").headers["Location"] == answer.headers["Location"]
    )
    agent.follow(answer)
    order = order_of(claim)
    agent.post(path(order, "intake"), version=order.version, photos=[(BytesIO(photo()), "a.jpg")], **FORM)
    order = again(order)
    assert (order.accessories, order.shelf) == (["Remote", "Kardus", "Braket"], "A3")
    assert db.session.get(Case, claim.id).state == "received"
    assert db.session.query(CasePhoto).filter_by(stage="before").count() == 1
    page = owner.get(f"/cases/{claim.code}").text
    assert "Baret di sudut" in page and "Remote, Kardus, Braket" in page
    assert "Take it in for repair" not in agent.get(f"/desk/cases/{claim.code}").text


def test_what_is_missing_is_said_and_what_was_typed_stays(agent, order):
    page = agent.post(
        path(order, "intake"), expect=422, version=order.version, **{**FORM, "condition": " "}
    ).text
    assert "Write down its condition" in page and "Braket" in page


def test_two_who_take_it_in(agent, order):
    version = order.version
    agent.post(path(order, "intake"), version=version, **FORM)
    page = agent.post(
        path(order, "intake"), expect=409, version=version, **{**FORM, "condition": "Lain"}
    ).text
    assert "Lain" in page and "Somebody changed this work order" in page
    assert again(order).condition == "Baret di sudut"


def test_twice_is_harmless(agent, order):
    form = {**FORM, "version": order.version, "_key": "sekali"}
    first = agent.post(path(order, "intake"), **form)
    assert agent.post(path(order, "intake"), **form).headers["Location"] == first.headers["Location"]


def test_papers(agent, owner, stranger, claim):
    order = taken_in(agent.actor, claim)
    for way in ("label.pdf", "intake.pdf"):
        answer = agent.get(path(order, way))
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert owner.get(f"/cases/{claim.code}/intake.pdf").mimetype == "application/pdf"
    stranger.get(f"/cases/{claim.code}/intake.pdf", expect=404)


def test_nothing_to_print_before_it_is_here(agent, owner, order, claim):
    agent.get(path(order, "intake.pdf"), expect=404)
    owner.get(f"/cases/{claim.code}/intake.pdf", expect=404)


def test_customers_and_strangers_find_no_workshop(owner, client, agent, order):
    for way in ("intake", "shelf"):
        owner.post(path(order, way), expect=403)
        client.post(path(order, way))  # to sign in
        agent.get(f"/desk/work-orders/NOTHERE0/{way}", expect=404 if way == "intake" else 405)
        agent.post(f"/desk/work-orders/NOTHERE0/{way}", expect=404)
    agent.post("/desk/cases/NOTHERE0/work-order", expect=404)


def test_it_is_put_somewhere_else(agent, order):
    agent.post(path(order, "shelf"), shelf="C9")
    assert again(order).shelf == "C9"
    assert (
        f"/desk/work-orders/{order.code}"
        in agent.get("/desk/work-orders?q=c9", expect=303).headers["Location"]
    )


def test_somebody_walks_in(agent, outlet):
    form = {"name": "Ani", "phone": "081234500001", "thing": "Kipas", "story": "Mati", "outlet": outlet.code}
    agent.get("/desk/work-orders/new")
    assert "what was brought" in agent.post("/desk/work-orders/new", expect=422, **{**form, "thing": ""}).text
    assert "phone number" in agent.post("/desk/work-orders/new", expect=422, **{**form, "phone": "12"}).text
    answer = agent.post("/desk/work-orders/new", **form)
    assert answer.headers["Location"].endswith("/intake")
    agent.follow(answer)
    assert db.session.query(WorkOrder).one().case.kind == "service"


def test_the_outlet_is_chosen_once_where_there_are_several(agent, outlet):
    factories_shop.outlet()
    form = {"name": "Ani", "thing": "Kipas", "story": "Mati"}
    blank = 'value="">Choose</option>'
    assert blank in agent.get("/desk/work-orders/new").text
    assert "Choose the outlet." in agent.post("/desk/work-orders/new", expect=422, **form, outlet="").text
    agent.post("/desk/work-orders/new", **form, outlet=outlet.code)
    assert blank not in agent.get("/desk/work-orders/new").text


def test_other_roles_cannot(technician, agent, manager, order):
    agent.get("/desk/work-orders/settings", expect=403)
    agent.post("/desk/work-orders/settings", expect=403)
    agent.post("/desk/work-orders/settings/lists", expect=403)
    agent.post(path(order, "diagnosis"), expect=403)
    technician.get(path(order, "intake"))


def test_settings_and_lists(manager, agent, order):
    where = "/desk/work-orders/settings"
    form = {
        "remind_days": "2, 5 9",
        "hour_price": "90.000",
        "supplier_days": 10,
        "loan_days": 7,
        "guarantee_days": 30,
    }
    manager.post(where, **form)
    page = manager.get(where).text
    assert "2, 5, 9" in page and "90.000" in page
    assert "days as numbers" in manager.post(where, expect=422, **{**form, "remind_days": "besok"}).text
    assert "besok" in manager.post(where, expect=422, **{**form, "remind_days": "besok"}).text
    manager.post(where, expect=409, version=1, **form)
    category = order.case.unit.product.category
    manager.post(f"{where}/lists", category=category, names="Remote TV\nKaki")
    assert "Kaki" in agent.get(path(order, "intake")).text
    manager.post(f"{where}/lists", category=category, names=" ")
    assert db.session.query(AccessoryList).filter_by(category=category).count() == 0
    assert "Adaptor" in agent.get(path(order, "intake")).text
