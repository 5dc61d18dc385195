"""PDFs and videos in a thread: taken, kept, served as what they are, and never run."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update

from portal import jobs
from portal.adapters import attachments
from portal.db import db
from portal.domain.files import actions as files
from portal.domain.files.models import StoredFile
from portal.kernel import clock
from tests.adapters.papers import PDF, film
from tests.pages import parse


def upload(raw=PDF, name="nota servis.pdf"):
    return [(BytesIO(raw), name)]


def code_of(page):
    return parse(page).find(".//input[@name='photos-kept']").get("value")


@pytest.fixture
def sent(owner, claim):
    """A PDF and a video on Siti's case, by their codes."""
    owner.post(
        f"/cases/{claim.code}/messages", body="Ini notanya", photos=[*upload(), *upload(film(), "a.mp4")]
    )
    found = {row.content_type: row.code for row in db.session.scalars(select(StoredFile))}
    return found["application/pdf"], found["video/mp4"]


def test_both_sides_read_them_with_their_names(owner, agent, claim, sent):
    for page in (owner.get(f"/cases/{claim.code}").text, agent.get(f"/desk/cases/{claim.code}").text):
        assert "nota servis.pdf" in page and f'src="/photos/{sent[1]}"' in page
        assert f"/photos/{sent[0]}?size=thumb" not in page


def test_a_pdf_is_saved_not_opened(owner, sent):
    answer = owner.get(f"/photos/{sent[0]}")
    assert answer.data == PDF and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    owner.get(f"/photos/{sent[0]}?size=thumb", expect=404)


def test_a_player_gets_a_video_in_parts(owner, sent):
    answer = owner.get(f"/photos/{sent[1]}", expect=206, Range="bytes=4-7")
    assert answer.data == b"ftyp" and answer.mimetype == "video/mp4"
    assert owner.get(f"/photos/{sent[1]}").headers["Content-Disposition"].startswith("inline")


def test_they_are_only_for_who_sees_the_case(owner, agent, stranger, client, claim, sent):
    agent.get(f"/photos/{sent[0]}")
    stranger.get(f"/photos/{sent[0]}", expect=404)
    client.get(f"/photos/{sent[0]}", expect=303)
    agent.post(f"/desk/cases/{claim.code}/messages", kind="note", body="", photos=upload(PDF, "biaya.pdf"))
    internal = db.session.scalar(select(StoredFile.code).where(StoredFile.name == "biaya.pdf"))
    owner.get(f"/photos/{internal}", expect=404)
    assert "biaya.pdf" not in owner.get(f"/cases/{claim.code}").text


def test_one_travels_alone_and_survives_a_form_that_comes_back(owner, claim):
    kept = code_of(owner.post("/files", photos=upload(), expect=200, htmx=True).text)
    page = owner.post(
        f"/cases/{claim.code}/messages", body="x" * 5001, expect=422, **{"photos-kept": kept}
    ).text
    assert "nota servis.pdf" in page and code_of(page) == kept
    owner.post(f"/cases/{claim.code}/messages", body="Ini", **{"photos-kept": kept})
    assert "nota servis.pdf" in owner.get(f"/cases/{claim.code}").text


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"MZ" + b"\0" * 300, "hadiah.exe", "cannot be sent here"),
        (b"<html><script>alert(1)</script>", "a.pdf", "cannot be sent here"),
        (film()[:-9], "a.mp4", "did not arrive whole"),
        (PDF + b"\0" * 9000, "b.pdf", "larger than 25 MB"),
    ],
)
def test_a_wrong_kind_is_a_sentence_beside_the_field(monkeypatch, owner, claim, raw, name, said):
    monkeypatch.setattr(attachments, "MAX_BYTES", 8000)
    page = owner.post(f"/cases/{claim.code}/messages", body="Ini", photos=upload(raw, name), expect=422).text
    assert said in page and name in page and "Ini</textarea>" in page
    assert db.session.scalar(select(StoredFile.code)) is None


def test_where_photos_are_proof_no_pdf_is_taken(owner, claim):
    answer = owner.post("/photos", photos=upload(), expect=422)
    assert "not a photo" in answer.text
    kept = code_of(owner.post("/files", photos=upload(), expect=200, htmx=True).text)
    assert files.pending_of(owner.actor, [kept]) == []


def test_there_is_so_much_for_a_day_and_no_more(owner, claim):
    owner.post("/files", photos=upload(), expect=200, htmx=True)
    db.session.execute(update(StoredFile).values(size=files.DAILY_BYTES))
    assert "enough" in owner.post("/files", photos=upload(), expect=422).text


def test_what_was_never_sent_is_swept(app, owner):
    owner.post("/files", photos=upload(), expect=200, htmx=True)
    row = db.session.scalars(select(StoredFile)).one()
    key, row.created_at = row.key, clock.now() - timedelta(hours=25)
    db.session.commit()
    jobs.sweep()
    assert db.session.scalar(select(StoredFile.code)) is None
    with pytest.raises(KeyError):
        app.extensions["files"].get(key)
