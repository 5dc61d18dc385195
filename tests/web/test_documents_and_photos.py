"""Care guides, warranty cards and photos: who gets them, and what they cost the second time."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.adapters import pdf
from portal.db import db
from portal.domain.accounts.rules import Reach
from portal.domain.catalog import actions as catalog
from portal.domain.files.models import StoredFile
from portal.kernel import clock
from portal.web import documents, look
from tests import factories
from tests.browser import Browser

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()


@pytest.fixture
def guide(product, client):
    """The address of a published care guide as it is printed now."""
    draft = catalog.save_guide_draft(
        product, None, body_id="# Merawat\n\n## Layar\n\nLap.", body_en="# Care\n\nWipe."
    )
    catalog.publish_guide(draft, clock.now())
    db.session.commit()
    return client.get(f"/guides/{product.sku}/1.en.pdf", expect=302).location


@pytest.fixture
def photo(owner):
    """The code of a photo on Siti's claim."""
    path = f"/units/{owner.unit.code}/claims/new"
    owner.post(f"{path}/what", symptom="tv_no_power")
    owner.post(f"{path}/story", story=factories.STORY)
    owner.post(f"{path}/photos", photos=[(BytesIO(PHOTO), "a.webp")])
    owner.post(f"{path}/review")
    return db.session.scalar(select(StoredFile.code))


def test_a_guide_is_made_once_and_then_costs_no_query(client, owner, guide, statements):
    first = client.get(guide)
    assert first.data.startswith(b"%PDF") and "immutable" in first.headers["Cache-Control"]
    for browser in (client, owner):
        with statements() as seen:
            again = browser.get(guide)
        assert again.data == first.data and seen == []
        assert "Set-Cookie" not in again.headers


def test_only_published_guides_are_given_out(client, product, guide):
    catalog.save_guide_draft(product, None, body_id="# Rahasia", body_en="# Secret")
    db.session.commit()
    client.get(f"/guides/{product.sku}/2.id.pdf", expect=404)
    client.get("/guides/NONE/1.id.pdf", expect=404)
    client.get(f"/guides/{product.sku}/{10**30}.id.pdf", expect=404)
    client.get(f"/guides/{product.sku}/1.xx.pdf", expect=404)
    assert client.get(f"/guides/{product.sku}", expect=302).location == guide


def test_a_guide_in_another_look_has_another_address(client, product, outlet, guide, monkeypatch):
    """So that neither the store nor a browser shows the former one; its address leads on."""
    first = client.get(guide).data
    outlet.phone = "+6221555999"
    db.session.commit()
    client.get(guide)  # what was printed stays where it was
    newer = client.get(f"/guides/{product.sku}", expect=302).location
    assert newer != guide and client.get(newer).data != first
    made_up = guide.replace(guide.split(".")[-2], "0" * 16)
    assert client.get(made_up, expect=302).location == newer
    shown = look.current()
    monkeypatch.setattr(look, "current", lambda: replace(shown, look=replace(shown.look, colour="#aa0000")))
    assert client.get(f"/guides/{product.sku}", expect=302).location not in (guide, newer)


def test_a_card_is_private_and_changes_with_what_it_says(owner, stranger, agent, guide, monkeypatch):
    path = f"/units/{owner.unit.code}/card.id.pdf"
    made = []
    monkeypatch.setattr(
        documents, "warranty_card_pdf", lambda values: made.append(values) or b"%PDF-" + bytes([len(made)])
    )
    first = owner.get(path)
    assert first.headers["Cache-Control"] == "no-store" and owner.get(path).data == first.data
    owner.unit.serial = "BARU99"
    assert owner.get(path).data != first.data and [card.serial for card in made][1] == "BARU99"
    assert owner.get(path.replace(".id.", ".en.")).data != first.data
    stranger.get(path, expect=404)
    agent.get(path, expect=403)
    agent.get("/desk" + path)


@pytest.mark.parametrize("trouble", [pdf.Busy(), pdf.RenderTimeout("late"), pdf.RenderFailed("no")])
def test_a_busy_printer_says_so_and_nothing_half_made_is_kept(client, guide, monkeypatch, trouble):
    def refuse(_values):
        raise trouble

    with monkeypatch.context() as broken:
        broken.setattr(documents, "care_guide_pdf", refuse)
        assert client.get(guide, expect=503).headers["Cache-Control"] == "no-store"
    client.get(guide)


def test_a_photo_goes_to_those_who_see_its_case(app, owner, photo, stranger, agent, client, outlet, product):
    for browser in (owner, agent):
        for size in ("", "?size=thumb"):
            answer = browser.get(f"/photos/{photo}{size}")
            assert answer.mimetype == "image/jpeg" and answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger.get(f"/photos/{photo}", expect=404)
    client.get(f"/photos/{photo}", expect=303)
    owner.get("/photos/NONE", expect=404)
    other = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    Browser(app, owner.person, reach=Reach(purchases=(other.id,))).get(f"/photos/{photo}", expect=404)


def test_photos_of_staffs_notes_stay_with_staff(owner, claim, agent):
    agent.post(
        f"/desk/cases/{claim.code}/messages", kind="note", body="lihat", photos=[(BytesIO(PHOTO), "a.webp")],
        version=claim.version,
    )  # fmt: skip
    code = db.session.scalar(select(StoredFile.code))
    agent.get(f"/photos/{code}")
    owner.get(f"/photos/{code}", expect=404)
    assert code not in owner.get(f"/cases/{claim.code}").text
