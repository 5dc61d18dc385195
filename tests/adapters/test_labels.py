"""Sheets of QR labels: as many as the paper has, each read on its own, whatever stands on them."""

import subprocess
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from portal.adapters.labels import FORMATS, Label, Sheets, Size, labels_pdf

from .samples import LONG, SHOP


def sheets(size, pages=1, name=""):
    labels = [
        Label(f"https://purna.example/q/7K2M94QXABCDEFGHJKMNPQ{n:03}", f"7K2M-9{n:03}", name)
        for n in range(FORMATS[size].labels * pages)
    ]
    return Sheets(SHOP, "id", labels, [f"LEMBAR{n}" for n in range(pages)])


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("name", ["", LONG], ids=["shop", "long"])
def test_every_label_of_a_sheet_is_read(size, name, tmp_path):
    values = sheets(size, name=name)
    subprocess.run(
        ["pdftoppm", "-r", "100", "-gray", "-png", "-", tmp_path / "page"],
        input=labels_pdf(values, size), check=True,
    )  # fmt: skip
    (page,) = tmp_path.glob("page*")
    with Image.open(page) as picture:
        read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert read == {label.address for label in values.labels}


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_sheet_is_a_page_that_says_whose_it_is_in_both_languages(size, language):
    reader = PdfReader(BytesIO(labels_pdf(replace(sheets(size, 2), language=language), size)))
    assert len(reader.pages) == 2 and reader.root_object["/Lang"] == language
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in reader.root_object["/Metadata"].get_data()
    for number, page in enumerate(reader.pages):
        text = " ".join(page.extract_text().split())
        for said in (SHOP.name, "Pindai untuk garansi", "Scan for warranty", f"LEMBAR{number}", "7K2M-9"):
            assert said in text
