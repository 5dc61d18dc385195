"""What tills print: QR codes and receipts, read back as a camera and a printer would."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageOps

from portal.db import db
from portal.domain.purchases import actions as purchases
from portal.domain.purchases.models import Purchase
from portal.kernel import clock
from tests.adapters.roll import printed
from tests.till import PURCHASES, line, sale

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'


def read(picture):
    return [code.text for code in zxingcpp.read_barcodes(ImageOps.expand(picture.convert("L"), 40, 255))]


def of_svg(drawing):
    """The picture of an SVG whose one line goes along the dark modules."""
    assert drawing.startswith("<svg ") and XMLNS in drawing
    picture, at, y = Image.new("L", (400, 400), 255), 0.0, 0.0
    draw = ImageDraw.Draw(picture)
    [steps] = re.findall(r'stroke="#000" d="([^"]+)"', drawing)
    for kind, *numbers in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", steps):
        x, more = float(numbers[0]), float(numbers[1] or 0)
        if kind == "h":
            draw.rectangle((at * 8, (y - 0.5) * 8, (at + x) * 8 - 1, (y + 0.5) * 8 - 1), fill=0)
        at, y = (x, more) if kind == "M" else (at + x, y + (more if kind == "m" else 0))
    return picture


def of_png(data):
    return Image.open(BytesIO(data))


def of_escpos(data):
    [picture] = printed(data).pictures
    return picture


@pytest.fixture
def told(pos):
    return pos.post(sale(), f"{PURCHASES}?qr=svg,png,escpos&paper=58").json


def test_the_codes_in_the_answer_are_read(pos, told):
    qr = told["qr"]
    assert read(of_svg(qr["svg"])) == [told["url"]]
    assert read(of_png(b64decode(qr["png"]))) == [told["url"]]
    assert read(of_escpos(b64decode(qr["escpos"]))) == [told["url"]]
    found = pos.get(f"{PURCHASES}?outlet=PNK&number=N-1&qr=svg").json["qr"]
    assert list(found) == ["svg"] and read(of_svg(found["svg"])) == [told["url"]]


def test_a_batch_has_the_codes_of_what_is_in(pos):
    batch = {"purchases": [sale(), sale(outlet="ABC"), sale(number="2")]}
    one, refused, other = pos.post(batch, f"{PURCHASES}?qr=png", expect=200).json["results"]
    assert "qr" not in refused
    for result in (one, other):
        assert read(of_png(b64decode(result["qr"]["png"]))) == [result["url"]]


@pytest.mark.parametrize(
    ("form", "kind", "picture"),
    [
        ("svg", "image/svg+xml", None),
        ("png", "image/png", of_png),
        ("escpos", "application/octet-stream", of_escpos),
    ],
)
def test_the_code_as_a_file(pos, told, form, kind, picture):
    answer = pos.get(f"{PURCHASES}/{told['code']}/qr.{form}?paper=58")
    assert answer.mimetype == kind
    assert read(picture(answer.data) if picture else of_svg(answer.text)) == [told["url"]]


def test_it_opens_the_receipt(pos, told, client):
    assert "Televisi" in client.get(told["url"].removeprefix("http://127.0.0.1:8000")).text


@pytest.mark.parametrize("paper", ["58", "80"])
def test_the_whole_receipt_for_a_thermal_printer(pos, told, paper):
    roll = printed(pos.get(f"{PURCHASES}/{told['code']}/receipt.escpos?paper={paper}").data)
    assert "Televisi" in roll.text and "2.499.000" in roll.text
    assert "Simpan nota ini" in " ".join(roll.text.split())  # for the customer, whatever the till speaks
    assert [told["url"]] in [read(picture) for picture in roll.pictures]


def test_the_receipt_in_english(pos, told):
    roll = printed(pos.get(f"{PURCHASES}/{told['code']}/receipt.escpos?lang=en").data)
    assert "Keep this receipt" in " ".join(roll.text.split())


def test_a_link_that_the_shop_has_ended(pos, told):
    made = db.session.query(Purchase).one()
    purchases.revoke_link(made, clock.now())
    for file in ("qr.svg", "qr.escpos", "receipt.escpos"):
        assert pos.get(f"{PURCHASES}/{made.code}/{file}", expect=410).mimetype == "application/problem+json"
    again = pos.post(sale(), f"{PURCHASES}?qr=svg", expect=200).json
    assert again["url"] is None and "qr" not in again
    purchases.reissue_link(made, clock.now())
    assert pos.get(f"{PURCHASES}/{made.code}").json["url"] not in (None, told["url"])


@pytest.mark.parametrize("query", ["qr=gif", "qr=svg,pdf", "qr=svg&paper=a4", "paper=57"])
def test_forms_and_papers_that_there_are_not(pos, query):
    pos.post(sale(lines=[line()]), f"{PURCHASES}?{query}", expect=400)
    assert db.session.query(Purchase).count() == 0
