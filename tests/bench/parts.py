"""What spare parts cost at 20,000 parts against 200, on SQLite and on PostgreSQL; what is to be ordered is the same.

Four outlets; each part lies at two of them. Forty parts are below their minimum in both.
"""

import statistics
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.db import bulk, db
from portal.domain.parts.models import Part, PartEntry, PartFit, PartLevel, PartWord
from portal.domain.parts.rules import words_of
from portal.domain.suppliers.models import Supplier
from portal.kernel import clock
from tests.bench import desk, limits
from tests.bench.serving import filled
from tests.postgres import running_postgres

FEW, MANY, SHORT = 200, 20_000, 40
ROUNDS, EACH = 9, 12
KINDS = ("Karet pintu", "Kompresor", "Papan sirkuit", "Remote", "Engsel", "Kipas", "Baterai", "Kabel")
PAGES = {
    "list": "/desk/parts",
    "list, a word that all have": "/desk/parts?q=asli",
    "list, a word that few have": "/desk/parts?q=istimewa",
    "list, a number": "/desk/parts?q=PN-000100",
    "part": "/desk/parts/P000007",
    "its ledger": "/desk/parts/P000007/ledger",
    "list, as customers see it": "/parts",
    "part, as customers see it": "/parts/P000007",
}
# All levels are looked through: there is no index of those that are low.
READ = {"to order": "/desk/parts/reorder", "to order at an outlet": "/desk/parts/reorder?outlet=O2"}


def measure() -> None:
    """Both databases at both sizes, each page by turns; by the clock on the wall."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for name in ("SQLite", "PostgreSQL"):
            server = stack.enter_context(running_postgres()) if name == "PostgreSQL" else None
            ask = {}
            for size in (FEW, MANY):
                print(f"… {name} with {size:,} parts", file=sys.stderr)
                address = server.create(f"parts_{size}") if server else f"sqlite:///{folder}/{size}.db"
                ask[size] = desk.asker(filled(address, folder / f"{name}-{size}", size, _suppliers, _chunk))
            _compare(name, ask)


def _compare(name: str, ask: dict[int, Any]) -> None:
    seen: dict[str, list[tuple[float, float]]] = {what: [] for what in PAGES | READ}
    for round_ in range(ROUNDS + 1):
        for what, path in (PAGES | READ).items():
            both = [(ask[FEW](path), ask[MANY](path)) for _ in range(EACH)]
            if round_:  # the first one warms up
                seen[what].append((min(few for few, _many in both), min(many for _few, many in both)))
    print(f"\n{name}: milliseconds at {MANY:,} parts, × at {FEW:,}; medians of {ROUNDS} rounds by turns")
    for what, rounds in seen.items():
        took = statistics.median(many for _few, many in rounds)
        limits.check(
            f"{what} ({took * 1000:.1f} ms)",
            statistics.median(b / a for a, b in rounds),
            1.3 if what in PAGES else 2,
        )


def _suppliers() -> None:
    db.session.add_all(Supplier(id=n, code=f"S{n}", name=f"Pemasok {n}", kind="parts") for n in range(1, 5))
    db.session.flush()


def _chunk(numbers: range) -> None:
    now = clock.now()
    parts, words, fits, levels, entries = ([] for _ in range(5))  # type: ignore[var-annotated]
    for n in numbers:
        name = f"{KINDS[n % len(KINDS)]} asli {n:06}{' istimewa' if n <= 20 else ''}"
        parts.append(
            (n, f"P{n:06}", f"PN-{n:06}", name, name, "Merek", "", "", "", "", 85_000, 50_000, n % 4 + 1, 7, False,
             True, 1)
        )  # fmt: skip
        words += [(word, n) for word in words_of(name, f"PN-{n:06}", "Merek")]
        fits.append((n % 30 + 1, n, "", "", ""))
        for outlet in (n % 4 + 1, (n + 1) % 4 + 1):
            lies = 0 if n <= SHORT else 9
            levels.append((n, outlet, lies, 0, 0, 3 if outlet == n % 4 + 1 else 0, "A1"))
            entries += [
                (n, outlet, now - timedelta(days=d), "count", 1, 0, 0, lies, "", "Stok") for d in range(9)
            ]
    for table, columns, rows in (
        (Part, "id code number name_id name_en brand component about_id about_en picture price cost supplier_id "
         "lead_days universal active version", parts),
        (PartWord, "word part_id", words),
        (PartFit, "product_id part_id brand model plain_model", fits),
        (PartLevel, "part_id outlet_id on_hand reserved on_order minimum shelf", levels),
        (PartEntry, "part_id outlet_id at kind on_hand reserved on_order level about reason", entries),
    ):  # fmt: skip
        bulk(table.__table__, columns.split(), rows)
