"""Photos: what a phone sends is made upright and bare, what a stranger sends is refused."""

import json
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from portal.adapters import images
from portal.adapters.images import BadImage, reencode, reencode_bounded

from .photos import is_bare, photo, reason

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


@pytest.mark.parametrize(("format", "mode"), [
    ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16"),
    ("PNG", "1"), ("GIF", "P"), ("WEBP", "RGBA"),
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
