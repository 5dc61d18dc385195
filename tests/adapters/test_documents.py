"""The printed documents: complete, legible, tagged, small, and safe from what people type."""

import subprocess
from dataclasses import fields, replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from portal.adapters.document_words import WORDS
from portal.adapters.documents import care_guide_pdf, readable, receipt_pdf, warranty_card_pdf

from .samples import CARD, GUIDE, HARD_CARD, HARD_GUIDE, HARD_RECEIPT, LAYER, RECEIPT

MAKERS = {type(GUIDE): care_guide_pdf, type(CARD): warranty_card_pdf, type(RECEIPT): receipt_pdf}
ALL = [
    pytest.param(replace(value, language=language), id=f"{type(value).__name__}-{kind}-{language}")
    for kind, values in {
        "plain": (GUIDE, CARD, RECEIPT),
        "hard": (HARD_GUIDE, HARD_CARD, HARD_RECEIPT),
    }.items()
    for value in values
    for language in ("id", "en")
]


def make(value):
    return MAKERS[type(value)](value)


def words(pdf):
    """All its text with single spaces; lines that were broken are joined."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def codes(pdf, folder):
    """What a reader of QR codes sees on the pages as printed in grey at 120 dots an inch."""
    subprocess.run(["pdftoppm", "-r", "120", "-gray", "-png", "-", folder / "page"], input=pdf, check=True)
    return [code.text for page in folder.glob("page*") for code in zxingcpp.read_barcodes(Image.open(page))]


@pytest.mark.parametrize("value", ALL)
def test_a_document_is_tagged_small_and_in_its_language(value):
    data = make(value)
    reader = PdfReader(BytesIO(data))
    assert len(data) < 300_000
    assert reader.root_object["/Lang"] == value.language and reader.metadata.title
    assert reader.root_object["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in reader.root_object
    assert b"pdfuaid:part" in reader.root_object["/Metadata"].get_data()
    assert not any("/JS" in page or "/AA" in page for page in reader.pages) and not reader.attachments
    fonts = {str(font) for page in reader.pages for font in _fonts(page)}
    assert any("Plus-Jakarta-Sans" in font for font in fonts)


def _fonts(page):
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


def test_a_plain_document_is_set_in_our_font_alone():
    for value in (GUIDE, CARD, RECEIPT):
        for page in PdfReader(BytesIO(make(value))).pages:
            assert all("Plus-Jakarta-Sans" in font for font in _fonts(page))


def test_the_warranty_card_is_one_page_with_every_value_the_rules_ask_for(tmp_path):
    data = warranty_card_pdf(CARD)
    text = words(data)
    assert len(PdfReader(BytesIO(data)).pages) == 1
    for field in fields(CARD):
        value = getattr(CARD, field.name)
        if isinstance(value, str) and field.name not in (
            "language",
            "brand_colour",
            "check_url",
            "kind_label",
        ):
            assert all(word in text for word in value.split()), field.name
    for value in vars(LAYER).values():
        assert all(word in text for word in str(value).split())
    assert "garansi resmi" in text.lower() and CARD.check_url in codes(data, tmp_path)


def test_an_empty_value_leaves_its_line_out():
    text = words(warranty_card_pdf(replace(CARD, serial="", maker="", parts_terms="")))
    assert "NOMOR SERI" not in text.upper() and "PRODUSEN" not in text.upper()
    assert "Kasir" not in words(receipt_pdf(replace(RECEIPT, cashier=None)))


def test_the_care_guide_counts_its_pages_and_leads_back_to_the_product(tmp_path):
    data = care_guide_pdf(GUIDE)
    pages = PdfReader(BytesIO(data)).pages
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [148, 210]
    contents = pages[1].extract_text()
    assert "Daftar isi" in contents and "Setiap minggu" in contents and "3" in contents
    assert GUIDE.product_url in codes(data, tmp_path)


def test_the_receipt_is_80_mm_wide_and_grows_with_its_lines(tmp_path):
    heights = []
    for lines in (1, 20, 60):
        data = receipt_pdf(replace(RECEIPT, lines=RECEIPT.lines * lines))
        (page,) = PdfReader(BytesIO(data)).pages
        assert round(float(page.mediabox.width) / 72 * 25.4) == 80
        heights.append(float(page.mediabox.height))
        assert RECEIPT.qr_url in codes(data, tmp_path) and words(data).count("Televisi") == lines
    assert heights[0] < heights[1] < heights[2] and heights[0] < 500


@pytest.mark.parametrize("value", [HARD_GUIDE, HARD_CARD, HARD_RECEIPT])
def test_what_people_type_stays_text(value):
    assert "<script>alert(1)</script>" in words(make(value)).replace(" ", "")


@pytest.mark.parametrize(("colour", "ink"), [
    ("#0b5d7a", "#0b5d7a"), ("#ffee00", None), ("#ffffff", None), ("red;}", "#1f4d46"), ("", "#1f4d46"),
])  # fmt: skip
def test_a_colour_is_legible_or_made_so(colour, ink):
    assert readable(colour) == ink if ink else readable(readable(colour)) == readable(colour) != colour


def test_both_languages_have_every_word():
    assert WORDS["id"].keys() == WORDS["en"].keys() and all(all(table.values()) for table in WORDS.values())


def test_a_card_with_four_wordy_clauses_is_still_one_page():
    """As the demo's refrigerator has them."""
    wordy = replace(
        LAYER,
        exclusions="Kerusakan karena jatuh, kena air atau serangga, tegangan di luar 200-240 V.",
        how="Kirim klaim lewat portal atau toko. Teknisi datang ke rumah Anda paling lambat tiga hari.",
    )
    terms = "Perbaikan gratis berlaku untuk pemakaian rumah tangga yang wajar dengan nota dan nomor seri."
    card = replace(
        CARD, layers=[replace(wordy, clause=n) for n in range(1, 5)], terms=terms, parts_terms=terms
    )
    assert len(PdfReader(BytesIO(warranty_card_pdf(card))).pages) == 1
