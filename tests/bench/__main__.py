"""`make bench`: CPU a request of the pages that matter, as ratios within one run against a floor.

Floor: a bare Flask route that renders a 25-row Jinja table from one indexed query; same server, same database.
"""

import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.purchases.models import ReceiptLink
from portal.domain.units.models import CardLink
from portal.kernel import paging
from tests.bench import (
    data,
    desk,
    documents,
    help,
    hooks,
    limits,
    parts,
    receipts,
    sales,
    suggest,
    visits,
    year,
)
from tests.bench.serving import ROOT, Server, cookie

SMALL, LARGE = 2_000, 200_000
ROUNDS, EACH = 7, 60
KEPT_PDF, STATIC_FILE = "kept care guide (PDF)", "the same PDF as a static file"
PAGE = 25


def page_key(number: int) -> str:
    """The address value of the desk's page `number` (1 is the first)."""
    if number == 1:
        return ""
    row = db.session.execute(
        text(
            "SELECT touched_at, id FROM cases WHERE on_desk ORDER BY touched_at DESC, id DESC LIMIT 1 OFFSET :n"
        ),
        {"n": (number - 1) * PAGE - 1},
    ).one()
    touched = datetime.fromisoformat(row.touched_at).replace(tzinfo=UTC)
    return "?after=" + paging.encode([touched.isoformat(), row.id])


def measure(database: Path, deep: int) -> dict[str, float]:
    """Median CPU milliseconds by page, floor included; rounds are interleaved so that noise falls on all."""
    app = data.portal_on(database)
    with app.app_context():
        staff, customer = db.session.get_one(Staff, 1), db.session.get_one(Customer, 1)
        agent, owner = cookie(app, staff), cookie(app, customer)
        pages = {
            "desk queue, page 1": ("/desk", agent),
            f"desk queue, page {deep}": ("/desk" + page_key(deep), agent),
            "desk, by state": ("/desk?stage=review", agent),
            "case page, staff": ("/desk/cases/K0000011", agent),
            "case page, customer": ("/cases/K0000001", owner),
            "customer's home": ("/home", owner),
            "unit page": ("/units/U000000001", owner),
            "QR page": (f"/q/{data.token(ReceiptLink, 11)}", ""),
            "card check": (f"/w/{data.token(CardLink, 11)}", ""),
            "start page": ("/", ""),
        }
        db.session.rollback()
        db.engine.dispose()
    folder = database.parent / "static"
    folder.mkdir(exist_ok=True)
    portal, floor = Server("wsgi:app", database), Server("tests.bench.floor:app", database)
    try:
        pages[KEPT_PDF] = (portal.location("/guides/SKU1"), "")
        seen: dict[str, list[float]] = {"floor": [], STATIC_FILE: []} | {name: [] for name in pages}
        for path, who in pages.values():
            portal.ask(path, 15, who)
        (folder / "guide.pdf").write_bytes(portal.body(pages[KEPT_PDF][0]))
        floor.ask("/floor", 50)
        floor.ask("/static/guide.pdf", 50)
        for _ in range(ROUNDS):
            seen["floor"].append(floor.ask("/floor", EACH))
            seen[STATIC_FILE].append(floor.ask("/static/guide.pdf", EACH))
            for name, (path, who) in pages.items():
                seen[name].append(portal.ask(path, EACH, who))
        return {name: statistics.median(values) for name, values in seen.items()}
    finally:
        portal.stop()
        floor.stop()


def measure_pages() -> None:
    """Each page against the floor, at 2,000 and at 200,000 cases."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    for size in (SMALL, LARGE):
        path = folder / f"{size}.db"
        print(f"… a database of {size:,} cases", file=sys.stderr)
        data.build(path, size)
        figures[size] = measure(path, 30 if size == SMALL else 4000)
    small, large = figures[SMALL], figures[LARGE]
    print(f"CPU a request at {LARGE:,} cases, × floor; medians of {ROUNDS} interleaved rounds of {EACH}")
    plain = [name for name in large if name not in ("floor", KEPT_PDF, STATIC_FILE)]
    for name in plain:
        limits.check(name, large[name] / large["floor"], 3.3 if name.startswith("desk") else 2.5)
    print(f"\nThe same against {SMALL:,} cases")
    for name in [name for name in plain if name in small]:
        limits.check(name, large[name] / small[name], 1.2)
    deep = next(name for name in large if name.startswith("desk queue, page ") and not name.endswith(" 1"))
    limits.check(f"{deep}, × page 1", large[deep] / large["desk queue, page 1"], 1.3)
    print()
    limits.check(f"{KEPT_PDF}, × static file", large[KEPT_PDF] / large[STATIC_FILE], 1.0)


PARTS = {
    "pages": measure_pages,
    "desk": desk.measure,
    "parts": parts.measure,
    "documents": documents.measure,
    "receipts": receipts.measure,
    "sales": sales.measure,
    "hooks": hooks.measure,
    "year": year.measure,
    "visits": visits.measure,
    "help": help.measure,
    "suggest": suggest.measure,
}


def main() -> None:
    """All parts, or those that are named: `python -m tests.bench visits`."""
    print(f"Python {sys.version.split()[0]}\n")
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
        print()
    if limits.broken():
        sys.exit(f"Past its limit: {', '.join(limits.broken())}")


if __name__ == "__main__":
    main()
