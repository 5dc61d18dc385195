"""What a customer owns: the list, and one unit with what covers it until when and why."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases.models import Case
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet, PolicyVersion, Product
from portal.domain.purchases.models import Purchase
from portal.domain.units import numbers
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import Category
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.paging import PAGE_SIZE, cut, decode
from portal.web import catalog_words, cover, signin, words
from portal.web.access import requires
from portal.web.customer.cases import listed
from portal.web.load import row_or_404
from portal.web.render import page

bp = Blueprint("customer_units", __name__)

_SHELF = (
    select(
        Unit.id, Unit.code, Unit.line_id, Unit.serial, Unit.pieces, Product.name, Product.icon,
        Outlet.timezone, *units.TERMS,
    )
    .join(Product, Product.id == Unit.product_id)
    .join(Outlet, Outlet.id == Unit.outlet_id)
)  # fmt: skip
_later = aliased(Unit)
_ONE = (
    select(
        Unit,
        Purchase.code.label("receipt"),
        _later.code.label("successor"),
        catalog.guide_number().scalar_subquery().label("guide"),
        PolicyVersion.kind,
    )
    .join(Unit.product)
    .join(Unit.outlet)
    .outerjoin(PolicyVersion, PolicyVersion.id == Unit.policy_version_id)
    .outerjoin(Purchase, Purchase.id == Unit.purchase_id)
    .outerjoin(_later, _later.predecessor_id == Unit.id)
    .options(contains_eager(Unit.product), contains_eager(Unit.outlet), joinedload(Unit.predecessor))
)
CASES = 10  # of one unit
Shown = tuple[Row[Any], cover.Mark]  # (row of _SHELF, what covers it)
WORDS = 80  # of a search, in letters


def shelf(actor: Actor, *conditions: Any, limit: int, first: Any = None) -> list[Shown]:
    """The customer's newest units with what covers each; those that `first` is true of lead. One query."""
    now = clock.now()
    found = units.limit_to(actor, _SHELF).where(*conditions).limit(limit)
    if first is not None:
        found = found.order_by(first.desc())
    return [
        (row, cover.mark(units.terms(*row[8:]), day_in(row.timezone, now)))
        for row in db.session.execute(found.order_by(Unit.id.desc()))
    ]


@bp.get("/units")
@requires(Permission.OWN)
def index() -> Response:
    after, looked_for = decode(request.args.get("after"), int), request.args.get("q", "").strip()[:WORDS]
    wanted = [Unit.id < after[0]] if after else []
    if looked_for:
        named = Product.name.icontains(looked_for, autoescape=True)
        wanted.append(or_(named, Unit.serial.istartswith(looked_for, autoescape=True)))
    found = shelf(signin.me(), *wanted, limit=PAGE_SIZE + 1)
    owned = cut(found, key=lambda shown: [shown[0].id])
    return page(
        "customer/units/index.html", nav_current="units", owned=owned, first=after is None, q=looked_for
    )


@bp.get("/units/<code>")
@requires(Permission.OWN)
def show(code: str) -> Response:
    actor, lang = signin.me(), words.language()
    row = row_or_404(units.limit_to(actor, _ONE).where(Unit.code == code))
    unit: Unit = row.Unit
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    today = day_in(unit.outlet.timezone, clock.now())
    told = listed(actor, Case.unit_id == unit.id, limit=CASES)
    return page(
        "customer/units/show.html",
        nav_current="units",
        unit=unit,
        former=numbers.former(unit.id),
        row=row,
        cover=cover.mark(terms, today),
        covers=cover.aspects(terms, today),
        kind=catalog_words.KINDS.get(row.kind),
        layers=cover.layers(terms, today, lang),
        cases=told,
        open_case=next((case for case, state in told if state.category is not Category.RESOLVED), None),
        photos=units.photo_codes(unit.id) if unit.registration != Registration.VALID else [],
        claimable=unit.registration == Registration.VALID,
    )
