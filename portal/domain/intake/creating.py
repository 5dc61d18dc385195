"""Writing receipts that are new, many at a time: lines, links, buyers, units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from portal.db import among, bulk, db, reserve
from portal.domain.accounts.matching import Buyer, Match, Matcher
from portal.domain.catalog.versions import Versions
from portal.domain.intake import checking
from portal.domain.links import actions as links
from portal.domain.purchases import doubts
from portal.domain.purchases.models import Purchase, PurchaseDoubt, PurchaseLine, ReceiptLink
from portal.domain.purchases.rules import PurchaseKind, Sale
from portal.domain.units import making
from portal.kernel.clock import day_in
from portal.kernel.codes import new_codes

PURCHASE = (
    "id", "code", "number", "kind", "outlet_id", "customer_id", "buyer_name", "buyer_phone", "buyer_email",
    "cashier", "bought_at", "currency", "total", "source", "external_id", "digest", "undoes", "cancelled_at",
    "wrong_tries", "created_at",
)  # fmt: skip
LINE = (
    "id", "purchase_id", "position", "product_id", "description", "quantity", "returned", "unit_price",
    "amount",
)  # fmt: skip


@dataclass(slots=True)
class Arrival:
    """A sale on its way in.

    `outlet` and `known` (the receipt that is there already) are rows; `code` is given by a sticker or made
    with the receipt, `id` is that of the receipt. Line by line: `exact` amounts in the major unit, `products`
    (None for a fee), `serials`, cleaned.
    """

    place: int
    sale: Sale
    exact: list[Decimal]
    digest: bytes
    outlet: Any = None
    known: Any = None
    code: str | None = None
    sticker: bool = False
    id: int = 0
    serials: list[list[str]] = field(default_factory=list)
    products: list[Any] = field(default_factory=list)


def create(arrivals: Sequence[Arrival], now: datetime, source: str) -> None:
    """Write what is new, with its products; afterwards each arrival has its id and its code."""
    if not arrivals:
        return
    matches = whose([arrival.sale for arrival in arrivals], source, now)
    codes = iter(_free_codes(len(arrivals)))
    for arrival, new_id in zip(arrivals, reserve(Purchase.__table__, len(arrivals)), strict=True):
        arrival.id = new_id
        arrival.code = arrival.code or next(codes)
    totals = [checking.rounded(arrival.exact, arrival.outlet.currency) for arrival in arrivals]
    bulk(
        Purchase.__table__,
        PURCHASE,
        [
            _purchase(arrival, match.record.id if match.record else None, total, source, now)
            for arrival, match, (total, _amounts) in zip(arrivals, matches, totals, strict=True)
        ],
    )
    _write_lines(arrivals, matches, [amounts for _total, amounts in totals], now)
    _write_links(arrivals, now)
    for arrival, match in zip(arrivals, matches, strict=True):
        if match.doubt:
            doubt(arrival.id, match, now)


def whose(sales: Sequence[Sale], source: str, now: datetime) -> list[Match]:
    """Whose each sale is; records that are missing are written. What a person settled is not asked again."""
    buyers = [Buyer(sale.buyer_name, sale.buyer_phone, sale.buyer_email, sale.customer_ref) for sale in sales]
    matcher = Matcher(source, buyers)
    matches = [matcher.match(buyer) for buyer in buyers]
    doubted = [n for n, match in enumerate(matches) if match.doubt]
    said = doubts.said_before([sales[n] for n in doubted])
    for n, customer_id in zip(doubted, said, strict=True):
        if customer_id is not None:
            matches[n] = matcher.decided(buyers[n], customer_id) or matches[n]
    matcher.write(now)
    return matches


def doubt(purchase_id: int, match: Match, now: datetime) -> None:
    """Let a person say whose this receipt is."""
    db.session.add(
        PurchaseDoubt(
            purchase_id=purchase_id,
            reason=match.doubt,
            candidates=[record.id for record in match.candidates],
            created_at=now,
        )
    )


def line_row(
    line_id: int, purchase_id: int, position: int, line: Any, product_id: int | None, amount: int
) -> tuple[Any, ...]:
    """A line as its table holds it, in the order of LINE, ready for the driver."""
    return (
        line_id, purchase_id, position, product_id, line.description[:200] or line.sku or "–", line.quantity,
        line.returned, str(line.unit_price), amount,
    )  # fmt: skip


def _purchase(
    arrival: Arrival, customer_id: int | None, total: int, source: str, now: datetime
) -> tuple[Any, ...]:
    sale = arrival.sale
    return (
        arrival.id, arrival.code, sale.number, sale.kind.value, arrival.outlet.id, customer_id,
        sale.buyer_name[:120], sale.buyer_phone, sale.buyer_email, sale.cashier[:80], sale.bought_at,
        arrival.outlet.currency, total, source, sale.external_id, arrival.digest, sale.undoes,
        sale.cancelled_at, 0, now,
    )  # fmt: skip


def _write_lines(
    arrivals: Sequence[Arrival], matches: Sequence[Match], amounts: Sequence[list[int]], now: datetime
) -> None:
    ids = iter(reserve(PurchaseLine.__table__, sum(len(arrival.sale.lines) for arrival in arrivals)))
    rows: list[tuple[Any, ...]] = []
    pieces: list[making.Piece] = []
    versions = Versions()
    for arrival, match, each in zip(arrivals, matches, amounts, strict=True):
        told = zip(arrival.sale.lines, arrival.products, each, ids, strict=False)  # the ids go on after it
        mine = [
            line_row(line_id, arrival.id, n, line, product.id if product else None, amount)
            for n, (line, product, amount, line_id) in enumerate(told, 1)
        ]
        rows += mine
        if arrival.sale.kind == PurchaseKind.SALE and arrival.sale.cancelled_at is None:
            holder_id = match.record.id if match.record else None
            pieces += _pieces(arrival, [row[0] for row in mine], holder_id, versions)
    bulk(PurchaseLine.__table__, LINE, rows, ready=True)
    making.write(pieces, now)


def _pieces(
    arrival: Arrival, line_ids: list[int], holder_id: int | None, versions: Versions
) -> Iterator[making.Piece]:
    """The units of a sale."""
    code = arrival.outlet.code
    for n, (line, product) in enumerate(zip(arrival.sale.lines, arrival.products, strict=True)):
        if product is None or (version := versions.of(product, code)) is None:
            continue
        yield from making.pieces(
            line.quantity - line.returned, arrival.serials[n] if arrival.serials else (),
            product_id=product.id, outlet_id=arrival.outlet.id, purchase_id=arrival.id, line_id=line_ids[n],
            holder_id=holder_id, version_id=version,
            bought_on=day_in(arrival.outlet.timezone, arrival.sale.bought_at),
        )  # fmt: skip


def _write_links(arrivals: Sequence[Arrival], now: datetime) -> None:
    tokens = [(arrival.id, links.columns(ReceiptLink)) for arrival in arrivals if not arrival.sticker]
    bulk(
        ReceiptLink.__table__,
        ("seed", "token_hash", "created_at", "purchase_id"),
        [(token["seed"], token["token_hash"], now, new_id) for new_id, token in tokens],
    )
    for arrival in arrivals:
        if arrival.sticker:
            db.session.execute(
                update(ReceiptLink)
                .where(ReceiptLink.sticker == arrival.code, ReceiptLink.purchase_id.is_(None))
                .values(purchase_id=arrival.id)
            )


def _free_codes(count: int) -> list[str]:
    """Codes that no receipt has: among a million there may be one."""
    found = new_codes(count)
    taken = set(db.session.scalars(select(Purchase.code).where(among(Purchase.code, found))))
    return [code for code in found if code not in taken] + (_free_codes(len(taken)) if taken else [])
