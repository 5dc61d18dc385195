"""A database of any size for measuring, written in bulk: believable shapes, not believable words."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from portal.db import db
from portal.domain.accounts.models import Customer, Staff
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.catalog.models import GuideVersion, Outlet, Policy, PolicyLayer, PolicyVersion, Product
from portal.domain.claims.models import Claim
from portal.domain.links import actions as links
from portal.domain.purchases.models import Purchase, PurchaseLine, ReceiptLink
from portal.domain.units.models import CardLink, Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel.codes import derive, digest
from portal.settings import Settings
from portal.web.app import create_app

NOW = datetime(2031, 2, 3, 3, 0, tzinfo=UTC)
STATES = list(KINDS["warranty"].states)
CHUNK = 5000
ANSWER = {
    "covered": True, "standing": "covered", "until": "2032-01-01", "clause": 1, "provider": "maker",
    "why": ["Clause %(clause)s covers it until %(until)s.", {"clause": 1, "until": "2032-01-01"}],
}  # fmt: skip
VERDICT = {"on": "2031-01-20", "component": "", "parts": ANSWER, "labour": ANSWER, "transport": ANSWER}


def portal_on(path: Path) -> Flask:
    """The portal over a SQLite file, which need not exist yet."""
    return create_app(
        Settings(database=f"sqlite:///{path}", queue=f"sqlite:///{path}.queue", files=f"{path}.files")
    )


def build(path: Path, cases: int) -> None:
    """Write a database with `cases` cases, one unit each; ten cases a customer."""
    draft = path.with_suffix(".draft")
    for leftover in path.parent.glob(draft.name + "*"):
        if leftover.is_file():
            leftover.unlink()
    app = portal_on(draft)
    with app.app_context():
        upgrade()
        catalog()
        rng = random.Random(2031)
        for start in range(1, cases + 1, CHUNK):
            _chunk(range(start, min(start + CHUNK, cases + 1)), rng)
            db.session.commit()
        db.session.connection().exec_driver_sql("ANALYZE")
        db.session.commit()
        db.session.connection().exec_driver_sql("SELECT 1")
        db.session.rollback()
        db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        part, whole = Path(f"{draft}{suffix}"), Path(f"{path}{suffix}")
        whole.unlink(missing_ok=True)  # the log of a database that was here before would spoil this one
        if part.exists():
            part.rename(whole)


def catalog() -> None:
    run = db.session.execute
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "09:00-17:00")
    run(insert(Staff), [
        {"id": n, "code": f"S{n:07}", "name": f"Staf {n}", "email": f"staf{n}@toko.id", "role": "agent", "language": "id",
         "created_at": NOW, "version": 1}
        for n in range(1, 9)
    ])  # fmt: skip
    run(insert(Outlet), [
        {"id": n, "code": f"O{n}", "name": f"Toko {n}", "sector": "electronics", "city": "Jakarta", "hours": hours,
         "timezone": "Asia/Jakarta", "currency": "IDR", "address": "Jl. Melati 1", "postal_code": "10110",
         "phone": "+622112345678", "email": f"toko{n}@toko.id", "version": 1}
        for n in range(1, 5)
    ])  # fmt: skip
    run(insert(Policy), [{"id": 1, "code": "P1", "name": "Garansi"}])
    run(
        insert(PolicyVersion),
        [
            {
                "id": 1,
                "policy_id": 1,
                "number": 1,
                "published_at": NOW - timedelta(days=999),
                "kind": "resmi",
                "version": 1,
            }
        ],
    )
    run(insert(PolicyLayer), [
        {"policy_version_id": 1, "clause": n, "component": "", "name_id": f"Lapisan {n}", "parts": True, "labour": n == 1,
         "transport": n == 1, "months": 12 * n, "starts": "purchase", "provider": "maker"}
        for n in range(1, 4)
    ])  # fmt: skip
    run(insert(Product), [
        {"id": n, "sku": f"SKU{n}", "name": f"Televisi 43 inci {n}", "brand": "Merek", "model": f"M{n}", "category": "tv",
         "sector": "electronics", "icon": "tv", "price": 4_000_000, "policy_id": 1, "version": 1}
        for n in range(1, 31)
    ])  # fmt: skip
    run(
        insert(GuideVersion),
        [
            {
                "product_id": 1,
                "number": 1,
                "published_at": NOW,
                "body_id": GUIDE,
                "body_en": GUIDE,
                "version": 1,
            }
        ],
    )


GUIDE = (
    "# Merawat televisi\n\nJauhkan dari air.\n\n## Setiap minggu\n\n" + "Lap layar dengan kain kering. " * 60
)


def _chunk(numbers: range, rng: random.Random) -> None:
    run = db.session.execute
    tables: dict[type, list[dict[str, object]]] = {
        t: [] for t in (Customer, Purchase, ReceiptLink, PurchaseLine, Unit, CardLink, Case, Claim, CaseEvent)
    }
    for n in numbers:
        person = (n - 1) // 10 + 1
        if n % 10 == 1:
            tables[Customer].append({
                "id": person, "code": f"C{person:07}", "name": f"Pelanggan {person}", "email": f"p{person}@contoh.id",
                "email_verified_at": NOW, "phone": f"+62812{person:08}", "language": "id", "created_at": NOW,
            })  # fmt: skip
        touched = NOW - timedelta(minutes=n * 2)
        bought = touched - timedelta(days=100)
        tables[Purchase].append({
            "id": n, "code": f"R{n:07}", "number": f"N{n}", "kind": "sale", "outlet_id": n % 4 + 1, "customer_id": person,
            "buyer_name": f"Pelanggan {person}", "buyer_phone": f"+62812{person:08}", "bought_at": bought,
            "currency": "IDR", "total": 4_000_000, "created_at": bought,
        })  # fmt: skip
        tables[PurchaseLine].append({
            "id": n, "purchase_id": n, "position": 1, "product_id": n % 30 + 1, "description": "Televisi", "quantity": 1,
            "unit_price": 4_000_000, "amount": 4_000_000,
        })  # fmt: skip
        for kind, column in ((ReceiptLink, "purchase_id"), (CardLink, "unit_id")):
            tables[kind].append(_link(kind, n) | {column: n})
        tables[Unit].append({
            "id": n, "code": f"U{n:09}", "product_id": n % 30 + 1, "outlet_id": n % 4 + 1, "purchase_id": n, "line_id": n,
            "holder_id": person, "policy_version_id": 1, "serial": f"SN{n}", "pieces": 1, "bought_on": bought.date(),
            "registration": "valid", "created_at": bought, "version": 1,
        })  # fmt: skip
        _case(tables, n, person, touched, rng)
    for table, rows in tables.items():
        if rows:
            run(insert(table), rows)


def _link(kind: type, n: int) -> dict[str, object]:
    seed = n.to_bytes(16, "big")
    return {
        "seed": seed,
        "token_hash": digest(derive(links._keys[0], kind.__name__, seed)),
        "created_at": NOW,
    }


def token(kind: type, n: int) -> str:
    """The token of the nth receipt or card."""
    return derive(links._keys[0], kind.__name__, n.to_bytes(16, "big"))


def _case(
    tables: dict[type, list[dict[str, object]]], n: int, person: int, touched: datetime, rng: random.Random
) -> None:
    name = "closed" if rng.random() < 0.35 else rng.choice(STATES[1:])
    state = KINDS["warranty"].states[name]
    on_desk = state.category in ("open", "paused")
    tables[Case].append({
        "id": n, "code": f"K{n:07}", "kind": "warranty", "state": name, "category": state.category, "stage": state.stage,
        "on_desk": on_desk, "acts": state.acts, "title": "Layar bergaris", "customer_id": person, "unit_id": n,
        "outlet_id": n % 4 + 1, "assignee_id": n % 8 + 1 if n % 3 else None, "created_at": touched - timedelta(days=3),
        "touched_at": touched, "due_at": touched + timedelta(days=2) if on_desk and state.hours else None,
        "search_text": f"k{n:07} pelanggan {person} sn{n} televisi layar bergaris 0812{person:08}", "version": 3,
    })  # fmt: skip
    tables[Claim].append(
        {
            "case_id": n,
            "symptom": "tv-lines",
            "component": "",
            "story": "Bergaris.",
            "draft_photos": [],
            "verdict": VERDICT,
        }
    )
    for k, (event, author) in enumerate((("submit", "customer"), ("review", "staff"), ("message", "staff"))):
        tables[CaseEvent].append({
            "case_id": n, "at": touched - timedelta(hours=3 - k), "event": event, "author": author, "before": None,
            "after": None, "staff_id": 1 if author == "staff" else None, "internal": False,
            "body": "Layar bergaris sejak kemarin.", "version": k + 1,
        })  # fmt: skip
