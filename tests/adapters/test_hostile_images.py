"""Files that are no photos, half photos, or photos and something else."""

import zipfile
from io import BytesIO

import pytest

from portal.adapters import images
from portal.adapters.images import BadImage, reencode

from .photos import is_bare, photo, reason


@pytest.mark.parametrize("raw", [
    b"", b"\0", b"hello", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<!doctype html><script>alert(1)</script>", b"%PDF-1.7", b"GIF89a", b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1",
])  # fmt: skip
def test_what_is_no_photo_is_refused(raw):
    assert reason(raw) in ("not_an_image", "broken")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_photo_cut_short_anywhere_is_refused_or_read(format):
    whole = photo(format, (96, 64))
    for cut in range(0, len(whole), max(1, len(whole) // 60)):
        try:
            reencode(whole[:cut])
        except BadImage as refused:
            assert refused.reason in ("broken", "not_an_image", "too_many_pixels")


def test_half_a_jpeg_is_not_a_photo():
    whole = photo(size=(1200, 900))
    assert reason(whole[: len(whole) // 2]) == "broken"


def test_the_tail_of_a_polyglot_is_gone():
    tail = BytesIO()
    with zipfile.ZipFile(tail, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    picture = reencode(photo() + tail.getvalue())
    assert not zipfile.is_zipfile(BytesIO(picture.jpeg)) and is_bare(picture.jpeg)


def test_size_is_checked_before_decoding():
    assert reason(b"\xff\xd8\xff" + bytes(images.MAX_BYTES)) == "too_large_bytes"
    huge = bytearray(photo("PNG", (8, 8)))
    huge[16:24] = (100_000).to_bytes(4, "big") * 2
    assert reason(bytes(huge)) in ("too_many_pixels", "broken")
    assert reason(photo("PNG", (8000, 5001), "1")) == "too_many_pixels"


def test_a_jpeg_with_hundreds_of_scans_is_refused():
    start, scan = photo(size=(64, 64), progressive=True).split(b"\xff\xda", 1)
    assert reason(start + (b"\xff\xda" + scan.removesuffix(b"\xff\xd9")) * 300 + b"\xff\xd9") == "broken"
