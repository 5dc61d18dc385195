"""The desk's keys for tills: made, shown once, revoked."""

import re

import pytest

from portal.db import db
from portal.domain.accounts.models import ApiToken
from tests.forms import errors, fields
from tests.till import PURCHASES

NEW = "/desk/tokens/new"


def filled(admin, **changes):
    return {**fields(admin.get(NEW).text, NEW), "name": "Kasir 1, Pontianak", **changes}


def made():
    db.session.expire_all()
    return db.session.query(ApiToken).order_by(ApiToken.id).all()


def shown(answer):
    return re.search(r"purna_[0-9A-Z]{8}[0-9a-f]{40}", answer.text)[0]


def test_a_key_is_made_shown_once_and_works(admin, pos):
    answer = admin.post(NEW, expect=201, **filled(admin))
    text = shown(answer)
    assert f'data-copy="{text}"' in answer.text and answer.headers["Cache-Control"] == "no-store"
    pos.get(f"{PURCHASES}/ZZZZZZZZ", expect=404, token=text)
    listed = admin.get("/desk/tokens").text
    assert text[:14] in listed and text not in listed
    assert "Kasir 1, Pontianak" in listed and admin.person.name in listed
    row = made()[-1]
    assert text.encode() not in row.token_hash and row.prefix == text[:14]


def test_sent_twice_it_is_made_once(admin):
    form = filled(admin)
    admin.post(NEW, expect=201, **form)
    assert admin.post(NEW, **form).headers["Location"] == "/desk/tokens"
    assert len(made()) == 1


@pytest.mark.parametrize("chosen", [["write"], ["read"], ["write", "read"]])
def test_it_may_do_what_is_chosen(admin, chosen):
    admin.post(
        NEW, expect=201, **filled(admin, **{"write": None, "read": None, **dict.fromkeys(chosen, "y")})
    )
    assert made()[0].scopes == [f"purchases:{name}" for name in chosen]


def test_bad_input_keeps_the_typing(admin):
    assert errors(admin.post(NEW, expect=422, **filled(admin, name=" ")).text) == {"name"}
    answer = admin.post(NEW, expect=422, **filled(admin, write=None, read=None))
    assert "Choose what the token may do." in answer.text
    assert fields(answer.text, NEW)["name"] == "Kasir 1, Pontianak"
    assert not made()


def test_a_revoked_key_is_dead_and_stays_in_the_list(admin, pos):
    for _twice in range(2):
        page = admin.follow(admin.post(f"/desk/tokens/{pos.row.code}/revoke"))
    assert "Revoked" in page.text and f"/desk/tokens/{pos.row.code}/revoke" not in page.text
    pos.get(f"{PURCHASES}/ZZZZZZZZ", expect=401)


def test_only_admins_and_only_by_post(admin, manager, pos):
    manager.get("/desk/tokens", expect=403)
    assert "/desk/tokens" not in manager.get("/desk/receipts").text
    assert "/desk/tokens" in admin.get("/desk/receipts").text
    admin.get(f"/desk/tokens/{pos.row.code}/revoke", expect=405)
    admin.post("/desk/tokens/ZZZZZZZZ/revoke", expect=404)


def test_no_keys_yet(admin):
    assert "No keys yet" in admin.get("/desk/tokens").text
