"""Things for tests, made by the domain's own verbs and committed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.adapters.filestore import FileStore
from portal.db import db
from portal.domain import reactions
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import tokens
from portal.domain.accounts.models import ApiToken, Customer, Staff
from portal.domain.accounts.rules import SCOPES, SYSTEM, Actor, Role
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import actions as claims
from portal.domain.claims.outcomes import Details
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.files import actions as files
from portal.domain.intake import imports, writer
from portal.domain.intake.models import Import
from portal.domain.intake.rules import Stage
from portal.domain.purchases import actions as purchases
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.purchases.rules import Sale, SaleLine
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Subject
from portal.domain.returns import actions as returns
from portal.domain.returns.actions import Asked
from portal.domain.returns.rules import Condition, Reason, Wish
from portal.domain.units import actions as units
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from tests.factories_shop import layer, number, outlet, policy, product

__all__ = ["SYSTEM", "layer", "outlet", "policy", "product"]  # so that tests find every factory here
STORY = "Layar mati sejak kemarin malam, lampu merah berkedip."


def settle(now: datetime | None = None) -> None:
    """What the end of a request does: reactions follow, then one commit."""
    reactions.settle(now or clock.now())
    db.session.commit()


def customer(
    name: str = "", email: str | None = None, phone: str | None = None, *, proven: bool = True
) -> Customer:
    n = next(number)
    person = accounts.new_customer(clock.now(), name=name or f"Pelanggan {n}")
    if proven:
        accounts.verify_contact(person, email or f"orang{n}@contoh.id", phone, clock.now())
    settle()
    return person


def staff(role: Role = Role.AGENT, name: str = "") -> Staff:
    n = next(number)
    made = accounts.save_staff(
        None, name=name or f"{role.title()} {n}", email=f"{role}{n}@toko.id", role=role,
        password="kalimat sandi panjang", disabled=False, now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    return made


def purchase(
    where: Outlet, items: list[tuple[Product, int]], *, buyer: Customer | None = None,
    at: datetime | None = None, serials: dict[int, list[str]] | None = None, **fields: Any,
) -> Purchase:  # fmt: skip
    """A receipt with its units, in the account of `buyer`; else in nobody's, with a phone on file."""
    n = next(number)
    lines = tuple(SaleLine(p.name, quantity, Decimal(p.price), p.sku) for p, quantity in items)
    if buyer is None:
        fields = {"buyer_name": "Dewi Anggraini", "buyer_phone": f"+62812{n:04}2222", **fields}
    bought_at = at or clock.now() - timedelta(days=30)
    given = serials or {1: [f"SN{n}A{k}" for k in range(items[0][1])]}
    lines = tuple(line._replace(serials=tuple(given.get(k, ()))) for k, line in enumerate(lines, 1))
    made = sold(Sale(where.code, f"N{n:05}", bought_at, lines, **fields))
    if buyer is not None:
        assert purchases.give_to(made, buyer)
    settle()
    return made


def sold(sale: Sale, *, source: str = "counter") -> Purchase:
    """The receipt of a sale that came in. Raises what it was refused with."""
    (brought,) = writer.bring([sale], clock.now(), source=source)
    if brought.problem:
        raise brought.problem
    return db.session.get_one(Purchase, brought.purchase_id, populate_existing=True)


def doubt(where: Outlet, what: Product) -> PurchaseDoubt:
    """A receipt whose phone two records have."""
    phone = f"+62813{next(number):08}"
    for name in ("Budi Santoso", "Rina Budiman"):
        accounts.new_customer(clock.now(), name=name, phone=phone)
    made = purchase(where, [(what, 1)], buyer_name="B. Santoso", buyer_phone=phone)
    return db.session.scalars(select(PurchaseDoubt).where(PurchaseDoubt.purchase_id == made.id)).one()


