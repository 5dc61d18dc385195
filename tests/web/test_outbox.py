"""The demo's outbox: what would have been sent, with links that lead to our own pages."""

import pytest
from flask import Flask

from portal import jobs
from portal.adapters.mail import Folder, Letter
from portal.db import db
from portal.domain.outbox import actions as outbox
from portal.kernel import clock
from tests.browser import Browser
from tests.conftest import HOST


@pytest.fixture
def letters(app: Flask) -> None:
    values = {"product": "Kulkas <b>", "path": "/cases/K7QM2XAB"}
    for key, email in (("m-1", "siti@contoh.id"), ("w-1", None)):
        outbox.owe(key, "ready", values, email=email, phone="+6281234567890", language="id", now=clock.now())
    db.session.commit()
    jobs.deliver_outbox()


def test_it_is_empty_at_first(client: Browser) -> None:
    assert "/icons.svg#inbox" in client.get("/outbox").text


@pytest.mark.usefixtures("letters")
def test_letters_and_short_messages_stand_there(client: Browser) -> None:
    page = client.get("/outbox").text
    assert "siti@contoh.id" in page and "0812-3456-7890" in page
    assert f'<a href="/cases/K7QM2XAB">{HOST}/cases/K7QM2XAB</a>' in page and "Kulkas &lt;b&gt;" in page


@pytest.mark.usefixtures("letters")
def test_only_those_to_one_person(client: Browser) -> None:
    page = client.get("/outbox?to=siti@contoh.id").text
    assert page.count("<article") == 1 and "0812-3456-7890" not in page


@pytest.mark.usefixtures("letters")
def test_the_page_asks_for_news_and_gets_only_news(client: Browser) -> None:
    newest = client.get("/outbox").text.split("newest=")[1].split('"')[0]
    client.get(f"/outbox?newest={newest}", htmx=True, expect=204)
    client.get("/outbox?newest=0", htmx=True)


def test_a_strangers_address_is_no_link(app: Flask, client: Browser) -> None:
    words = "https://evil.example/cases/1"
    to = "siti@contoh.id"
    Folder(app.extensions["settings"].mail.removeprefix("folder:")).send(
        Letter("x-1", to, "Toko <halo@toko.id>", "Hai", words, None, "id")
    )
    assert "<a href" not in client.get("/outbox").text.split('class="said">')[1].split("</p>")[0]


class TestWithoutDemo:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"demo": False}

    def test_there_is_none(self, client: Browser) -> None:
        client.get("/outbox", expect=404)
