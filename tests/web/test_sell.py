"""The counter sale: found, added, recorded once, handed over; whatever is wrong, nothing typed is lost."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.domain.outbox.models import OutboxMessage
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase
from portal.domain.units.models import Unit
from portal.kernel import clock
from tests import factories
from tests.browser import Browser
from tests.forms import errors, fields
from tests.pages import parse


@pytest.fixture
def kettle(app):
    return factories.product(name="Ketel 2 liter", price=150_000, serialised=False, barcode="8991234567891")


def line(product=None, n=0, **typed):
    values = {"description": "Ongkos kirim", "quantity": "1", "price": "25.000", "sku": "", "serialised": ""}
    if product is not None:
        values |= {"sku": product.sku, "description": product.name, "price": f"{product.price}"}
    return {f"lines-{n}-{name}": value for name, value in {**values, **typed}.items()}


def sell(agent, outlet, *, expect=303, **typed):
    return agent.post("/desk/sell", expect=expect, do="record", outlet=outlet.code, **typed)


def sold(answer):
    db.session.expire_all()
    code = answer.headers["Location"].rpartition("/")[2]
    return db.session.scalars(select(Purchase).where(Purchase.code == code)).one()


def counted():
    return db.session.scalar(select(func.count()).select_from(Purchase))


def test_a_barcode_adds_its_product_and_a_second_scan_one_more(agent, outlet, kettle):
    page = agent.post("/desk/sell", expect=200, do="find", q=" 899 1234567891", outlet=outlet.code)
    typed = fields(page.text, "/desk/sell")
    assert (typed["lines-0-sku"], typed["lines-0-quantity"], typed["lines-0-price"]) == (
        kettle.sku,
        "1",
        "150.000",
    )
    again = agent.post("/desk/sell", expect=200, **{**typed, "do": "find", "q": kettle.sku.lower()})
    typed = fields(again.text, "/desk/sell")
    assert typed["lines-0-quantity"] == "2" and "lines-1-sku" not in typed
    assert "Rp300.000" in again.text


def test_things_with_a_serial_number_are_a_line_each(agent, outlet, product):
    typed = line(product, serialised="1", serial="A1")
    page = agent.post("/desk/sell", expect=200, do=f"add-{product.sku}", outlet=outlet.code, **typed)
    typed = fields(page.text, "/desk/sell")
    assert typed["lines-0-serial"] == "A1" and typed["lines-1-sku"] == product.sku


def test_words_offer_what_fits_with_scripts_and_without(agent, outlet, kettle, product):
    found = agent.get("/desk/sell/products?q=ketel", htmx=True)
    assert [b.get("value") for b in parse(found.text).iter("button")] == [f"add-{kettle.sku}"]
    assert f"add-{kettle.sku}" in agent.post("/desk/sell", expect=200, do="find", q="ketel").text
    assert "Nothing" not in agent.get("/desk/sell/products?q=").text
    assert "No product is called" in agent.get("/desk/sell/products?q=xyz", htmx=True).text


def test_lines_are_added_and_taken_out_and_the_rest_stays_typed(agent, outlet, kettle):
    typed = {**line(kettle), **line(n=1), "phone": "abc", "name": "Dewi"}
    page = agent.post("/desk/sell", expect=200, do="remove-lines-0", outlet=outlet.code, **typed)
    left = fields(page.text, "/desk/sell")
    assert "lines-1-sku" not in left and left["lines-0-description"] == "Ongkos kirim"
    assert (left["phone"], left["name"]) == ("abc", "Dewi")
    more = agent.post("/desk/sell", expect=200, htmx=True, **{**left, "do": "free"})
    assert 'id="items"' in more.text and "lines-1-description" in more.text and "<h1" not in more.text
    total = agent.post("/desk/sell", expect=200, htmx=True, **{**left, "do": "total"})
    assert "Rp25.000" in total.text and 'id="items"' not in total.text
    assert counted() == 0


def test_a_sale_is_recorded_once_with_card_customer_and_a_number_of_its_own(agent, outlet, product, kettle):
    typed = {
        **line(product, serialised="1", serial=" sn 77 "), **line(kettle, n=1, quantity="3", price="140.000"),
        **line(n=2), "phone": "0812-9999-1234", "name": "Dewi", "_key": "tap",
    }  # fmt: skip
    first, twin = sell(agent, outlet, **typed), sell(agent, outlet, **typed)
    assert first.headers["Location"] == twin.headers["Location"] and counted() == 1
    purchase = sold(first)
    day = f"{clock.now().astimezone(clock.ZoneInfo(outlet.timezone)):%Y%m%d}"
    assert purchase.number == f"S-{day}-0001" and purchase.source == "counter"
    assert purchase.total == product.price + 3 * 140_000 + 25_000 and purchase.cashier == agent.person.name
    assert purchase.customer.name == "Dewi" and purchase.buyer_phone == "+6281299991234"
    units = db.session.scalars(select(Unit).where(Unit.purchase_id == purchase.id).order_by(Unit.id)).all()
    assert [unit.serial for unit in units][:1] == ["SN77"] and len(units) == 4
    assert sold(sell(agent, outlet, **line(kettle))).number == f"S-{day}-0002"
    assert fields(agent.get("/desk/sell").text, "/desk/sell")["outlet"] == outlet.code


@pytest.mark.parametrize(("typed", "wrong"), [
    ({}, "Add at least one item"),
    (line(price="-5"), "lines-0-price"),
    (line(price="gratis"), "lines-0-price"),
    (line(quantity="0"), "lines-0-quantity"),
    (line(description=""), "lines-0-description"),
    ({**line(), "phone": "123"}, "phone"),
    ({**line(), "email": "x"}, "email"),
    ({**line(), "day": "2999-01-01"}, "day"),
    ({**line(), "sticker": "ZZZZ-ZZZZ"}, "sticker"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_it_and_all_stays(agent, outlet, typed, wrong):
    page = sell(agent, outlet, expect=422, name="Ibu Dewi", **typed)
    assert wrong in errors(page.text) or wrong in page.text
    kept = fields(page.text, "/desk/sell")
    assert kept["name"] == "Ibu Dewi" and all(kept[name] == value for name, value in typed.items())
    assert counted() == 0


def test_a_serial_number_of_another_item_and_a_number_that_is_taken_are_refused(
    agent, outlet, owner, product
):
    taken = line(product, n=1, serialised="1", serial=owner.unit.serial)
    page = sell(agent, outlet, expect=422, **line(), **taken)
    assert "lines-1-serial" in errors(page.text)
    page = sell(agent, owner.purchase.outlet, expect=422, number=owner.purchase.number, **line())
    assert "number" in errors(page.text)
    assert counted() == 1


def test_an_earlier_day_has_numbers_of_its_own(agent, outlet):
    day = (clock.now() - timedelta(days=3)).date()
    purchase = sold(sell(agent, outlet, day=day.isoformat(), **line()))
    assert purchase.number == f"S-{day:%Y%m%d}-0001"
    assert purchase.bought_at.astimezone(clock.ZoneInfo(outlet.timezone)).date() == day


def test_who_has_this_phone_is_asked_without_telling_it(agent, owner):
    page = agent.post("/desk/sell", expect=200, htmx=True, do="who", phone="0812-3456-7890")
    assert "S••• R••••" in page.text and "Siti" not in page.text
    assert (
        "Known" not in agent.post("/desk/sell", expect=200, htmx=True, do="who", phone="0812-0000-0009").text
    )


def test_the_receipt_is_handed_over_by_code_paper_chat_and_mail(app, agent, outlet):
    answer = sell(
        agent, outlet, phone="0812-9999-1234", email="dewi@contoh.id", send="y", name="Dewi", **line()
    )
    purchase, page = sold(answer), agent.follow(answer)
    token = queries.token_of(purchase.id)
    links = [link.get("href") or "" for link in parse(page.text).iter("a")]
    chat = unquote(next(link for link in links if link.startswith("https://wa.me/6281299991234?text=")))
    assert f"/receipt?code={purchase.code}" in chat and token not in chat and "Terima kasih" in chat
    assert {f"/desk/receipts/{purchase.code}/receipt.pdf?paper={p}" for p in ("58", "80", "a4")} <= set(links)
    assert f'value="{purchase.code}"' in Browser(app).get(f"/receipt?code={purchase.code}").text
    owed = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "receipt")).one()
    assert owed.address == "dewi@contoh.id" and token not in str(owed.values)


def test_only_who_may_record_sees_it(technician, owner, client, agent, stranger):
    for path in ("/desk/sell", "/desk/sell/products?q=a", f"/desk/sell/{owner.purchase.code}"):
        technician.get(path, expect=403)
        stranger.get(path, expect=403)
        client.get(path, expect=303)
    technician.post("/desk/sell", expect=403)
    agent.get("/desk/sell/ZZZZZZZZ", expect=404)
    agent.post("/desk/sell/products", expect=405)


def test_the_page_costs_little_whatever_is_in_it(agent, outlet, kettle, statements):
    with statements() as seen:
        agent.post("/desk/sell", expect=200, do="free", outlet=outlet.code, phone="0812-9999-1234",
                   **{k: v for n in range(12) for k, v in line(kettle, n=n).items()})  # fmt: skip
    assert len(seen) <= 6
