"""Which column of a till's export is which: the names tills give them, and a guess that a person confirms."""

import re
from collections.abc import Sequence
from enum import StrEnum, auto

TITLE_ROWS = 30  # the header is looked for among the first rows of a file


class Field(StrEnum):
    """What a column can hold, in the order in which a person is asked."""

    NUMBER = auto()
    DATE = auto()
    TIME = auto()
    OUTLET = auto()
    SKU = auto()
    BARCODE = auto()
    PRODUCT = auto()
    VARIANT = auto()
    SERIAL = auto()
    CATEGORY = auto()
    BRAND = auto()
    QUANTITY = auto()
    UNIT = auto()
    PRICE = auto()
    AMOUNT = auto()
    DISCOUNT = auto()
    REFUND = auto()
    CURRENCY = auto()
    KIND = auto()
    ORIGINAL = auto()
    CUSTOMER = auto()
    PHONE = auto()
    EMAIL = auto()
    CUSTOMER_REF = auto()
    CASHIER = auto()


# One of each group has to be there.
REQUIRED: tuple[tuple[Field, ...], ...] = (
    (Field.NUMBER,), (Field.DATE,), (Field.PRODUCT, Field.SKU), (Field.PRICE, Field.AMOUNT),
)  # fmt: skip

# Best first: where two columns of a file could be the same thing, the name that stands earlier wins.
NAMES: dict[Field, str] = {
    Field.NUMBER: (
        "receipt number|receipt no|receipt|receipt id|no receipt|nomor struk|no struk|struk|"
        "nomor nota|no nota|nota|invoice no|invoice number|invoice|no invoice|nomor invoice|"
        "no faktur|nomor faktur|faktur|transaction number|transaction no|transaction id|no transaksi|"
        "nomor transaksi|id transaksi|kode transaksi|order number|order no|order id|no order|"
        "nomor order|no pesanan|nomor pesanan|id pesanan|bill no|bill number|no bill|sales number|"
        "sales no|sales id|no penjualan|nomor penjualan|payment no|order|basket id|ticket number|"
        "name"
    ),
    Field.DATE: (
        "invoice date|transaction date|tanggal transaksi|tgl transaksi|order date|tanggal order|"
        "tanggal pesanan|receipt date|sales date|sale date|tanggal penjualan|tgl penjualan|"
        "tanggal nota|tanggal struk|tanggal faktur|waktu transaksi|transaction time|"
        "transaction timestamp|waktu order|date time|datetime|date and time|tanggal dan waktu|"
        "tanggal jam|date|tanggal|tgl|paid at|created at|payment date|tanggal bayar|waktu|"
        "timestamp|date paid|order date time"
    ),
    Field.TIME: ("time|jam|jam transaksi|pukul|order time|receipt time|waktu jam|time of day"),
    Field.OUTLET: (
        "outlet|outlet name|nama outlet|kode outlet|outlet code|store|store name|shop|toko|"
        "nama toko|cabang|nama cabang|branch|branch name|location|lokasi|store id|kode cabang|"
        "gudang"
    ),
    Field.SKU: (
        "sku|lineitem sku|item sku|product sku|sku produk|kode sku|stock code|kode barang|"
        "kode produk|item code|product code|kode item|article|artikel|plu|variant sku|product id|"
        "item id|id produk|kode"
    ),
    Field.BARCODE: ("barcode|ean|upc|gtin|kode batang|ean13|product barcode"),
    Field.PRODUCT: (
        "lineitem name|item name|product name|nama produk|nama barang|nama item|items|item|product|"
        "produk|barang|description|deskripsi|item description|nama menu|menu|keterangan barang|"
        "product type|uraian|keterangan"
    ),
    Field.VARIANT: ("variant|varian|variant name|nama varian|item variant|product variation|variasi|option"),
    Field.SERIAL: (
        "serial number|serial no|serial|nomor seri|no seri|imei|imei sn|sn|serials|lineitem serial"
    ),
    Field.CATEGORY: (
        "category|kategori|category name|nama kategori|product category|kategori produk|"
        "item category|jenis barang|kelompok|department|departemen"
    ),
    Field.BRAND: ("brand|merek|merk|brand name|nama merek|vendor|manufacturer|pabrikan"),
    Field.QUANTITY: (
        "quantity|qty|jumlah|kuantitas|jml|lineitem quantity|item quantity|jumlah barang|"
        "jumlah item|qty terjual|quantity refund|banyaknya|kuantiti|terjual|units"
    ),
    Field.UNIT: ("unit|satuan|uom|unit of measure"),
    Field.PRICE: (
        "unit price|lineitem price|item price|harga satuan|price|harga|harga jual|harga barang|"
        "harga produk|selling price|item cost|price per unit|harga per unit|price each|"
        "item cost before discount"
    ),
    Field.AMOUNT: (
        "gross sales|line total|gross amount|penjualan kotor|omzet kotor|subtotal item|total price|"
        "total harga|sub total|subtotal|jumlah harga|item subtotal|order line subtotal|line amount|"
        "sales value|net sales|penjualan bersih|total penjualan|amount|total|nilai|order line total"
    ),
    Field.DISCOUNT: (
        "discounts|discount|diskon|potongan|lineitem discount|item discount|discount item|"
        "diskon item|jumlah diskon|diskon produk|line discount|discount amount item|potongan harga|"
        "retail disc"
    ),
    Field.REFUND: (
        "refunds|refund|refund amount|refunded|jumlah refund|nilai refund|pengembalian dana|item refund"
    ),
    Field.CURRENCY: ("currency|mata uang|order currency|currency code|kode mata uang"),
    Field.KIND: (
        "event type|transaction type|jenis transaksi|tipe transaksi|receipt type|order status|"
        "status transaksi|status pesanan|financial status|status|transaction status|payment status|"
        "status pembayaran|jenis|type"
    ),
    Field.ORIGINAL: (
        "original receipt|original receipt number|refund for|original invoice|nota asal|struk asal|"
        "no nota asal|return of|parent receipt|original number"
    ),
    Field.CUSTOMER: (
        "customer name|customer|nama pelanggan|pelanggan|nama customer|billing name|buyer|"
        "buyer name|pembeli|nama pembeli|member name|nama member|member|konsumen|nama konsumen|"
        "first name billing|client|nama"
    ),
    Field.PHONE: (
        "customer phone|phone|phone number|no hp|nomor hp|no telepon|nomor telepon|telepon|no telp|"
        "telp|hp|whatsapp|no wa|nomor wa|no whatsapp|handphone|no handphone|mobile|mobile number|"
        "billing phone|phone billing|telepon pelanggan|no hp pelanggan|hp pelanggan|"
        "nomor telepon pelanggan"
    ),
    Field.EMAIL: (
        "email|e mail|customer email|email address|alamat email|email pelanggan|email billing|"
        "billing email|surel"
    ),
    Field.CUSTOMER_REF: (
        "customer id|id pelanggan|customer code|kode pelanggan|member id|id member|no member|"
        "kode member|household id|customer no|nomor pelanggan"
    ),
    Field.CASHIER: (
        "cashier|kasir|nama kasir|collected by|served by|employee|karyawan|nama karyawan|"
        "pramuniaga|sales person|salesperson|staff|petugas|operator|user|dilayani oleh"
    ),
}
_WORDS = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"([a-z])([A-Z])")


