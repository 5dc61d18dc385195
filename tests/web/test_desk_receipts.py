"""Receipts at the desk: found, printed, their paper replaced, their customer signed in."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from zxingcpp import read_barcodes

from portal.db import db
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase
from portal.kernel import clock, phone
from tests import factories
from tests.browser import Browser
from tests.pages import parse


def path(purchase, what=""):
    return f"/desk/receipts/{purchase.code}{what}"


def found(answer):
    return [row.get("data-row") for row in parse(answer.text).iterfind(".//tr[@data-row]")]


def test_found_by_code_number_phone_and_mail(agent, purchase, owner):
    told = {"buyer_email": "ani@contoh.id", "buyer_phone": purchase.buyer_phone}
    mail = factories.purchase(purchase.outlet, [(purchase.lines[0].product, 1)], **told)
    typed = f"{purchase.code[:4].lower()}-{purchase.code[4:]}"
    assert found(agent.get(f"/desk/receipts?q={typed}")) == [purchase.code]
    assert found(agent.get(f"/desk/receipts?q={purchase.number}")) == [purchase.code]
    shown = phone.show(purchase.buyer_phone)
    assert set(found(agent.get(f"/desk/receipts?q={shown}"))) == {purchase.code, mail.code}
    assert found(agent.get("/desk/receipts?q=Ani@contoh.id")) == [mail.code]
    assert found(agent.get("/desk/receipts?q=tidak%20ada")) == []


def test_every_page_of_the_list_costs_the_same(agent, outlet, product, statements):
    start = clock.now() - timedelta(days=40)
    made = [factories.purchase(outlet, [(product, 1)], at=start + timedelta(hours=n)) for n in range(30)]
    with statements() as seen:
        first = agent.get("/desk/receipts")
    assert len(seen) <= 2
    following = parse(first.text).find(".//a[@rel='next']").get("href")
    assert found(first) + found(agent.get(following)) == [one.code for one in reversed(made)]


def test_the_page_shows_lines_units_buyer_and_code(agent, purchase, statements):
    with statements() as seen:
        text = agent.get(path(purchase)).text
    assert len(seen) <= 6
    units = [unit.code for unit in factories.units_of(purchase)]
    for needed in ("Televisi 43 inci", "Dewi Anggraini", phone.show(purchase.buyer_phone), "<svg", *units):
        assert needed in text


def test_the_picture_holds_the_address_of_the_paper(agent, purchase):
    picture = Image.open(BytesIO(agent.get(path(purchase, "/qr.png")).data))
    assert read_barcodes(picture)[0].text.endswith(f"/q/{queries.token_of(purchase.id)}")
    assert agent.get(path(purchase, "/qr.svg")).mimetype == "image/svg+xml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("paper", "width"), [("", 80), ("?paper=58", 58), ("?paper=80", 80), ("?paper=a4", 210)]
)
def test_the_printed_receipt(agent, purchase, paper, width):
    answer = agent.get(path(purchase, f"/receipt.pdf{paper}"))
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    page = PdfReader(BytesIO(answer.data)).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4) == width
    assert "panel: until " in " ".join(page.extract_text().split())
    assert f"receipt.pdf{paper}" in agent.get(path(purchase)).text


def test_paper_that_nobody_has_is_no_page(agent, technician, purchase):
    agent.get(path(purchase, "/receipt.pdf?paper=a5"), expect=404)
    technician.get(path(purchase, "/receipt.pdf?paper=a4"), expect=403)


def test_new_paper_ends_the_old(agent, client, purchase):
    old = queries.token_of(purchase.id)
    agent.follow(agent.post(path(purchase, "/reissue")))
    new = queries.token_of(purchase.id)
    client.get(f"/q/{old}", expect=410)
    client.get(f"/q/{new}")


def test_revoked_paper_opens_nothing_until_it_is_made_again(agent, client, purchase):
    token = queries.token_of(purchase.id)
    for _twice in range(2):
        agent.follow(agent.post(path(purchase, "/revoke")))
    client.get(f"/q/{token}", expect=410)
    agent.get(path(purchase, "/qr.svg"), expect=410)
    agent.get(path(purchase, "/receipt.pdf"), expect=410)
    agent.post(path(purchase, "/reissue"))
    client.get(f"/q/{queries.token_of(purchase.id)}")


def test_the_shop_lets_the_digits_count_again(agent, client, purchase):
    token = queries.token_of(purchase.id)
    purchase.wrong_tries = 10
    db.session.commit()
    client.post(f"/q/{token}/phone", expect=422, digits="2222")
    agent.post(path(purchase, "/open-again"))
    client.post(f"/q/{token}/phone", digits="2222")


def counter_address(answer):
    return next(e.get("data-copy") for e in parse(answer.text).iter("button") if e.get("data-copy"))


def test_the_counter_link_signs_the_holder_in_once(app, agent, purchase):
    answer = agent.post(path(purchase, "/sign-in"), expect=200)
    link = counter_address(answer).removeprefix("http://127.0.0.1:8000")
    phone = Browser(app)
    phone.get(link)
    phone.post(link)
    phone.get(f"/purchases/{purchase.code}")
    Browser(app).post(link, expect=410)
    db.session.expire_all()
    assert db.session.get(Purchase, purchase.id).customer.name == "Dewi Anggraini"


def test_a_second_tap_shows_no_second_link(agent, purchase):
    form = {"_key": "once"}
    agent.post(path(purchase, "/sign-in"), expect=200, **form)
    again = agent.post(path(purchase, "/sign-in"), **form)
    assert "/sign-in/link/" not in agent.follow(again).text


def test_it_opens_the_account_the_receipt_is_in(app, agent, owner):
    link = counter_address(agent.post(path(owner.purchase, "/sign-in"), expect=200))
    phone = Browser(app)
    phone.post(link.removeprefix("http://127.0.0.1:8000"))
    assert "Siti Rahma" in phone.get("/account").text


@pytest.mark.parametrize("what", ["/reissue", "/revoke", "/open-again", "/sign-in"])
def test_wrong_method_role_and_receipt(agent, technician, owner, client, purchase, what):
    technician.post(path(purchase, what), expect=403)
    owner.post(path(purchase, what), expect=403)
    client.post(path(purchase, what), expect=303)
    agent.post(f"/desk/receipts/ZZZZZZZZ{what}", expect=404)
    if what != "/sign-in":
        agent.get(path(purchase, what), expect=405)
