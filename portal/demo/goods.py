"""Returns that take several turns, store credit, and a lost parcel whose deadline runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.demo import people
from portal.demo.album import Album
from portal.demo.returns import parcel, sold
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.rules import Sector
from portal.domain.intake import writer
from portal.domain.purchases import actions as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.requests.actions import Ruling
from portal.domain.returns import actions as returns
from portal.domain.returns import answering, credit, queries, settling
from portal.domain.returns.actions import Asked
from portal.domain.returns.answering import Came, Said
from portal.domain.returns.queries import Sold
from portal.domain.returns.rules import Condition, Reason, Wish
from portal.domain.workflows.vocabulary import E
from portal.kernel.money import Money

LOST = (
    "lost", "AnterAja", "10003388171192", 4,
    "Perkiraan tiba sudah lewat dan pelacakan tidak berubah sejak dari gudang Cikarang.",
)  # fmt: skip
RECEIPTS = 400  # among which customers who return more are found
GIFT = 150_000
DRESS = SaleLine("Gaun Linen Midi", 1, Decimal(459_000), discount=Decimal(60_000))
JACKET = SaleLine("Jaket Tahan Air", 2, Decimal(539_000))
SCARF = SaleLine("Selendang Tenun Ikat", 1, Decimal(525_000))


def make(
    team: Mapping[tuple[str, str], Any], outlets: Mapping[str, Outlet], album: Album, now: datetime
) -> None:
    agent, seller = people.actor(team["BDG", "agent"]), people.actor(team["JKT", "agent"])
    (first, old), (second, _older) = _regulars(now)[:2]
    bought = _buys(outlets["BDG"], first, "BDG-R0001", (DRESS, SCARF), now - timedelta(days=4))
    _late(first, [bought, old], now - timedelta(hours=5))
    bought = _buys(outlets["BDG"], second, "BDG-R0002", (JACKET, SCARF), now - timedelta(days=6))
    _short(agent, second, bought, now - timedelta(hours=30))
    paid = _buys(outlets["BDG"], second, "BDG-R0003", (DRESS,), now - timedelta(hours=6))
    credit.spend(agent, second.id, paid.total, paid, now - timedelta(hours=6))
    case, told = parcel(seller, album, sold(Sector.ELECTRONICS, lines=1, count=5)[4], LOST, 4, now)
    cases.say(
        seller, case, "Kami sudah bertanya ke AnterAja. Klaimnya kami siapkan.", told + timedelta(hours=2)
    )
    asked = now - timedelta(hours=3)
    cases.move(seller, case, E.ASK, asked, body="Boleh kirim foto notanya untuk klaim?")
    reactions.settle(asked)
    known = db.session.scalars(select(Customer).where(Customer.email == people.FIRST[1])).one()
    credit.give(seller, known.id, Money(GIFT), now - timedelta(days=20))


def _regulars(now: datetime) -> list[tuple[Customer, Purchase]]:
    """Customers of the clothes shop, who bought most first, each with a receipt whose window is over."""
    bought: dict[Customer, list[Purchase]] = {}
    for purchase in sold(Sector.FASHION, lines=1, count=RECEIPTS):
        if purchase.customer is not None and purchase.bought_at < now - timedelta(days=60):
            bought.setdefault(purchase.customer, []).append(purchase)
    most = sorted(bought.items(), key=lambda pair: (-len(pair[1]), pair[0].id))
    return [(customer, receipts[0]) for customer, receipts in most]


def _buys(
    outlet: Outlet, customer: Customer, number: str, lines: tuple[SaleLine, ...], at: datetime
) -> Purchase:
    (brought,) = writer.bring([Sale(outlet.code, number, at, _named(lines))], at, source="counter")
    purchase = db.session.get_one(Purchase, brought.purchase_id)
    assert purchases.give_to(purchase, customer)
    reactions.settle(at)
    return purchase


def _late(customer: Customer, receipts: Sequence[Purchase], at: datetime) -> None:
    """Two receipts in one return; a line is after its window, one shall be another size at today's price."""
    lines = _lines(customer, receipts, at)
    fresh, late = [line for line in lines if not line.late], [line for line in lines if line.late][:1]
    asked = [_asked(line, Wish.EXCHANGE if line is fresh[0] else Wish.MONEY, Reason.SIZE) for line in fresh]
    asked += [_asked(line, Wish.MONEY, Reason.OTHER) for line in late]
    returns.ask(
        people.actor(customer), customer, asked,
        story="Yang satu baru sempat saya coba minggu ini, masih lengkap dengan label.", photos=(), now=at,
    )  # fmt: skip
    reactions.settle(at)


def _short(agent: Actor, customer: Customer, receipt: Purchase, at: datetime) -> None:
    """Of two jackets that were asked for, one came; the rest is store credit."""
    asked = [_asked(line, Wish.CREDIT, Reason.NOT_AS_SAID) for line in _lines(customer, [receipt], at)]
    case = returns.ask(
        people.actor(customer), customer, asked, story="Warnanya berbeda dengan di foto.", photos=(), now=at
    )
    reactions.settle(at)
    at += timedelta(hours=3)
    rows = queries.rows(case.id)
    said = {line.id: Said(True) for line in rows}
    answering.decide(agent, case, said, Ruling("approve", "Boleh. Bawa ke toko dengan labelnya."), now=at)
    reactions.settle(at)
    at += timedelta(hours=18)
    came = {
        line.id: Came(1, "Label masih ada." if line.asked == 1 else "Satu lagi disimpan.") for line in rows
    }
    answering.receive(agent, case, came, at)
    reactions.settle(at)
    at += timedelta(minutes=15)
    settling.settle(agent, case, {}, at)
    reactions.settle(at)


def _lines(customer: Customer, receipts: Sequence[Purchase], at: datetime) -> list[Sold]:
    """What can come back of these receipts, and is in the catalogue."""
    found = queries.sold_on(people.actor(customer), customer.id, [r.code for r in receipts], at)
    return [line for line in found if line.left and line.row.product_id]


def _asked(line: Sold, wish: Wish, reason: Reason) -> Asked:
    """All pieces of a line; exchanged for the same in another size."""
    swap = line.row.product_id if wish is Wish.EXCHANGE else None
    return Asked(line.key, line.row.id, line.left, reason, Condition.UNUSED, wish, swap)


def _named(lines: tuple[SaleLine, ...]) -> tuple[SaleLine, ...]:
    """The lines with the codes of their products."""
    skus = {name: sku for name, sku in db.session.execute(select(Product.name, Product.sku))}  # noqa: C416
    return tuple(line._replace(sku=skus[line.description]) for line in lines)