def plain(name: str) -> str:
    """A column's name as it is compared: `InvoiceNo`, `Invoice No.` and `invoice_no` are one."""
    return _WORDS.sub(" ", _PLAIN.sub(r"\1 \2", name).lower()).strip()


_RANKS: dict[str, list[tuple[int, Field]]] = {}
for _field, _names in NAMES.items():
    for _rank, _name in enumerate(_names.split("|")):
        _RANKS.setdefault(_name, []).append((_rank, _field))


def score(row: Sequence[str]) -> int:
    """How many different things the cells of a row name."""
    return len({_RANKS[name][0][1] for name in map(plain, row) if name in _RANKS})


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the row that names the columns; None when no row of these can be it."""
    best = max(range(len(rows)), key=lambda n: (score(rows[n]), -n), default=None)
    if best is not None and score(rows[best]) >= 2:
        return best
    return next((n for n, row in enumerate(rows) if sum(map(bool, row)) > 1), None)


def guess(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[Field, int]:
    """The column of each field, as far as the names tell. A column that is empty in the sample is none."""
    filled = [any(len(row) > n and row[n].strip() for row in sample) for n in range(len(header))]
    options = sorted(
        (rank, n, field)
        for n, name in enumerate(map(plain, header))
        for rank, field in _RANKS.get(name, ())
        if filled[n] or not sample
    )
    found: dict[Field, int] = {}
    for _rank, n, field in options:
        if field not in found and n not in found.values():
            found[field] = n
    if Field.PRICE in found:  # a total beside it is often that of the whole receipt
        found.pop(Field.AMOUNT, None)
    return {field: found[field] for field in Field if field in found}


def missing(columns: dict[Field, int]) -> list[tuple[Field, ...]]:
    """Groups of which one has to be chosen still."""
    return [group for group in REQUIRED if not any(field in columns for field in group)]
