"""The printed documents: complete, legible, tagged, small, and safe from what people type."""

import subprocess
from dataclasses import fields, replace
from functools import partial
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from portal.adapters.document_words import WORDS
from portal.adapters.documents import care_guide_pdf, warranty_card_pdf
from portal.adapters.printed_receipts import Paper, receipt_pdf
from portal.adapters.stationery import strong

from .samples import CARD, GUIDE, HARD_CARD, HARD_GUIDE, HARD_RECEIPT, LAYER, RECEIPT


def once(make):
    """Each document is made once for all the tests that read it."""
    made = {}
    return lambda value: made.get(repr(value)) or made.setdefault(repr(value), make(value))


MAKERS = {
    "guide": (once(care_guide_pdf), GUIDE, HARD_GUIDE),
    "card": (once(warranty_card_pdf), CARD, HARD_CARD),
    **{
        f"receipt {paper}": (once(partial(receipt_pdf, paper=paper)), RECEIPT, HARD_RECEIPT)
        for paper in Paper
    },
}
PLAIN = [pytest.param(maker, value, id=name) for name, (maker, value, _hard) in MAKERS.items()]
HARD = [pytest.param(maker, value, id=name) for name, (maker, _plain, value) in MAKERS.items()]
ALL = [
    pytest.param(maker, replace(value, language=language), id=f"{name}-{number}-{language}")
    for name, (maker, *values) in MAKERS.items()
    for number, value in enumerate(values)
    for language in ("id", "en")
]


