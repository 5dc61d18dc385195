"""Tills post sales: one or many, told again, told otherwise, told wrong."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import db
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind
from portal.web.api import reading
from tests import factories
from tests.till import PURCHASES, line, sale

BIG = 2**53 + 1
NUL = "\0"


def kept():
    db.session.expire_all()
    return db.session.scalars(select(Purchase).order_by(Purchase.id)).all()


def test_a_sale_is_recorded_and_found_again(pos):
    answer = pos.post(sale(external_id=BIG, cashier="Sari"))
    told = answer.json
    assert (told["status"], told["outlet"], told["number"]) == ("created", "PNK", "N-1")
    assert answer.headers["Location"] == f"{PURCHASES}/{told['code']}"
    [made] = kept()
    assert (made.code, made.source, made.external_id, made.cashier) == (told["code"], "api", str(BIG), "Sari")
    assert (made.buyer_phone, made.total, made.bought_at.isoformat()) == (
        "+6281211112222", 2_499_000, "2026-01-20T07:05:00+00:00"
    )  # fmt: skip
    by_code, by_id, by_number = (
        pos.get(PURCHASES + path).json
        for path in (f"/{told['code']}", f"?external_id={BIG}", "?outlet=PNK&number=N-1")
    )
    assert by_code == by_id == by_number
    assert by_code["url"] == told["url"]
    assert (by_code["total"], by_code["bought_at"]) == ("2499000", "2026-01-20T14:05:00+07:00")
    assert "Dewi" not in json.dumps(by_code) and "1111" not in json.dumps(by_code)


def test_told_again_nothing_changes_told_otherwise_it_is_revised(pos):
    first = pos.post(sale()).json
    assert pos.post(sale(), expect=200).json == {**first, "status": "unchanged"}
    changed = pos.post(sale(lines=[line(unit_price=2_399_000)]), expect=200).json
    assert changed == {**first, "status": "changed"}
    assert [made.total for made in kept()] == [2_399_000]


def test_a_batch_lets_the_good_ones_through_in_order(pos):
    bad = [
        sale(number="2", lines=[line(unit_price="1.500.000")]),
        sale(number="3", outlet="ABC"),
        "no sale",
        sale(number="5", lines=[]),
    ]
    batch = [sale(number="1"), *bad, sale(number="6"), sale(number="6"), sale(number="1", cashier="Budi")]
    results = pos.post({"purchases": batch}, expect=200).json["results"]
    assert [one["status"] for one in results] == [
        "created", "refused", "refused", "refused", "refused", "created", "unchanged", "changed"
    ]  # fmt: skip
    assert [(one["outlet"], one["number"]) for one in results[1:4]] == [
        ("PNK", "2"),
        ("ABC", "3"),
        (None, None),
    ]
    assert [one["problem"]["errors"][0]["pointer"] for one in results[1:5]] == [
        "#/purchases/1/lines/0/unit_price", "#/purchases/2/outlet", "#/purchases/3", "#/purchases/4/lines"
    ]  # fmt: skip
    assert all(one["problem"]["status"] == 422 for one in results[1:5])
    assert [made.number for made in kept()] == ["1", "6"]


def test_the_same_number_at_two_outlets_is_two_sales(pos):
    factories.outlet("SBY")
    codes = {pos.post(sale(outlet=outlet)).json["code"] for outlet in ("PNK", "SBY")}
    assert len(codes) == len(kept()) == 2


def test_ids_beyond_what_a_double_holds_stay_exact(pos):
    told = pos.post(sale(number=BIG, lines=[line(sku=BIG + 2, serials=[BIG + 4])])).json
    assert told["number"] == str(BIG)
    assert pos.get(f"{PURCHASES}/{told['code']}").json["lines"][0]["sku"] == str(BIG + 2)


def test_amounts_stay_exact_however_they_are_written(pos):
    body = json.dumps(sale(lines=[line(unit_price="?")])).replace('"?"', "99999999999.123456")
    code = pos.post(body).json["code"]
    assert db.session.scalar(select(PurchaseLine.unit_price)) == Decimal("99999999999.123456")
    assert pos.get(f"{PURCHASES}/{code}").json["lines"][0]["unit_price"] == "99999999999.123456"


def test_a_time_without_an_offset_is_the_outlets(pos):
    factories.outlet("DJJ", "Asia/Jayapura")
    pos.post(sale(outlet="DJJ", bought_at="2026-01-20T14:05"))
    pos.post(sale(bought_at="2026-01-20T14:05:00Z"))
    assert [made.bought_at.hour for made in kept()] == [5, 14]


def test_a_discount_a_fee_and_a_piece_that_came_back(pos):
    lines = [line(quantity=2, discount=100_000), {"description": "Ongkir", "quantity": 1, "unit_price": 5e4}]
    code = pos.post(sale(lines=lines)).json["code"]
    assert kept()[0].total == 2 * 2_499_000 - 100_000 + 50_000
    pos.post(sale(lines=[{**lines[0], "returned": 1}, lines[1]]), expect=200)
    assert [one["returned"] for one in pos.get(f"{PURCHASES}/{code}").json["lines"]] == [1, 0]


def test_a_sale_is_cancelled_by_telling_so(pos):
    code = pos.post(sale()).json["code"]
    pos.post(sale(cancelled_at="2026-01-21T09:00:00+07:00"), expect=200)
    assert pos.get(f"{PURCHASES}/{code}").json["cancelled_at"] == "2026-01-21T09:00:00+07:00"


def test_a_cancellation_takes_back_another_sale(pos):
    pos.post(sale(lines=[line(quantity=2)]))
    pos.post(sale(number="R-1", kind="cancellation", undoes="N-1", lines=[line(quantity=-1)]))
    sold, undone = kept()
    assert (undone.kind, undone.undoes_id, undone.total) == (PurchaseKind.CANCELLATION, sold.id, -2_499_000)
    assert sold.lines[0].returned == 1


def test_what_is_null_is_left_out(pos):
    empty = dict.fromkeys(
        ("buyer_name", "buyer_email", "cashier", "kind", "undoes", "currency", "external_id")
    )
    empty_line = dict.fromkeys(("sku", "serials", "discount", "returned", "barcode", "category", "brand"))
    pos.post({**sale(buyer_phone=""), **empty, "lines": [{**line(), **empty_line}]})
    assert kept()[0].buyer_phone is None


@pytest.mark.parametrize(
    ("fields", "pointer", "said"),
    [
        ({"lines": [line(unit_price=-5)]}, "/lines", "less than nothing"),
        ({"currency": "USD"}, "/currency", "sells in IDR"),
        ({"bought_at": "0202-01-20T14:05:00+07:00"}, "/bought_at", "year 202"),
        ({"bought_at": "2999-01-20T14:05:00+07:00"}, "/bought_at", "in the future"),
        ({"cancelled_at": "0001-01-01T00:00:00"}, "/cancelled_at", "cannot have been cancelled"),
        ({"bought_at": "20/01/2026 14:05"}, "/bought_at", "2025-01-20T14:05:00+07:00"),
        ({"bought_at": "2026-01-20"}, "/bought_at", "date and time"),
        ({"bought_at": 1768892700}, "/bought_at", "date and time"),
        ({"number": "N" * 41}, "/number", "At most 40"),
        ({"number": " "}, "/number", "empty"),
        ({"number": 1.5}, "/number", "text"),
        ({"number": f"N{NUL}1"}, "/number", "cannot be stored"),
        ({"buyer_name": "\ud800"}, "/buyer_name", "cannot be stored"),
        ({"buyer_phone": "12"}, "/buyer_phone", "no phone number"),
        ({"buyer_email": "dewi"}, "/buyer_email", "no e-mail"),
        ({"kind": "gift"}, "/kind", "sale, cancellation, adjustment"),
        ({"cahsier": "Sari"}, "/cahsier", "Is “cashier” meant?"),
        ({"a/b~c": 1}, "/a~1b~0c", "no field “a/b~c”"),
        ({"lines": [line(quantity=1.5)]}, "/lines/0/quantity", "whole number"),
        ({"lines": [line(quantity=True)]}, "/lines/0/quantity", "whole number"),
        ({"lines": [line(), line(unit_price="Rp5")]}, "/lines/1/unit_price", "12500 or 12.50"),
        ({"lines": [line(unit_price=10**13)]}, "/lines/0/unit_price", "number from"),
        ({"lines": [line(returned=2)]}, "/lines/0/returned", "More came back"),
        ({"lines": "none"}, "/lines", "list"),
        ({"lines": [line()] * 501}, "/lines", "500"),
        ({"lines": None}, "/lines", "needed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(pos, fields, pointer, said):
    wrong = pos.refused(sale(**fields))
    assert list(wrong) == [f"#{pointer}"]
    assert said in wrong[f"#{pointer}"]
    assert not kept()


def test_half_a_sign_is_told_back_as_a_question_mark(pos):
    answer = pos.post({"purchases": [{"outlet": "\ud800", "number": "a\udfff"}]}, expect=200)
    assert '"outlet": "?", "number": "a?"' in answer.text


def test_everything_that_is_wrong_is_told_at_once(pos):
    wrong = pos.refused({"outlet": "PNK", "lines": [line(quantity="x"), {"unit_price": 1}]})
    assert set(wrong) == {
        "#/number", "#/bought_at", "#/lines/0/quantity", "#/lines/1/description", "#/lines/1/quantity"
    }  # fmt: skip
    assert len(pos.refused({f"x{n}": 1 for n in range(5000)})) == reading.MOST_ERRORS


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("", 400, "not JSON"),
        ("{'number': 1}", 400, "line 1, column 2"),
        (b"\xff\xfe\xfa", 400, "UTF-8"),
        ('{"number": NaN}', 400, "not JSON"),
        ('{"number": 1e99999999999999999999}', 400, "not JSON"),
        ('{"number": ' + "9" * 5000 + "}", 400, "not JSON"),
        ("[" * 100_000, 400, "nested"),
        ("[]", 422, "object"),
        ("5", 422, "object"),
        ('{"purchases": []}', 422, "1 to 500"),
        ('{"purchases": {}}', 422, "1 to 500"),
        (json.dumps({"purchases": [1] * 501}), 422, "1 to 500"),
        ('{"purchases": [], "outlet": "PNK"}', 422, "“outlet”"),
        ('{"purchases": [], "\\ud800": 1}', 422, "“?”"),
    ],
)
def test_a_body_that_is_no_sale(pos, body, status, said):
    assert said in pos.post(body, expect=status).json["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_content_type(pos, kind):
    answer = pos.post(json.dumps(sale()), expect=415, headers={"Content-Type": kind})
    assert "application/json" in answer.json["detail"]


@pytest.mark.parametrize(
    "query", ["", "?external_id=", "?outlet=PNK", "?qr=gif&external_id=1", "?external_id=1&paper=70&qr=svg"]
)
def test_a_question_that_is_none(pos, query):
    assert pos.get(PURCHASES + query, expect=400).json["detail"]
    pos.get(f"{PURCHASES}?external_id=nothing", expect=404)
