"""Rows of one receipt become a sale, or reasons why not."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from operator import itemgetter
from typing import Any

from portal.domain.intake import dates, numbers, values
from portal.domain.intake.columns import Field
from portal.domain.intake.lines import REMEMBERED, ZERO, Line, LineReader, Plan
from portal.domain.intake.values import Event
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

TOO_WIDE = "!"  # stands in the cell behind the last column of a row that had more cells
PREFIXES = {"C": PurchaseKind.CANCELLATION, "A": PurchaseKind.ADJUSTMENT}
HEAD = (
    Field.DATE, Field.TIME, Field.CUSTOMER, Field.PHONE, Field.EMAIL, Field.CUSTOMER_REF, Field.CURRENCY,
    Field.ORIGINAL, Field.CASHIER,
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An outlet as far as reading needs it."""

    code: str
    zone: tzinfo
    currency: str


@dataclass
class Reading:
    """What became of the rows of a receipt: a sale, or reasons by the index of a row (others have none)."""

    sale: Sale | None = None
    reasons: dict[int, Refused] = field(default_factory=dict)
    amount: Decimal = ZERO  # of its rows, exact, discounts taken off
    notes: list[Message] = field(default_factory=list)


class Reader:
    """Reads receipts of one file, whose rows are `width` cells wide and have one more that is empty."""

    def __init__(self, plan: Plan, width: int):
        self.plan, self._width = plan, width
        self._lines = LineReader(plan, width)
        self._head_of = itemgetter(*(plan.columns.get(name, width) for name in HEAD))
        self._known: dict[Hashable, Any] = {}

    def read(self, place: Place, number: str, rows: Sequence[Sequence[str]]) -> Reading:
        """The sale that these rows are, in the order of the file."""
        found = Reading()
        heads: list[tuple[int, tuple[str, ...]]] = []
        lines: list[Line] = []
        head_of, cells_of, read_line = self._head_of, self._lines.cells_of, self._lines.read
        last = None
        for n, row in enumerate(rows):
            if row[self._width]:
                found.reasons[n] = _too_wide()
                continue
            head = head_of(row)
            if head != last:
                heads.append((n, head))
                last = head
            line = read_line(cells_of(row))
            if isinstance(line, Refused):
                found.reasons[n] = line
            else:
                lines.append(line)
        fields = self._heads(place, heads, found)
        if not found.reasons:
            try:
                told = {fields["currency"], *(line.currency for line in lines)} - {None, place.currency}
                fields["currency"] = told.pop() if told else None  # one that is not the outlet's is refused
                found.sale = _sale(place, number, lines, fields, found)
            except Refused as refusal:
                found.reasons = dict.fromkeys(range(len(rows)), refusal)
        return found

    def _heads(
        self, place: Place, heads: list[tuple[int, tuple[str, ...]]], found: Reading
    ) -> dict[str, Any]:
        """What stands once on a receipt: the earliest date, and of the rest what is there first."""
        first: datetime | None = None
        filled = [""] * len(HEAD)
        for n, head in heads:
            try:
                at = self._moment(head[0], head[1], place.zone)
            except Refused as refusal:
                found.reasons.setdefault(n, refusal)
                continue
            if at is not None and (first is None or at < first):
                first = at
            if any(head[2:]):
                filled = [old or new.strip() for old, new in zip(filled, head, strict=True)]
        if first is None:
            found.reasons.setdefault(0, Refused(_("The date is missing.")))
        _date, _time, name, phone, email, ref, currency, original, cashier = filled
        rounded = self.plan.rounded
        try:
            return {
                "bought_at": first,
                "buyer_name": name[:120],
                "buyer_phone": self._contact(
                    values.phone, phone, _("Phone numbers that cannot be read"), found
                ),
                "buyer_email": self._contact(
                    values.email, email, _("E-mail addresses that cannot be read"), found
                ),
                "customer_ref": values.identity(ref, 80, rounded=Field.CUSTOMER_REF in rounded) or None,
                "undoes": values.identity(original, 40, rounded=Field.NUMBER in rounded) or None,
                "cashier": cashier[:80],
                "currency": numbers.currency_of(currency),
            }
        except Refused as refusal:
            found.reasons.setdefault(0, refusal)
            return {}

    def _moment(self, day: str, clock: str, zone: tzinfo) -> datetime | None:
        if not day.strip():
            return None
        found = self._remembered(
            (day, clock, zone), lambda: dates.parse(day.strip(), clock.strip(), self.plan.dates, zone)
        )
        assert isinstance(found, datetime)
        return found

    def _contact(
        self, parse: Callable[[str], str | None], typed: str, problem: Message, found: Reading
    ) -> str | None:
        """A contact that cannot be read does not keep a receipt out; it is counted."""
        if not typed:
            return None
        contact: str | None = self._remembered((parse, typed), lambda: parse(typed))
        if contact is None:
            found.notes.append(problem)
        return contact

    def _remembered(self, key: Hashable, read: Callable[[], Any]) -> Any:
        """What `read` gives for `key`, or raises."""
        if key not in self._known:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            try:
                self._known[key] = read()
            except Refused as refusal:
                self._known[key] = refusal
        value = self._known[key]
        if isinstance(value, Refused):
            raise value
        return value