def words(pdf):
    """All its text with single spaces; lines that were broken are joined."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def codes(pdf, folder, spoil=lambda page: page):
    """What a reader of QR codes sees on the pages as printed in grey at 120 dots an inch."""
    subprocess.run(["pdftoppm", "-r", "120", "-gray", "-png", "-", folder / "page"], input=pdf, check=True)
    return [code.text for page in _pictures(folder) for code in zxingcpp.read_barcodes(spoil(page))]


def _pictures(folder):
    return [Image.open(BytesIO(page.read_bytes())).convert("L") for page in sorted(folder.glob("page*"))]


@pytest.mark.parametrize(("make", "value"), ALL)
def test_a_document_is_tagged_small_and_in_its_language(make, value):
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


@pytest.mark.parametrize(("make", "value"), PLAIN)
def test_a_plain_document_is_set_in_our_font_alone_and_shows_the_logo(make, value):
    pictures = []
    for logo in (CARD.look.logo, None):
        pages = PdfReader(BytesIO(make(replace(value, look=replace(value.look, logo=logo))))).pages
        assert all("Plus-Jakarta-Sans" in font for page in pages for font in _fonts(page))
        pictures.append(len(pages[0].images))
    assert pictures[0] > pictures[1]


@pytest.mark.parametrize(("make", "value"), PLAIN)
def test_its_code_is_read_from_a_faint_and_blurred_grey_print(make, value, tmp_path):
    def spoil(page):
        return page.point(lambda grey: 140 + grey // 4).resize((page.width * 2 // 3, page.height * 2 // 3))

    address = next(
        getattr(value, name) for name in ("product_url", "check_url", "qr_url") if hasattr(value, name)
    )
    assert codes(make(value), tmp_path, spoil) == [address]


@pytest.mark.parametrize(("make", "value"), HARD)
def test_nothing_is_cut_at_the_edge_of_the_paper(make, value, tmp_path):
    """The outermost millimetre is white, but for the shop's colour that runs off a guide's covers."""
    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-png", "-", tmp_path / "page"], input=make(value), check=True
    )
    pages = _pictures(tmp_path)
    for page in pages[1:-1] if value is HARD_GUIDE else pages:
        for edge in ((0, 0, 2, page.height), (page.width - 2, 0, page.width, page.height)):
            assert page.crop(edge).getextrema()[0] > 250


def test_the_warranty_card_is_one_page_with_every_value_the_rules_ask_for(tmp_path):
    data = warranty_card_pdf(CARD)
    text = words(data)
    assert len(PdfReader(BytesIO(data)).pages) == 1
    for field in fields(CARD):
        value = getattr(CARD, field.name)
        if isinstance(value, str) and field.name not in (
            "language",
            "check_url",
            "kind_label",
            "product_icon",
        ):
            assert all(word in text for word in value.split()), field.name
    for value in (*vars(LAYER).values(), *vars(CARD.outlet).values(), CARD.look.name):
        if isinstance(value, str):
            assert all(word in text for word in value.split())
    assert "garansi resmi" in text.lower() and CARD.check_url in codes(data, tmp_path)


def test_an_empty_value_leaves_its_line_out():
    text = words(warranty_card_pdf(replace(CARD, serial="", maker="", parts_terms="")))
    assert "NOMOR SERI" not in text.upper() and "PRODUSEN" not in text.upper()
    assert "Kasir" not in words(receipt_pdf(replace(RECEIPT, cashier=""), Paper.WIDE))


def test_the_care_guide_is_a_booklet_that_leads_back_to_the_product(tmp_path):
    data = care_guide_pdf(GUIDE)
    pages = PdfReader(BytesIO(data)).pages
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [148, 210]
    contents = " ".join(pages[1].extract_text().split())
    assert "Daftar isi Setiap minggu 3 " in contents and "Bantuan dan garansi" in contents
    back = " ".join(pages[-1].extract_text().split())
    assert len(pages) % 2 == 0 and "Rumah Jati Bandung" in back and "PT Jati Nusantara" in back
    assert GUIDE.look.name in pages[2].extract_text() and GUIDE.product_url in codes(data, tmp_path)


def test_a_long_table_repeats_its_head_and_splits_no_row():
    rows = "".join(f"<tr><td>Baris {n}</td><td>awal{n} {'isi ' * 30} akhir{n}</td></tr>" for n in range(40))
    table = f"<table><thead><tr><th>Kepala</th><th>Isi</th></tr></thead><tbody>{rows}</tbody></table>"
    pages = [
        page.extract_text()
        for page in PdfReader(BytesIO(care_guide_pdf(replace(GUIDE, body_html=table)))).pages
    ]
    inside = [text for text in pages if "Baris" in text]
    assert len(inside) > 3 and all(text.count("Kepala") == 1 for text in inside)
    assert all(sum(f"awal{n} " in text and f"akhir{n}" in text for text in inside) == 1 for n in range(40))


@pytest.mark.parametrize(("paper", "width"), [(Paper.NARROW, 58), (Paper.WIDE, 80)])
def test_a_roll_is_as_wide_as_its_paper_and_grows_with_its_lines(paper, width):
    heights = []
    for lines in (1, 20, 60):
        data = receipt_pdf(replace(RECEIPT, lines=RECEIPT.lines * lines), paper)
        (page,) = PdfReader(BytesIO(data)).pages
        assert round(float(page.mediabox.width) / 72 * 25.4) == width
        heights.append(float(page.mediabox.height))
        assert words(data).count("Televisi") == lines
    assert heights[0] < heights[1] < heights[2] and heights[0] < 560


def test_sixty_lines_on_a4_run_over_pages_with_their_head_repeated():
    data = receipt_pdf(replace(RECEIPT, lines=RECEIPT.lines * 60), Paper.A4)
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    with_lines = [text for text in pages if "Televisi" in text]
    assert len(with_lines) > 1 and all("Subtotal" in text for text in with_lines)
    assert f"1 / {len(pages)}" in pages[0] and words(data).count("Televisi") == 60


@pytest.mark.parametrize("paper", Paper)
def test_a_receipt_says_until_when_and_what_the_shop_wants_to_say(paper):
    text = words(receipt_pdf(RECEIPT, paper))
    for said in ("Panel: sampai 21 November 2029", RECEIPT.look.receipt_greeting, RECEIPT.look.receipt_terms):
        assert said in text
    bare = replace(RECEIPT, look=replace(RECEIPT.look, receipt_terms="", receipt_greeting=""))
    assert RECEIPT.message in words(receipt_pdf(bare, paper)) and RECEIPT.message not in text


@pytest.mark.parametrize(("make", "value"), HARD)
def test_what_people_type_stays_text(make, value):
    assert "<script>alert(1)</script>" in words(make(value)).replace(" ", "")


@pytest.mark.parametrize(("colour", "ink"), [
    ("#0b5d7a", "#0b5d7a"), ("#ffee00", None), ("#ffffff", None), ("red;}", "#1f4d46"), ("", "#1f4d46"),
])  # fmt: skip
def test_a_colour_is_legible_or_made_so(colour, ink):
    assert strong(colour) == ink if ink else strong(strong(colour)) == strong(colour) != colour


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
