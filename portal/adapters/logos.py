"""The shop's logo: written anew from what was sent, and the pictures that are made of it or of our mark."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from portal.adapters import images
from portal.domain.shop.rules import LOGO_BYTES
from portal.kernel.colour import contrast

LARGEST_SIDE = 512
SHOWN = (384, 108)  # width and height at most of the one in the page's head, three pixels for one
MELTED = 0.25  # share of it that may
SQUARE = 1.35  # as high as wide, more or less: good as an icon
FINER = 4  # the mark is drawn so much larger and then made small

# Our mark on 32 × 32: a receipt with its torn edge, and a tick.
RECEIPT = (
    (8, 5), (24, 5), (24, 27), (21.33, 24.8), (18.67, 27), (16, 24.8), (13.33, 27), (10.66, 24.8), (8, 27),
)  # fmt: skip
TICK = ((12, 14.5), (15, 17.5), (20.3, 11.5))


def reencode(raw: bytes) -> bytes:
    """A PNG of at most LOGO_BYTES without empty edges. Raises only BadImage."""
    with images.opened(raw) as picture:
        logo = ImageOps.exif_transpose(picture).convert("RGBA")
    seen = logo.getchannel("A").getbbox()
    if seen is None:
        raise images.BadImage("not_an_image")
    logo = logo.crop(seen)
    for side in (LARGEST_SIDE, 384, 256, 128):
        logo.thumbnail((side, side), Image.Resampling.LANCZOS)
        for made in (_png(logo), _png(logo.quantize(256))):
            if len(made) <= LOGO_BYTES:
                return made
    raise images.BadImage("too_large_bytes")


def shown(logo: bytes) -> bytes:
    """The logo as WebP in the size that pages show."""
    picture = _open(logo)
    picture.thumbnail(SHOWN, Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "WEBP", quality=88, alpha_quality=90, method=6)
    return out.getvalue()


def is_square(logo: bytes) -> bool:
    """Whether it is about as wide as high: then it serves as an icon."""
    return not is_wide(logo) and _shape(logo) >= 1 / SQUARE


def is_wide(logo: bytes) -> bool:
    """Whether a name fits into it: narrower ones have the shop's name beside them."""
    return _shape(logo) > SQUARE


def _shape(logo: bytes) -> float:
    width, height = _open(logo).size
    return width / height


def melts_into(logo: bytes, ground: str, least: float) -> bool:
    """Whether too much of the logo has too little contrast with `ground`; one that fills its box has not."""
    picture = _open(logo)
    if not picture.getchannel("A").histogram()[0]:  # nothing of it is transparent
        return False
    picture.thumbnail((48, 48))
    pixels = picture.tobytes()
    seen = [pixels[at : at + 3].hex() for at in range(0, len(pixels), 4) if pixels[at + 3] > 127]
    lost = [colour for colour in seen if contrast("#" + colour, ground) < least]
    return len(lost) > MELTED * len(seen)


def icon(logo: bytes, ground: str, side: int, share: float) -> bytes:
    """A square PNG: the logo on `ground`, no longer than `share` of its side."""
    picture = ImageOps.contain(_open(logo), (round(side * share),) * 2, Image.Resampling.LANCZOS)
    field = Image.new("RGB", (side, side), ground)
    field.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2), picture)
    return _png(field)


def mark(colour: str, ink: str, side: int, share: float) -> bytes:
    """A square PNG: our mark in `ink` on `colour`, drawn on `share` of its side."""
    field = Image.new("RGB", (side * FINER, side * FINER), colour)
    pen, scale = ImageDraw.Draw(field), side * FINER * share / 32
    start = side * FINER * (1 - share) / 2

    def placed(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        return [(start + x * scale, start + y * scale) for x, y in points]

    pen.polygon(placed(RECEIPT), fill=ink)
    tick, half = placed(TICK), 1.5 * scale
    pen.line(tick, fill=colour, width=round(2 * half), joint="curve")
    for x, y in (tick[0], tick[-1]):
        pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    return _png(field.resize((side, side), Image.Resampling.LANCZOS).quantize(32))


def _open(logo: bytes) -> Image.Image:
    """A logo that was written by `reencode`."""
    return Image.open(BytesIO(logo), formats=["PNG"]).convert("RGBA")


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
