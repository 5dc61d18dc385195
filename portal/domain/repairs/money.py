"""What the lines of a work order come to, and who pays a line when nobody says otherwise: no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from portal.domain.repairs.rules import Billing, LineKind
from portal.domain.units.coverage import Verdict


class Priced(Protocol):
    """A line, as a row or as a model."""

    @property
    def pieces(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def billing(self) -> str: ...


@dataclass(frozen=True)
class Totals:
    """Minor units by who pays; the customer pays `billable`."""

    billable: int = 0
    warranty: int = 0
    no_charge: int = 0

    @property
    def all(self) -> int:
        return self.billable + self.warranty + self.no_charge


def totals(lines: Iterable[Priced]) -> Totals:
    """Whole minor units from the start, so that nothing is ever rounded."""
    sums = dict.fromkeys(Billing, 0)
    for line in lines:
        sums[Billing(line.billing)] += line.pieces * line.price
    return Totals(sums[Billing.BILLABLE], sums[Billing.WARRANTY], sums[Billing.NO_CHARGE])


def usual_billing(verdict: Verdict | None, kind: str) -> Billing:
    """Who pays a line by the coverage kept with the claim; without a claim it is the customer.

    A fee (transport, handling) follows the cover of transport.
    """
    if verdict is None:
        return Billing.BILLABLE
    answers = {LineKind.PART: verdict.parts, LineKind.LABOUR: verdict.labour, LineKind.FEE: verdict.transport}
    return Billing.WARRANTY if answers[LineKind(kind)].covered else Billing.BILLABLE


def labour_price(hour_price: int, minutes: int) -> int:
    """What so many minutes cost, in whole minor units, halves up."""
    return (hour_price * minutes * 2 + 60) // 120
