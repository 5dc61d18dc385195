"""Rules for policies, the page that explains which applies, and products to complete, at the desk."""

import pytest

from portal.db import db
from portal.domain.catalog import ruling
from portal.domain.catalog.models import PolicyRule, Product
from portal.domain.catalog.rules import Scope
from tests import factories
from tests.forms import errors, fields, stale
from tests.pages import parse

RULES, DRAFTS = "/desk/catalog/rules", "/desk/catalog/drafts"


def drafts(count, **fields):
    made = [
        factories.product(sku=f"POS-{n:02}", name=f"Kipas {n:02}", category="", **fields)
        for n in range(count)
    ]
    for product in made:
        product.draft, product.policy_id = True, None
    db.session.commit()
    return made


@pytest.fixture
def rule(product):
    made = ruling.save_rule(None, None, scope=Scope.BRAND, value="Nusa", policy_id=product.policy_id)
    db.session.commit()
    return made


@pytest.mark.parametrize(("scope", "value"), [("category", "TV"), ("brand", "nusa"), ("outlet", None)])
def test_a_rule_is_added_changed_and_removed(manager, product, outlet, scope, value):
    new = f"{RULES}/new/{scope}"
    form = fields(manager.get(new).text, new) | {"value": value or outlet.code.lower()}
    assert errors(manager.post(new, expect=422, **form).text) == {"policy"}
    form["policy"] = str(product.policy_id)
    assert manager.post(new, **form).headers["Location"] == manager.post(new, **form).headers["Location"]
    [made] = db.session.scalars(db.select(PolicyRule)).all()
    path = f"{RULES}/{made.id}"
    assert product.policy.name in manager.get(RULES).text
    manager.post(path, **{**fields(manager.get(path).text, path), "policy": "never"})
    db.session.expire_all()
    assert (made.policy_id, made.version) == (None, 2)
    assert errors(manager.post(new, expect=422, **{**form, "_key": "neu"}).text) == {"value"}
    gone = fields(manager.get(path).text, f"{path}/remove")
    manager.post(f"{path}/remove", **gone)
    manager.post(f"{path}/remove", **gone)
    assert not db.session.scalars(db.select(PolicyRule)).all()
    manager.get(path, expect=404)


def test_the_second_of_two_editors_is_told(manager, admin, rule):
    path = f"{RULES}/{rule.id}"
    text = admin.get(path).text
    manager.post(path, **{**fields(manager.get(path).text, path), "policy": "never"})
    assert stale(admin.post(f"{path}/remove", expect=409, **fields(text, f"{path}/remove")).text)
    answer = admin.post(path, expect=409, **fields(text, path))
    assert stale(answer.text)
    admin.post(path, **fields(answer.text, path))
    db.session.expire_all()
    assert (rule.policy_id is not None, rule.version) == (True, 3)


def test_wrong_role_method_and_stranger(agent, technician, owner, client, rule):
    for path in (f"{RULES}/new/brand", f"{RULES}/{rule.id}", f"{RULES}/{rule.id}/remove", DRAFTS):
        agent.post(path, expect=403, value="x", policy="never")
        owner.post(path, expect=403)
        client.post(path, expect=303)
    for path in (RULES, DRAFTS, "/desk/catalog/applies"):
        assert f"{RULES}/" not in technician.get(path).text
        owner.get(path, expect=403)
    agent.post(RULES, expect=405)
    agent.post("/desk/catalog/applies", expect=405)


def test_the_page_explains_which_question_answered(agent, outlet, product, rule, statements):
    page = f"/desk/catalog/applies?product={product.sku}&outlet={outlet.code}"
    said = [li.findtext("div/span") for li in parse(agent.get(page).text).iterfind(".//ol/li")]
    assert said == ["This one answers"] + ["Not asked any more"] * 3
    product.policy_id = None
    db.session.commit()
    with statements() as seen:
        text = agent.get(page).text
    assert len(seen) <= 6
    said = [li.findtext("div/span") for li in parse(text).iterfind(".//ol/li")]
    assert said == ["Says nothing", "Says nothing", "This one answers", "Not asked any more"]
    assert "version 1" in text
    assert "Which of these?" not in agent.get("/desk/catalog/applies?product=televisi").text
    factories.product(name="Televisi lain")
    assert "Which of these?" in agent.get("/desk/catalog/applies?product=televisi").text
    assert "is called" in agent.get("/desk/catalog/applies?product=%25&outlet=NIHIL").text


