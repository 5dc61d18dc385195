"""Photos that are sent alone while a form is open."""

import errno
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.domain.files.models import StoredFile
from tests.pages import parse

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()


def photo():
    return [(BytesIO(PHOTO), "a.webp")]


@pytest.fixture
def form(owner):
    return f"/units/{owner.unit.code}/claims/new"


def test_a_photo_travels_alone_and_is_part_of_the_draft_at_once(owner, form):
    first = owner.post(f"{form}/photo", photos=photo(), _key="one", expect=200, htmx=True)
    again = owner.post(f"{form}/photo", photos=photo(), _key="one")  # the answer was lost on the way
    assert owner.get(again.headers["Location"], htmx=True).text == first.text
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1  # nothing of the day's quota
    kept = parse(first.text).find(".//input[@name='photos-kept']").get("value")
    assert owner.get(f"{form}/photos").text.count(kept) == 3  # its picture, and what the form sends
    owner.post(f"{form}/photos", **{"photos-kept": kept, "photos-remove": kept})
    assert kept not in owner.get(f"{form}/photos").text
    bad = owner.post(f"{form}/photo", photos=[(BytesIO(b"no"), "a.jpg")], expect=422)
    assert bad.mimetype == "text/plain" and "a.jpg" in bad.text
    owner.post(f"{form}/photo", expect=422)


def test_a_photo_that_comes_after_the_claim_was_sent_says_so(owner, claim, form):
    late = owner.post(f"{form}/photo", photos=photo(), expect=422)
    assert "sent already" in late.text


def test_a_full_disk_says_so_and_takes_nothing_of_the_quota(app, owner, form, monkeypatch):
    def full(key, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(app.extensions["files"], "put", full)
        owner.post(f"{form}/photo", photos=photo(), _key="one", expect=507)
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    owner.post(f"{form}/photo", photos=photo(), _key="one", expect=200, htmx=True)


def test_a_photo_of_any_form_is_the_uploaders_alone(owner, agent, stranger):
    answer = owner.post("/photos", photos=photo(), expect=200, htmx=True)
    kept = parse(answer.text).find(".//input[@name='photos-kept']").get("value")
    owner.get(f"/photos/{kept}/taken", htmx=True)
    for other in (stranger, agent):
        other.get(f"/photos/{kept}/taken", expect=404)
    owner.get("/photos", expect=405)


def test_a_colleagues_answer_takes_the_photos_that_went_ahead(agent, owner, claim):
    reply = f"/desk/cases/{claim.code}"
    assert parse(agent.get(reply).text).find(".//section[@id='reply']//*[@data-photos='/files']") is not None
    sent = agent.post("/photos", photos=photo(), expect=200, htmx=True)
    kept = {"photos-kept": parse(sent.text).find(".//input[@name='photos-kept']").get("value")}
    bad = agent.post(
        f"{reply}/messages", kind="message", photos=[(BytesIO(b"no"), "a.jpg")], expect=422, **kept
    )
    assert kept["photos-kept"] in bad.text and bad.text.count('id="photos"') == 1  # the other one is not lost
    agent.post(f"{reply}/messages", kind="message", body="Seperti ini?", **kept)
    assert kept["photos-kept"] in owner.get(f"/cases/{claim.code}").text
