"""The shop's name, colour, logo and texts: who may change them, and what holds until somebody does."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.domain.shop import actions, queries, rules
from portal.domain.shop.models import Shop
from portal.domain.shop.rules import Look
from portal.kernel.errors import Refused, Stale
from tests.browser import Browser


def stored() -> Look:
    db.session.expire_all()
    return queries.look(db.session)


def test_before_anybody_chose_the_defaults_hold(app: object) -> None:
    assert stored() == Look()
    assert queries.last_change() is None


def test_the_manager_chooses_and_is_named(manager: Browser, now: datetime) -> None:
    actions.change(manager.actor, 0, now, name="Toko Mawar", colour="#aa3355", receipt_greeting="Salam")
    assert stored() == Look("Toko Mawar", "#aa3355", None, "Salam", "", 1)
    assert queries.last_change() == (manager.person.name, now)
    actions.change(manager.actor, 1, now, logo=b"png")
    assert stored() == Look("Toko Mawar", "#aa3355", b"png", "Salam", "", 2)


def test_the_same_again_changes_nothing(manager: Browser, now: datetime) -> None:
    first = actions.change(manager.actor, 0, now, name="Toko Mawar")
    assert actions.change(manager.actor, 0, now, name="Toko Mawar") == first == stored()


def test_the_second_of_two_is_told(manager: Browser, admin: Browser, now: datetime) -> None:
    actions.change(manager.actor, 0, now, name="Toko Mawar")
    with pytest.raises(Stale):
        actions.change(admin.actor, 0, now, name="Toko Melati")
    assert stored().name == "Toko Mawar"


@pytest.mark.parametrize("who", ["agent", "technician", "owner"])
def test_others_may_not(who: str, request: pytest.FixtureRequest, now: datetime) -> None:
    with pytest.raises(Refused):
        actions.change(request.getfixturevalue(who).actor, 0, now, name="Toko Saya")
    assert stored() == Look()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 81), ("colour", "red"), ("colour", "#fff"), ("colour", "#12345g"),
        ("logo", b"x" * (rules.LOGO_BYTES + 1)),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    manager: Browser, now: datetime, field: str, value: object
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.change(manager.actor, 0, now, **{field: value})
    assert refusal.value.field == field
    assert stored() == Look()


def test_there_is_one_shop(manager: Browser, now: datetime) -> None:
    actions.change(manager.actor, 0, now, name="Toko Mawar")
    look = replace(stored(), name="Toko Kedua")
    db.session.add(
        Shop(id=2, name=look.name, colour=look.colour, updated_at=now, updated_by=manager.person.id)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
