"""Columns are recognised by their names, and rows become sales or reasons."""

from datetime import UTC
from decimal import Decimal

import pytest

from portal.domain.intake import columns, values
from portal.domain.intake.columns import Field as F
from portal.domain.intake.lines import Plan
from portal.domain.intake.numbers import NumberStyle
from portal.domain.intake.sales import Place, Reader, Reading
from portal.domain.purchases.rules import PurchaseKind as Kind
from portal.kernel.errors import Refused

PLACE = Place("A1", UTC, "IDR")
NAMES = "number,date,sku,product,quantity,price,amount,discount,refund,kind,phone,currency,original,unit"
ORDINARY = {"number": "7", "date": "2024-03-01", "product": "Kopi", "quantity": "2", "price": "10.50"}

EXPORTS = {
    "uci": "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    "moka": "Outlet,Receipt Number,Date,Time,Category,Brand,Items,Variant,SKU,Quantity,Gross Sales,Discounts,"
    "Refunds,Net Sales,Tax,Collected By,Customer,Event Type,Reason of Refund",
    "shopify": "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Billing Name,Phone,Vendor,Lineitem discount",
    "woocommerce": "Order Number,Order Status,Order Date,First Name (Billing),Email (Billing),SKU,Item Name,"
    "Quantity (- Refund),Item Cost",
    "local": "No. Transaksi,Tanggal,Jam,Kasir,Pelanggan,No. HP,Kode Barang,Nama Barang,Qty,Harga Satuan",
}


@pytest.mark.parametrize("till", EXPORTS)
def test_exports_of_known_tills_need_no_help(till: str) -> None:
    header = EXPORTS[till].split(",")
    found = columns.guess(header, [])
    assert not columns.missing(found)
    assert found.keys() >= {F.PRODUCT, F.SKU, F.QUANTITY}
    assert columns.find_header([["Laporan"], ["", "Maret"], header, ["1", "2"]]) == 2


def test_a_column_that_is_empty_is_not_guessed() -> None:
    assert F.SKU not in columns.guess(["Struk", "SKU", "Tanggal"], [["1", "", "2024-01-01"]])


def read(*rows: dict[str, str], number: str = "7", **options: object) -> Reading:
    """The rows of one receipt; what they do not say is ordinary."""
    names = NAMES.split(",")
    used = [name for name in names if any(name in {**ORDINARY, **row} for row in rows)]
    plan = Plan({F(name): n for n, name in enumerate(used)}, NumberStyle.DOT, NumberStyle.DOT, **options)
    cells = [[{**ORDINARY, **row}.get(name, "") for name in used] + [""] for row in rows]
    return Reader(plan, len(used)).read(PLACE, number, cells)


def test_rows_of_a_receipt_become_one_sale() -> None:
    found = read({"phone": ""}, {"date": "2024-02-29 23:00", "phone": "0812-3456-7890", "discount": "1"})
    assert found.sale is not None and found.amount == 41
    assert found.sale.bought_at.isoformat() == "2024-02-29T23:00:00+00:00"
    assert found.sale.buyer_phone == "+6281234567890"
    assert [line.discount for line in found.sale.lines] == [0, 1]


def test_equal_rows_are_as_real_as_others() -> None:
    assert len(read({}, {}, {}).sale.lines) == 3


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"quantity": "0.25", "unit": "kg"}, ("Kopi (0.25 kg)", 1, Decimal("2.6250"), 0)),
        ({"price": "", "amount": "100", "quantity": "3"}, ("Kopi", 3, Decimal("33.3334"), Decimal("0.0002"))),
        ({"price": "", "amount": "100", "quantity": "4"}, ("Kopi", 4, 25, 0)),
        ({"price": "", "amount": "7", "quantity": "0"}, ("Kopi", 1, 7, 0)),
        ({"price": "0.001", "quantity": "1"}, ("Kopi", 1, Decimal("0.001"), 0)),
        ({"amount": "21", "discount": "3"}, ("Kopi", 2, Decimal("10.5"), 3)),
    ],
)
def test_a_line_keeps_its_amount_exactly(row: dict[str, str], line: tuple[object, ...]) -> None:
    (made,) = read(row).sale.lines
    assert (made.description, made.quantity, made.unit_price, made.discount) == line


