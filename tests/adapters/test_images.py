"""Photos: what a phone sends is made upright and bare, what a stranger sends is refused."""

import json
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from portal.adapters import images
from portal.adapters.images import BadImage, reencode, reencode_bounded

HERE = Path(__file__).parent / "images"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "images"
UPRIGHT = {
    "Landscape_3.jpg": (1600, 1067),
    "Landscape_5.jpg": (1600, 1067),
    "Landscape_6.jpg": (1600, 1067),
    "Portrait_8.jpg": (1067, 1600),
    "rot3mir0.avif": (640, 427),
    "hopper.heif": (128, 128),
    "hopper.webp": (128, 128),
    "hopper.avif": (128, 128),
    "exif_gps.jpg": (8, 8),
    "invalid-exif.jpg": (200, 200),
    "truncated_exif_dpi.jpg": (480, 640),
    "exif-67-0_length_string.jpg": (1600, 798),
}
REFUSED = {
    "broken.png": "broken",
    "zero_width.gif": "broken",
    "decompression_bomb.gif": "too_many_pixels",
    "crash-86214e58da443d2b80820cff9677a38a33dcbbca.tif": "not_an_image",
    "hopper_rle8_row_overflow.bmp": "not_an_image",
    "pngtest_bad.png.bin": "not_an_image",
}


def photo(format="JPEG", size=(640, 480), mode="RGB", **options):
    out = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, format, **options)
    return out.getvalue()


def reason(raw):
    with pytest.raises(BadImage) as refused:
        reencode(raw)
    assert str(refused.value) == refused.value.reason
    return refused.value.reason


def is_bare(jpeg):
    """No metadata of any kind."""
    image = Image.open(BytesIO(jpeg))
    assert image.format == "JPEG" and image.mode == "RGB"
    assert not image.getexif() and not image.info.keys() - {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
    }  # fmt: skip
    assert not any(mark in jpeg for mark in (b"Exif", b"http://ns.adobe", b"ICC_PROFILE", b"PK\x03\x04"))
    return image


@pytest.mark.parametrize(("name", "size"), UPRIGHT.items())
def test_a_photo_comes_out_upright_and_bare(name, size):
    picture = reencode((HERE / name).read_bytes())
    assert (picture.width, picture.height) == size
    assert is_bare(picture.jpeg).size == size
    assert max(is_bare(picture.thumbnail).size) == min(320, max(size))


@pytest.mark.parametrize(("name", "why"), REFUSED.items())
def test_a_broken_file_is_refused_with_its_reason(name, why):
    assert reason((HERE / name).read_bytes()) == why


@pytest.mark.parametrize("file", sorted(SHARED.glob("*/*.*")) or [None], ids=lambda file: file and file.name)
def test_no_file_of_the_collection_raises_anything_else(file):
    if file is None:
        pytest.skip("the collection of photos is not here")
    sizes = {entry["file"]: entry.get("upright_size") for entry in _manifest()}
    try:
        picture = reencode(file.read_bytes())
    except BadImage:
        return
    upright = sizes[f"{file.parent.name}/{file.name}"]
    assert picture.width / picture.height == pytest.approx(upright[0] / upright[1], rel=0.01)
    is_bare(picture.jpeg)


def _manifest():
    return json.loads((SHARED / "MANIFEST.json").read_text())["files"]


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


@pytest.mark.parametrize(("format", "mode"), [
    ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16"), ("PNG", "1"),
    ("GIF", "P"), ("WEBP", "RGBA"),
])  # fmt: skip
def test_every_colour_mode_becomes_rgb(format, mode):
    is_bare(reencode(photo(format, (40, 30), mode)).jpeg)


def test_transparent_becomes_white_and_a_profile_is_applied():
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(BytesIO(reencode(out.getvalue()).jpeg)).getpixel((5, 5)) == (255, 255, 255)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    is_bare(reencode(photo(icc_profile=lab)).jpeg)  # a profile for another mode does not stop a photo


def test_the_bounded_worker_gives_up_in_time(monkeypatch):
    assert reencode_bounded(photo()).width == 640
    monkeypatch.setattr(images, "reencode", lambda raw: time.sleep(0.5))
    with pytest.raises(BadImage, match="broken"):
        reencode_bounded(photo(), timeout=0.05)
