"""What the desk costs at 200,000 cases against 2,000, on SQLite and on PostgreSQL."""

import logging
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from portal.db import bulk, db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.cases import search, targets
from portal.domain.cases.models import Case, CaseEvent, CaseMark, CaseTag, Tag
from portal.domain.claims.models import Claim
from portal.domain.purchases.models import Purchase
from portal.domain.units.models import Unit
from portal.domain.workflows.clock import Happened, fold
from portal.domain.workflows.engine import Priority
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from tests.bench import limits
from tests.bench.serving import cookie, filled
from tests.postgres import running_postgres

FEW, MANY = 2_000, 200_000
ROUNDS, EACH = 9, 12
STATES = [name for name in KINDS["warranty"].states if name != "draft"]
PAGE = 25
HAPPENED = (Happened.SENT, Happened.ANSWERED, Happened.PAUSED, Happened.RESUMED, Happened.ASKED)  # a day each
RARE, COMMON = 1, 2  # tags: of twenty cases, and of every second one
PLAIN = "queue"
FLAT = {  # at most 1.2 × as much at 200,000
    PLAIN: "/desk",
    "queue, due first": "/desk?sort=due",
    "by state": "/desk?stage=review",
    "by kind": "/desk?kind=warranty",
    "mine": "/desk?whose=mine",
    "nobody's": "/desk?whose=nobody",
    "late": "/desk?clock=late",
    "due today": "/desk?clock=today&sort=due",
    "clock paused": "/desk?clock=paused",
    "courier or supplier": "/desk?who=outside",
    "urgent": "/desk?priority=urgent",
    "by outlet": "/desk?outlet=2",
    "by a rare tag": f"/desk?tag={RARE}",
    "by a common tag": f"/desk?tag={COMMON}",
    "kind, outlet, urgent": "/desk?kind=warranty&outlet=3&priority=urgent",
    "by kind, due first": "/desk?kind=warranty&sort=due",
    "outlet, mine, due first": "/desk?outlet=1&whose=mine&sort=due",
    "facet counts": "/desk/filters",
    "what came in": "/desk/pulse",
    "a whole code": "/desk?q=K0000123",
    "beginning of a code": "/desk?q=K000012",
    "last digits of a phone": "/desk?q=00000012",
    "last signs of a serial": "/desk?q=X0001234",
}
WORDS = {  # at most 3 × a plain queue page
    "a word that all have": "/desk?q=bergaris",
    "a word that few have": "/desk?q=istimewa",
    "two words": "/desk?q=televisi+istimewa",
    "a beginning that all have": "/desk?q=televi",
    "a beginning that few have": "/desk?q=istim",
    "beginnings, common and rare": "/desk?q=televi+istim",
    "a part that all have": "/desk?q=ergari",
    "a part that few have": "/desk?q=stimew",
}


