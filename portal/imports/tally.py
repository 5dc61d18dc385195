"""What a file of sales comes to: counts, sums, reasons and examples for the preview."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.catalog.models import Product
from portal.domain.intake import imports
from portal.domain.intake.rules import Brought, Fate
from portal.domain.intake.sales import Place, Reading
from portal.domain.purchases.rules import PurchaseKind
from portal.kernel.money import minor
from portal.kernel.text import Message

MOST_REASONS = 30
EXAMPLES = 3  # of each fate
NAMES = 6  # of products that are new
AT_ONCE = 500


@dataclass
class Tally:
    fates: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    exact: dict[str, Decimal] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, list[Any]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    examples: dict[str, list[Any]] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None

    def take(self, place: Place, reading: Reading, brought: Brought) -> None:
        """One receipt that could be read, and what would become of it."""
        sale = reading.sale
        assert sale is not None
        self.fates[brought.fate] += 1
        for note in reading.notes:
            self.notes[note.id] += 1
        if brought.fate is Fate.REFUSED:
            return
        self.kinds[sale.kind] += 1
        currency = place.currency
        total = minor(reading.amount, currency)
        self.exact[currency] = self.exact.get(currency, Decimal(0)) + reading.amount
        self.sums[currency] += total
        self.first = min(self.first or sale.bought_at, sale.bought_at)
        self.last = max(self.last or sale.bought_at, sale.bought_at)
        for line in sale.lines:
            if line.sku:
                self.names.setdefault(line.sku, line.description)
        some = self.examples.setdefault(brought.fate, [])
        if len(some) < EXAMPLES and (sale.kind is PurchaseKind.SALE or not some):
            some.append(
                [sale.number, sale.bought_at.isoformat(), sale.buyer_name, len(sale.lines), total, currency,
                 brought.fate.value, place.code]
            )  # fmt: skip

    def refuse(self, message: Message, rows: int = 1) -> None:
        """Rows that are given back with a reason."""
        known = self.reasons.get(message.id)
        if known is not None:
            known[2] += rows
        elif len(self.reasons) < MOST_REASONS:
            self.reasons[message.id] = [*imports.stored(message), rows]

    def counts(self) -> dict[str, Any]:
        """As Import.counts keeps it; asks which products are new."""
        new = list(_unknown(self.names))
        return {
            **{fate.value: self.fates[fate] for fate in Fate},
            "receipts": sum(self.fates.values()),
            "kinds": dict(self.kinds),
            "sums": {code: [f"{exact:f}", self.sums[code]] for code, exact in self.exact.items()},
            "reasons": sorted(self.reasons.values(), key=lambda reason: -reason[2]),
            "notes": self.notes.most_common(),
            "drafts": len(new),
            "draft_names": [self.names[sku][:80] for sku in new[:NAMES]],
            "examples": [row for fate in Fate for row in self.examples.get(fate, [])],
            "days": [day.isoformat() for day in (self.first, self.last) if day is not None],
        }


def _unknown(names: Iterable[str]) -> Iterable[str]:
    rest = iter(names)
    while some := list(islice(rest, AT_ONCE)):
        known = set(db.session.scalars(select(Product.sku).where(Product.sku.in_(some))))
        yield from (sku for sku in some if sku not in known)
