"""The label of a parcel: one page, its bars and its QR code are read, whatever stands on it."""

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from portal.adapters import code128
from portal.adapters.documents import Place
from portal.adapters.parcel_labels import ParcelLabel, parcel_label_pdf
from tests.adapters.samples import LONG, SHOP

LABEL = ParcelLabel(
    SHOP, "id", "JNE0026114417", "JNE0026114417", "https://toko.example/desk/legs/K7QM2XAB", "JNE",
    Place("Siti Rahmawati", "", "0812-1111-2222"), Place("Toko Pusat", "Jl. Melawai 118, Jakarta", "021-1"),
    "Kulkas tidak dingin", ["Kemas.", "Tempel."], [("Senin", "09.00–20.00")],
)  # fmt: skip


def read(label: ParcelLabel, folder: Path) -> set[str]:
    """What a scanner reads from the printed page."""
    made = parcel_label_pdf(label)
    assert len(PdfReader(BytesIO(made)).pages) == 1
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", "-", folder / "page"], input=made, check=True)
    (page,) = folder.glob("page*")
    with Image.open(page) as picture:
        return {code.text for code in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize("number", ["JNE0026114417", "45EAP01K", "WYB-1762513032476"])
def test_both_codes_are_read(number: str, tmp_path: Path) -> None:
    assert read(replace(LABEL, number=number), tmp_path) == {number, LABEL.address}


def test_long_texts_and_markup_stay_on_one_page(tmp_path: Path) -> None:
    far = Place(LONG, LONG, "0812")
    label = replace(LABEL, what=f"<b>{LONG}", sender=far, recipient=far, courier=LONG[:40], language="en")
    assert LABEL.address in read(label, tmp_path)


def test_what_has_no_bars_is_written_in_letters(tmp_path: Path) -> None:
    assert read(replace(LABEL, number="Δ-17"), tmp_path) == {LABEL.address}
    with pytest.raises(ValueError, match="Code 128"):
        code128.png("Δ")


@pytest.mark.parametrize("text", ["A", "0123456789", "a b~!", "x" * 40])
def test_bars_say_what_they_should(text: str) -> None:
    with Image.open(BytesIO(code128.png(text))) as picture:
        assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [text]
