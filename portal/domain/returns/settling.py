"""Giving back what was paid: money, store credit or other goods; the pieces that came are the shop's again.

What is handed out in exchange is a sale of its own, so it has its price, its warranty and its own window, and
a till that tells of the first sale anew does not lose it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import among, db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Product
from portal.domain.claims.models import Refund
from portal.domain.intake import writer
from portal.domain.purchases import actions as purchases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.returns import credit, queries
from portal.domain.returns.models import Exchange, ReturnLine
from portal.domain.returns.rules import Ruling, Wish, share
from portal.domain.units import making
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.errors import Refused
from portal.kernel.money import MINOR_DIGITS, Money
from portal.kernel.text import _


@dataclass(frozen=True)
class Given:
    """What is given back for one line, in minor units; less than what was paid needs a reason. `rejected`:
    nothing is, and the pieces go back to the customer."""

    amount: int | None = None
    reason: str = ""
    rejected: bool = False


@dataclass(frozen=True)
class Sums:
    """What a settlement adds up to. `difference`: what the customer pays on top for the exchange; below zero
    the shop pays it out, and it is in `money` already."""

    money: int
    credit: int
    swapped: int
    exchange: int

    @property
    def difference(self) -> int:
        return self.exchange - self.swapped


def worth(line: Any, pieces: int) -> int:
    """What was paid for so many pieces of a row of `queries.lines`, minor units; nothing for those that the
    till took back meanwhile, or whose line it took off the receipt."""
    if not line.quantity:
        return 0
    before = line.gone + line.kept_before
    return share(line.amount, line.quantity, before, max(min(pieces, line.quantity - before), 0))


def sums(parts: Sequence[tuple[str, int, int]]) -> Sums:
    """Adds up (wish, what is given back, price of what is handed out) of each line."""
    by_wish = {wish: sum(amount for w, amount, _p in parts if w == wish) for wish in Wish}
    exchange = sum(price for _w, _a, price in parts)
    found = Sums(by_wish[Wish.MONEY], by_wish[Wish.CREDIT], by_wish[Wish.EXCHANGE], exchange)
    return replace(found, money=found.money + max(-found.difference, 0))


def settle(actor: Actor, case: Case, given: Mapping[int, Given], now: datetime) -> Sums:
    """Give back for what came, by the ids of the lines. Raises Refused."""
    if case.state != S.RECEIVED:
        raise Refused(_("That can no longer be done. Reload the page to see how it stands."))
    lines = [line for line in queries.to_settle(case.id) if line.ruling == Ruling.APPROVED]
    if any(line.received is None for line in lines):
        raise Refused(_("Count first what came."))
    kept = [line for line in lines if not _rejected(line, given.get(line.id))]
    if not any(line.received for line in kept):
        raise Refused(_("All of it goes back to the customer; then reject the return below."))
    found = _pay(actor, case, kept, given, now)
    _take_back(kept, now)
    cases.move(actor, case, E.FULFIL, now, data=_told(found))
    if not found.money and not found.exchange and len(kept) == len(lines):
        cases.move(actor, case, E.SETTLE, now)
    return found


def pay_kept(actor: Actor, case: Case, now: datetime) -> Sums:
    """The customer is given all that was asked for and keeps the goods; they cannot come back again."""
    lines = [line for line in queries.to_settle(case.id) if line.ruling == Ruling.APPROVED]
    for line in lines:
        line.received = line.asked
    found = _pay(actor, case, lines, {}, now)
    for line in lines:
        line.kept = True
    db.session.flush()
    if not found.money and not found.exchange:
        cases.move(actor, case, E.SETTLE, now)
    return found


def _pay(
    actor: Actor, case: Case, lines: Sequence[ReturnLine], given: Mapping[int, Given], now: datetime
) -> Sums:
    held = select(PurchaseLine.id).where(among(PurchaseLine.id, [n.line_id for n in lines if n.line_id]))
    db.session.execute(held.order_by(PurchaseLine.id).with_for_update())
    full = {row.id: row for row in queries.lines(case.id)}
    currency, parts = case.outlet.currency, []
    for line in lines:
        pieces = line.received or 0
        line.paid, reason = _amount(line, worth(full[line.id], pieces), given.get(line.id), currency)
        line.found = " ".join(filter(None, (line.found, reason)))
        line.settled_at = now
        parts.append((line.wish, line.paid, (line.price or 0) * pieces))
    found = sums(parts)
    if found.money:
        owed = Refund(case_id=case.id, amount=found.money, currency=currency, created_at=now)
        db.session.add(owed)
    if found.credit:
        credit.give(actor, case.customer_id, Money(found.credit, currency), now, case_id=case.id)
    if found.exchange:
        _hand_out(case, lines, found, now)
    db.session.flush()
    return found


def _rejected(line: ReturnLine, given: Given | None) -> bool:
    """Whether this line is rejected after a look at it; its reason is kept."""
    if given is None or not given.rejected:
        return False
    if not given.reason.strip():
        raise Refused(_("Say why, so that the customer understands it."), f"why_{line.id}")
    line.ruling, line.ruling_reason = Ruling.REFUSED, given.reason.strip()
    return True


def _amount(line: ReturnLine, most: int, given: Given | None, currency: str) -> tuple[int, str]:
    """(what is given back, why it is less than what was paid)."""
    if given is None or given.amount is None or given.amount == most:
        return most, ""
    if not 0 <= given.amount <= most:
        raise Refused(
            _("No more than was paid: %(amount)s.", amount=Money(most, currency)), f"amount_{line.id}"
        )
    if not given.reason.strip():
        raise Refused(_("Say why less is given back; the customer reads it."), f"why_{line.id}")
    return given.amount, given.reason.strip()


def _take_back(lines: Sequence[ReturnLine], now: datetime) -> None:
    """The pieces that came are the shop's again; a till that tells of them later tells of the same ones."""
    came = {line.line_id: line.received for line in lines if line.line_id and line.received}
    for sold in db.session.scalars(select(PurchaseLine).where(PurchaseLine.id.in_(came))):
        sold.brought_back = min(sold.gone + (came[sold.id] or 0), sold.quantity)
    db.session.flush()
    units = {number for line in lines for number in line.unit_ids}
    making.follow([number for number in came if number], now, units)


