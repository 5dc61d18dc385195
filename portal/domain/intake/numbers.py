"""Numbers as tills write them: `1.500.000`, `1,500.00`, `Rp 1.500.000,-`, `(4.65)`."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum, auto

from portal.kernel.errors import Refused
from portal.kernel.text import _

CURRENCIES = {
    "rp": "IDR", "idr": "IDR", "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP",
    "€": "EUR", "eur": "EUR", "s$": "SGD", "sgd": "SGD", "rm": "MYR", "myr": "MYR", "¥": "JPY",
    "jpy": "JPY", "aud": "AUD",
}  # fmt: skip
LONGEST = 24  # signs of a number
MOST = Decimal(10) ** 13
_PARTS = re.compile(r"([^\d.,()+-]*)([+-]?)([^\d.,()+-]*)([.,]?\d[\d.,]*)(-?)([^\d.,()+-]*)")
_NOTHING = re.compile(r"-?\d([.,]\d+)?e-\d\d", re.IGNORECASE)  # what a program leaves of a sum that is 0
_SPACES = dict.fromkeys(map(ord, " \t\n\r\xa0\u202f'’")) | {0x2212: "-", 0x2013: "-"}


class NumberStyle(StrEnum):
    """Which sign stands before the decimals; the other one groups thousands."""

    COMMA = auto()  # 1.500.000,00
    DOT = auto()  # 1,500,000.00


def parse(typed: str, style: NumberStyle) -> tuple[Decimal, str]:
    """The number and what is written beside it (a currency or a unit, "" when nothing).

    Raises Refused for what is no number, and for what cannot be meant in this style: `12.50` where a dot
    groups thousands.
    """
    if _NOTHING.fullmatch(typed.strip()):
        return Decimal(0), ""
    found = _split(typed)
    if found is not None:
        negative, body, beside = found
        value, shape = _value(body)
        if shape is None and value is None:
            value = Decimal(
                body.replace(",", ".") if (style is NumberStyle.COMMA) == ("," in body) else _digits(body)
            )
        if value is not None and shape in (None, style) and value < MOST:
            return -value if negative else value, beside
    raise Refused(
        _("“%(typed)s” cannot be read as a number in the way chosen for this file.", typed=typed[:40])
    )


def currency_of(beside: str) -> str | None:
    """The currency that stood beside a price; None when there was none. Raises Refused for other words."""
    if not beside:
        return None
    try:
        return CURRENCIES[beside.lower()]
    except KeyError:
        raise Refused(_("“%(typed)s” beside the price is no currency we know.", typed=beside[:20])) from None


def detect(sample: Iterable[str], currency: str) -> NumberStyle:
    """The style of a column. Where every number fits both, rupiah have thousands and no decimals."""
    seen = dict.fromkeys(NumberStyle, 0)
    doubtful = {".": 0, ",": 0}
    for typed in sample:
        found = _split(typed)
        if found is None:
            continue
        value, shape = _value(found[1])
        if shape is not None:
            seen[shape] += 1
        elif value is None:
            doubtful["," if "," in found[1] else "."] += 1
    if any(seen.values()):
        return max(NumberStyle, key=lambda style: seen[style])
    if currency == "IDR":
        return NumberStyle.DOT if doubtful[","] > doubtful["."] else NumberStyle.COMMA
    return NumberStyle.DOT


def _split(typed: str) -> tuple[bool, str, str] | None:
    """(negative, digits with their signs, what stands beside), None when it is no number."""
    text = typed.translate(_SPACES)
    if len(text) > LONGEST:
        return None
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1]
    text = text.removesuffix(",-").removesuffix(".-")
    if text[:3].lower() == "rp.":
        text = "Rp" + text[3:]
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    before, sign, between, body, after, unit = parts.groups()
    return negative or sign == "-" or after == "-", body, before + between or unit


def _value(body: str) -> tuple[Decimal | None, NumberStyle | None]:
    """(number, the only style it can be of). No style: both fit; no number then: they read it differently.

    A style without a number says that the signs make none.
    """
    dots, commas = body.count("."), body.count(",")
    if not dots and not commas:
        return Decimal(body), None
    if dots and commas:
        mark, group = (".", ",") if body.rindex(".") > body.rindex(",") else (",", ".")
        whole, _mark, rest = body.rpartition(mark)
        if mark in whole or not _grouped(whole, group):
            return None, _style(mark)
        return Decimal(f"{_digits(whole)}.{rest or 0}"), _style(mark)
    mark = "." if dots else ","
    other = _style("," if dots else ".")
    if dots + commas > 1:
        return (Decimal(_digits(body)), other) if _grouped(body, mark) else (None, other)
    whole, _mark, rest = body.partition(mark)
    if len(rest) == 3 and 0 < len(whole) <= 3 and whole[0] != "0":
        return None, None
    return Decimal(f"{whole or 0}.{rest or 0}"), _style(mark)


def _style(mark: str) -> NumberStyle:
    return NumberStyle.DOT if mark == "." else NumberStyle.COMMA


def _grouped(body: str, mark: str) -> bool:
    first, *rest = body.split(mark)
    return 0 < len(first) <= 3 and first.isdigit() and all(len(part) == 3 and part.isdigit() for part in rest)


def _digits(body: str) -> str:
    return body.replace(".", "").replace(",", "")
