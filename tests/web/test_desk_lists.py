"""The panel beside the desk: a product is chosen by what it is called."""

import pytest

from portal.db import db
from portal.domain.accounts.rules import Role
from tests import factories
from tests.pages import parse


@pytest.fixture
def others(outlet):
    """Two more televisions and a cable."""
    names = ("Televisi 50 inci", "Televisi 55 inci", "Kabel HDMI")
    return [factories.product(name=name, sku=f"TIPE-{n}") for n, name in enumerate(names)]


def show(browser, **asked):
    return browser.get("/desk/filters/show?" + "&".join(f"{k}={v}" for k, v in asked.items()), expect=303)


def test_one_product_is_found_by_its_name_a_part_of_it_or_its_code(agent, claim, others):
    for typed in ("Kabel HDMI", "kabel", "tipe-2", " HDMI "):
        assert show(agent, thing=typed).headers["Location"] == f"/desk?product={others[2].id}"
    own = claim.unit.product
    there = show(agent, thing=own.name, kind="warranty", clock="", sort="due").headers["Location"]
    assert there == f"/desk?kind=warranty&product={own.id}&sort=due"
    page = agent.get(there).text
    assert f'data-row="{claim.code}"' in page and own.name in page
    assert f'value="{own.name}"' in agent.get(there.replace("/desk?", "/desk/filters?")).text
    assert "data-row" not in agent.get(f"/desk?product={others[0].id}").text


def test_no_product_is_every_product(agent, claim):
    assert show(agent, thing="", product="", whose="mine").headers["Location"] == "/desk?whose=mine"


def test_several_are_offered_and_none_is_said(agent, others):
    page = agent.get("/desk/filters/show?thing=televisi+5&kind=warranty", expect=422).text
    assert "Several products are called like this." in page and 'value="televisi 5"' in page
    offered = [e.get("value") for e in parse(page).iter("input") if e.get("name") == "product"]
    assert offered == [str(product.id) for product in others[:2]]
    assert (
        "checked" in page.split('value="warranty"')[0] or "selected" in page.split('value="warranty"')[1][:12]
    )
    assert show(agent, thing="televisi+5", product=offered[1]).headers["Location"].endswith(offered[1])
    assert "No product is called like this." in agent.get("/desk/filters/show?thing=zzz", expect=422).text
    twin = factories.product(name="Kabel HDMI", sku="LAIN")
    assert twin.sku in agent.get("/desk/filters/show?thing=Kabel+HDMI", expect=422).text


def test_names_come_while_one_types(agent, others, statements):
    with statements() as seen:
        options = agent.get("/desk/filters/products?thing=televisi", htmx=True).text
    assert len(seen) <= 2 and "<html" not in options
    assert [o.get("value") for o in parse(options).iter("option")] == [p.name for p in others[:2]]
    assert "<option" not in agent.get("/desk/filters/products?thing=", htmx=True).text
    assert agent.get("/desk/filters/products", expect=303).headers["Location"] == "/desk/filters"


def test_who_may(owner, staff, client):
    for path in ("/desk/filters/show", "/desk/filters/products"):
        owner.get(path, expect=403)
        client.get(path, expect=303)
    staff(Role.TECHNICIAN).get("/desk/filters/show?thing=zzz", expect=422)
    db.session.rollback()
