"""The catalogue at the desk: products, outlets, return policies."""

import pytest

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalog import actions as catalog
from portal.domain.catalog.models import Outlet, Product, ReturnPolicy
from tests import factories
from tests.forms import errors, fields, stale
from tests.pages import parse


def fresh(row):
    db.session.expire_all()
    return db.session.get(type(row), row.id)


@pytest.fixture
def returns(app):
    made = catalog.save_return_policy(
        None, None, code="R7", name="Tujuh hari", days=7, text_id="Boleh.", text_en="Yes."
    )
    db.session.commit()
    return made


def editor(row):
    return {
        Product: lambda: f"/desk/catalog/products/{row.sku}/edit",
        Outlet: lambda: f"/desk/catalog/outlets/{row.code}",
        ReturnPolicy: lambda: f"/desk/catalog/returns/{row.code}",
    }[type(row)]()


@pytest.fixture(params=["product", "outlet", "returns"])
def row(request):
    return request.getfixturevalue(request.param)


def test_a_change_is_saved_and_everything_else_stays(manager, row):
    path = editor(row)
    before = {c.key: getattr(row, c.key) for c in row.__table__.columns}
    manager.post(path, **{**fields(manager.get(path).text, path), "name": "Nama baru"})
    after = {c.key: getattr(fresh(row), c.key) for c in row.__table__.columns}
    changed = {key for key in before if before[key] != after[key] and key != "hours"}
    assert changed == {"name", "version"}


def test_sent_twice_it_changes_once(manager, row):
    path = editor(row)
    form = {**fields(manager.get(path).text, path), "name": "Nama baru"}
    assert manager.post(path, **form).headers["Location"] == manager.post(path, **form).headers["Location"]
    assert fresh(row).version == 2


def test_bad_input_keeps_what_was_typed(manager, row):
    path = editor(row)
    form = {**fields(manager.get(path).text, path), "name": "N" * 300}
    answer = manager.post(path, expect=422, **form)
    assert errors(answer.text) == {"name"}
    assert fields(answer.text, path)["name"] == "N" * 300


def test_the_second_of_two_editors_keeps_the_typing_and_may_save_again(manager, admin, row):
    path = editor(row)
    first, second = (fields(browser.get(path).text, path) for browser in (manager, admin))
    manager.post(path, **{**first, "name": "Dari manajer"})
    answer = admin.post(path, expect=409, **{**second, "name": "Dari admin"})
    assert stale(answer.text)
    assert "Dari manajer" in answer.text
    again = fields(answer.text, path)
    assert again["name"] == "Dari admin"
    admin.post(path, **again)
    assert fresh(row).name == "Dari admin"


def test_a_new_one_needs_a_code_of_its_own(manager, row):
    path = editor(row)
    new = {Product: "/desk/catalog/products/new"}.get(type(row), path.rsplit("/", 1)[0] + "/new")
    form = {**fields(manager.get(path).text, path), "version": ""}
    key = "sku" if isinstance(row, Product) else "code"
    assert errors(manager.post(new, expect=422, **form).text) == {key}
    manager.post(new, **{**form, key: "BARU-1"})


def test_wrong_method_role_and_stranger(agent, technician, owner, client, row):
    path = editor(row)
    agent.post(path, expect=403, name="x")
    technician.get(path, expect=403)
    owner.get(path, expect=403)
    client.get(path, expect=303)
    agent.post("/desk/catalog", expect=405)
    agent.get("/desk/catalog/products/NIHIL", expect=404)


def test_products_are_found_page_by_page(agent, statements):
    guard = factories.policy()
    for n in range(30):
        factories.product(guarded_by=guard, name=f"Kipas {n:02}")
    with statements() as seen:
        first = agent.get("/desk/catalog?q=kipas nusa")
    assert len(seen) <= 6
    names = [a.text for a in parse(first.text).iterfind(".//a[@class='row-title']")]
    following = parse(first.text).find(".//a[@rel='next']").get("href")
    names += [a.text for a in parse(agent.get(following).text).iterfind(".//a[@class='row-title']")]
    assert names == [f"Kipas {n:02}" for n in range(30)]
    assert "row-title" not in agent.get("/desk/catalog?q=xyzzy").text


def test_hours_are_checked_day_by_day_and_previewed(manager, outlet):
    path = editor(outlet)
    form = fields(manager.get(path).text, path)
    assert form["mon"] == "09:00-12:00,13:00-17:00"
    answer = manager.post(path, expect=422, **{**form, "mon": "9-17", "tue": "12:00-09:00"})
    assert errors(answer.text) == {"mon", "tue"}
    preview = manager.post(path, expect=200, htmx=True, **{**form, "do": "preview"})
    assert 'id="opening"' in preview.text
    manager.post(path, expect=422, htmx=True, **{**form, "do": "preview", "timezone": "../etc"})
    assert fresh(outlet).version == 1


def test_a_product_without_a_price_or_with_an_odd_code(manager, product):
    path = editor(product)
    form = fields(manager.get(path).text, path)
    assert errors(manager.post(path, expect=422, **{**form, "sku": "A/B"}).text) == {"sku"}
    assert errors(manager.post(path, expect=422, **{**form, "price": "sejuta"}).text) == {"price"}
    manager.post(path, **{**form, "price": "Rp1.250.000"})
    assert fresh(product).price == 1_250_000


@pytest.mark.parametrize("role", [Role.AGENT, Role.TECHNICIAN])
def test_those_who_may_only_look_get_no_buttons(staff, product, role):
    text = staff(role).get(f"/desk/catalog/products/{product.sku}").text
    assert "/edit" not in text
    assert product.name in text
