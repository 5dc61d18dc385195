"""What staff write among themselves is in no page, fragment, file, letter or paper of a customer."""

from io import BytesIO

import pytest
from sqlalchemy import select

from portal import jobs
from portal.db import db
from portal.domain.cases import queries
from portal.domain.cases.models import CasePhoto
from portal.domain.outbox.models import OutboxMessage
from tests import factories
from tests.adapters.papers import PDF

SECRETS = ("Pelanggan sulit", "biaya-kami.pdf", "Draf rahasia", "Togar Simanjuntak", "salah-kirim")


@pytest.fixture
def spoken(staff, agent, owner, claim):
    """A case with everything that only staff may know, and one message to its customer."""
    staff("technician", "Togar Simanjuntak")
    path = f"/desk/cases/{claim.code}/messages"
    note = "Pelanggan sulit, @Togar tolong cek salah-kirim"
    agent.post(path, kind="note", body=note, photos=[(BytesIO(PDF), "biaya-kami.pdf")])
    agent.post(path, kind="whatsapp", body="Draf rahasia")
    agent.post(path, kind="message", body="Kami kabari besok.")
    return claim


def test_no_page_fragment_or_paper(owner, client, spoken):
    visits = [
        f"/cases/{spoken.code}", f"/cases/{spoken.code}/news?after=0", f"/cases/{spoken.code}?before=999999",
        "/cases", "/home", f"/units/{owner.unit.code}", f"/units/{owner.unit.code}/card.id.pdf",
    ]  # fmt: skip
    client.post(f"/c/{queries.link_token(spoken.id)}")
    for browser, paths in ((owner, visits), (client, visits[:5])):
        for path in paths:
            said = browser.get(path, htmx="news" in path).data.decode(errors="replace")
            assert not [secret for secret in SECRETS if secret in said], path
    assert "Kami kabari besok." in owner.get(visits[1], htmx=True).text


def test_no_file(owner, agent, spoken):
    code = db.session.scalar(select(CasePhoto.file_code).order_by(CasePhoto.id.desc()))
    assert agent.get(f"/photos/{code}").data == PDF
    owner.get(f"/photos/{code}", expect=404)
    owner.get(f"/photos/{code}?size=thumb", expect=404)


def test_no_letter(app, spoken):
    factories.settle()
    for message in db.session.scalars(select(OutboxMessage)):
        owed = jobs.Owed(
            message.id, message.key, jobs.Channel(message.channel), message.address, message.language,
            message.template, message.values,
        )  # fmt: skip
        letter = jobs.letter(owed)
        said = f"{letter.subject} {letter.text} {letter.html}"
        assert not [secret for secret in SECRETS if secret in said], message.template
