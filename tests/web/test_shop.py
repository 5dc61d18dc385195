"""The desk's page for the shop's own look, and that every page shows it."""

from io import BytesIO

import pytest
from PIL import Image

from portal.db import db
from portal.domain.outbox.models import Channel
from portal.domain.shop import actions, queries
from portal.jobs import Owed, letter
from portal.web import look

CHOSEN = {"name": "Toko Mawar", "colour": "#aa3355", "receipt_greeting": "Salam hangat", "receipt_terms": ""}


def stored():
    db.session.rollback()
    return queries.look(db.session)


def logo(size=(200, 200), colour="#aa3355", name="logo.png"):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return {"logo": (BytesIO(out.getvalue()), name)}


def test_the_next_page_of_everybody_shows_what_was_chosen(manager, client, app):
    assert "Purna</title>" in client.get("/sign-in").text
    former = look.current().css
    answer = manager.post("/desk/shop", version="0", **CHOSEN)
    page = client.get("/sign-in").text
    assert "Toko Mawar</title>" in page
    assert 'content="#aa3355"' in page and former not in page
    sheet = client.get(look.current().css).text
    assert "--brand:#aa3355" in sheet
    assert "#aa3355" in client.get(look.current().icon).text
    assert client.get(former, expect=200)  # a page that is open still finds its sheet
    assert manager.person.name in manager.follow(answer).text


def test_a_name_is_one_line_whatever_was_sent(manager):
    manager.post("/desk/shop", version="0", **{**CHOSEN, "name": "Toko\r\nBcc:  lain@contoh.id"})
    assert stored().name == "Toko Bcc: lain@contoh.id"


def test_no_page_asks_for_the_row(manager, statements, client):
    with statements() as seen:
        client.get("/sign-in")
        client.get("/nowhere", expect=404)
    assert not [statement for statement in seen if "FROM shop" in statement]


def test_another_process_hears_of_it_within_five_seconds(manager, now, client, monkeypatch):
    client.get("/sign-in")
    actions.change(manager.actor, 0, now, name="Toko Lain")  # as another process would
    db.session.commit()
    assert "Toko Lain" not in client.get("/sign-in").text
    ahead = look.monotonic() + look.HELD + 1
    monkeypatch.setattr(look, "monotonic", lambda: ahead)
    assert "Toko Lain" in client.get("/sign-in").text


def test_an_address_of_a_look_not_heard_of_yet_leads_to_the_file(manager, now, client, app):
    client.get("/sign-in")
    root = app.jinja_env.globals["assets"].root
    actions.change(manager.actor, 0, now, colour="#aa3355")
    db.session.commit()
    answer = client.get(f"{root}0123456789ab/site.css", expect=303)
    assert "--brand:#aa3355" in client.get(answer.headers["Location"]).text


def test_a_preview_shows_and_stores_nothing(manager):
    page = manager.post("/desk/shop", expect=200, do="preview", version="0", **CHOSEN | {"colour": "#fff9c4"})
    assert "#686232" in page.text and "too pale for text" in page.text
    assert "Toko Mawar" in page.text
    block = manager.post("/desk/shop", expect=200, htmx=True, do="preview", version="0", **CHOSEN)
    assert block.text.lstrip().startswith("<section") and "samples.css?colour=%23aa3355" in block.text
    assert stored().version == 0


def test_the_samples_come_in_the_asked_colour_and_nothing_else(manager):
    assert "--brand:#aa3355" in manager.get("/desk/shop/samples.css?colour=%23aa3355").text
    for bad in ("red", "}body{display:none", "%00", ""):
        assert (
            "display:none"
            not in manager.get(
                f"/desk/shop/samples.css?colour={bad}", expect=200 if bad != "%00" else 400
            ).text
        )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Please fill this in."), ("name", "x" * 81, "under 80"),
        ("colour", "red", "such as #0b5d4e"),
        ("receipt_greeting", "x" * 201, "under 200"), ("receipt_terms", "x" * 601, "under 600"),
        ("name", "a\x07b", "cannot be stored"),
    ],
)  # fmt: skip
def test_bad_values_are_said_beside_the_field(manager, field, value, said):
    page = manager.post("/desk/shop", expect=422, version="0", **CHOSEN | {field: value})
    assert said in page.text and CHOSEN["name" if field != "name" else "receipt_greeting"] in page.text
    assert stored().version == 0


