"""Photos made for tests, and what a clean one must not hold."""

from io import BytesIO

import pytest
from PIL import Image

from portal.adapters.images import BadImage, reencode


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
