"""One row of a till's export becomes a line of a sale, or a reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from operator import itemgetter
from typing import NamedTuple

from portal.domain.intake import numbers, values
from portal.domain.intake.columns import Field
from portal.domain.intake.dates import DateStyle
from portal.domain.intake.numbers import NumberStyle
from portal.domain.intake.values import Event
from portal.domain.purchases.rules import SaleLine
from portal.kernel.errors import Refused
from portal.kernel.text import _

MOST_PIECES = 1_000_000
REMEMBERED = 50_000  # readings that are kept: the same cells come again and again
ZERO, ONE = Decimal(0), Decimal(1)
STEP = Decimal("0.0001")  # a price that does not come out even is rounded up to this, the rest is discount
CELLS = (
    Field.SKU, Field.BARCODE, Field.PRODUCT, Field.VARIANT, Field.SERIAL, Field.CATEGORY, Field.BRAND,
    Field.QUANTITY, Field.UNIT, Field.PRICE, Field.AMOUNT, Field.DISCOUNT, Field.REFUND, Field.KIND,
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How a file is to be read: what a person confirmed. `rounded` are columns of ids that lost digits."""

    columns: Mapping[Field, int]
    numbers: NumberStyle = NumberStyle.COMMA
    quantities: NumberStyle = NumberStyle.COMMA
    dates: DateStyle = DateStyle.DMY
    rounded: frozenset[Field] = frozenset()


class Line(NamedTuple):
    """One row that could be read; `sold` is None for a row without pieces."""

    sold: SaleLine | None
    amount: Decimal
    event: Event
    currency: str | None


class LineReader:
    """Reads rows of one file, which are `width` cells wide and have one more cell that is empty."""

    def __init__(self, plan: Plan, width: int):
        self.plan = plan
        used = [name for name in CELLS if name in plan.columns]
        self.cells_of = itemgetter(*(plan.columns[name] for name in used), width)
        self._places = [used.index(name) if name in used else -1 for name in CELLS]
        self._amounts: dict[str, tuple[Decimal | None, str | None]] = {"": (None, None)}
        self._codeless = Field.SKU not in plan.columns
        self._known: dict[tuple[str, ...], Line | Refused] = {}

    def read(self, cells: tuple[str, ...]) -> Line | Refused:
        """The line, or why there is none, of what `cells_of` took out of a row."""
        line = self._known.get(cells)
        if line is None:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            try:
                line = self._line(*(cells[n].strip() for n in self._places))
            except Refused as refusal:
                line = refusal
            self._known[cells] = line
        return line

    def _line(
        self, sku: str, barcode: str, product: str, variant: str, serial: str, category: str, brand: str,
        quantity: str, unit: str, price: str, amount: str, discount: str, refund: str, kind: str,
    ) -> Line:  # fmt: skip
        """Raises Refused."""
        rounded = self.plan.rounded
        event = values.event(kind)
        sku = values.identity(sku, 40, rounded=Field.SKU in rounded)
        barcode = values.identity(barcode, 32, rounded=Field.BARCODE in rounded)
        name = f"{product} {variant}".strip() or sku or barcode
        if not name:
            raise Refused(_("The product is missing."))
        pieces, beside = self._pieces(quantity)
        given_back, _beside = self._money(refund)
        whole, money = self._money(amount)
        each, sign = self._money(price)
        off = abs(self._money(discount)[0] or ZERO)
        if given_back and event is Event.SALE:
            event = Event.REFUND
            whole = given_back if each is None and not whole else whole
        if pieces != int(pieces):  # sold by weight: one line with what was paid
            whole = whole if each is None else each * pieces
            each, pieces = None, ONE
            name = f"{name[:170]} ({quantity} {unit or beside}".rstrip() + ")"
        if not pieces and each is None and whole:  # paid, but of no number: a fee
            pieces = ONE
        each, off = _price(each, whole, pieces, off)
        sold = None
        if pieces:
            sold = SaleLine(
                name[:200], int(pieces), each, self._code(sku, barcode, product),
                serials=values.serials(serial, Field.SERIAL in rounded) if serial else (),
                discount=off, barcode=barcode, category=category[:40], brand=brand[:80],
            )  # fmt: skip
        return Line(sold, each * pieces - off, event, sign or money)

    def _pieces(self, quantity: str) -> tuple[Decimal, str]:
        """(how many, the unit beside it); one where the file has no such column. Raises Refused."""
        if Field.QUANTITY not in self.plan.columns:
            return ONE, ""
        if not quantity:
            raise Refused(_("The quantity is missing."))
        if quantity.isdecimal() and len(quantity) < 7:
            return Decimal(quantity), ""
        pieces, beside = numbers.parse(quantity, self.plan.quantities)
        if abs(pieces) > MOST_PIECES:
            raise Refused(_("The quantity %(typed)s cannot be meant.", typed=quantity[:20]))
        return pieces, beside

    def _code(self, sku: str, barcode: str, product: str) -> str | None:
        """Where the till has no codes, barcode or name tells goods apart; else a row without is a fee."""
        return sku or ((barcode or values.made_up_sku(product)) if self._codeless else None) or None

    def _money(self, typed: str) -> tuple[Decimal | None, str | None]:
        """(amount, the currency beside it); (None, None) for an empty cell. Raises Refused."""
        known = self._amounts.get(typed)
        if known is None:
            if len(self._amounts) > REMEMBERED:
                self._amounts = {"": (None, None)}
            value, beside = numbers.parse(typed, self.plan.numbers)
            known = self._amounts[typed] = value, numbers.currency_of(beside)
        return known


def _price(
    each: Decimal | None, whole: Decimal | None, pieces: Decimal, off: Decimal
) -> tuple[Decimal, Decimal]:
    """(price of a piece, discount of the line), which give exactly the total together. Raises Refused."""
    off = off if pieces >= 0 else -off
    if each is None:
        if whole is None:
            raise Refused(_("The price is missing."))
        if not pieces:
            return ZERO, ZERO
        each = whole / pieces
        if each * pieces != whole or each != each.quantize(STEP):
            each = each.quantize(STEP, ROUND_UP)
        return each, off + (each * pieces - whole)
    whole = each * pieces if whole is None else whole
    if abs(each * pieces - off - whole) >= ONE and abs(each * pieces - whole) >= ONE:
        raise Refused(
            _(
                "The price times the quantity is %(product)s, but the total says %(total)s.",
                product=f"{each * pieces - off:f}", total=f"{whole:f}",
            )
        )  # fmt: skip
    return each, off
