"""What pages cost at a million receipts against ten thousand."""

import statistics
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.intake import writer
from portal.domain.purchases import queries
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel import clock
from tests.bench import data, limits
from tests.bench.serving import ROOT, Server, cookie

FEW, MANY = 10_000, 1_000_000
ROUNDS, EACH, AT_ONCE = 7, 40, 5_000


def measure() -> None:
    """Each page at both sizes, by turns."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    pages, servers = {}, {}
    for size in (FEW, MANY):
        print(f"… a database of {size:,} receipts", file=sys.stderr)
        path = _build(folder / f"receipts-{size}.db", size)
        pages[size], servers[size] = _pages(path, size), Server("wsgi:app", path)
    try:
        seen: dict[str, dict[int, list[float]]] = {name: {FEW: [], MANY: []} for name in pages[FEW]}
        for round_ in range(ROUNDS + 1):
            for name, costs in seen.items():
                for size, server in servers.items():
                    address, who = pages[size][name]
                    cost = server.ask(address, EACH, who)
                    if round_:  # the first one warms up
                        costs[size].append(cost)
    finally:
        for server in servers.values():
            server.stop()
    print(f"CPU a request at {MANY:,} receipts, × at {FEW:,}; medians of {ROUNDS} rounds of {EACH} by turns")
    for name, costs in seen.items():
        limits.check(name, statistics.median(costs[MANY]) / statistics.median(costs[FEW]), 1.2)


def _build(path: Path, size: int) -> Path:
    """A receipt a minute, ten a customer, each with one item under warranty; all of them let in as any sale is."""
    for old in path.parent.glob(path.name + "*"):
        if old.is_file():
            old.unlink()
    app = data.portal_on(path)
    with app.app_context():
        upgrade()
        data.catalog()
        db.session.commit()
        sales = _sales(size)
        while some := list(islice(sales, AT_ONCE)):
            writer.bring(some, clock.now(), source="file")
            db.session.commit()
            db.session.expunge_all()
        person = db.session.get_one(Customer, 1)
        person.email, person.email_verified_at, person.opened_at = "p1@contoh.id", clock.now(), clock.now()
        db.session.commit()
        db.session.connection().exec_driver_sql("ANALYZE")
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return path


def _sales(size: int) -> Iterator[Sale]:
    start = clock.now() - timedelta(minutes=size + 1)
    for n in range(1, size + 1):
        person = (n - 1) // 10 + 1
        yield Sale(
            f"O{n % 4 + 1}", f"N{n}", start + timedelta(minutes=n),
            (SaleLine("Televisi 43 inci", 1, Decimal(4_000_000), f"SKU{n % 30 + 1}", (f"SN{n}",)),),
            buyer_name=f"Pelanggan {person}", buyer_phone=f"+62812{person:08}",
        )  # fmt: skip


def _pages(path: Path, size: int) -> dict[str, tuple[str, str]]:
    """The address and the cookie of each page."""
    app = data.portal_on(path)
    with app.app_context():
        agent, owner = cookie(app, db.session.get_one(Staff, 1)), cookie(app, db.session.get_one(Customer, 1))
        middle = db.session.scalars(select(Purchase).where(Purchase.number == f"N{size // 2}")).one()
        mine = db.session.scalars(select(Purchase).where(Purchase.number == "N5")).one()
        person = db.session.get_one(Customer, middle.customer_id)
        assert person.phone
        pages = {
            "QR page": (f"/q/{queries.token_of(middle.id)}", ""),
            "customer's receipts": ("/purchases", owner),
            "customer's receipt": (f"/purchases/{mine.code}", owner),
            "desk, receipts": ("/desk/receipts", agent),
            "desk, receipt by number": (f"/desk/receipts?q=N{size // 2}", agent),
            "desk, receipts by phone": (f"/desk/receipts?q={person.phone.removeprefix('+')}", agent),
            "desk, one receipt": (f"/desk/receipts/{middle.code}", agent),
            "desk, customers": ("/desk/customers", agent),
            "desk, customer by phone": (f"/desk/customers?q={person.phone.removeprefix('+')}", agent),
            "desk, one customer": (f"/desk/customers/{person.code}", agent),
            "desk, counter sale": ("/desk/sell", agent),
        }
        db.session.remove()
        db.engine.dispose()
    return pages
