"""Customers at the desk: found, one record with what belongs to it, two made one and two again."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts import directory, merging
from portal.domain.accounts.models import Customer, CustomerMerge, CustomerRef
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases import doubts
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.returns import credit
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web import cover
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.signin import me

bp = Blueprint("staff_customers", __name__, url_prefix="/desk/customers")

SHOWN = 20  # of receipts, items and cases each


@bp.get("")
@requires(Permission.CUSTOMER_VIEW)
def customers() -> Response:
    words = request.args.get("q", "").strip()[:100]
    after = decode(request.args.get("after"), str, int)
    found = cut(directory.search(me(), words, after=after), lambda row: [row.name, row.id])
    return page(
        "staff/customers/list.html", nav_current="customers", found=found, words=words, after=after,
        doubts=doubts.count_waiting(me()),
    )  # fmt: skip


@bp.get("/<code>")
@requires(Permission.CUSTOMER_VIEW)
def customer(code: str) -> Response:
    found, beside = load(code), dict[str, list[Any]]()
    for row in directory.beside(found, credit.beside(found.id)):
        beside.setdefault(row[0], []).append(row[1:])
    return page(
        "staff/customers/record.html", nav_current="customers", customer=found, beside=beside,
        receipts=_receipts(found), units=_units(found), cases=_cases(found), most=SHOWN,
    )  # fmt: skip


@bp.get("/<code>/merge/<other>")
@requires(Permission.CUSTOMER_MATCH)
def compare(code: str, other: str) -> Response:
    return _compare(*merging.in_order(load(code), load(other)), Form(formdata=None))


@bp.post("/<code>/merge/<other>")
@requires(Permission.CUSTOMER_MATCH)
def merge(code: str, other: str) -> Response:
    kept, merged = load(code), load(other)
    try:
        merging.merge(me(), kept, merged, clock.now())
    except Refused as refusal:
        form = Form()
        refuse(form, refusal)
        return _compare(kept, merged, form, 422)
    return go_to(
        f"/desk/customers/{kept.code}", _("The two records are one now. This can be undone here at any time.")
    )


@bp.post("/merges/<code>/undo")
@requires(Permission.CUSTOMER_MATCH)
def undo(code: str) -> Response:
    made: CustomerMerge = one_or_404(
        directory.limit_to(me(), select(CustomerMerge).where(CustomerMerge.code == normalise(code)))
    )
    merging.undo(me(), made, clock.now())
    return go_to(
        f"/desk/customers/{made.kept.code}", _("They are two records again, each with what it had before.")
    )


def load(code: str) -> Customer:
    found: Customer = one_or_404(directory.visible_to(me()).where(Customer.code == normalise(code)))
    return found


_HOLDERS = (Purchase.customer_id, Unit.holder_id, Case.customer_id, CustomerRef.customer_id)


def _compare(kept: Customer, merged: Customer, form: Form, status: int = 200) -> Response:
    """Both side by side, with what moves."""
    counts = [
        db.session.execute(
            select(*(
                select(func.count()).where(column == person.id).scalar_subquery()
                for column in _HOLDERS
            ))
        ).one()
        for person in (kept, merged)
    ]  # fmt: skip
    return page(
        "staff/customers/merge.html", status=status, nav_current="customers", kept=kept, merged=merged,
        counts=counts, form=form,
    )  # fmt: skip


def _receipts(person: Customer) -> list[Any]:
    """(row, day of purchase), newest first."""
    found = (
        select(
            Purchase.code, Purchase.number, Purchase.bought_at, Purchase.total, Purchase.currency,
            Purchase.kind, Purchase.cancelled_at, Outlet.name, Outlet.timezone,
        )
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .where(Purchase.customer_id == person.id)
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
        .limit(SHOWN + 1)
    )  # fmt: skip
    rows = db.session.execute(purchases.limit_to(me(), found))
    return [(row, day_in(row.timezone, row.bought_at)) for row in rows]


def _units(person: Customer) -> list[Any]:
    """(row, what covers it), newest first."""
    found = (
        select(Unit.code, Unit.serial, Unit.pieces, Product.name, Product.icon, Outlet.timezone, *units.TERMS)
        .join(Product, Product.id == Unit.product_id)
        .join(Outlet, Outlet.id == Unit.outlet_id)
        .where(Unit.holder_id == person.id)
        .order_by(Unit.id.desc())
        .limit(SHOWN + 1)
    )
    now = clock.now()
    return [
        (row, cover.mark(units.terms(*row[6:]), day_in(row.timezone, now)))
        for row in db.session.execute(units.limit_to(me(), found))
    ]


def _cases(person: Customer) -> list[Any]:
    """(row, its state's name and category), newest activity first."""
    found = (
        select(Case.code, Case.title, Case.state, Case.kind, Case.touched_at, Outlet.timezone)
        .join(Outlet, Outlet.id == Case.outlet_id)
        .where(Case.customer_id == person.id)
        .order_by(Case.touched_at.desc(), Case.id.desc())
        .limit(SHOWN + 1)
    )
    return [
        (row, KINDS[row.kind].states[row.state], day_in(row.timezone, row.touched_at))
        for row in db.session.execute(cases.limit_to(me(), found))
    ]
