"""The desk's connected tills: connect one, see what it sent, change its keys, end it."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import jobs
from portal.adapters.pos.registry import FORMATS
from portal.adapters.vault import Secrets, Vault
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalog.models import Outlet
from portal.domain.intake.models import Connection, HookEvent
from portal.domain.intake.rules import HookState
from portal.kernel.errors import Refused
from portal.web.staff.till_guides import GUIDES
from tests import factories
from tests.adapters.pos.samples import KEY, bytes_of, recorded, shopify_order, sign, square_event, woo_order
from tests.browser import Browser
from tests.fixtures.tills import ADDRESS, states

NEW = {"name": "Toko daring", "format": "woocommerce"}


def connection() -> Connection:
    db.session.rollback()
    return db.session.scalars(select(Connection)).one()


def held(app: Flask) -> Secrets:
    found: Secrets = app.extensions["vault"].open(connection().sealed)
    return found


def test_every_format_has_steps() -> None:
    assert list(GUIDES) == list(FORMATS)
    assert all(guide.steps for guide in GUIDES.values())


@pytest.mark.parametrize("form", list(GUIDES))
def test_connecting_one_leads_to_its_steps(app: Flask, admin: Browser, outlet: Outlet, form: str) -> None:
    admin.get("/desk/tills/new")
    page = admin.follow(admin.post("/desk/tills/new", name="Toko", format=form, outlet=outlet.id)).text
    found = connection()
    assert f"{ADDRESS}/hooks/{found.code}" in page
    assert len(re.findall("<li>", page)) >= len(GUIDES[form].steps) + len(GUIDES[form].topics)
    key = held(app).keys
    assert bool(key) is GUIDES[form].ours
    assert all(one in page for one in key), "it is pasted at the till"
    assert "Toko" in admin.get("/desk/tills").text


def test_what_is_missing_is_said_beside_it(admin: Browser, outlet: Outlet) -> None:
    page = admin.post("/desk/tills/new", name="", format="moka", outlet=outlet.id, expect=422).text
    assert "Please fill this in." in page
    assert db.session.scalar(select(Connection)) is None


def test_a_pasted_key_counts_at_once_and_the_old_one_until_it_is_forgotten(
    app: Flask, admin: Browser, till: Any
) -> None:
    it = till("shopify")
    path, body = f"/desk/tills/{it.code}", bytes_of({"id": 1})
    admin.post(f"{path}/forget")
    assert held(app).keys == (KEY,)
    admin.post(f"{path}/secrets", secret="kunci baru")
    assert held(app).keys == ("kunci baru", KEY)
    for key in ("kunci baru", KEY):
        it.post(body, sign("shopify", body, key))
    assert "kunci baru" not in admin.get(path).text, "what the till shows is not shown here"
    admin.post(f"{path}/forget")
    it.post(body, sign("shopify", body, KEY), expect=401)
    admin.post(f"{path}/secrets", secret="")
    assert held(app).keys == ("kunci baru",), "an empty field changes nothing"
    admin.post(f"{path}/secrets", secret="x" * 201, expect=422)


def test_our_own_key_is_made_anew(app: Flask, admin: Browser, till: Any) -> None:
    it = till("woocommerce")
    admin.post(f"/desk/tills/{it.code}/key")
    first, second = held(app).keys
    assert second == KEY
    assert first in admin.get(f"/desk/tills/{it.code}").text


def test_a_site_is_an_address_that_can_be_reached(app: Flask, admin: Browser, till: Any) -> None:
    it = till("woocommerce")
    for site in ("http://127.0.0.1:9000/wp", "localhost", "bukan alamat", "https://user@[::1]/"):
        page = admin.post(f"/desk/tills/{it.code}/secrets", site=site, token="ck:cs", expect=422).text
        assert "cannot be reached" in page
        assert site in page.replace("&#39;", "'")
    assert held(app).site == ""


def test_locations_and_names_are_changed(admin: Browser, outlet: Outlet, till: Any) -> None:
    it, other = till("shopify"), factories.outlet()
    path = f"/desk/tills/{it.code}/settings"
    form = {"name": "Dua cabang", "outlet": outlet.id, "version": connection().version}
    twice = {f"place-{outlet.id}": "11, 12", f"place-{other.id}": "12"}
    assert "12 stands at two outlets" in admin.post(path, **form, **twice, expect=422).text
    admin.post(path, **form, **{f"place-{outlet.id}": "11; 12", f"place-{other.id}": "13"})
    found = connection()
    assert found.places == {"11": outlet.id, "12": outlet.id, "13": other.id}
    assert "11, 12" in admin.get(path).text
    assert "Somebody else" in admin.post(path, **form, expect=409).text


def test_an_event_shows_why_and_is_tried_again(admin: Browser, till: Any) -> None:
    it = till("shopify")
    it.send(shopify_order(currency="USD", note="<script>alert(1)</script>"), topic="orders/create")
    event = db.session.scalars(select(HookEvent)).one()
    path = f"/desk/tills/{it.code}"
    assert "This outlet sells in IDR" in admin.get(path).text
    assert "1 failed" in admin.get("/desk/tills").text
    page = admin.get(f"{path}/events/{event.id}").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    event.body = event.body.replace('"USD"', '"IDR"')
    admin.post(f"{path}/events/{event.id}/again")
    assert states() == {HookState.APPLIED: 1}
    assert "Receipt #1042" in admin.get(f"{path}/events/{event.id}").text
    admin.post(f"{path}/events/{event.id}/again")
    other = till("woocommerce")
    admin.get(f"/desk/tills/{other.code}/events/{event.id}", expect=404)


def test_trying_again_asks_again(admin: Browser, till: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    it = till("square")
    it.send(square_event())
    assert states() == {HookState.FAILED: 1}
    admin.post(f"/desk/tills/{it.code}/secrets", token="rahasia")
    asked: list[str] = []
    monkeypatch.setattr(jobs, "nudge", lambda work="deliver": asked.append(work))
    event = db.session.scalars(select(HookEvent)).one()
    admin.post(f"/desk/tills/{it.code}/events/{event.id}/again")
    assert asked == ["ask_tills"]
    assert states() == {HookState.WAITING: 1}


def test_ending_one_forgets_its_keys(app: Flask, admin: Browser, till: Any) -> None:
    it = till("woocommerce")
    it.send(woo_order())
    admin.post(f"/desk/tills/{it.code}/end")
    admin.post(f"/desk/tills/{it.code}/end")
    assert held(app) == Secrets()
    it.post(b"webhook_id=5", {}, expect=410)
    page = admin.get(f"/desk/tills/{it.code}").text
    assert "Ended" in page
    assert "/key" not in page


def test_a_long_list_goes_by_pages(admin: Browser, till: Any) -> None:
    it = till("shopify")
    for n in range(27):
        it.send(recorded("shopify-captured-customers.create")["body"], topic=f"customers/{n}")
    first = admin.get(f"/desk/tills/{it.code}").text
    assert "customers/26" in first
    assert "customers/1<" not in first
    [after] = re.findall(r"\?after=([^\"]+)", first)
    assert "customers/0<" in admin.get(f"/desk/tills/{it.code}?after={after}").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.TECHNICIAN])
def test_only_admins_come_here(staff: Any, till: Any, role: Role) -> None:
    it, visitor = till("shopify"), staff(role)
    for path in ("", "/new", f"/{it.code}", f"/{it.code}/settings", f"/{it.code}/events/1"):
        visitor.get(f"/desk/tills{path}", expect=403)
    visitor.post(f"/desk/tills/{it.code}/end", expect=403)


def test_secrets_open_with_older_keys_of_the_portal_and_never_without() -> None:
    sealed = Vault(["lama"]).seal(Secrets(("a",), "b", "c"))
    assert Vault(["baru", "lama"]).open(sealed) == Secrets(("a",), "b", "c")
    assert b'"a"' not in sealed
    with pytest.raises(Refused):
        Vault(["baru"]).open(sealed)
