"""Sheets of QR labels on A4, as sold in every stationer's. Values only, as in documents.py."""

from dataclasses import dataclass
from enum import StrEnum

from portal.adapters import pdf, qr
from portal.adapters.document_words import WORDS
from portal.adapters.stationery import css, fill, picture
from portal.domain.shop.rules import Look


class Size(StrEnum):
    """How large a label is, in millimetres."""

    LARGE = "70x37"
    SMALL = "38x21"


@dataclass(frozen=True)
class Format:
    """How many labels stand on a sheet."""

    across: int
    down: int

    @property
    def labels(self) -> int:
        return self.across * self.down


FORMATS = {Size.LARGE: Format(3, 8), Size.SMALL: Format(5, 13)}
DOTS = 5  # a side of a module: more than printers show at this size


@dataclass(frozen=True)
class Label:
    """What its code leads to, the `name` above it ("" leaves the shop's) and the sign below."""

    address: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Sheets:
    """Labels in the order of the paper. `notes` says on the edge of each sheet which one it is; `scan` is the
    document word that says what scanning is for."""

    look: Look
    language: str
    labels: list[Label]
    notes: list[str]
    scan: str = "scan_label"


def labels_pdf(sheets: Sheets, size: Size) -> bytes:
    """As many A4 pages as the labels fill."""
    most = FORMATS[size].labels
    pages = [
        [(label, picture(qr.png(label.address, DOTS, quick=True))) for label in sheets.labels[at : at + most]]
        for at in range(0, len(sheets.labels), most)
    ]
    scan = [(lang, words[sheets.scan]) for lang, words in WORDS.items()]
    html = fill(
        "labels.html", sheets.look, sheets.language, {"pages": pages, "notes": sheets.notes, "scan": scan}
    )
    return pdf.render(html, stylesheets=(css("base"), css("labels"), css(f"labels_{size}")))