def measure() -> None:
    """Both databases at both sizes, by turns; what a request takes by the clock on the wall, the database's
    own work included."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for name in ("SQLite", "PostgreSQL"):
            server = stack.enter_context(running_postgres()) if name == "PostgreSQL" else None
            apps = {}
            for size in (FEW, MANY):
                print(f"… {name} with {size:,} cases", file=sys.stderr)
                address = server.create(f"desk_{size}") if server else f"sqlite:///{folder}/{size}.db"
                apps[size] = filled(address, folder / f"{name}-{size}", size, _tags, _chunk)
            _compare(name, {size: asker(app) for size, app in apps.items()}, _clocks(apps[MANY]))


def _clocks(app: Flask) -> float:
    """Seconds to reckon all that is owed on a page of cases from what happened to each, a week with pauses."""
    with app.app_context():
        terms = targets.terms("warranty", Priority.NORMAL, 1)
        db.session.remove()
    sent = clock.now() - timedelta(days=7)
    story = [(what, sent + timedelta(days=n)) for n, what in enumerate(HAPPENED)]
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _case in range(PAGE):
            min(fold(story, terms).running().values())
        took.append(time.perf_counter() - start)
    return min(took)


def _compare(name: str, ask: dict[int, Any], clocks: float) -> None:
    """Each page by turns with what it is held against, so that whatever else the machine does falls on both."""
    few, many = ask[FEW], ask[MANY]
    pairs = {what: ((few, path), (many, path)) for what, path in FLAT.items()}
    pairs |= {what: ((many, FLAT[PLAIN]), (many, path)) for what, path in WORDS.items()}
    seen: dict[str, list[tuple[float, float]]] = {what: [] for what in pairs}
    for round_ in range(ROUNDS + 1):
        for what, pair in pairs.items():
            both = [[page(path) for page, path in pair] for _ in range(EACH)]
            if round_:  # the first one warms up
                seen[what].append((min(other for other, _own in both), min(own for _other, own in both)))
    took = {what: statistics.median(own for _other, own in rounds) for what, rounds in seen.items()}
    for title, pages, limit in ((f"× at {FEW:,}", FLAT, 1.2), ("× the plain queue", WORDS, 3)):
        print(f"\n{name}: milliseconds at {MANY:,} cases, {title}; medians of {ROUNDS} rounds by turns")
        for what in pages:
            ratio = statistics.median(own / other for other, own in seen[what])
            limits.check(f"{what} ({took[what] * 1000:.1f} ms)", ratio, limit)
    limits.check(f"clocks of a page anew ({clocks * 1000:.1f} ms)", clocks / took[PLAIN], 1)


def asker(app: Flask) -> Any:
    """Asks a page of the portal as staff; the seconds that it took."""
    logging.getLogger("purna").setLevel(logging.WARNING)  # what was asked stands not between the figures
    with app.app_context():
        agent = cookie(app, db.session.get_one(Staff, 1))
        db.session.remove()
    client = app.test_client(use_cookies=False)

    def ask(path: str) -> float:
        start = time.perf_counter()
        answer = client.get(path, base_url="http://127.0.0.1:8000", headers={"Cookie": agent})
        took = time.perf_counter() - start
        assert answer.status_code in (200, 303), (path, answer.status_code)
        return took

    return ask


def _tags() -> None:
    bulk(Tag.__table__, ("id", "name"), [(RARE, "langka"), (COMMON, "umum")])


def _chunk(numbers: range) -> None:
    """A case a minute, ten a customer, each with an item of its own and what it is found by."""
    now = clock.now()
    people, receipts, units, cases, claims, events, marks, tags = ([] for _ in range(8))  # type: ignore[var-annotated]
    for n in numbers:
        person, touched = (n - 1) // 10 + 1, now - timedelta(minutes=n)
        if n % 10 == 1:
            people.append((person, f"C{person:07}", f"Pelanggan {person}", f"+62812{person:08}", "id", now))
        receipts.append(
            (n, f"R{n:07}", f"N{n}", "sale", n % 4 + 1, person, "", touched, "IDR", 1, "file", now, "", 0)
        )
        units.append(
            (n, f"U{n:09}", n % 30 + 1, n % 4 + 1, n, person, 1, f"SX{n:07}", 1, now.date(), "valid", "", "", now,
             1)
        )  # fmt: skip
        cases.append(_case(n, person, touched))
        claims.append((n, "tv-lines", "", "Bergaris.", "[]"))
        events.append((n, touched, "submit", "customer", False, "Layar bergaris sejak kemarin.", 1))
        marks += [(mark, n) for mark in search.marks_of(f"SX{n:07}", f"N{n}", phone=f"+62812{person:08}")]
        tags += [(n, RARE)] if n <= 20 else []
        tags += [(n, COMMON)] if n % 2 else []
    for table, columns, rows in (
        (Customer, "id code name phone language created_at", people),
        (Purchase, "id code number kind outlet_id customer_id buyer_name bought_at currency total source created_at "
         "cashier wrong_tries", receipts),
        (Unit, "id code product_id outlet_id purchase_id holder_id policy_version_id serial pieces bought_on "
         "registration reason bought_at_shop created_at version", units),
        (Case, " ".join(_COLUMNS), cases),
        (Claim, "case_id symptom component story draft_photos", claims),
        (CaseEvent, "case_id at event author internal body version", events),
        (CaseMark, "mark case_id", marks),
        (CaseTag, "case_id tag_id", tags),
    ):  # fmt: skip
        bulk(table.__table__, columns.split(), rows)


_COLUMNS = (
    "id", "code", "kind", "state", "category", "stage", "on_desk", "acts", "priority", "title", "title_en",
    "customer_id", "unit_id", "outlet_id", "assignee_id", "created_at", "touched_at", "due_at", "paused_minutes",
    "search_text", "version",
)  # fmt: skip


def _case(n: int, person: int, touched: Any) -> tuple[Any, ...]:
    name = "closed" if n % 5 < 2 else STATES[n * 7919 % len(STATES)]
    state = KINDS["warranty"].states[name]
    on_desk = state.category in ("open", "paused")
    special = " istimewa" if n <= 40 else ""
    return (
        n, f"K{n:07}", "warranty", name, state.category, state.stage, on_desk, state.acts,
        "urgent" if n % 7 == 0 else "normal", "Layar bergaris", "", person, n, n % 4 + 1,
        n % 8 + 1 if n % 3 else None, touched, touched,
        touched + timedelta(minutes=n) + timedelta(hours=n % 200 - 60) if on_desk else None, 0,
        f"k{n:07} pelanggan {person} sx{n:07} televisi{special} layar bergaris 0812{person:08}", 3,
    )  # fmt: skip
