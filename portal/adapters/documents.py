"""The documents that leave the portal on paper: care guide, warranty card, printed receipt.

Values only: every date, amount and quantity arrives as text in the reader's language. `language` is "id" or
"en"; any other falls back to Indonesian. Each function raises what `pdf.render` raises.
"""

import base64
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.adapters import pdf, qr
from portal.adapters.document_words import WORDS

FOLDER = Path(__file__).parents[2] / "templates" / "documents"
INK = "#1f4d46"  # when the shop's colour is none
READABLE = 4.5  # contrast that small text needs (WCAG AA)


@dataclass(frozen=True)
class CareGuide:
    """`body_html` is trusted: the output of `markdown.to_html`; `contents` holds its (id, text)."""

    shop_name: str
    brand_colour: str
    product_name: str
    product_code: str
    product_url: str
    version: int
    published: str
    language: str
    title: str
    body_html: str
    contents: list[tuple[str, str]]


@dataclass(frozen=True)
class CardLayer:
    """One layer of cover; `clause` is the number of the policy's clause."""

    clause: int
    name: str
    what: str
    until: str
    provider: str
    exclusions: str
    how: str


@dataclass(frozen=True)
class WarrantyCard:
    """What the rules on warranty cards ask for. An empty text leaves its line out."""

    shop_name: str
    brand_colour: str
    language: str
    registration_number: str
    product_name: str
    brand: str
    model: str
    serial: str
    bought_on: str
    valid_from: str
    outlet_name: str
    outlet_address: str
    outlet_phone: str
    maker: str
    service_centre: str
    terms: str
    parts_terms: str
    kind_label: str
    layers: list[CardLayer]
    check_url: str
    version: int


@dataclass(frozen=True)
class PrintedReceipt:
    """A receipt for an 80 mm roll; `lines` are (description, quantity, unit price, amount)."""

    shop_name: str
    outlet_name: str
    outlet_address: str
    outlet_phone: str
    code: str
    number: str
    bought_at: str
    cashier: str | None
    lines: list[tuple[str, str, str, str]]
    total: str
    qr_url: str
    message: str
    language: str


def care_guide_pdf(guide: CareGuide) -> bytes:
    """An A5 booklet."""
    html = _fill("care_guide.html", guide, guide.brand_colour, qr=_qr(guide.product_url))
    return pdf.render(html, stylesheets=(_css("base"), _css("care_guide")))


def warranty_card_pdf(card: WarrantyCard) -> bytes:
    """An A4 page; many layers or long terms go on to a second."""
    html = _fill("warranty_card.html", card, card.brand_colour, qr=_qr(card.check_url))
    return pdf.render(html, stylesheets=(_css("base"), _css("warranty_card")))


def receipt_pdf(receipt: PrintedReceipt) -> bytes:
    """One page, 80 mm wide and as long as its lines need."""
    html = _fill("receipt.html", receipt, INK, qr=_qr(receipt.qr_url))
    return pdf.render(html, stylesheets=(_css("base"), _css("receipt")), roll=True)


def readable(colour: str) -> str:
    """`colour` ("#rrggbb"), darkened until white is legible on it and it on white; INK for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return INK
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    while 1.05 / (_luminance(red, green, blue) + 0.05) < READABLE:
        red, green, blue = red * 19 // 20, green * 19 // 20, blue * 19 // 20
    return f"#{red:02x}{green:02x}{blue:02x}"


def _luminance(red: int, green: int, blue: int) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def _qr(url: str) -> str:
    svg = qr.svg(url).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def _css(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text(encoding="utf-8")


def _fill(template: str, values: CareGuide | WarrantyCard | PrintedReceipt, colour: str, qr: str) -> str:
    language = values.language if values.language in WORDS else "id"
    return _environment.get_template(template).render(
        v=values, t=WORDS[language], language=language, brand=readable(colour), qr=qr
    )


_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["trusted_html"] = Markup
