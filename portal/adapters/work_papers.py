"""The workshop's papers: a sticker for the item, a receipt for who brought it. Values only."""

from dataclasses import dataclass

from portal.adapters import pdf
from portal.adapters.documents import Place
from portal.adapters.stationery import css, fill
from portal.domain.shop.rules import Look


@dataclass(frozen=True)
class WorkLabel:
    """A sticker on a thermal roll of 58 mm; an empty text leaves its line out."""

    look: Look
    language: str
    code: str
    address: str
    product: str
    serial: str
    customer: str
    shelf: str
    day: str
    case: str


@dataclass(frozen=True)
class IntakeReceipt:
    """What was handed in: `facts` are (name, value) of the item and its condition."""

    look: Look
    language: str
    code: str
    received_at: str
    customer: str
    place: Place
    facts: list[tuple[str, str]]


def work_label_pdf(label: WorkLabel) -> bytes:
    """One page, as long as its lines need."""
    html = fill("work_label.html", label.look, label.language, label, label.address)
    return pdf.render(html, stylesheets=(css("base"), css("work_label")), roll=True)


def intake_receipt_pdf(receipt: IntakeReceipt) -> bytes:
    """An A5 page with room for two signatures: when it is brought, when it is collected."""
    html = fill("intake_receipt.html", receipt.look, receipt.language, receipt)
    return pdf.render(html, stylesheets=(css("base"), css("intake_receipt")))