def test_the_second_of_two_sees_both_versions(manager, admin):
    manager.post("/desk/shop", version="0", **CHOSEN)
    page = admin.post("/desk/shop", expect=409, version="0", **CHOSEN | {"name": "Toko Melati"})
    assert "Toko Mawar" in page.text and 'value="Toko Melati"' in page.text
    assert 'name="version" type="hidden" value="1"' in page.text
    admin.post("/desk/shop", version="1", **CHOSEN | {"name": "Toko Melati"})
    assert stored().name == "Toko Melati"


def test_sending_it_twice_is_harmless(manager):
    for _n in range(2):
        manager.post("/desk/shop", version="0", _key="once", **CHOSEN)
    manager.post("/desk/shop", version="0", **CHOSEN)
    assert stored().version == 1


def test_the_logo_stands_on_every_page_until_it_is_removed(manager, client):
    manager.post("/desk/shop/logo", version="0", **logo())
    page = client.get("/sign-in").text
    assert (
        look.current().logo_url in page and "<span>Purna</span>" in page
    )  # a square one has the name beside it
    assert client.get(look.current().logo_url).mimetype == "image/webp"
    assert look.current().icon == look.current().logo_url  # fetched once for both
    manager.post("/desk/shop/logo", version="1", **logo((600, 100)))
    assert client.get("/sign-in").text.count("<span>Purna</span>") == 1  # a wide one is the name itself
    manager.post("/desk/shop/logo", version="2", do="remove", _key="a")
    manager.post("/desk/shop/logo", version="2", do="remove", _key="b")
    assert stored().logo is None and stored().version == 3
    assert look.current().logo_url is None


@pytest.mark.parametrize(
    "raw", [b"", b"<svg onload=alert(1)>", b"GIF89a", b"\x89PNG\r\n\x1a\nx", b"%PDF-1.4"]
)
def test_a_hostile_logo_is_refused_with_a_sentence(manager, raw):
    page = manager.post("/desk/shop/logo", expect=422, version="0", logo=(BytesIO(raw), "logo.png"))
    assert 'id="logo-error"' in page.text
    assert stored().logo is None


def test_without_a_picture_it_is_asked_for(manager):
    assert "Choose a picture first." in manager.post("/desk/shop/logo", expect=422, version="0").text


def test_a_logo_over_a_newer_shop_is_asked_for_again(manager):
    manager.post("/desk/shop", version="0", **CHOSEN)
    page = manager.post("/desk/shop/logo", expect=409, version="0", **logo())
    assert "changed the shop meanwhile" in page.text
    assert stored().logo is None


@pytest.mark.parametrize("who", ["agent", "technician", "owner"])
def test_others_have_no_such_page(who, request):
    browser = request.getfixturevalue(who)
    browser.get("/desk/shop", expect=403)
    browser.post("/desk/shop", expect=403, version="0", **CHOSEN)
    browser.post("/desk/shop/logo", expect=403, version="0", **logo())
    assert 'href="/desk/shop"' not in browser.get("/desk" if who != "owner" else "/home").text


def test_letters_carry_the_name_and_a_readable_colour(manager):
    manager.post("/desk/shop", version="0", **CHOSEN | {"colour": "#fff9c4"})
    mail = letter(Owed(1, "k", Channel.EMAIL, "siti@contoh.id", "id", "signin_code", {"code": "123456"}))
    assert "Toko Mawar" in mail.html and "#fff9c4" not in mail.html
