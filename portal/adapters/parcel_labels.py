"""The label of a parcel with what to do with it, on one A4 page. Values only, as in documents.py."""

from dataclasses import dataclass

from portal.adapters import code128, pdf, qr
from portal.adapters.documents import Place
from portal.adapters.stationery import css, fill, picture
from portal.domain.shop.rules import Look

DOTS = 10  # a side of a QR code's module


@dataclass(frozen=True)
class ParcelLabel:
    """`number` is the waybill or the code of the case, in bars and in letters; `address` what its QR code
    leads to. An empty address leaves lines to write on. `steps` say what to do, `hours` when to come."""

    look: Look
    language: str
    number: str
    shown: str
    address: str
    courier: str
    sender: Place
    recipient: Place
    what: str
    steps: list[str]
    hours: list[tuple[str, str]]


def parcel_label_pdf(label: ParcelLabel) -> bytes:
    """The label above, the steps below a line to cut along."""
    bars = picture(code128.png(label.number)) if code128.fits(label.number) else ""
    values = {"v": label, "bars": bars, "code": picture(qr.png(label.address, DOTS))}
    html = fill("parcel_label.html", label.look, label.language, values)
    return pdf.render(html, stylesheets=(css("base"), css("parcel_label")))
