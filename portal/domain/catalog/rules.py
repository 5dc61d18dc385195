"""What a product, a policy and an outlet can be."""

import re
from dataclasses import dataclass
from enum import StrEnum, auto

from portal.kernel.errors import Refused
from portal.kernel.text import _


class Sector(StrEnum):
    ELECTRONICS = auto()
    FURNITURE = auto()
    FASHION = auto()
    FOOD = auto()
    LOGISTICS = auto()
    GENERAL = auto()


def in_city(address: str, city: str) -> str:
    """The address with its city, which many write into it already."""
    return address if address.endswith(city) else f"{address}, {city}".removeprefix(", ")


class WarrantyKind(StrEnum):
    """Who stands behind the warranty; each kind is claimed in another place."""

    RESMI = auto()
    DISTRIBUTOR = auto()
    TOKO = auto()
    INTERNASIONAL = auto()


class Start(StrEnum):
    PURCHASE = auto()
    DELIVERY = auto()
    INSTALLATION = auto()


class Provider(StrEnum):
    MAKER = auto()
    DISTRIBUTOR = auto()
    SHOP = auto()
    EXTENDED = auto()


class Replacement(StrEnum):
    """What cover a replacement unit has: what was left of the first one's, or a new term."""

    CONTINUES = auto()
    RESTARTS = auto()


class Scope(StrEnum):
    """What a policy can be given to beside a product itself, in the order in which they are asked."""

    CATEGORY = auto()
    BRAND = auto()
    OUTLET = auto()


USUAL = "usual"  # said of a holiday on which an outlet is open as on any other day
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")


def parse_hours(text: str) -> list[tuple[int, int]]:
    """`09:00-12:00,13:00-18:00` → minutes of the day [(540, 720), (780, 1080)]; empty means closed.

    Raises Refused when spans are malformed, empty or overlap.
    """
    spans = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        found = _SPAN.fullmatch(part)
        if not found:
            raise Refused(_("Write hours as 09:00-17:00, or 09:00-12:00,13:00-17:00."))
        h1, m1, h2, m2 = map(int, found.groups())
        spans.append((h1 * 60 + m1, h2 * 60 + m2))
    flat = [minute for span in spans for minute in span]
    if flat != sorted(set(flat)) or (flat and flat[-1] > 1440):
        raise Refused(_("These hours overlap, or end before they begin. Check them again."))
    return spans


def clean_barcode(typed: str | None) -> str | None:
    """A barcode without spaces; None when empty.

    Raises Refused for what no barcode holds, and for 8, 12, 13 or 14 digits (GTIN) whose last one, which is
    reckoned from the others, does not fit.
    """
    barcode = "".join((typed or "").split())
    if not barcode:
        return None
    if not barcode.isascii() or not barcode.isprintable() or not 4 <= len(barcode) <= 32:
        raise Refused(_("A barcode has 4 to 32 letters and digits. Scan it again."), "barcode")
    if barcode.isdigit() and len(barcode) in (8, 12, 13, 14):
        weighed = sum(int(digit) * (1 if n % 2 else 3) for n, digit in enumerate(reversed(barcode[:-1])))
        if (weighed + int(barcode[-1])) % 10:
            raise Refused(
                _("The last digit of this barcode does not fit. Scan it, or type it again."), "barcode"
            )
    return barcode


@dataclass(frozen=True)
class Layer:
    """One clause of a policy: what it covers, for how long, by whom."""

    clause: int
    component: str  # "" is the whole product
    name_id: str
    name_en: str
    parts: bool
    labour: bool
    transport: bool
    months: int
    days: int
    starts: Start
    provider: Provider
    exclusions_id: str = ""
    exclusions_en: str = ""
    how_id: str = ""
    how_en: str = ""

    def say(self, what: str, language: str) -> str:
        """A text (`name`, `exclusions`, `how`) in a language; Indonesian when it has no other."""
        text: str = getattr(self, f"{what}_{language}", "") or getattr(self, f"{what}_id")
        return text