def _hand_out(case: Case, lines: Sequence[ReturnLine], found: Sums, now: datetime) -> None:
    """Sell what was chosen instead, to the same customer. Raises Refused."""
    if db.session.get(Exchange, case.id):
        raise Refused(_("Goods were exchanged in this case before. Open another return for these."))
    swaps = [line for line in lines if line.wish == Wish.EXCHANGE and line.received]
    wanted = select(Product).where(Product.id.in_([line.product_id for line in swaps]))
    products = {product.id: product for product in db.session.scalars(wanted)}
    scale = Decimal(10) ** MINOR_DIGITS.get(case.outlet.currency, 2)
    sold = tuple(
        SaleLine(products[s.product_id or 0].name, s.received or 0, Decimal(s.price or 0) / scale,
                 products[s.product_id or 0].sku)
        for s in swaps
    )  # fmt: skip
    (brought,) = writer.bring([Sale(case.outlet.code, f"T-{case.code}", now, sold)], now, source="exchange")
    if brought.problem:
        raise brought.problem
    purchase = db.session.get_one(Purchase, brought.purchase_id)
    purchases.give_to(purchase, case.customer)
    db.session.add(Exchange(case_id=case.id, purchase_id=purchase.id, difference=found.difference))


def _told(found: Sums) -> dict[str, int]:
    told = {
        "money": found.money, "credit": found.credit, "exchange": found.exchange,
        "difference": found.difference,
    }  # fmt: skip
    return {name: amount for name, amount in told.items() if amount}
