"""What makes the portal an app: manifest, worker, page without a connection; nothing private in any of it."""

import json
import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from portal.domain.purchases import queries as purchases
from portal.domain.shop import actions
from portal.web import look
from portal.web.install import short


def manifest(client, query=""):
    answer = client.get(f"/manifest.webmanifest{query}")
    assert answer.mimetype == "application/manifest+json"
    return json.loads(answer.text)


def test_the_manifest_says_all_that_an_app_needs(client):
    found = manifest(client, "?lang=en")
    assert found["name"] == "Purna" and found["lang"] == "en" and found["dir"] == "ltr"
    assert (found["start_url"], found["scope"], found["display"]) == ("/home", "/", "standalone")
    assert found["theme_color"] == "#0b5d4e"
    assert [s["name"] for s in found["shortcuts"]] == ["Items", "Cases", "Scan a receipt"]
    assert [s["name"] for s in manifest(client)["shortcuts"]] == ["Barang", "Kasus", "Pindai nota"]


def test_every_icon_is_there_in_its_size(client):
    icons = manifest(client)["icons"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        answer = client.get(icon["src"])
        width, height = Image.open(BytesIO(answer.data)).size
        assert answer.mimetype == icon["type"] == "image/png" and icon["sizes"] == f"{width}x{height}"
        assert len(answer.data) < 12_000


def test_shortcuts_lead_somewhere(client, owner, manager):
    for path in [s["url"] for s in manifest(client)["shortcuts"]]:
        owner.get(path)
    desk = manifest(client, "?area=staff")
    assert desk["start_url"] == "/desk"
    for path in [s["url"] for s in desk["shortcuts"]]:
        manager.get(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Purna", "Purna"),
        ("Rumah Purnama", "Rumah Purnama"),
        ("Toko Sinar Terang Abadi Jaya", "Toko Sinar"),
        ("x" * 80, "x" * 15),
    ],
)
def test_the_short_name_stands_below_an_icon(name, said):
    assert short(name) == said


def test_the_worker_is_asked_for_each_time_and_keeps_public_files_alone(client):
    answer = client.get("/sw.js?lang=id")
    assert answer.mimetype == "text/javascript" and answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    kept = json.loads(re.search(r"KEPT = (\[.*?\]);", answer.text)[1])
    assert look.current().css in kept
    for path in kept:
        assert path.startswith("/assets/")
        client.get(path)


def test_another_look_or_language_is_another_worker(client, manager, now):
    first = client.get("/sw.js?lang=id").text
    assert client.get("/sw.js?lang=id").text == first != client.get("/sw.js?lang=en").text
    actions.change(manager.actor, 0, now, name="Toko Lain")
    look.forget()
    assert client.get("/sw.js?lang=id").text != first


def test_the_offline_page_is_the_same_for_everybody_and_spends_nothing(owner, client):
    owner.post(
        "/account", name="Siti Rahma", language="en", expect=303
    )  # leaves a sentence for the next page
    page = owner.get("/offline?lang=id").text
    assert page == client.get("/offline").text
    assert 'lang="id"' in page and "Coba lagi" in page and "csrf" not in page and "Siti" not in page
    assert "Try again" in client.get("/offline?lang=en").text
    assert 'class="flash' in owner.get("/account").text  # which is still there


def test_only_pages_of_signed_in_people_and_their_doors_ask_for_it(owner, manager, client):
    link = 'rel="manifest"'
    assert link in owner.get("/home").text and link in client.get("/sign-in").text
    assert link in client.get("/staff/sign-in").text and "area=staff" in manager.get("/desk").text
    assert link not in client.get(f"/q/{purchases.token_of(owner.purchase.id)}").text
    assert link not in client.get("/").text


def seen(browser, path):
    found = re.search(r"data-seen='([^']*)'", browser.get(path).text)
    return json.loads(unescape(found[1]))


def test_what_a_phone_may_keep_is_code_state_and_day(owner, claim):
    entries = seen(owner, "/home")
    assert entries == seen(owner, f"/cases/{claim.code}")
    assert [set(entry) for entry in entries] == [{"code", "state", "by"}]
    text = json.dumps(entries)
    assert "Siti" not in text and owner.unit.product.name not in text


def test_each_person_has_a_mark_that_says_nothing(owner, stranger, client):
    def mark(browser, path="/home"):
        return re.search(r'data-mark="(\w+)"', browser.get(path).text)

    assert mark(owner)[1] == mark(owner, "/account")[1] != mark(stranger)[1]
    assert mark(client, "/sign-in") is None


def test_signing_out_empties_the_browser(owner):
    assert owner.post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
