"""What all printed documents share: templates, style sheets, the shop's name, colour and logo, QR codes."""

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.adapters import drawings, qr
from portal.adapters.document_words import WORDS
from portal.domain.shop.rules import Look
from portal.kernel.colour import is_colour, mix, readable

FOLDER = Path(__file__).parents[2] / "templates" / "documents"
INK = "#1f4d46"  # when the shop's colour is none
WHITE = "#ffffff"
DOTS = 16  # a side of a QR code's module; as a drawing it would take a fifth of the time and a megabyte
LEGIBLE = 4.5  # contrast that small text needs (WCAG AA)


def fill(template: str, look: Look, language: str, values: Any, qr_text: str = "") -> str:
    """The HTML of a document; `v` in the template are its values, `t` the fixed words, `qr` its one code."""
    known = language if language in WORDS else "id"
    colour = strong(look.colour)
    return _environment.get_template(template).render(
        v=values,
        t=WORDS[known],
        language=known,
        shop=look.name,
        logo=picture(look.logo) if look.logo else "",
        brand=colour,
        middle=mix(colour, WHITE, 0.38),
        pale=mix(colour, WHITE, 0.09),
        qr=picture(qr.png(qr_text, DOTS)) if qr_text else "",
    )


def strong(colour: str) -> str:
    """`colour` ("#rrggbb"), darkened until white is legible on it and it on white; INK for anything else."""
    return readable(colour, WHITE, LEGIBLE) if is_colour(colour) else INK


@cache
def edition() -> str:
    """Another text when the templates, style sheets or fixed words of the documents are others."""
    files = b"".join(path.read_bytes() for path in sorted(FOLDER.iterdir()))
    return sha256(files + repr(WORDS).encode()).hexdigest()


@cache
def css(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text(encoding="utf-8")


def picture(data: bytes) -> str:
    """A PNG as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(data).decode()


_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["trusted_html"] = Markup
_environment.globals["sign"] = drawings.sign