def _sale(place: Place, number: str, lines: list[Line], fields: dict[str, Any], found: Reading) -> Sale:
    """Raises Refused."""
    events = {line.event for line in lines}
    if Event.UNPAID in events:
        raise Refused(_("This sale was not paid, so there is no receipt."))
    mixed = Event.SALE in events and Event.REFUND in events
    sold = _with_returns(lines) if mixed else [line.sold for line in lines if line.sold is not None]
    if not sold:
        raise Refused(_("Nothing was sold on this receipt: every quantity is 0."))
    found.amount = sum((line.amount for line in lines if not mixed or line.event is not Event.REFUND), ZERO)
    kind = PurchaseKind.SALE
    if events == {Event.REFUND}:
        if found.amount > 0 and not fields["undoes"]:
            raise Refused(
                _(
                    "These rows only give money back. "
                    "Export a period that holds the sale of this receipt, too."
                )
            )
        kind = PurchaseKind.CANCELLATION
        if found.amount > 0:
            sold = [line._replace(quantity=-line.quantity, discount=-line.discount) for line in sold]
            found.amount = -found.amount
    elif events == {Event.CORRECTION}:
        kind = PurchaseKind.ADJUSTMENT
    elif events == {Event.VOID} and found.amount >= 0:
        fields["cancelled_at"] = fields["bought_at"]
    else:
        kind = _kind(number, sold, found.amount)
    return Sale(place.code, number, lines=tuple(sold), kind=kind, **fields)


def _too_wide() -> Refused:
    return Refused(
        _(
            "This row has more cells than there are columns. "
            "Put a text that holds the separating sign in quotation marks."
        )
    )


def _kind(number: str, lines: list[SaleLine], amount: Decimal) -> PurchaseKind:
    """By what is on it; the letter in front of a number counts only when the amounts agree with it."""
    if amount > 0:
        return PurchaseKind.SALE
    if all(line.quantity < 0 and not line.unit_price for line in lines):
        return PurchaseKind.ADJUSTMENT
    if amount < 0:
        return PREFIXES.get(number[:1], PurchaseKind.CANCELLATION)
    return PurchaseKind.SALE


def _with_returns(lines: list[Line]) -> list[SaleLine]:
    """The lines of a sale, with the pieces that other rows of the same receipt take back. Raises Refused."""
    sold = [line.sold for line in lines if line.sold is not None and line.event is not Event.REFUND]
    back: Counter[int] = Counter()
    for line in lines:
        if line.event is not Event.REFUND or line.sold is None:
            continue
        left = abs(line.sold.quantity)
        for n, other in enumerate(sold):
            if left and _same_goods(line.sold, other):
                taken = min(left, other.quantity - back[n])
                back[n] += taken
                left -= taken
        if left:
            raise Refused(
                _(
                    "“%(product)s” was given back more often than it was sold.",
                    product=line.sold.description[:60],
                )
            )
    return [line._replace(returned=back[n]) if back[n] else line for n, line in enumerate(sold)]


def _same_goods(back: SaleLine, sold: SaleLine) -> bool:
    """A till may write something in front of the name when it takes goods back: `Refund - Kopi`."""
    if back.sku and back.sku == sold.sku:
        return True
    return back.description.lower().endswith(sold.description.lower())
