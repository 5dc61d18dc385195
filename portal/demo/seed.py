"""The whole demo: four shops, their goods and people, eighteen months of receipts and eighty claims."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.adapters.filestore import FileStore
from portal.adapters.vault import Vault
from portal.db import db
from portal.demo import (
    arrivals,
    catalogue,
    clocks,
    costs,
    desk,
    files,
    goods,
    helping,
    history,
    online_retail,
    people,
    requests,
    returns,
    road,
    shelf,
    shopfront,
    talk,
    tills,
    workshop,
)
from portal.demo.album import Album
from portal.demo.history import Basket
from portal.demo.stories import Story
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, Product
from portal.domain.catalog.rules import Start
from portal.domain.files import actions as files_actions
from portal.domain.outbox.models import Delivery, OutboxMessage
from portal.domain.purchases.models import Purchase
from portal.domain.units import actions as units
from portal.domain.units.models import Unit
from portal.kernel.clock import day_in
from portal.kernel.codes import drawn_from

RECEIPTS = 2000
RECEIPT = "PRNA2026"  # of the one that `make demo` prints: nobody has it yet, phone and e-mail are on file
LETTERS = 12  # messages that still have to go out after seeding, so that the outbox page shows some

SHOPS = ("Toko Maju Elektronik, Bogor", "Sinar Abadi, Depok", "Pasar daring, penjual resmi")


def is_empty() -> bool:
    """Whether there is no shop yet, but for the one of the sample of real receipts."""
    return db.session.scalar(select(Outlet.id).where(Outlet.code != online_retail.OUTLET).limit(1)) is None


def seed(now: datetime, store: FileStore, vault: Vault) -> None:
    """Fill an empty database and commit. Codes are the same each time; days count back from `now`."""
    opened = now - timedelta(days=history.SPAN + 500)
    with drawn_from(files.chance("codes")):
        catalogue.make(opened)
        team, homes = people.hire(opened), people.invite(opened)
        outlets, sold = catalogue.outlets(), catalogue.products()
        clocks.prepare(outlets["JKT"], now)
        chosen = history.open_hour(
            outlets["JKT"], day_in(outlets["JKT"].timezone, now - timedelta(days=40)), 0.3
        )
        shopfront.open_shop(people.actor(team["JKT", "manager"]), chosen)
        told = files.read("cases")["case"]
        stories = [_case_basket(case, n, outlets, sold, homes, now) for n, case in enumerate(told)]
        baskets = [_printed(outlets["JKT"], sold["JKT"], now), *(basket for basket, _filed in stories)]
        history.write([*baskets, *history.fill(RECEIPTS - len(baskets), outlets, sold, homes, now)], now)
        _arrive(homes)
        album = Album(store)
        for n, (case, (basket, filed)) in enumerate(zip(told, stories, strict=True)):
            unit = db.session.scalars(select(Unit).where(Unit.purchase_id == basket.id)).first()
            assert unit is not None
            Story(case, unit, team, album, n).run(filed, now - timedelta(minutes=10))
        _register(outlets["JKT"], sold["JKT"], homes["JKT"], team, album, now)
        regular = next(customer for customer in homes["JKT"] if customer.phone)
        arrivals.come(outlets["JKT"], regular, now)
        admin = people.actor(team["JKT", "admin"])
        tills.connect(outlets["JKT"], sold["JKT"], admin, vault, now)
        helping.write(now)
        requests.come(outlets, homes, team, album, now)
        clocks.set_priorities(people.actor(team["JKT", "agent"]), now - timedelta(minutes=9))
        talk.converse(outlets["JKT"], team, store, now)
        returns.make(team, album, now)
        shelf.fill(team, outlets, store, now)
        desk.furnish(team, outlets, now)
        goods.make(team, outlets, album, now)
        workshop.open_bench(team, outlets, album, now)
        costs.write(team, now)
        road.travel(team, outlets["JKT"], homes["JKT"][0], vault, now)
        clocks.catch_up(now)
    _send_all_but_the_last(now)
    db.session.commit()


def _case_basket(
    case: dict[str, Any], n: int, outlets: dict[str, Outlet], sold: dict[str, list[Product]],
    homes: dict[str, list[Customer]], now: datetime,
) -> tuple[Basket, datetime]:  # fmt: skip
    """The receipt that a case is about, and when the case was filed."""
    code, product = next((code, p) for code, shelf in sold.items() for p in shelf if p.sku == case["sku"])
    outlet, draw = outlets[code], files.chance(f"case {n}")
    today = day_in(outlet.timezone, now)
    if case["age_days"]:
        at = history.open_hour(outlet, today - timedelta(days=case["age_days"]), draw.random() * 0.7)
        filed = min(at, now - timedelta(hours=2))
    else:
        filed = now - timedelta(minutes=draw.randint(100, 280))
    start = day_in(outlet.timezone, filed) - timedelta(days=case["owned_days"])
    from_purchase = Start.PURCHASE in history.starts(product)
    bought = history.open_hour(outlet, start - timedelta(days=0 if from_purchase else 3), draw.random() * 0.6)
    proven = [customer for customer in homes[code] if customer.proven]
    readers = [customer for customer in proven if customer.language == case["language"]]
    customer = readers[n % len(readers)]
    basket = Basket(
        outlet, min(bought, filed - timedelta(hours=1)), [history.item(product)], customer,
        customer.phone, name=customer.name, started=start,
    )  # fmt: skip
    return basket, filed


def _printed(outlet: Outlet, shelf: list[Product], now: datetime) -> Basket:
    day = day_in(outlet.timezone, now) - timedelta(days=40)
    by_sku = {product.sku: product for product in shelf}
    return Basket(
        outlet, history.open_hour(outlet, day, 0.45),
        [history.item(by_sku["FR-2P240"]), history.item(by_sku["BL-12"]), (None, "Kabel HDMI", 65_000, 1)],
        phone="+6281200017890", email="siti@pelanggan.example", name="Siti Rahmawati", code=RECEIPT,
    )  # fmt: skip


def _arrive(homes: dict[str, list[Customer]]) -> None:
    """Nobody was a customer before their first receipt."""
    first: dict[int | None, datetime] = {}
    for customer_id, at in db.session.execute(select(Purchase.customer_id, Purchase.bought_at)):
        first[customer_id] = min(at, first.get(customer_id, at))
    for customer in (customer for home in homes.values() for customer in home):
        at = first.get(customer.id, customer.created_at)
        customer.created_at = at
        customer.email_verified_at = customer.email_verified_at and at
        customer.phone_verified_at = customer.phone_verified_at and at


def _register(
    outlet: Outlet,
    shelf: list[Product],
    home: list[Customer],
    team: dict[tuple[str, str], Any],
    album: Album,
    now: datetime,
) -> None:
    """Products bought elsewhere: four wait for the shop, two were rejected, two were approved."""
    agent = people.actor(team["JKT", "agent"])
    reasons = [
        "Foto nota terpotong, tanggal belinya tidak terbaca. Mohon foto ulang seluruh nota.",
        "Nomor seri pada foto berbeda dengan yang ditulis. Mohon periksa stiker di belakang barang.",
    ]
    goods = [product for product in shelf if product.serialised]
    for n in range(8):
        at = now - timedelta(hours=7 + 19 * n)
        customer, product = people.actor(home[n + 3]), goods[n % len(goods)]
        unit = units.register(
            customer, product, outlet, serial=f"RG{product.model[-2:]}{5_000 + 37 * n}",
            bought_on=day_in(outlet.timezone, at) - timedelta(days=20 + 41 * n), bought_at_shop=SHOPS[n % 3],
            photos=files_actions.keep(customer, [album.add(customer, "receipt", at)]), now=at,
        )  # fmt: skip
        reactions.settle(at)
        if n >= 4:
            decided = at + timedelta(hours=5)
            units.decide_registration(
                agent,
                unit,
                approve=n >= 6,
                reason="" if n >= 6 else reasons[n - 4],
                version=unit.version,
                now=decided,
            )
            reactions.settle(decided)


def _send_all_but_the_last(now: datetime) -> None:
    """What was owed in the past was sent then; the newest letters go out with the next round."""
    db.session.flush()
    newest = (
        select(OutboxMessage.id)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(LETTERS)
    )
    late = list(db.session.scalars(newest))
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.not_in(late))
        .values(state=Delivery.SENT, sent_at=OutboxMessage.created_at, attempts=1)
    )
    db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(late)).values(due_at=now))
