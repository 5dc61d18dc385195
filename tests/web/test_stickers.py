"""QR stickers: blank they tell nothing, sold with they are the receipt's own code."""

from io import BytesIO

import pytest
import zxingcpp
from pypdf import PdfReader
from sqlalchemy import select

from portal.adapters.labels import FORMATS, Size
from portal.db import db
from portal.domain.purchases import stickers
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.kernel import clock
from tests.web.test_sell import line, sell, sold


@pytest.fixture
def sticker(app):
    """(code, token) of a blank sticker."""
    [sheet] = stickers.make(1, 24, clock.now())
    db.session.commit()
    return stickers.on_sheets([sheet])[sheet][0]


def codes_on(page):
    return [found.text for image in page.images for found in zxingcpp.read_barcodes(image.image)]


@pytest.mark.slow
@pytest.mark.parametrize("size", Size)
def test_sheets_are_made_printed_and_printed_again(agent, size):
    answer = agent.post("/desk/stickers", size=size, sheets="2", _key="once")
    again = agent.post("/desk/stickers", size=size, sheets="2", _key="once")
    assert answer.headers["Location"] == again.headers["Location"]
    made = answer.headers["Location"].partition("made=")[2]
    page = agent.follow(answer).text
    assert f"/desk/stickers/{made}.pdf" in page and page.count("0 used") == 2
    printed = PdfReader(BytesIO(agent.get(f"/desk/stickers/{made}.pdf").data)).pages
    assert len(printed) == 2
    token = stickers.on_sheets([made[:8]])[made[:8]][0][1]
    assert any(text.endswith(f"/q/{token}") for text in codes_on(printed[0]))
    one = PdfReader(BytesIO(agent.get(f"/desk/stickers/{made[:8].lower()}.pdf").data)).pages
    assert len(one) == 1 and len(stickers.on_sheets([made[:8]])[made[:8]]) == FORMATS[size].labels


@pytest.mark.parametrize("sheets", ["0", "11", "x", ""])
def test_too_many_sheets_or_none_are_refused(agent, sheets):
    agent.post("/desk/stickers", expect=422, size=Size.LARGE, sheets=sheets)
    agent.post("/desk/stickers", expect=422, size="a4", sheets="1")
    assert db.session.scalar(select(ReceiptLink.id)) is None


def test_a_blank_sticker_tells_nothing_and_opens_nothing(client, owner, technician, sticker):
    code, token = sticker
    for browser in (client, owner, technician):
        text = browser.get(f"/q/{token}").text
        assert "no receipt yet" in text and f"{code[:4]}-{code[4:]}" in text
    for path in ("phone", "code", "code/check", "keep"):
        client.post(f"/q/{token}/{path}", expect=404)
    client.get(f"/q/{token}/code", expect=404)
    client.post("/receipt", expect=422, code=code, digits="1234")


def test_staff_are_led_to_the_sale_and_the_sticker_becomes_the_receipt(agent, client, outlet, sticker):
    code, token = sticker
    page = agent.follow(agent.get(f"/q/{token}", expect=303))
    assert code in page.text
    purchase = sold(
        sell(agent, outlet, sticker=f"{code[:4]}-{code[4:]}".lower(), phone="0812-9999-1234", **line())
    )
    assert purchase.code == code
    links = db.session.scalars(select(ReceiptLink).where(ReceiptLink.purchase_id == purchase.id)).all()
    assert [link.sticker for link in links] == [code]
    assert "Ongkos kirim" in client.get(f"/q/{token}").text
    client.post(f"/q/{token}/phone", digits="1234")
    assert "1 used" in agent.get("/desk/stickers").text


def test_a_sticker_is_sold_with_once(agent, outlet, sticker):
    sell(agent, outlet, sticker=sticker[0], **line())
    page = sell(agent, outlet, expect=422, sticker=sticker[0], **line(description="Lain"))
    assert "This sticker is used already" in page.text
    assert len(db.session.scalars(select(Purchase)).all()) == 1


@pytest.mark.slow
def test_items_of_a_receipt_get_stickers_that_lead_to_their_cards(agent, purchase):
    for size in ("", "?size=70x37"):
        pdf = agent.get(f"/desk/receipts/{purchase.code}/stickers.pdf{size}").data
        (page,) = PdfReader(BytesIO(pdf)).pages
        assert len([text for text in codes_on(page) if "/w/" in text]) == 2
        assert "Televisi" in page.extract_text()
    agent.get(f"/desk/receipts/{purchase.code}/stickers.pdf?size=a4", expect=404)


def test_only_who_may_record_makes_and_prints_them(technician, owner, client, agent):
    [sheet] = stickers.make(1, 24, clock.now())
    db.session.commit()
    for path in ("/desk/stickers", f"/desk/stickers/{sheet}.pdf"):
        technician.get(path, expect=403)
        owner.get(path, expect=403)
        client.get(path, expect=303)
    technician.post("/desk/stickers", expect=403, size=Size.LARGE, sheets="1")
    agent.get("/desk/stickers/ZZZZZZZZ.pdf", expect=404)
    agent.post(f"/desk/stickers/{sheet}.pdf", expect=405)


def test_the_list_costs_the_same_however_long(agent, statements):
    for _page in range(3):
        stickers.make(10, 3, clock.now())
    db.session.commit()
    with statements() as seen:
        first = agent.get("/desk/stickers")
    assert len(seen) <= 3 and first.text.count("3 stickers") == 25
