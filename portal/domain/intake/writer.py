"""The one way in for every sale: checked, matched, written in bulk, harmless when repeated.

A sale is known by (outlet, number), or by (source, external id). What was told before changes nothing; what
is told differently revises the receipt. The cost of a line does not depend on what is there already.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import among, db
from portal.domain.catalog.models import Outlet
from portal.domain.intake import checking, creating, returning, revising
from portal.domain.intake.creating import Arrival
from portal.domain.intake.rules import Brought, Fate
from portal.domain.intake.stock import Stock
from portal.domain.news import announce
from portal.domain.purchases.facts import PurchaseSent
from portal.domain.purchases.models import Purchase, PurchaseLine, ReceiptLink
from portal.domain.purchases.rules import PurchaseKind, Sale
from portal.domain.units import making
from portal.domain.units.models import Unit
from portal.domain.units.numbers import clean_serial
from portal.domain.units.rules import Registration
from portal.kernel.errors import Refused
from portal.kernel.text import _

_OUTLETS = select(Outlet.id, Outlet.code, Outlet.timezone, Outlet.currency, Outlet.sector)
_KNOWN = select(
    Purchase.id, Purchase.code, Purchase.outlet_id, Purchase.number, Purchase.source, Purchase.external_id,
    Purchase.digest,
)  # fmt: skip
_ANOTHER = _(
    "This outlet has another sale with this number. Give each till an outlet or receipt numbers of its own."
)


def bring(
    sales: Sequence[Sale], now: datetime, *, source: str, stickers: Mapping[int, str] | None = None
) -> list[Brought]:
    """Let sales in; one answer for each, in their order. One that is refused does not hold up the others.

    `source` names the till: "file", "api", "counter", or a format and its connection. `stickers` gives sales
    (by their place) the sticker that is on the goods: its QR code becomes the receipt's. Runs in the caller's
    transaction.
    """
    answers: dict[int, Brought] = {}
    for arrivals in _rounds(sales):
        fresh = _sort(arrivals, now, source, answers)
        if stickers:
            fresh = [arrival for arrival in fresh if _sticks(arrival, stickers, answers)]
        changed = [arrival for arrival in arrivals if arrival.known and arrival.place not in answers]
        stock = Stock([arrival.sale for arrival in (*fresh, *changed)])
        fresh = _with_free_serials(fresh, stock, answers)
        for arrival in (*fresh, *changed):
            arrival.products = stock.meet(arrival.sale, arrival.outlet.sector)
        stock.write()
        creating.create(fresh, now, source)
        for arrival in changed:
            revising.revise(arrival, now, source)
        told = [a for a in (*fresh, *changed) if a.sale.kind == PurchaseKind.CANCELLATION]
        returning.take_back({a.id: a.sale.undoes for a in told} | returning.waiting_for(fresh), now)
        for arrival in (*fresh, *changed):
            _announce_sent(arrival.id, arrival.sale)
        answers |= {a.place: Brought(Fate.CREATED, a.id, a.code or "") for a in fresh}
        answers |= {a.place: Brought(Fate.CHANGED, a.id, a.known.code) for a in changed}
    return [answers[place] for place in range(len(sales))]


def foresee(sales: Sequence[Sale], now: datetime, *, source: str) -> list[Brought]:
    """What `bring` would answer now; writes nothing."""
    answers: dict[int, Brought] = {}
    for arrivals in _rounds(sales):
        fresh = _sort(arrivals, now, source, answers)
        numbered = [a for a in fresh if any(line.serials for line in a.sale.lines)]
        _with_free_serials(numbered, Stock([a.sale for a in numbered]), answers)
        for arrival in arrivals:
            known = arrival.known
            fate = Brought(Fate.CHANGED, known.id, known.code) if known else Brought(Fate.CREATED)
            answers.setdefault(arrival.place, fate)
    return [answers[place] for place in range(len(sales))]


def make_missing(product_id: int, after_line_id: int, limit: int, now: datetime) -> int | None:
    """Make the units of what was sold before its product came under a policy, `limit` lines at a time.

    Returns the line that it came to, None when none is left.
    """
    found = list(
        db.session.scalars(
            select(PurchaseLine.id)
            .where(PurchaseLine.product_id == product_id, PurchaseLine.id > after_line_id)
            .order_by(PurchaseLine.id)
            .limit(limit)
        )
    )
    making.follow(found, now)
    return found[-1] if len(found) == limit else None


def _announce_sent(purchase_id: int, sale: Sale) -> None:
    under_way = sale.kind == PurchaseKind.SALE and sale.cancelled_at is None
    if under_way and (sale.courier or sale.waybill):
        announce(PurchaseSent(purchase_id, sale.courier, sale.waybill, sale.bought_at))


def _rounds(sales: Sequence[Sale]) -> Iterable[list[Arrival]]:
    """A sale that is told twice, by its number or by the till's own id, comes after itself."""
    waiting = [Arrival(n, sale, checking.exact(sale), checking.digest(sale)) for n, sale in enumerate(sales)]
    while waiting:
        told: set[Any] = set()
        first: list[Arrival] = []
        later: list[Arrival] = []
        for arrival in waiting:
            sale = arrival.sale
            marks = {(sale.outlet_code, sale.number), sale.external_id} - {None}
            (first if told.isdisjoint(marks) else later).append(arrival)
            told |= marks
        yield first
        waiting = later


