"""Receipts on paper: for a thermal roll of 58 or 80 mm, or on A4. Values only, as in documents.py."""

from dataclasses import dataclass, replace
from enum import StrEnum
from io import BytesIO

from PIL import Image

from portal.adapters import pdf
from portal.adapters.stationery import css, fill
from portal.domain.shop.rules import Look


class Paper(StrEnum):
    """What the shop prints on."""

    NARROW = "58"
    WIDE = "80"
    A4 = "a4"


@dataclass(frozen=True)
class ReceiptLine:
    """`amount` is after the `discount`; `returned` says how many pieces came back.

    `covers` says, layer by layer, until when the thing is covered; empty without a warranty.
    """

    description: str
    quantity: str
    unit_price: str
    amount: str
    covers: tuple[str, ...] = ()
    discount: str = ""
    returned: str = ""


@dataclass(frozen=True)
class PrintedReceipt:
    """A receipt as it is handed over. `mark` says that it no longer counts.

    An empty text leaves its line out.
    """

    look: Look
    outlet_name: str
    outlet_address: str
    outlet_phone: str
    code: str
    number: str
    bought_at: str
    cashier: str
    lines: list[ReceiptLine]
    total: str
    qr_url: str
    message: str
    language: str
    mark: str = ""


def receipt_pdf(receipt: PrintedReceipt, paper: Paper) -> bytes:
    """On a roll one page as long as its lines need; on A4 as many pages as they fill."""
    roll = paper is not Paper.A4
    sheets = ("receipt_roll", f"receipt_{paper}") if roll else ("receipt_a4",)
    look = _without_colours(receipt.look) if roll else receipt.look
    html = fill(f"{sheets[0]}.html", look, receipt.language, receipt, receipt.qr_url)
    return pdf.render(html, stylesheets=(css("base"), *map(css, sheets)), roll=roll)


def _without_colours(look: Look) -> Look:
    """The look on thermal paper, whose printer makes of colours what it likes."""
    if look.logo is None:
        return look
    out = BytesIO()
    Image.open(BytesIO(look.logo), formats=["PNG"]).convert("RGBA").convert("LA").save(out, "PNG")
    return replace(look, logo=out.getvalue())
