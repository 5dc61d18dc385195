"""Returns, exchanges and damaged parcels of the example shops, each led by the domain's own actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.demo import people
from portal.demo.album import Album
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.rules import Sector
from portal.domain.damage import actions as damage
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Ruling, Subject
from portal.domain.returns import actions as returns
from portal.domain.returns import answering, queries, settling
from portal.domain.returns.actions import Asked
from portal.domain.returns.answering import Came, Said
from portal.domain.returns.rules import Condition, Reason, Wish
from portal.domain.units.models import Unit
from portal.kernel.clock import day_in

Team = Mapping[tuple[str, str], Any]
PARCELS = (
    ("damaged", "JNE", "JNE8812004417", 2, "Kardus penyok dan basah di satu sisi, layar di dalamnya retak."),
    ("part_lost", "AnterAja", "10003388174520", 1, "Segel dus sudah terbuka, kabel dan remote tidak ada."),
    ("lost", "SiCepat", "004455871203", 0, "Status resi berhenti di gudang sejak seminggu lalu."),
    ("damaged", "J&T", "JP7720183345", 6, "Kaki meja patah, pembungkus kayunya lepas."),
)  # fmt: skip

TITLES = {
    "damaged": "Paket tiba dalam keadaan rusak", "part_lost": "Isi paket kurang", "lost": "Paket tidak tiba",
}  # fmt: skip
ANSWER = "Terima kasih, laporannya sudah kami terima. Klaim ke kurir kami siapkan hari ini."
WINDOW = timedelta(days=13)  # in which clothes come back


def make(team: Team, album: Album, now: datetime) -> None:
    """A few of each, in every stage."""
    _returns(people.actor(team["BDG", "agent"]), now)
    _parcels(people.actor(team["JKT", "agent"]), album, now)


def sold(sector: Sector, *, lines: int, count: int) -> list[Purchase]:
    """The newest receipts of proven customers with at least so many lines of known products."""
    pieces = (
        select(func.count())
        .where(PurchaseLine.purchase_id == Purchase.id, PurchaseLine.product_id.is_not(None))
        .scalar_subquery()
    )
    found = (
        select(Purchase)
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .join(Customer, Customer.id == Purchase.customer_id)
        .where(
            Outlet.sector == sector, Purchase.kind == PurchaseKind.SALE, pieces >= lines,
            Customer.email_verified_at.is_not(None),
            Purchase.cancelled_at.is_(None),
        )
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
    )  # fmt: skip
    return list(db.session.scalars(found.limit(count)))


def _returns(agent: Actor, now: datetime) -> None:
    """Waiting for an answer, for the goods, for the count's settlement; exchanged; paid as credit."""
    (several,) = sold(Sector.FASHION, lines=3, count=1)
    _date(several, now - timedelta(days=4))
    newest = [p for p in sold(Sector.FASHION, lines=1, count=8) if p is not several]
    whole = Asked("", 0, 1, Reason.SIZE, Condition.UNUSED, Wish.MONEY)
    # What is still open was bought most recently.
    for n, purchase in enumerate([several, newest[4], newest[1], newest[3], newest[2], newest[0]]):
        at = min(purchase.bought_at + WINDOW, now - timedelta(hours=4, minutes=30 * n))
        case = _ask(purchase, n, whole, at)
        if n in (0, 5):
            continue
        at += timedelta(hours=2)
        said = {line.id: Said(True) for line in queries.rows(case.id)}
        text = "Boleh. Bawa barangnya dengan label dan notanya."
        answering.decide(agent, case, said, Ruling("approve", text), now=at)
        reactions.settle(at)
        if n == 1:
            continue
        at += timedelta(hours=1)
        came = {line.id: Came(line.asked, "Lengkap dengan label.") for line in queries.rows(case.id)}
        answering.receive(agent, case, came, at)
        reactions.settle(at)
        if n > 2:
            settling.settle(agent, case, {}, at + timedelta(minutes=20))
            reactions.settle(at + timedelta(minutes=20))


