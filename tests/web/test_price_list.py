"""The price list of services: kept by managers, each change against what is stored now."""

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.domain.requests import prices
from portal.domain.requests.models import Service

HERE = "/desk/catalog/services"


@pytest.fixture
def hem(app):
    made = prices.save_service(
        None, 0, code="POTONG", sector="general", name_id="Potong celana", name_en="", price=25_000, days=2,
        at_home=False, active=True,
    )  # fmt: skip
    db.session.commit()
    return made


def typed(**changes):
    values = {
        "name_id": "Pasang kancing", "name_en": "", "code": "kancing", "sector": "fashion", "price": "10.000",
        "days": "1", "active": "y",
    }  # fmt: skip
    return {**values, **changes}


def count():
    return db.session.scalar(select(func.count()).select_from(Service))


def test_a_line_is_added_once_and_read_in_the_list(manager, agent, hem):
    form = typed(_key="einmal")
    manager.post(f"{HERE}/new", **form)
    manager.post(f"{HERE}/new", **form)
    assert count() == 2, "twice is harmless"
    page = agent.get(HERE).text
    assert "Pasang kancing" in page and "Rp10.000" in page and "Rp25.000" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "potong"}, "This code is taken. Choose another one."),
        ({"code": "OTHER"}, "This code is taken. Choose another one."),
        ({"code": "a b"}, 'id="code-error"'),
        ({"name_id": ""}, 'id="name_id-error"'),
        ({"price": "murah"}, "Write an amount in digits"),
        ({"days": "900"}, 'id="days-error"'),
        ({"sector": "space"}, 'id="sector-error"'),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(manager, hem, changes, said):
    page = manager.post(f"{HERE}/new", expect=422, **typed(**{"name_en": "Sew on a button", **changes})).text
    assert said in page and "Sew on a button" in page
    assert count() == 1


def test_the_second_of_two_editors_reads_what_is_stored_and_keeps_the_typing(manager, admin, hem):
    way = f"{HERE}/POTONG"
    assert 'value="25.000"' in manager.get(way).text
    before = typed(code="POTONG", name_id="Potong celana", version=hem.version)
    admin.post(way, **before | {"price": "30.000"})
    page = manager.post(way, expect=409, **before | {"price": "27.500"}).text
    assert "Somebody else has just saved this" in page and "30.000" in page and 'value="27.500"' in page
    db.session.refresh(hem)
    assert hem.price == 30_000
    manager.post(way, **before | {"price": "27.500", "version": hem.version})
    db.session.refresh(hem)
    assert hem.price == 27_500


def test_who_may_do_what(owner, stranger, agent, technician, manager, hem):
    for path in ("new", "POTONG"):
        for person in (owner, stranger, agent, technician):
            person.get(f"{HERE}/{path}", expect=403)
            person.post(f"{HERE}/{path}", expect=403, **typed())
    for person in (owner, stranger):
        person.get(HERE, expect=403)
    manager.get(f"{HERE}/NONE", expect=404)
    manager.post(f"{HERE}/NONE", expect=404, **typed())
    manager.post(HERE, expect=405)
    assert count() == 1
