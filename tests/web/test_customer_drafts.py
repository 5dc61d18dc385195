"""A claim that is not sent yet: nobody but its customer knows of it, and it can be discarded."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.claims.models import Claim
from portal.domain.files.models import FileState, StoredFile
from portal.domain.outbox.models import OutboxMessage
from tests.pages import parse

PHOTO = (Path(__file__).parents[1] / "adapters" / "images" / "hopper.webp").read_bytes()


@pytest.fixture
def form(owner):
    return f"/units/{owner.unit.code}/claims/new"


@pytest.fixture
def draft(owner, form):
    """The code of a draft with a text and a photo."""
    owner.post(f"{form}/story", story="Rahasia sampai dikirim")
    owner.post(f"{form}/photos", photos=[(BytesIO(PHOTO), "a.webp")])
    return found(Case.code)[0]


def found(column):
    db.session.rollback()
    return list(db.session.scalars(select(column)))


def test_a_discarded_draft_leaves_nothing_and_the_shop_never_sees_it(owner, agent, draft):
    assert found(StoredFile.state) == [FileState.KEPT]
    answer = owner.post(f"/cases/{draft}/withdraw", _key="once")
    assert answer.headers["Location"] == "/home"
    assert owner.post(f"/cases/{draft}/withdraw", _key="once").headers["Location"] == "/home"
    assert found(Case.id) == found(Claim.case_id) == found(OutboxMessage.id) == []
    assert found(StoredFile.state) == [FileState.PENDING]  # the next sweep takes it
    agent.get(f"/desk/cases/{draft}", expect=404)
    owner.get(f"/cases/{draft}", expect=404)


def test_only_its_customer_discards_a_draft(stranger, agent, draft):
    stranger.post(f"/cases/{draft}/withdraw", expect=404)
    agent.post(f"/cases/{draft}/withdraw", expect=403)
    assert found(Case.code) == [draft]


def test_going_on_while_the_text_is_being_kept_is_no_conflict_with_oneself(owner, form):
    mark = ".//input[@name='seen']"
    empty = parse(owner.get(f"{form}/story").text).find(mark).get("value")
    owner.post(f"{form}/story", story="Layar mati", seen=empty, htmx=True, expect=200)
    owner.post(f"{form}/story", story="Layar mati sejak kemarin", seen=empty)
    owner.post(f"{form}/story", story="Yang lain", seen=empty, expect=409)
