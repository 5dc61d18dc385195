"""Receipts as the bytes a thermal printer takes (ESC/POS), for rolls of 58 and 80 mm.

The commands are python-escpos's. Its printer class stays out: loading it takes a third of a second and leaves
a folder behind each time. Text is plain ASCII, the one thing that every printer's code page has. The QR code
is drawn as a picture (GS v 0), which whatever prints a logo can do; the printer's own QR command (GS ( k) is
missing in most of the cheap Bluetooth ones, which then print nothing or nonsense.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from textwrap import wrap

from escpos.constants import CTL_LF, HW_INIT, PAPER_PART_CUT, S_RASTER_N, TXT_STYLE
from escpos.image import EscposImage
from PIL import Image

from portal.adapters import qr as codes
from portal.adapters.document_words import WORDS
from portal.adapters.printed_receipts import Paper, PrintedReceipt, ReceiptLine

COLUMNS = {Paper.NARROW: 32, Paper.WIDE: 48}
DOTS = {Paper.NARROW: 384, Paper.WIDE: 576}  # across the paper, eight a millimetre
MODULE = 6  # dots a side of a QR code's module; fewer where the code would be wider than the paper
LOGO = (256, 128)  # dots at most
FEED = CTL_LF * 4  # until the last line has passed the edge that tears or cuts

PLAIN, LARGE, TALL = (TXT_STYLE["size"][size] for size in ("normal", "2x", "2h"))
LEFT, CENTRE = TXT_STYLE["align"]["left"], TXT_STYLE["align"]["center"]
BOLD, THIN = TXT_STYLE["bold"][True], TXT_STYLE["bold"][False]

_ASCII = str.maketrans({
    **dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("“”„″«»", '"'),
    "•": "*", "·": "-", "×": "x", "÷": "/", "⁄": "/", "€": "EUR ", "£": "GBP ", "¥": "JPY ",
    "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "ł": "l", "Ł": "L",
})  # fmt: skip


def receipt(values: PrintedReceipt, paper: Paper) -> bytes:
    """A receipt with its QR code, cut at the end. `paper` is a roll: NARROW or WIDE."""
    return b"".join((HW_INIT, *_head(values, paper), *_goods(values, paper), *_foot(values, paper)))


def qr(address: str, paper: Paper) -> bytes:
    """A QR code in the middle of the paper, for tills that print the receipt themselves."""
    return CENTRE + _code(address, DOTS[paper]) + CTL_LF + LEFT


def plain(text: str) -> str:
    """`text` in ASCII: accents fall off, letters of other scripts become ?, all other signs are left out."""
    found = unicodedata.normalize("NFKD", text.translate(_ASCII)).translate(_ASCII)
    if found.isascii() and found.isprintable():
        return found
    return "".join(
        sign if sign.isascii() else "?" if sign.isalnum() else ""
        for sign in found
        if sign.isprintable()  # a command that somebody typed into a name stays out
    )


def _head(values: PrintedReceipt, paper: Paper) -> Iterator[bytes]:
    columns, words = COLUMNS[paper], WORDS[values.language]
    yield CENTRE
    if values.look.logo:
        yield _logo(values.look.logo) + CTL_LF
    name = plain(values.look.name)
    yield (LARGE if len(name) <= columns // 2 else TALL) + BOLD + _text(name, columns) + PLAIN + THIN
    yield _text(values.outlet_name, columns)
    yield _text(values.outlet_address, columns)
    if values.outlet_phone:
        yield _text(f"{words['phone']} {values.outlet_phone}", columns)
    yield LEFT + _rule(columns)
    yield _row(words["number"], values.number, columns)
    yield _row(words["date"], values.bought_at, columns)
    if values.cashier:
        yield _row(words["cashier"], values.cashier, columns)
    if values.mark:
        yield CENTRE + TALL + BOLD + _text(f"*** {values.mark} ***", columns) + PLAIN + THIN + LEFT
    yield _rule(columns)


def _goods(values: PrintedReceipt, paper: Paper) -> Iterator[bytes]:
    columns, words = COLUMNS[paper], WORDS[values.language]
    for line in values.lines:
        yield from _line(line, words["discount"], columns)
    yield _rule(columns)
    yield TALL + BOLD + _row(words["total"], values.total, columns) + PLAIN + THIN


def _line(line: ReceiptLine, discount: str, columns: int) -> Iterator[bytes]:
    yield BOLD + _text(line.description, columns) + THIN
    price = f"{line.quantity} x {line.unit_price}"
    if line.discount:
        yield _text(price, columns, "  ")
        price = f"{discount} {line.discount}"
    yield _row(f"  {price}", line.amount, columns)
    for said in (line.returned, *line.covers):
        yield _text(said, columns, "  ")


def _foot(values: PrintedReceipt, paper: Paper) -> Iterator[bytes]:
    columns, words = COLUMNS[paper], WORDS[values.language]
    yield CENTRE + CTL_LF
    yield BOLD + _text(values.look.receipt_greeting, columns) + THIN
    yield _code(values.qr_url, DOTS[paper]) + CTL_LF
    yield _text(words["scan_receipt"], columns)
    yield _text(words["or_code"], columns) + TALL + BOLD + _text(values.code, columns) + PLAIN + THIN
    yield CTL_LF + _text(values.look.receipt_terms or values.message, columns)
    yield FEED + LEFT + PAPER_PART_CUT


def _text(text: str, columns: int, indent: str = "") -> bytes:
    """Each line of `text`, broken at the columns; nothing for none."""
    return b"".join(
        part.encode() + CTL_LF
        for line in text.splitlines()
        for part in wrap(plain(line), columns, initial_indent=indent, subsequent_indent=indent)
    )


def _row(left: str, right: str, columns: int) -> bytes:
    """`left` at the left edge and `right` at the right, on two lines where one is too short."""
    left, right = plain(left), plain(right)
    if len(left) + len(right) < columns:
        return f"{left}{right:>{columns - len(left)}}".encode() + CTL_LF
    return _text(left, columns) + b"".join(
        part.rjust(columns).encode() + CTL_LF for part in wrap(right, columns)
    )


def _rule(columns: int) -> bytes:
    return b"-" * columns + CTL_LF


def _code(address: str, dots: int) -> bytes:
    """The QR code of `address` as a picture."""
    rows = codes.rows(address)
    side = min(MODULE, dots // len(rows))
    small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).point([0] + [255] * 255, "1")
    made = small.resize((len(rows) * side, len(rows) * side), Image.Resampling.NEAREST)
    return _raster(-(-made.width // 8), made.tobytes())


@lru_cache(maxsize=8)
def _logo(logo: bytes) -> bytes:
    """The shop's logo in black dots on white."""
    with Image.open(BytesIO(logo), formats=["PNG"]) as picture:
        picture.thumbnail(LOGO, Image.Resampling.LANCZOS)
        made = EscposImage(picture)
    return _raster(made.width_bytes, made.to_raster_format())


def _raster(width: int, dots: bytes) -> bytes:
    """The command that prints a picture `width` bytes wide, eight dots a byte."""
    return S_RASTER_N + width.to_bytes(2, "little") + (len(dots) // width).to_bytes(2, "little") + dots
