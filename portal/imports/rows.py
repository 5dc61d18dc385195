"""From the file to the scratch: each row to its receipt, wherever in the file it stands."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.adapters import tables
from portal.adapters.scratch import CELL, ROW, Scratch
from portal.adapters.tables import Table
from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.intake import values
from portal.domain.intake.columns import Field
from portal.domain.intake.lines import Plan
from portal.domain.intake.sales import TOO_WIDE, Place
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _

AT_ONCE = 2_000  # pieces of receipts
LONGEST_PIECE = 5_000  # rows


@dataclass
class Places:
    """The outlets by code and by name, and the one of rows that name none; `unknown` counts other names."""

    known: dict[str, Place]
    own: Place
    unknown: Counter[str] = field(default_factory=Counter)

    @classmethod
    def load(cls, outlet_id: int, called: Mapping[str, int]) -> "Places":
        """`called` says which outlet a file means by a name of its own."""
        known: dict[str, Place] = {}
        places: dict[int, Place] = {}
        query = select(Outlet.id, Outlet.code, Outlet.name, Outlet.timezone, Outlet.currency)
        for number, code, name, zone, currency in db.session.execute(query.order_by(Outlet.id.desc())):
            place = Place(code, ZoneInfo(zone), currency)
            known[name.casefold()] = places[number] = place
        theirs = {name: places[number] for name, number in called.items() if number in places}
        return cls(
            theirs | known | {place.code.casefold(): place for place in known.values()}, places[outlet_id]
        )

    def named(self, typed: str) -> Place:
        """Raises Refused."""
        name = typed.strip()
        if not name:
            return self.own
        try:
            return self.known[name.casefold()]
        except KeyError:
            self.unknown[name[:80]] += 1
            raise Refused(
                _(
                    "There is no outlet “%(name)s”. Say which one is meant, or write its code or name as in "
                    "the catalogue.",
                    name=name[:40],
                )
            ) from None


class Gatherer:
    """Fills the scratch with a file, from its header on; `refuse` is told of rows that are of no receipt."""

    def __init__(
        self, scratch: Scratch, plan: Plan, places: Places, width: int, joint: str,
        refuse: Callable[[int, list[str], Message], None],
    ):  # fmt: skip
        self.scratch, self.places, self.width, self.joint, self.refuse = scratch, places, width, joint, refuse
        self.number_at = plan.columns[Field.NUMBER]
        self.outlet_at = plan.columns.get(Field.OUTLET)
        self.rounded = Field.NUMBER in plan.rounded
        self._ready: list[tuple[str, str, int, str]] = []

    def gather(self, table: Table, progress: Callable[[int], None]) -> int:
        """Returns how many rows the file has below its header."""
        rows = tables.rows(table, progress)
        next(rows, None)
        width, number_at, outlet_at = self.width, self.number_at, self.outlet_at
        piece: list[str] = []
        last: tuple[str, str] | None = None
        key: tuple[str, str] | Refused = "", ""
        n = 0
        for n, row in enumerate(rows, 1):
            if len(row) != width:
                self._fit(row)
            told = row[number_at], row[outlet_at] if outlet_at is not None else ""
            if told != last:
                self._put(key, n, piece)
                last, key, piece = told, self._key(*told), []
            if isinstance(key, Refused):
                self.refuse(n, row[:width], key.message)
                continue
            piece.append(CELL.join(row))
            if len(piece) >= LONGEST_PIECE:
                self._put(key, n + 1, piece)
                piece = []
        self._put(key, n + 1, piece)
        self.scratch.add(self._ready)
        return n

    def _put(self, key: tuple[str, str] | Refused, end: int, piece: list[str]) -> None:
        """A piece of a receipt, whose last row stands before row `end`."""
        if piece and not isinstance(key, Refused):
            self._ready.append((*key, end - len(piece), ROW.join(piece)))
        if len(self._ready) >= AT_ONCE:
            self.scratch.add(self._ready)
            self._ready = []

    def _key(self, number: str, outlet: str) -> tuple[str, str] | Refused:
        """(outlet, number) of a receipt."""
        try:
            found = values.identity(number, 40, rounded=self.rounded)
            if not found:
                return Refused(_("The receipt number is missing."))
            return self.places.named(outlet).code, found
        except Refused as refusal:
            return refusal

    def _fit(self, row: list[str]) -> None:
        """Make a row as wide as the header; where that would lose something, it is marked."""
        width = self.width
        if any(map(str.strip, row[width:])):
            row[width - 1 :] = [self.joint.join(row[width - 1 :]), TOO_WIDE]
        else:
            row[width:] = []
            row.extend([""] * (width - len(row)))
