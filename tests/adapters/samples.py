"""A letter, and documents to print: plain ones, and ones with everything that breaks a layout."""

from dataclasses import replace
from pathlib import Path

from portal.adapters.documents import CardLayer, CareGuide, Place, WarrantyCard
from portal.adapters.mail import Letter
from portal.adapters.markdown import headings, to_html
from portal.adapters.printed_receipts import PrintedReceipt, ReceiptLine
from portal.domain.shop.rules import Look

CARE = """
Sofa Anda tahan lama bila dirawat sedikit tetapi teratur.

## Setiap minggu

1. Sedot debu dengan sikat lembut.
2. Lap dengan kain lembap, **jangan basah**.

| Noda | Pakai | Jangan |
|---|---|---|
| Kopi, teh | Air hangat dan sabun lunak | Pemutih |

## Setiap tiga bulan

Kencangkan kaki sofa. Tanyakan lewat [halaman bantuan](https://purna.example/bantuan).
"""
LONG = "Lemari <script>alert(1)</script> العربية 😀 " * 3 + "Supercalifragilisticexpialidocious" * 3

LETTER = Letter(
    key="claim-7K2M.1",
    to="Siti Aminah <siti@example.id>",
    sender="Toko Sinar <halo@sinar.example>",
    subject="Klaim Anda sudah kami terima – №7",
    text="Halo Siti,\n\nkami periksa hari ini.\n",
    html="<style>p{color:#b3261e}</style><p>Halo <b>Siti</b></p><img src='https://evil.example/x'>",
    language="id",
    reply_to="desk@sinar.example",
)
GUIDE = CareGuide(
    look=Look(name="Rumah Jati Nusantara", colour="#9a3b1f"),
    product_name="Sofa Tiga Dudukan Larasati",
    product_code="RJN-SF-0312",
    product_icon="sofa",
    product_url="https://purna.example/p/RJN-SF-0312",
    version=3,
    published="21 November 2026",
    language="id",
    title="Merawat sofa kulit sintetis",
    body_html=to_html(CARE),
    contents=[(name, text) for level, text, name in headings(CARE) if level == 2],
    places=[Place("Rumah Jati Bandung", "Jalan Braga No. 90, Bandung 40111", "0812-3456-7891")],
    service_centre="Bengkel Jati\nJalan Cihampelas No. 4, Bandung",
    maker="PT Jati Nusantara, Jepara",
)
LAYER = CardLayer(
    clause=1,
    name="Servis dan suku cadang",
    what="Perbaikan gratis untuk kerusakan pembuatan.",
    since="22 November 2026",
    until="Sabtu, 21 November 2027",
    begins=0,
    share=33,
    over=False,
    provider="PT Elektronik Sentosa",
    exclusions="Layar pecah, air",
    how="Bawa kartu ini ke pusat servis",
)
SHOP = Look(
    name="Toko Sinar Terang",
    colour="#0b5d7a",
    logo=(Path(__file__).parent / "logo.png").read_bytes(),
    receipt_greeting="Matur nuwun sudah mampir.",
    receipt_terms="Barang dapat ditukar dalam tujuh hari.",
)
CARD = WarrantyCard(
    look=SHOP,
    language="id",
    registration_number="GRS-7K2M-94QX",
    product_name="Televisi LED 32 inci Sentosa Vista",
    product_icon="tv",
    brand="Sentosa",
    model="SV-32A7",
    serial="SN8812045577",
    bought_on="Sabtu, 21 November 2026",
    valid_from="Minggu, 22 November 2026",
    outlet=Place("Sinar Terang Cabang Bandung", "Jalan Braga No. 88, Bandung 40111", "0812-3456-7890"),
    maker="PT Elektronik Sentosa\nKawasan Industri Jababeka, Bekasi",
    service_centre="Sentosa Service Center\nJalan Asia Afrika No. 120, Bandung",
    terms="Perbaikan gratis bila segel utuh.",
    parts_terms="Suku cadang asli tersedia satu tahun setelahnya.",
    kind_label="Garansi resmi",
    layers=[LAYER, replace(LAYER, clause=2, name="Panel layar", until="Rabu, 21 November 2029")],
    check_url="https://purna.example/g/7K2M94QX",
    version=2,
)
RECEIPT = PrintedReceipt(
    look=SHOP,
    outlet_name="Cabang Bandung",
    outlet_address="Jalan Braga No. 88, Bandung 40111",
    outlet_phone="0812-3456-7890",
    code="7K2M-94QX",
    number="BDG-2026-004417",
    bought_at="21 November 2026, 14.05 WIB",
    cashier="Rina",
    lines=[
        ReceiptLine(
            "Televisi LED 32 inci", "1", "Rp2.150.000", "Rp2.150.000", ("Panel: sampai 21 November 2029",)
        )
    ],
    total="Rp2.150.000",
    qr_url="https://purna.example/s/7K2M94QXABCDEFGHJKMNPQRS",
    message="Terima kasih.",
    language="id",
)

HARD_GUIDE = replace(
    GUIDE,
    look=Look(name=LONG, colour="red;}</style>"),
    product_name=LONG,
    title=LONG,
    product_code="X" * 60,
    places=GUIDE.places * 6,
)
HARD_CARD = replace(
    CARD,
    look=Look(name=LONG, colour="#ffee00"),
    product_name=LONG,
    serial="S" * 40,
    outlet=Place(LONG, LONG, "0812"),
    maker=LONG,
    service_centre=LONG,
    terms=LONG * 5,
    layers=[replace(LAYER, clause=number, what=LONG) for number in range(12)],
)
HARD_RECEIPT = replace(
    RECEIPT,
    look=Look(name=LONG, receipt_terms=LONG * 4),
    lines=[
        ReceiptLine(
            LONG, "1000", "Rp1.234.567.890", "Rp1.234.567.890.000", (LONG, "Panel"), "-Rp1.234.567.890", LONG
        )
    ]
    * 60,
    mark=LONG,
)
