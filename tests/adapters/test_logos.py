"""A shop's logo: written anew, small, and shown where it can be seen."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from portal.adapters import logos
from portal.adapters.images import BadImage
from portal.demo.shopfront import drawn_logo
from portal.domain.shop.rules import LOGO_BYTES

LIGHT, DARK = ("#fffefb", 1.4), ("#201e1a", 2.4)


def png(size: tuple[int, int], colour: object, kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", size, colour).save(out, kind)  # type: ignore[arg-type]
    return out.getvalue()


def on_nothing(colour: str) -> bytes:
    """A disc of that colour on a transparent ground."""
    image = Image.new("RGBA", (200, 200))
    image.paste(colour, (50, 50, 150, 150))
    image.putpixel((40, 40), (1, 2, 3, 255))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_any_usual_picture_becomes_a_small_png(kind: str) -> None:
    made = logos.reencode(png((900, 300), "#aa3355", kind))
    assert opened(made).format == "PNG" and opened(made).size == (512, 171)
    assert len(made) <= LOGO_BYTES


def test_noise_gets_smaller_until_it_fits() -> None:
    out = BytesIO()
    Image.effect_noise((1500, 1500), 90).convert("RGB").save(out, "JPEG")
    assert len(logos.reencode(out.getvalue())) <= LOGO_BYTES


def test_empty_edges_go() -> None:
    assert opened(logos.reencode(on_nothing("#aa3355"))).size == (110, 110)


@pytest.mark.parametrize(
    "raw", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"x" * 40, png((9, 9), (0, 0, 0, 0))]
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(BadImage):
        logos.reencode(raw)


def test_what_is_hidden_behind_the_picture_goes() -> None:
    assert b"<script>" not in logos.reencode(png((90, 90), "#aa3355") + b"<script>")


def test_the_logo_that_pages_show_is_small_enough_for_slow_lines() -> None:
    shown = logos.shown(logos.reencode(drawn_logo()))
    assert opened(shown).format == "WEBP" and opened(shown).height == 108
    assert len(shown) < 6_000


def test_a_logo_that_melts_into_its_ground_is_noticed() -> None:
    dark, pale, strong = (logos.reencode(on_nothing(c)) for c in ("#202020", "#fffef0", "#d0402b"))
    assert logos.melts_into(dark, *DARK) and not logos.melts_into(dark, *LIGHT)
    assert logos.melts_into(pale, *LIGHT) and not logos.melts_into(pale, *DARK)
    assert not logos.melts_into(strong, *DARK) and not logos.melts_into(strong, *LIGHT)
    assert not logos.melts_into(logos.reencode(png((90, 90), "#ffffff")), *LIGHT)  # it brings its own ground


def test_icons_have_their_sizes_and_the_mark_its_colour() -> None:
    logo = logos.reencode(png((300, 100), "#aa3355"))
    assert not logos.is_square(logo) and logos.is_square(logos.reencode(drawn_logo()))
    tall = logos.reencode(png((60, 500), "#aa3355"))
    assert logos.is_wide(logo) and not logos.is_wide(tall) and not logos.is_square(tall)
    assert opened(logos.icon(logo, "#ffffff", 192, 0.86)).size == (192, 192)
    mark = opened(logos.mark("#0b5d4e", "#ffffff", 512, 0.62)).convert("RGB")
    assert mark.size == (512, 512)
    assert mark.getpixel((2, 2)) == (11, 93, 78)
    assert mark.getpixel((256, 150)) == (255, 255, 255)


def test_a_bomb_is_refused_quickly() -> None:
    with pytest.raises(BadImage):
        logos.reencode((Path(__file__).parent / "images" / "decompression_bomb.gif").read_bytes())
