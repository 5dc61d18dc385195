"""A unit at the desk: what covers it, what happened to it, corrections, an early end."""

import pytest

from portal.db import db
from portal.domain.units import actions as units
from portal.domain.units.models import Unit, UnitEvent
from portal.kernel import clock
from tests import factories
from tests.forms import errors, fields, stale
from tests.pages import parse


@pytest.fixture
def path(unit):
    return f"/desk/units/{unit.code}"


def fresh(unit):
    db.session.expire_all()
    return db.session.get(Unit, unit.id)


def events(unit):
    return list(db.session.scalars(db.select(UnitEvent.event).filter_by(unit_id=unit.id)))


def test_everything_about_it_on_one_page(agent, claim, unit, path, statements):
    with statements() as seen:
        text = agent.get(path).text
    assert len(seen) <= 6
    for needed in (unit.serial, "Siti Rahma", f"/desk/cases/{claim.code}", "<progress"):
        assert needed in text


def test_there_is_a_way_back_from_each(agent, technician, owner, product, outlet, path):
    registered = f"/desk/units/{factories.registration(owner.actor, product, outlet).code}"
    for who, page, back in (
        (agent, path, f"/desk/receipts/{owner.purchase.code}"),
        (agent, registered, registered.replace("units", "registrations")),
        (technician, registered, "/desk"),
    ):
        assert parse(who.get(page).text).find(".//a[@class='back']").get("href") == back


def test_a_delivery_is_recorded_and_kept_in_the_history(agent, unit, path):
    form = fields(agent.get(path).text, path + "/correct")
    day = unit.bought_on.isoformat()
    typed = {**form, "serial": "sn 99 x", "delivered_on": day}
    assert (
        agent.post(path + "/correct", **typed).headers["Location"]
        == agent.post(path + "/correct", **typed).headers["Location"]
    )
    assert (fresh(unit).serial, fresh(unit).delivered_on.isoformat()) == ("SN99X", day)
    assert events(unit) == ["correct"]
    assert "SN99X" in agent.get(path).text


def test_what_cannot_be_is_refused_beside_the_field(agent, unit, path, outlet, product):
    form = fields(agent.get(path).text, path + "/correct")
    other = factories.units_of(factories.purchase(outlet, [(product, 1)]))[0]
    for name, typed in (
        ("delivered_on", "2099-01-01"),
        ("installed_on", "2001-01-01"),
        ("delivered_on", "kemarin"),
        ("serial", other.serial),
    ):
        answer = agent.post(path + "/correct", expect=422, **{**form, name: typed})
        assert errors(answer.text) == {name}
    assert fields(answer.text, path + "/correct")["serial"] == other.serial


def test_two_editors(agent, manager, unit, path):
    first, second = (fields(who.get(path).text, path + "/correct") for who in (agent, manager))
    agent.post(path + "/correct", **{**first, "serial": "PERTAMA"})
    answer = manager.post(path + "/correct", expect=409, **{**second, "serial": "KEDUA"})
    assert stale(answer.text)
    again = fields(answer.text, path + "/correct")
    assert again["serial"] == "KEDUA"
    manager.post(path + "/correct", **again)
    assert fresh(unit).serial == "KEDUA"


def test_a_warranty_ends_for_a_reason_that_stays(manager, owner, unit, path):
    assert errors(manager.post(path + "/void", expect=422, reason=" ").text) == {"reason"}
    manager.post(path + "/void", reason="Segel rusak")
    manager.post(path + "/void", expect=422, reason="Lagi")
    assert "Segel rusak" in manager.get(path).text
    assert events(unit) == ["void"]


def test_lineage_leads_both_ways(agent, unit, path):
    new = units.replace(agent.actor, unit, serial="GANTI1", now=clock.now())
    factories.settle()
    assert f"/desk/units/{new.code}" in agent.get(path).text
    assert f"/desk/units/{unit.code}" in agent.get(f"/desk/units/{new.code}").text


def test_wrong_method_role_and_unit(agent, technician, owner, client, path):
    technician.get(path)
    technician.post(path + "/correct", expect=403)
    agent.post(path + "/void", expect=403, reason="x")
    owner.get(path, expect=403)
    client.get(path, expect=303)
    agent.get(path + "/correct", expect=405)
    agent.get("/desk/units/ZZZZZZZZZZ", expect=404)
