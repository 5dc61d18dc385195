"""How the demo's shop presents itself: the name, a colour, a drawn logo and what stands on its receipts."""

from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw

from portal.adapters import logos
from portal.domain.accounts.rules import Actor
from portal.domain.shop import actions

NAME, COLOUR, MOON = "Rumah Purnama", "#1f4b6e", "#e9a23b"
GREETING = "Terima kasih sudah berbelanja di Rumah Purnama."
TERMS = (
    "Simpan nota ini: kode QR di atas membuka garansi dan panduan perawatan barang Anda. "
    "Barang yang tidak cocok boleh ditukar dalam 7 hari dengan nota dan kemasan lengkap. "
    "Ada keluhan? Pindai kode QR, atau datang ke toko kami."
)
SIDE = 1024


def open_shop(manager: Actor, at: datetime) -> None:
    """Choose all of it, once."""
    actions.change(
        manager, 0, at, name=NAME, colour=COLOUR, logo=logos.reencode(drawn_logo()),
        receipt_greeting=GREETING, receipt_terms=TERMS,
    )  # fmt: skip


def drawn_logo() -> bytes:
    """PNG: a full moon rises behind the roof of a house."""
    image = Image.new("RGBA", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)
    pen.ellipse((500, 40, 960, 500), fill=MOON)
    pen.line(((60, 560), (430, 200), (800, 560)), fill=COLOUR, width=120, joint="curve")
    for x, y in ((60, 560), (800, 560)):
        pen.ellipse((x - 60, y - 60, x + 60, y + 60), fill=COLOUR)
    pen.rounded_rectangle((160, 520, 700, 960), radius=60, fill=COLOUR)
    pen.polygon(((160, 540), (430, 280), (700, 540)), fill=COLOUR)
    pen.rounded_rectangle((340, 640, 520, 960), radius=90, fill=(0, 0, 0, 0))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