@pytest.mark.parametrize(
    ("rows", "number", "kind"),
    [
        ([{}], "C7", Kind.SALE),
        ([{"quantity": "-2"}], "7", Kind.CANCELLATION),
        ([{"quantity": "-2"}], "C7", Kind.CANCELLATION),
        ([{"quantity": "1", "price": "-11062.06"}], "A7", Kind.ADJUSTMENT),
        ([{"quantity": "-2", "price": "0"}], "7", Kind.ADJUSTMENT),
        ([{"quantity": "-1"}, {}], "7", Kind.SALE),
        ([{"kind": "Retur", "original": "6"}], "7", Kind.CANCELLATION),
        ([{"kind": "Penyesuaian"}], "7", Kind.ADJUSTMENT),
    ],
)
def test_what_kind_of_receipt_it_is(rows: list[dict[str, str]], number: str, kind: Kind) -> None:
    assert read(*rows, number=number).sale.kind == kind


def test_a_cancelled_sale_stays_a_sale_that_was_cancelled() -> None:
    sale = read({"kind": "Dibatalkan"}).sale
    assert sale.kind == Kind.SALE and sale.cancelled_at == sale.bought_at


def test_refund_rows_take_pieces_back() -> None:
    found = read({"refund": ""}, {"product": "Refund - Kopi", "quantity": "1", "refund": "10.50"})
    assert [(line.quantity, line.returned) for line in found.sale.lines] == [(2, 1)]
    assert found.amount == 21


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"date": ""}, "The date is missing"), ({"date": "0202-01-01"}, "year"), ({"product": ""}, "product"),
        ({"price": ""}, "price is missing"), ({"price": "=1+1"}, "number"), ({"quantity": ""}, "quantity is"),
        ({"quantity": "99999999"}, "cannot be meant"), ({"quantity": "0"}, "every quantity is 0"),
        ({"sku": "1.23457E+12"}, "shortened"), ({"amount": "500"}, "but the total says"),
        ({"kind": "Entah"}, "no kind"), ({"kind": "Pending"}, "not paid"), ({"refund": "5"}, "only give"),
        ({"price": "10 btc"}, "no currency"), ({"sku": "X" * 41}, "longer than"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_says_why(row: dict[str, str], reason: str) -> None:
    found = read(row)
    assert found.sale is None and reason in str(found.reasons[0].message)


def test_only_the_bad_row_has_a_reason_of_its_own() -> None:
    assert list(read({}, {"price": "x"}, {}).reasons) == [1]


def test_the_till_s_currency_goes_with_the_sale() -> None:
    assert read({"price": "£4.65"}).sale.currency == "GBP"
    assert read({"currency": "IDR"}).sale.currency is None


def test_a_phone_that_cannot_be_read_keeps_no_receipt_out() -> None:
    found = read({"phone": "-"})
    assert found.sale.buyer_phone is None and len(found.notes) == 1


@pytest.mark.parametrize(
    ("sample", "lost"),
    [
        (["820982911946154500"], True), (["1234567890123450", "1234567890123460"], True),
        (["1234567890123450"], False), (["1234567890123450", "1234567890123461"], False), (["100"], False),
    ],
)  # fmt: skip
def test_ids_that_a_spreadsheet_has_rounded_are_noticed(sample: list[str], lost: bool) -> None:
    assert values.lost_digits(sample) is lost
    if lost:
        with pytest.raises(Refused, match="shortened"):
            values.identity(sample[0], 40, rounded=True)
    assert values.identity("'0812.0", 40) == "0812" == values.identity("0812", 40)
