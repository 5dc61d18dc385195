"""QR codes are read back by another maker's reader, also where print and camera are bad."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from portal.adapters import qr

URL = "https://purna.example/s/7K2M94QXABCDEFGHJKMNPQRS"


def read(image):
    return [code.text for code in zxingcpp.read_barcodes(image)]


def picture(scale=8):
    return Image.open(BytesIO(qr.png(URL, scale))).convert("L")


@pytest.mark.parametrize("text", [URL, "x", "Ünïcode 😀", "A" * 300])
def test_what_was_written_is_read(text):
    assert read(Image.open(BytesIO(qr.png(text))).convert("L")) == [text]


@pytest.mark.parametrize("spoil", [
    lambda image: image.filter(ImageFilter.GaussianBlur(3)),
    lambda image: image.resize((90, 90), Image.Resampling.BILINEAR),
    lambda image: image.point(lambda grey: 150 + grey // 8),
    lambda image: image.resize((110, 110), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(0.8)),
    lambda image: image.rotate(8, expand=True, fillcolor=255),
], ids=["blurred", "small", "faint", "small and blurred", "askew"])  # fmt: skip
def test_a_bad_print_is_read(spoil):
    assert read(spoil(picture())) == [URL]


def test_the_svg_fits_where_it_is_put_and_cannot_become_markup():
    code = qr.svg(URL, title="<script>")
    assert code.startswith("<svg ") and "viewBox" in code and "width=" not in code and "<?xml" not in code
    assert "<script>" not in code and 'role="img"' in code
    assert 'aria-hidden="true"' in qr.svg(URL)


def test_a_terminal_of_eighty_columns_shows_a_code_that_reads():
    lines = qr.terminal(URL).split("\n")
    assert max(map(len, lines)) <= 80
    image = Image.new("L", (len(lines[0]), len(lines) * 2))
    for y, line in enumerate(lines):
        for x, sign in enumerate(line):
            image.putpixel((x, 2 * y), 255 * (sign in "█▀"))
            image.putpixel((x, 2 * y + 1), 255 * (sign in "█▄"))
    assert read(image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST)) == [URL]
    with pytest.raises(ValueError, match="too long"):
        qr.terminal("a" * 900)
