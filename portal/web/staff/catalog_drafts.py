"""The desk's catalogue: products that were met on receipts and wait to be completed, one or many at once."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.kernel.clock import day_in
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import SECTORS, choices
from portal.web.fields import AtMost, Form
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog import NEVER, warranty_fields
from portal.web.words import translate

bp = Blueprint("staff_catalog_drafts", __name__, url_prefix="/desk/catalog/drafts")

KEEP = "keep"
MOST = 100  # completed at once: more than a page shows


class ManyForm(Form):
    """What the chosen products have in common; what is empty stays as it is."""

    category = StringField(_("Category"), [AtMost(40)])
    brand = StringField(_("Brand"), [AtMost(80)])
    sector = SelectField(_("Sector"))
    warranty = SelectField(_("Warranty policy"))

    def __init__(self, policies: dict[int, queries.PolicyNow]):
        super().__init__()
        kept = {KEEP: translate(_("Leave as it is"))}
        said = {"": translate(_("What the rules say")), NEVER: translate(_("No warranty"))}
        self.sector.choices = kept | choices(SECTORS)
        self.warranty.choices = kept | said | {str(number): p.name for number, p in policies.items()}
        for field in (self.sector, self.warranty):
            field.data = field.data if request.method == "POST" else KEEP

    def columns(self) -> dict[str, Any]:
        """The columns that were filled in."""
        found = {name: self[name].data for name in ("category", "brand") if self[name].data}
        if self.sector.data != KEEP:
            found["sector"] = self.sector.data
        return found if self.warranty.data == KEEP else found | warranty_fields(self.warranty.data)


@bp.get("")
@requires(Permission.CATALOG_VIEW)
def drafts() -> Response:
    return _page(ManyForm(queries.policies_now()))


@bp.post("")
@requires(Permission.CATALOG_EDIT)
def complete() -> Response:
    form, chosen = ManyForm(queries.policies_now()), _chosen()
    good = form.validate()
    if not chosen:
        form.form_errors.append(translate(_("Choose at least one product.")))
    if not good or not chosen:
        return _page(form, 422, chosen)
    found = db.session.scalars(queries.visible_to(me()).where(Product.id.in_(chosen))).all()
    count = actions.complete_drafts(found, **form.columns())
    said = _(
        "Completed: %(count)s. What was sold before gets its warranty within the next minutes.", count=count
    )
    return go_to("/desk/catalog/drafts", said)


def _chosen() -> set[int]:
    """The ids of the ticked products; of everything on the page when "all" is ticked."""
    values = [*request.form.getlist("chosen"), *request.form.get("all", "").split(",")]
    return {int(value) for value in values[:MOST] if value.isdecimal() and len(value) < 16}


def _page(form: ManyForm, status: int = 200, chosen: Collection[int] = ()) -> Response:
    after = decode(request.args.get("after"), str, int)
    found = cut(queries.drafts(me(), after=after), lambda row: [row.name, row.id])
    return page(
        "staff/catalog/drafts.html", status=status, nav_current="catalog", tab="products", found=found,
        after=after, here=request.full_path.rstrip("?"), form=form, chosen=chosen,
        count=queries.count_drafts(me()), first=first_sales([row.id for row in found.rows]),
    )  # fmt: skip


def first_sales(product_ids: Sequence[int]) -> dict[int, Any]:
    """For each product the receipt on which it was met: its code, outlet and day. One query."""
    first = (
        select(func.min(PurchaseLine.id))
        .where(PurchaseLine.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    found = (
        select(
            Product.id,
            Purchase.code,
            Purchase.bought_at,
            Outlet.name,
            Outlet.timezone,
            PurchaseLine.unit_price,
        )
        .join(PurchaseLine, PurchaseLine.id == first)
        .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .where(Product.id.in_(product_ids))
    )
    rows = db.session.execute(purchases.limit_to(me(), found))
    return {row.id: (row, day_in(row.timezone, row.bought_at)) for row in rows}
