"""Receipts for printers without a driver: the bytes say what the portal says."""

from base64 import b64decode
from decimal import Decimal

import pytest
import zxingcpp

from portal.db import db
from portal.domain.purchases import queries
from portal.domain.purchases.models import PurchaseLine
from portal.kernel import clock
from tests.adapters.roll import printed
from tests.browser import Browser
from tests.pages import parse


def path(purchase, rest):
    return f"/desk/receipts/{purchase.code}{rest}"


@pytest.mark.parametrize("paper", ["58", "80"])
def test_the_bytes_say_what_the_receipt_says(agent, purchase, paper):
    answer = agent.get(path(purchase, f"/receipt.escpos?paper={paper}"))
    assert answer.mimetype == "application/octet-stream" and answer.headers["Cache-Control"] == "no-store"
    assert f"{paper}.escpos" in answer.headers["Content-Disposition"]
    roll = printed(answer.data)
    text = " ".join(roll.text.split())
    for said in (purchase.number, purchase.outlet.name, "Televisi 43 inci", "panel: until ", "Rp8.598.000"):
        assert said in text
    (code,) = zxingcpp.read_barcodes(roll.pictures[-1])
    assert code.text.endswith(f"/q/{queries.token_of(purchase.id)}")


def test_discounts_returns_and_a_cancellation_stand_on_it(agent, purchase):
    (line,) = db.session.scalars(db.select(PurchaseLine).where(PurchaseLine.purchase_id == purchase.id))
    line.amount -= 98_000
    line.returned, purchase.total, purchase.cancelled_at = 1, line.amount, clock.now()
    db.session.commit()
    text = " ".join(printed(agent.get(path(purchase, "/receipt.escpos")).data).text.split())
    for said in ("Discount -Rp98.000", "Returned: 1 of 2", "Rp8.500.000", "*** Cancelled on "):
        assert said in text
    assert line.unit_price == Decimal(4_299_000)


def test_rawbt_gets_the_same_bytes_and_is_offered_on_android(agent, purchase):
    page = agent.get(path(purchase, "/bluetooth")).text
    links = [a.get("href") for a in parse(page).iter("a") if (a.get("href") or "").startswith("rawbt:")]
    for link, paper in zip(links, ("58", "80"), strict=True):
        sent = b64decode(link.removeprefix("rawbt:base64,"))
        assert sent == agent.get(path(purchase, f"/receipt.escpos?paper={paper}")).data
    phone, desktop = (
        agent.get(path(purchase, ""), User_Agent=system).text
        for system in ("Linux; Android 14", "X11; Linux")
    )
    assert phone.count("/bluetooth") == desktop.count("/bluetooth") + 1 == 2


def test_paper_that_is_no_roll_and_people_who_may_not_see_it(agent, technician, owner, purchase, app):
    for paper in ("a4", "57", ""):
        agent.get(path(purchase, f"/receipt.escpos?paper={paper}"), expect=404)
    for rest in ("/receipt.escpos", "/bluetooth"):
        agent.post(path(purchase, rest), expect=405)
        agent.get(f"/desk/receipts/ZZZZZZZZ{rest}", expect=404)
        technician.get(path(purchase, rest), expect=403)
        owner.get(path(purchase, rest), expect=403)
        Browser(app).get(path(purchase, rest), expect=303)


def test_a_revoked_code_is_not_printed(agent, purchase):
    agent.post(path(purchase, "/revoke"))
    agent.get(path(purchase, "/receipt.escpos"), expect=410)
    agent.get(path(purchase, "/bluetooth"), expect=410)
