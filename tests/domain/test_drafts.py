"""The photos of a claim that is not sent yet."""

from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.files.models import FileState, StoredFile
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.threads import at_once


def test_a_photo_that_hangs_on_one_case_is_not_taken_off_through_a_draft(claim: Case, owner: Browser) -> None:
    sent, kept = factories.photo(owner.actor), factories.photo(owner.actor)
    cases.say(owner.actor, claim, "Ini fotonya", clock.now(), photos=[sent])
    draft = claims.draft(owner.actor, owner.unit, photos=[sent, kept], now=clock.now())
    assert draft.draft_photos == [kept]
    claims.draft(owner.actor, owner.unit, removed=[sent, kept], now=clock.now())
    states = dict(db.session.execute(select(StoredFile.code, StoredFile.state)).all())
    assert states == {sent: FileState.KEPT, kept: FileState.PENDING}


def test_photos_that_arrive_at_the_same_moment_are_all_there(both: Flask) -> None:
    person = factories.customer()
    bought = factories.purchase(factories.outlet(), [(factories.product(), 1)], buyer=person)
    unit_id, actor = factories.units_of(bought)[0].id, Browser(both, person).actor

    def add(*photos: str) -> list[str]:
        unit = db.session.get_one(Unit, unit_id)
        return claims.draft(actor, unit, photos=photos, now=clock.now()).draft_photos

    codes = [factories.photo(actor) for _n in range(6)]
    add()
    at_once(both, 6, lambda n: add(codes[n]))
    draft = claims.draft_of(actor, unit_id)
    assert draft is not None and sorted(draft.draft_photos) == sorted(codes)