def uploaded(actor: Actor, where: Outlet, store: FileStore | None = None) -> Import:
    """A file of sales whose columns are to be confirmed; some rows were refused when a store is given."""
    header = ["No Nota", "Tanggal", "Barang", "Harga"]
    guess = {
        "kind": "csv", "encoding": "utf-8-sig", "delimiter": ";", "skip": 0, "header": header,
        "samples": [["N1", "N2"], ["01/03/2024"], ["Kopi"], ["25.500"]], "numbers": "comma",
        "columns": {"number": 0, "date": 1, "product": 2, "price": 3}, "quantities": "comma", "dates": "dmy",
        "rounded": [], "known": False,
    }  # fmt: skip
    job = imports.begin(
        actor, outlet_id=where.id, file_name="maret.csv", file_key="imports/none", size=90, now=clock.now()
    )
    refused = None
    if store is not None:
        refused = "imports/refused.csv"
        store.put(refused, b"No Nota;Alasan")
    imports.finish(job.id, Stage.READING, Stage.MATCHING, guess=guess, refused_key=refused)
    db.session.commit()
    return job


def units_of(made: Purchase) -> list[Unit]:
    return list(db.session.scalars(select(Unit).where(Unit.purchase_id == made.id).order_by(Unit.id)))


def token(*scopes: str) -> ApiToken:
    """A till's token, whose text nobody knows."""
    made, _text = tokens.make(SYSTEM, "Kasir", scopes or SCOPES, clock.now())
    db.session.commit()
    return made


def photo(actor: Actor, store: FileStore | None = None) -> str:
    """The code of a photo that this person uploaded; its bytes are there when a store is given."""
    row = files.begin(actor, size=4, width=1, height=1, content_type="image/jpeg", now=clock.now())
    for key in (row.key, row.key + ".thumb") if store else ():
        store.put(key, b"jpeg")  # type: ignore[union-attr]  # only then
    db.session.commit()
    return row.code


def registration(
    actor: Actor, what: Product, where: Outlet, *, serial: str = "", now: datetime | None = None
) -> Unit:
    """A registration that waits for staff."""
    now = now or clock.now()
    made = units.register(
        actor, what, where, serial=serial or f"REG{next(number)}", bought_on=date(2024, 2, 29),
        bought_at_shop="Toko Lain", photos=files.keep(actor, [photo(actor)]), now=now,
    )  # fmt: skip
    settle(now)
    return made


def claim(
    actor: Actor, unit: Unit, *, symptom: str = "tv_no_power", story: str = STORY, now: datetime | None = None
) -> Case:
    """A claim that was sent."""
    now = now or clock.now()
    made = claims.draft(actor, unit, symptom=symptom, story=story, photos=[], now=now)
    case = claims.submit(actor, made, now)
    settle(now)
    return case


def ruling(
    payment: Payment = Payment.FREE, outcome: Outcome | None = Outcome.REPAIR, **fields: Any
) -> claims.Ruling:
    """A decision with all that it needs; a rejection overrides the cover and says why."""
    values: dict[str, Any] = {"reason": "Kerusakan pabrik.", "clause": 1, "override_reason": "Air masuk."}
    if payment is Payment.REJECTED:
        outcome, values = None, {**values, "evidence": "Foto 1", "alternative": "Servis Rp250.000"}
    details = {
        Outcome.REPLACE: Details(serial=f"NEW{next(number)}"),
        Outcome.REFUND: Details(amount=1_000_000),
    }
    values["details"] = details.get(outcome, Details(part="Remote")) if outcome else Details()
    return claims.Ruling(payment, outcome, **{**values, **fields})


def decide(
    actor: Actor,
    case: Case,
    payment: Payment = Payment.FREE,
    outcome: Outcome | None = Outcome.REPAIR,
    **fields: Any,
) -> None:
    """Decide on a claim, consequences and all."""
    now = fields.pop("now", None) or clock.now()
    claims.decide(actor, case, ruling(payment, outcome, **fields), version=None, now=now)
    settle(now)


def returned(actor: Actor, who: Customer, what: Purchase) -> Case:
    """A return of one piece of a receipt's first line that was sent."""
    line = Asked("x", what.lines[0].id, 1, Reason.SIZE, Condition.UNUSED, Wish.MONEY)
    case = returns.ask(actor, who, [line], story=STORY, photos=(), now=clock.now())
    settle()
    return case


def damaged(actor: Actor, who: Customer, what: Purchase) -> Case:
    """A parcel that arrived damaged today, by JNE."""
    answers = {
        "peril": "damaged", "courier": "JNE", "waybill": "JN1", "story": STORY,
        "arrived": day_in(what.outlet.timezone, clock.now()),
    }  # fmt: skip
    case = requests.ask(actor, who, "damage", Subject(purchase=what), answers, now=clock.now())
    settle()
    return case
