"""An estimate on paper: a logo as large as a logo, and what it comes to once, at the end."""

from dataclasses import replace
from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from portal.adapters.documents import EstimateSheet, Place, SheetLine, estimate_pdf

from .samples import CARD


def pages(count: int) -> list[str]:
    Image.new("RGB", (1200, 1200), "navy").save(picture := BytesIO(), "PNG")
    look = replace(CARD.look, logo=picture.getvalue())
    line = SheetLine("Ganti panel", "Jasa", "1", "Rp75.000", "Rp75.000", "", False)
    sheet = EstimateSheet(
        look, "id", "1", "22 Nov 2026", "29 November 2026", Place("Toko", "Jl. Melawai Raya 118", ""),
        "Siti", "Televisi", "", [line] * count, "Rp987.654", "", "", "", "Mohon putuskan.", "https://t.id/x",
    )  # fmt: skip
    return [page.extract_text() for page in PdfReader(BytesIO(estimate_pdf(sheet))).pages]


def test_a_short_one_fits_on_a_page_with_its_logo() -> None:
    assert len(pages(8)) == 1


def test_a_long_one_says_at_its_end_what_it_comes_to() -> None:
    *first, last = pages(60)
    assert first and "Rp987.654" in last and not any("Rp987.654" in page for page in first)