def _date(purchase: Purchase, at: datetime) -> None:
    """As if it had been bought then."""
    purchase.bought_at = purchase.created_at = at
    for unit in db.session.scalars(select(Unit).where(Unit.purchase_id == purchase.id)):
        unit.bought_on = day_in(purchase.outlet.timezone, at)
    db.session.flush()


def _ask(purchase: Purchase, n: int, plain: Asked, at: datetime) -> Case:
    customer = purchase.customer
    assert customer is not None
    wishes = [Wish.MONEY, Wish.MONEY, Wish.EXCHANGE, Wish.CREDIT, Wish.EXCHANGE, Wish.CREDIT]
    reasons = [Reason.SIZE, Reason.COLOUR, Reason.SIZE, Reason.MIND, Reason.NOT_AS_SAID, Reason.DEFECTIVE]
    actor, wanted = people.actor(customer), []
    for k, sold in enumerate(queries.sold_on(actor, customer.id, [purchase.code], at)):
        if not sold.row.product_id or not sold.left:
            continue
        wish = wishes[(n + k) % len(wishes)]
        other = db.session.scalar(
            select(Product.id)
            .where(Product.category == sold.row.category, Product.price > 0)
            .order_by(Product.id == sold.row.product_id, Product.id)
        )
        wanted.append(
            Asked(
                sold.key,
                sold.row.id,
                1,
                reasons[(n + k) % len(reasons)],
                plain.condition,
                wish,
                other if wish is Wish.EXCHANGE else None,
            )
        )
    case = returns.ask(
        actor, customer, wanted, story="Saya sudah mencobanya di rumah, belum dipakai keluar.", photos=(),
        now=at,
    )  # fmt: skip
    reactions.settle(at)
    return case


def _parcels(agent: Actor, album: Album, now: datetime) -> None:
    receipts = sold(Sector.ELECTRONICS, lines=1, count=len(PARCELS))
    for n, (purchase, told) in enumerate(zip(receipts, PARCELS, strict=False)):
        case, at = parcel(agent, album, purchase, told, n, now)
        if told[3]:
            cases.say(agent, case, ANSWER, at + timedelta(minutes=70))
            reactions.settle(at + timedelta(minutes=70))
        if n == 3:
            sent = at + timedelta(hours=2)
            damage.claim(agent, case, purchase.total, sent)
            reactions.settle(sent)


def parcel(
    agent: Actor,
    album: Album,
    purchase: Purchase,
    told: tuple[str, str, str, int, str],
    n: int,
    now: datetime,
) -> tuple[Case, datetime]:
    """(A parcel that its customer reported, when): what is known of it is written down."""
    peril, courier, waybill, days, story = told
    customer = purchase.customer
    assert customer is not None
    at, actor = now - timedelta(days=days, minutes=80), people.actor(customer)
    answers = {
        "peril": peril, "courier": courier, "waybill": waybill, "story": story,
        "arrived": None if peril == "lost" else day_in(purchase.outlet.timezone, at),
    }  # fmt: skip
    photos = [album.add(actor, "receipt", at)] if peril != "lost" else []
    case = requests.ask(
        actor, customer, damage.DAMAGE, Subject(purchase=purchase), answers, title=(TITLES[peril], ""),
        photos=photos, now=at,
    )  # fmt: skip
    reactions.settle(at)
    today = day_in(purchase.outlet.timezone, at)
    made = damage.begin(case)
    damage.save(
        agent, case,
        {
            "peril": peril, "courier": made.courier, "waybill": waybill, "fee": 45_000 + 5_000 * n,
            "shipped_on": today - timedelta(days=4), "expected_on": today - timedelta(days=1),
            "arrived_on": made.arrived_on, "value": purchase.total,
            "insured": purchase.total if n == 3 else None,
            "proofs": ["outside", "label"] if peril != "lost" else [],
        },
        version=made.version, now=at + timedelta(hours=1),
    )  # fmt: skip
    return case, at
