"""Photos that strangers upload: decoded, set upright, made small and written anew, or refused."""

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import filetype
import pi_heif
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SCANS = 250  # of a progressive JPEG; cameras write about ten, a bomb thousands
THUMBNAIL_SIDE = 320
QUALITY = 82

# What the bytes say they are -> the one decoder that may look at them.
DECODERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
}

pi_heif.register_heif_opener()
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="images")


class BadImage(ValueError):
    """`reason` (and str) is one of: not_an_image, too_large_bytes, too_many_pixels, broken."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """An upright sRGB photo without metadata; `width` and `height` are those of `jpeg`."""

    jpeg: bytes
    width: int
    height: int
    thumbnail: bytes  # JPEG, longest side 320


def reencode(raw: bytes, *, max_side: int = 1600) -> Picture:
    """The photo in `raw`, no side longer than `max_side` pixels. Raises only BadImage."""
    with opened(raw) as image:
        image.draft("RGB", (max_side, max_side))
        return _picture(_srgb(ImageOps.exif_transpose(image)), max_side)


@contextmanager
def opened(raw: bytes) -> Iterator[Image.Image]:
    """The picture in `raw`, by the one decoder its bytes ask for; all that goes wrong is a BadImage."""
    if len(raw) > MAX_BYTES:
        raise BadImage("too_large_bytes")
    kind = filetype.guess(raw)
    if kind is None or kind.mime not in DECODERS:
        raise BadImage("not_an_image")
    # Pillow warns of a phone's odd metadata, which goes anyway, and of sizes, which are checked below.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        with Image.open(BytesIO(raw), formats=[DECODERS[kind.mime]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadImage("too_many_pixels")
            if image.info.get("progressive") and raw.count(b"\xff\xda") > MAX_SCANS:
                raise BadImage("broken")
            yield image
    except BadImage:
        raise
    except Image.DecompressionBombError:
        raise BadImage("too_many_pixels") from None
    except MemoryError:
        raise
    except Exception as error:  # decoders raise nearly anything on hostile bytes
        raise BadImage("broken") from error


def reencode_bounded(raw: bytes, timeout: float = 20) -> Picture:
    """`reencode`, at most two at once in this process; BadImage("broken") after `timeout` seconds."""
    if len(raw) > MAX_BYTES:
        raise BadImage("too_large_bytes")
    work = _workers.submit(reencode, raw)
    try:
        return work.result(timeout)
    except Late:
        work.cancel()
        raise BadImage("broken") from None


def _srgb(image: Image.Image) -> Image.Image:
    """The picture in RGB: its colour profile applied, whatever is transparent on white."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return converted or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is wrong or for another mode: the plain conversion below
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits of grey
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        white = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(white, layers).convert("RGB")
    return image.convert("RGB")


def _picture(image: Image.Image, max_side: int) -> Picture:
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(image), image.width, image.height, _jpeg(small))


def _jpeg(image: Image.Image) -> bytes:
    """JPEG bytes of the pixels alone."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()
