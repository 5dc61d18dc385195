"""The test ground itself: the cast is signed in, pages are checked, nothing leaks from test to test."""

from typing import Any

import pytest

from portal.db import db
from portal.domain.accounts.models import Customer
from tests.browser import Browser
from tests.pages import check_page


def test_the_owner_has_a_purchase_with_a_unit(owner: Browser) -> None:
    assert owner.unit.holder_id == owner.person.id
    assert owner.unit.serial


def test_a_claim_is_on_the_desk(claim: Any, owner: Browser) -> None:
    assert claim.state == "submitted"
    assert claim.on_desk


def test_each_test_begins_without_people(app: Any) -> None:
    assert db.session.query(Customer).count() == 0


def test_the_start_page_is_checked(client: Browser) -> None:
    client.get("/")


def test_the_cast_is_signed_in(owner: Browser, agent: Browser, stranger: Browser) -> None:
    assert owner.get("/", expect=303).headers["Location"] == "/home"
    assert agent.get("/", expect=303).headers["Location"] == "/desk"
    assert stranger.get("/", expect=303).headers["Location"] == "/home"


def test_statements_are_counted(owner: Browser, statements: Any) -> None:
    with statements() as seen:
        owner.get("/", expect=303)
    assert len(seen) == 1


def test_forms_carry_a_token(client: Browser) -> None:
    client.post("/language", lang="en")
    client.post("/language", lang="en", csrf_token="made up", expect=400)


@pytest.mark.parametrize(
    "fault",
    [
        "<p style='color:red'>",
        "<img src=/a.png>",
        "<i id=a></i><i id=a></i>",
        "<label for=b>B</label>",
        "<form method=post action=/x></form>",
        "<input name=q>",
        "<button><svg></svg></button>",
    ],
)
def test_faults_of_a_page_are_found(fault: str) -> None:
    page = f"<!doctype html><html lang=id><title>T</title><main><h1>H</h1>{fault}</main></html>"
    with pytest.raises(AssertionError):
        check_page(page, "a page")