def _sort(arrivals: list[Arrival], now: datetime, source: str, answers: dict[int, Brought]) -> list[Arrival]:
    """Answer what is refused or was told before; returns what is new. What is known has its row."""
    outlets = {row.code: row for row in db.session.execute(_OUTLETS)}
    fit = []
    for arrival in arrivals:
        if refused := checking.problem(arrival.sale, arrival.exact, outlets, now):
            answers[arrival.place] = Brought(Fate.REFUSED, problem=refused)
        else:
            arrival.outlet = outlets[arrival.sale.outlet_code]
            fit.append(arrival)
    by_number, by_external = _known(fit, source)
    for arrival in fit:
        sale = arrival.sale
        numbered = by_number.get((arrival.outlet.id, sale.number))
        known = arrival.known = by_external.get(sale.external_id) or numbered
        if known is None:
            continue
        taken = numbered is not None and numbered.id != known.id
        if taken or (sale.external_id and known.external_id not in (None, sale.external_id)):
            answers[arrival.place] = Brought(Fate.REFUSED, problem=Refused(_ANOTHER, "number"))
        elif known.digest == arrival.digest and known.outlet_id == arrival.outlet.id:
            answers[arrival.place] = Brought(Fate.SAME, known.id, known.code)
    return [arrival for arrival in fit if arrival.known is None]


def _known(arrivals: list[Arrival], source: str) -> tuple[dict[Any, Any], dict[Any, Any]]:
    if not arrivals:
        return {}, {}
    numbers: dict[int, list[str]] = {}
    for arrival in arrivals:
        numbers.setdefault(arrival.outlet.id, []).append(arrival.sale.number)
    by_number = {
        (row.outlet_id, row.number): row
        for outlet_id, some in numbers.items()
        for row in db.session.execute(
            _KNOWN.where(Purchase.outlet_id == outlet_id, among(Purchase.number, some))
        )
    }
    external = [a.sale.external_id for a in arrivals if a.sale.external_id]
    if not external:
        return by_number, {}
    told = _KNOWN.where(Purchase.source == source, among(Purchase.external_id, external))
    return by_number, {row.external_id: row for row in db.session.execute(told)}


def _sticks(arrival: Arrival, stickers: Mapping[int, str], answers: dict[int, Brought]) -> bool:
    """Whether the sticker of a sale, if it has one, is still blank."""
    arrival.code = stickers.get(arrival.place)
    if arrival.code is None:
        return True
    blank = select(ReceiptLink.id).where(
        ReceiptLink.sticker == arrival.code,
        ReceiptLink.purchase_id.is_(None),
        ReceiptLink.revoked_at.is_(None),
    )
    if db.session.scalar(blank) is not None:
        arrival.sticker = True
        return True
    answers[arrival.place] = Brought(
        Fate.REFUSED,
        problem=Refused(_("This sticker is used already, or not one of ours. Take another one."), "sticker"),
    )
    return False


def _with_free_serials(arrivals: list[Arrival], stock: Stock, answers: dict[int, Brought]) -> list[Arrival]:
    """Those whose serial numbers belong to no other item; the others are answered with a refusal."""
    told = [a for a in arrivals if any(line.serials for line in a.sale.lines)]
    for arrival in told:
        arrival.serials = [
            [serial for raw in line.serials if (serial := clean_serial(raw))] for line in arrival.sale.lines
        ]
    every = {serial for a in told for some in a.serials for serial in some}
    taken: set[Any] = set()
    if every:
        found = select(Unit.product_id, Unit.serial).where(
            among(Unit.serial, every),
            Unit.registration.not_in((Registration.REJECTED, Registration.RETURNED)),
        )
        taken = {tuple(row) for row in db.session.execute(found)}
    for arrival in told:
        for n, (line, serials) in enumerate(zip(arrival.sale.lines, arrival.serials, strict=True)):
            product = stock.of(line)
            for serial in serials:
                mark = (product.id if product else stock, serial)
                if product and mark in taken:
                    answers[arrival.place] = Brought(
                        Fate.REFUSED,
                        problem=Refused(
                            _("The serial number %(serial)s is registered to another item. Check it again.",
                              serial=serial),
                            f"lines.{n}.serials",
                        ),
                    )  # fmt: skip
                taken.add(mark)
    return [arrival for arrival in arrivals if arrival.place not in answers]
