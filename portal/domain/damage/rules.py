"""Until when a courier takes a claim, what it pays at most, and which evidence a claim needs."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from portal.kernel.text import Message, _


class Since(StrEnum):
    """The day from which a courier counts."""

    ARRIVED = auto()
    SHIPPED = auto()
    EXPECTED = auto()


class Claimant(StrEnum):
    """Who the courier takes a claim from."""

    SENDER = auto()
    EITHER = auto()
    UNKNOWN = auto()


class Proof(StrEnum):
    OUTSIDE = auto()
    LABEL = auto()
    INSIDE = auto()
    GOODS = auto()
    UNBOXING = auto()
    WEIGHT = auto()


PERILS: dict[str, Message] = {
    "damaged": _("Damaged"),
    "part_lost": _("Something is missing"),
    "lost": _("Lost"),
}
LOST = "lost"
SINCE: dict[Since, Message] = {
    Since.ARRIVED: _("after the parcel arrived"),
    Since.SHIPPED: _("after it was sent"),
    Since.EXPECTED: _("after the day it should have arrived"),
}
CLAIMANTS: dict[Claimant, Message] = {
    Claimant.SENDER: _("Only the sender"),
    Claimant.EITHER: _("The sender or the recipient"),
    Claimant.UNKNOWN: _("Not known; ask the courier"),
}
PROOFS: dict[Proof, Message] = {
    Proof.OUTSIDE: _("The parcel from outside"),
    Proof.LABEL: _("The label with the waybill number"),
    Proof.INSIDE: _("The packing inside"),
    Proof.GOODS: _("The damaged goods"),
    Proof.UNBOXING: _("A video of the unpacking"),
    Proof.WEIGHT: _("The weight of the parcel"),
}
# What cannot be photographed of a parcel that never came is not asked for.
NEEDED: dict[str, tuple[Proof, ...]] = {
    "damaged": (Proof.OUTSIDE, Proof.LABEL, Proof.INSIDE, Proof.GOODS, Proof.UNBOXING),
    "part_lost": (Proof.OUTSIDE, Proof.LABEL, Proof.INSIDE, Proof.UNBOXING, Proof.WEIGHT),
    "lost": (),
}


@dataclass(frozen=True)
class Terms:
    """What a courier's rules say; None where nobody has found it out."""

    damage_days: int | None = None
    damage_since: Since = Since.ARRIVED
    loss_days: int | None = None
    loss_since: Since = Since.EXPECTED
    fee_times: int | None = None
    uninsured_most: int | None = None
    insured_most: int | None = None


@dataclass(frozen=True)
class Days:
    """What is known of a parcel's journey."""

    shipped: date | None = None
    expected: date | None = None
    arrived: date | None = None

    def on(self, since: Since) -> date | None:
        return {Since.ARRIVED: self.arrived, Since.SHIPPED: self.shipped, Since.EXPECTED: self.expected}[
            since
        ]


def counted(terms: Terms, peril: str) -> tuple[int | None, Since]:
    """(days, from when they count) for what happened."""
    if peril == LOST:
        return terms.loss_days, terms.loss_since
    return terms.damage_days, terms.damage_since


def last_moment(day: date, zone: str) -> datetime:
    """The last moment of the courier's last day, by the outlet's clock."""
    return datetime.combine(day, time.max, ZoneInfo(zone))


def deadline(terms: Terms, peril: str, days: Days) -> date | None:
    """The last day on which the courier takes the claim; None when the rule or the day is not known."""
    number, since = counted(terms, peril)
    start = days.on(since)
    return start + timedelta(days=number) if start is not None and number is not None else None


def most(terms: Terms, *, insured: int | None, value: int | None, fee: int | None) -> int | None:
    """What the courier pays at most, in minor units; None when that cannot be told.

    An insured parcel is worth what it was insured for; one without insurance some times its fee. Neither
    pays more than the goods are worth.
    """
    if insured is not None:
        bounds = [insured, terms.insured_most, value]
    elif terms.fee_times is None or fee is None:
        return None
    else:
        bounds = [terms.fee_times * fee, terms.uninsured_most, value]
    return min(bound for bound in bounds if bound is not None)
