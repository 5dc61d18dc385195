"""The same letters on both databases, what becomes of them when cases are merged, and one of 40 MB."""

from base64 import encodebytes
from dataclasses import replace
from os import urandom
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import mailroom
from portal.db import db
from portal.domain.cases import queries
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.desk import merging
from portal.domain.mailbox import addresses
from portal.domain.mailbox.models import InboundLetter, Outcome
from portal.kernel import clock
from tests import factories
from tests.adapters.papers import PDF
from tests.browser import Browser
from tests.letters import bounce, letter
from tests.threads import at_once

DOMAIN, MAIL = "balas.toko.id", "siti@contoh.id"


@pytest.fixture
def settings() -> dict[str, object]:
    return {"mail_in": DOMAIN}


@pytest.fixture
def case(both: Flask, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Siti's claim on each database in turn."""
    known = replace(both.extensions["settings"], mail_in=DOMAIN)
    monkeypatch.setitem(both.extensions, "settings", known)
    siti = factories.customer("Siti Rahma", MAIL)
    bought = factories.purchase(factories.outlet(), [(factories.product(), 1)], buyer=siti)
    return factories.claim(Browser(both, siti).actor, factories.units_of(bought)[0])


def to(case: Case) -> str:
    return addresses.of(DOMAIN, case.code, case.id, case.customer_id)


def said(case: Case) -> list[str]:
    return list(
        db.session.scalars(
            select(CaseEvent.body)
            .where(CaseEvent.case_id == case.id, CaseEvent.event == "message")
            .order_by(CaseEvent.id)
        )
    )


def test_what_becomes_of_letters(both: Flask, case: Case) -> None:
    address, wrong = to(case), to(case)[:-20] + "0" * 5 + to(case)[-15:]
    told: list[tuple[bytes, str]] = [
        (letter(address, "Besok saya antar."), Outcome.FILED),
        (letter(address, "Dengan nota", files=(("nota.pdf", PDF), ("x.exe", b"MZ"))), Outcome.CUT),
        (letter(address, "Saya adiknya.", sender="adik@lain.id"), Outcome.OTHER),
        (letter(address, "Saya cuti.", Auto_Submitted="auto-replied"), Outcome.AUTO),
        (bounce(address, MAIL), Outcome.BOUNCE),
        (letter(wrong, "Buka kasus ini"), Outcome.HELD),
        (letter(address, "Surat kita", X_Purna_Key="message-1-1"), Outcome.LOOP),
    ]
    for _again in range(2):
        assert [mailroom.receive(raw) for raw, _outcome in told] == [outcome for _raw, outcome in told]
    assert said(case) == ["Besok saya antar.", "Dengan nota", "Saya adiknya."]
    assert db.session.query(InboundLetter).count() == len(told)
    db.session.refresh(case.customer)
    assert case.customer.email_bounced_at


def test_the_same_letter_by_two_ways_at_once(both: Flask, case: Case) -> None:
    raw = letter(to(case), "Sekali saja")
    outcomes = at_once(both, 3, lambda _n: mailroom.receive(raw))
    assert outcomes == [Outcome.FILED] * 3 and said(case) == ["Sekali saja"]


@pytest.fixture
def twin(owner: Any, outlet: Any, product: Any) -> Case:
    bought = factories.purchase(outlet, [(product, 1)], buyer=owner.person)
    return factories.claim(owner.actor, factories.units_of(bought)[0])


def test_a_letter_follows_its_case(owner: Any, agent: Any, client: Any, claim: Case, twin: Case) -> None:
    """Into the case it was merged into, by every way that leads to a case; and back when they are apart."""
    held, late = "halo@toko.id", client
    mailroom.receive(letter(held, "Lewat alamat toko"))
    late.post(f"/c/{queries.link_token(twin.id)}")
    merging.merge(agent.actor, twin, claim, clock.now())
    factories.settle()
    assert mailroom.receive(letter(to(twin), "Setelah digabung")) == Outcome.FILED
    row = db.session.scalars(select(InboundLetter).where(InboundLetter.outcome == Outcome.HELD)).one()
    agent.post(f"/desk/letters/{row.code}", do="file", case=twin.code)
    for browser, text in ((owner, "Dari halaman lama"), (late, "Dari tautan lama")):
        answer = browser.post(f"/cases/{twin.code}/messages", body=text)
        assert answer.headers["Location"].endswith(f"/cases/{claim.code}")
        assert text in browser.get(f"/cases/{claim.code}").text
    assert said(claim) == ["Setelah digabung", "Lewat alamat toko", "Dari halaman lama", "Dari tautan lama"]
    assert said(twin) == []

    merging.separate(agent.actor, twin, clock.now())
    factories.settle()
    assert mailroom.receive(letter(to(twin), "Lagi sendiri")) == Outcome.FILED
    assert said(twin) == ["Lagi sendiri"] and len(said(claim)) == 4
    late.get(f"/cases/{claim.code}", expect=404)


def test_of_forty_megabytes_the_words_are_kept(owner: Any, claim: Case) -> None:
    small = b"video"
    raw = letter(to(claim), "Videonya terlampir", files=(("kulkas.mp4", small),))
    raw = raw.replace(encodebytes(small), encodebytes(urandom(3000)) * 10_000)
    assert len(raw) > 40_000_000
    assert mailroom.receive(raw) == Outcome.CUT
    page = owner.get(f"/cases/{claim.code}").text
    assert "Videonya terlampir" in page and "Not taken: kulkas.mp4: 40 MB" in page and "/photos/" not in page
