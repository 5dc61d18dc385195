"""The documents that customers keep: the care guide and the warranty card.

Values only: every date and quantity arrives as text in the reader's language. `language` is "id" or "en"; any
other falls back to Indonesian. Each function raises what `pdf.render` raises.
"""

from dataclasses import dataclass

from portal.adapters import pdf
from portal.adapters.stationery import css, fill
from portal.domain.shop.rules import Look


@dataclass(frozen=True)
class Place:
    """Somebody to turn to: an outlet of the shop."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class CareGuide:
    """`body_html` is trusted: the output of `markdown.to_html`; `contents` holds its (id, text)."""

    look: Look
    product_name: str
    product_code: str
    product_icon: str
    product_url: str
    version: int
    published: str
    language: str
    title: str
    body_html: str
    contents: list[tuple[str, str]]
    places: list[Place]
    service_centre: str
    maker: str


@dataclass(frozen=True)
class CardLayer:
    """One layer of cover. `clause` is the number of the policy's clause; `begins` and `share` place its term
    on the whole card's time, in percent; `over` is a layer that no longer covers anything."""

    clause: int
    name: str
    what: str
    since: str
    until: str
    begins: int
    share: int
    over: bool
    provider: str
    exclusions: str
    how: str


@dataclass(frozen=True)
class WarrantyCard:
    """What the rules on warranty cards ask for. An empty text leaves its line out."""

    look: Look
    language: str
    registration_number: str
    product_name: str
    product_icon: str
    brand: str
    model: str
    serial: str
    bought_on: str
    valid_from: str
    outlet: Place
    maker: str
    service_centre: str
    terms: str
    parts_terms: str
    kind_label: str
    layers: list[CardLayer]
    check_url: str
    version: int


@dataclass(frozen=True)
class ClaimLetter:
    """The sender's claim to a courier. `facts` are (name, value) of the parcel, `sums` of the amounts;
    `enclosed` names the evidence that goes with it."""

    look: Look
    language: str
    number: str
    place_and_day: str
    sender: Place
    courier: str
    subject: str
    waybill: str
    facts: list[tuple[str, str]]
    sums: list[tuple[str, str]]
    story: str
    demand: str
    enclosed: list[str]


@dataclass(frozen=True)
class SheetLine:
    """One line of an estimate; `pays` says who pays it when that is not the customer."""

    what: str
    kind: str
    quantity: str
    price: str
    amount: str
    pays: str
    optional: bool


@dataclass(frozen=True)
class EstimateSheet:
    """An estimate as it was sent. `standing` is its answer, or that there is none yet."""

    look: Look
    language: str
    number: str
    made_on: str
    until: str
    outlet: Place
    customer: str
    product: str
    serial: str
    lines: list[SheetLine]
    total: str
    agreed: str
    fee: str
    note: str
    standing: str
    url: str


def care_guide_pdf(guide: CareGuide) -> bytes:
    """An A5 booklet."""
    html = fill("care_guide.html", guide.look, guide.language, guide, guide.product_url)
    return pdf.render(html, stylesheets=(css("base"), css("care_guide")))


def warranty_card_html(card: WarrantyCard) -> str:
    return fill("warranty_card.html", card.look, card.language, card, card.check_url)


def warranty_card_pdf(card: WarrantyCard) -> bytes:
    """An A4 page; many layers or long terms go on to a second."""
    return pdf.render(warranty_card_html(card), stylesheets=(css("base"), css("warranty_card")))


def claim_letter_pdf(letter: ClaimLetter) -> bytes:
    """An A4 letter in the courier's language, whatever that of the reader."""
    html = fill("claim_letter.html", letter.look, letter.language, letter)
    return pdf.render(html, stylesheets=(css("base"), css("claim_letter")))


def estimate_pdf(sheet: EstimateSheet) -> bytes:
    """An A4 sheet; many lines go on to the next."""
    html = fill("estimate.html", sheet.look, sheet.language, sheet, sheet.url)
    return pdf.render(html, stylesheets=(css("base"), css("estimate")))