def test_a_product_says_where_it_differs(agent, product, outlet, statements):
    other = factories.outlet()
    product.policy_id = None
    ruling.save_rule(None, None, scope=Scope.OUTLET, value=other.code, policy_id=factories.policy().id)
    db.session.commit()
    page = f"/desk/catalog/products/{product.sku}"
    agent.get(page)  # clauses never change: they are asked for once
    with statements() as seen:
        text = agent.get(page).text
    assert len(seen) <= 6
    assert {outlet.name, other.name} <= {p.text for p in parse(text).iterfind(".//p[@class='label']")}
    assert "Depends on the outlet" in agent.get("/desk/catalog").text


def test_three_choices_and_a_barcode(manager, product):
    path = f"/desk/catalog/products/{product.sku}/edit"
    form = fields(manager.get(path).text, path)
    assert form["warranty"] == str(product.policy_id)
    assert errors(manager.post(path, expect=422, **{**form, "barcode": "8991002101631"}).text) == {"barcode"}
    manager.post(path, **{**form, "warranty": "never", "barcode": "899 1002 101630"})
    db.session.expire_all()
    assert (product.unwarranted, product.policy_id, product.barcode) == (True, None, "8991002101630")
    manager.post(path, **{**fields(manager.get(path).text, path), "warranty": ""})
    db.session.expire_all()
    assert (product.unwarranted, product.policy_id) == (False, None)
    twin = factories.product()
    path = f"/desk/catalog/products/{twin.sku}/edit"
    form = fields(manager.get(path).text, path) | {"barcode": "8991002101630"}
    assert errors(manager.post(path, expect=422, **form).text) == {"barcode"}


def test_drafts_are_listed_with_their_first_receipt_page_by_page(agent, outlet, statements):
    made = drafts(30)
    first = factories.purchase(outlet, [(made[0], 1)])
    factories.purchase(outlet, [(made[0], 2)])
    with statements() as seen:
        text = agent.get(DRAFTS).text
    assert len(seen) <= 6
    assert [a.get("href") for a in parse(text).iterfind(".//a[@class='alone']")] == [
        f"/desk/receipts/{first.code}"
    ]
    names = [a.text for a in parse(text).iterfind(".//a[@class='row-title']")]
    following = parse(text).find(".//a[@rel='next']").get("href")
    names += [a.text for a in parse(agent.get(following).text).iterfind(".//a[@class='row-title']")]
    assert names == [p.name for p in made]
    assert ">30<" in agent.get("/desk/catalog").text


def test_many_are_completed_at_once(manager, product):
    made = drafts(30)
    form = fields(manager.get(DRAFTS).text, DRAFTS)
    assert "Choose at least" in manager.post(DRAFTS, expect=422, **form).text
    answer = manager.post(DRAFTS, expect=422, **{**form, "category": "k" * 41}, chosen=[made[1].id])
    assert errors(answer.text) == {"category"}
    assert fields(answer.text, DRAFTS)["chosen"] == str(made[1].id)
    some = [made[0].id, made[1].id, product.id, "x", "99999999999999999999"]
    form |= {"category": "Kipas", "warranty": str(product.policy_id), "brand": ""}
    manager.post(DRAFTS, **form, chosen=some)
    manager.post(DRAFTS, **form, chosen=some)
    db.session.expire_all()
    done = [(p.draft, p.category, p.brand, p.policy_id) for p in made[:3]]
    assert done[:2] == [(False, "Kipas", "Nusa", product.policy_id)] * 2
    assert done[2] == (True, "", "Nusa", None)
    page = [box for box in parse(manager.get(DRAFTS).text).iter("input") if box.get("name") == "all"]
    manager.post(DRAFTS, **{**form, "warranty": "never"}, all=page[0].get("value"))
    left = db.session.scalar(db.select(db.func.count()).where(Product.draft))
    assert left == 3


def test_saving_a_draft_completes_it(manager):
    [made] = drafts(1)
    path = f"/desk/catalog/products/{made.sku}/edit"
    form = fields(manager.get(path).text, path)
    assert errors(manager.post(path, expect=422, **form).text) == {"category"}
    manager.post(path, **{**form, "category": "Kipas"})
    db.session.expire_all()
    assert not made.draft
    assert "Nothing to complete" in manager.get(DRAFTS).text


def test_customers_register_only_what_a_policy_covers(owner, product, outlet):
    path = f"/units/register?product={product.sku}"
    owner.get(path)
    product.policy_id = None
    db.session.commit()
    owner.get(path, expect=404)
    assert product.name not in owner.get("/units/register").text
    ruling.save_rule(
        None, None, scope=Scope.OUTLET, value=factories.outlet().code, policy_id=factories.policy().id
    )
    db.session.commit()
    assert product.name in owner.get("/units/register").text
    assert outlet.name not in owner.get(path).text
