"""The desk's couriers: connected, with keys that change, what they told, and who may see it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.adapters.vault import Secrets
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.shipments.models import CourierAccount, CourierEvent
from portal.domain.shipments.rules import EventState
from portal.web.staff.courier_guides import GUIDES
from tests import factories
from tests.adapters.couriers.samples import KEY, biteship
from tests.browser import Browser
from tests.fixtures.couriers import sent, states


def held(app: Flask) -> Secrets:
    db.session.rollback()
    account = db.session.scalars(select(CourierAccount)).one()
    secrets: Secrets = app.extensions["vault"].open(account.sealed)
    return secrets


@pytest.mark.parametrize("form", sorted(GUIDES))
def test_each_kind_is_connected_with_steps(app: Flask, admin: Browser, form: str) -> None:
    told = admin.post("/desk/couriers/new", format=form, name="Kurir kita", zone="Asia/Makassar")
    page = admin.get(told.location).text
    assert GUIDES[form].label in page
    if GUIDES[form].token:
        admin.post(f"{told.location}/secrets", token="kunci-api")
        assert held(app).token == "kunci-api"
        assert "/hooks/couriers/" not in page
    else:
        assert "/hooks/couriers/" in page
        if GUIDES[form].ours:
            assert held(app).keys[0] in page
        else:
            admin.post(f"{told.location}/secrets", secret="pertama")
            admin.post(f"{told.location}/secrets", secret="kedua")
            assert held(app).keys == ("kedua", "pertama")
            assert "kedua" not in admin.get(told.location).text
    assert "Kurir kita" in admin.get("/desk/couriers").text


def test_what_is_missing_is_said_and_what_was_typed_stays(admin: Browser) -> None:
    answer = admin.post("/desk/couriers/new", format="biteship", name="", zone="Asia/Jakarta", expect=422)
    assert "checked" in answer.text
    admin.post("/desk/couriers/new", format="merpati", name="x", zone="Mars/Utara", expect=422)


def test_keys_change_without_a_gap(app: Flask, admin: Browser, courier: Any) -> None:
    it = courier("biteship")
    path = f"/desk/couriers/{it.code}"
    admin.post(f"{path}/key")
    it.send(biteship())
    assert len(held(app).keys) == 2
    admin.post(f"{path}/forget")
    admin.post(f"{path}/forget")
    it.send(biteship(), expect=401)
    it.send(biteship(), key=held(app).keys[0])
    assert KEY not in held(app).keys


def test_two_editors_of_one_connection(admin: Browser, courier: Any) -> None:
    path = f"/desk/couriers/{courier('biteship').code}/settings"
    admin.post(path, name="Satu", zone="Asia/Jakarta", version=1)
    conflict = admin.post(path, name="Dua", zone="Asia/Jakarta", version=1, expect=409).text
    assert "Satu" in conflict and "Dua" in conflict


def test_what_it_told_and_trying_again(admin: Browser, courier: Any, owner: Browser) -> None:
    it = courier("biteship")
    it.send(biteship("picked", note="<script>alert(1)</script>"))
    event = db.session.scalars(select(CourierEvent)).one()
    path = f"/desk/couriers/{it.code}"
    assert "Number not known here" in admin.get(path).text
    page = admin.get(f"{path}/events/{event.id}").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    leg = sent(owner.purchase)  # type: ignore[attr-defined]
    admin.post(f"{path}/events/{event.id}/again")
    assert states() == {EventState.APPLIED: 1}
    assert f"/desk/legs/{leg.code}" in admin.get(f"{path}/events/{event.id}").text
    admin.post(f"{path}/events/{event.id}/again")
    admin.get(f"/desk/couriers/{courier('aftership').code}/events/{event.id}", expect=404)


def test_ending_one_forgets_its_keys(app: Flask, admin: Browser, courier: Any) -> None:
    it = courier("binderbyte", token="rahasia")
    for _time in range(2):
        admin.post(f"/desk/couriers/{it.code}/end")
    assert held(app) == Secrets()
    assert "Ended" in admin.get(f"/desk/couriers/{it.code}").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.TECHNICIAN])
def test_only_admins_come_here(staff: Any, courier: Any, role: Role) -> None:
    it, visitor = courier("biteship"), staff(role)
    for path in ("", "/new", f"/{it.code}", f"/{it.code}/settings", f"/{it.code}/events/1"):
        visitor.get(f"/desk/couriers{path}", expect=403)
    visitor.post(f"/desk/couriers/{it.code}/end", expect=403)
    assert factories.customer()
