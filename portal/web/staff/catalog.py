"""The desk's catalogue: products."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import ValidationError

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import GuideVersion, Policy, Product, ReturnPolicy
from portal.domain.units.coverage import Terms
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.catalog_words import SECTORS, choices, clauses
from portal.web.fields import AtMost, Form, MoneyField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog_applied import answers_by_outlet, short_answers
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.words import translate

bp = Blueprint("staff_catalog", __name__)

NEVER = "never"  # among the policies to choose from: no warranty, whatever the rules say
ICONS: dict[str, Message] = {
    "package": _("Parcel"), "tv": _("Television"), "refrigerator": _("Refrigerator"),
    "washing-machine": _("Washing machine"), "air-vent": _("Air conditioner"), "fan": _("Fan"),
    "blender": _("Blender"), "microwave": _("Microwave"), "cooking-pot": _("Cooker"),
    "smartphone": _("Mobile phone"), "laptop": _("Laptop"), "monitor": _("Monitor"),
    "headphones": _("Headphones"), "watch": _("Watch"),
    "sofa": _("Sofa"), "bed": _("Bed"), "armchair": _("Chair"), "table-2": _("Table"), "lamp": _("Lamp"),
    "shirt": _("Clothes"), "footprints": _("Shoes"), "shopping-bag": _("Bag"), "coffee": _("Coffee"),
    "cake": _("Cake"), "cup-soda": _("Drink"), "utensils": _("Food"), "snowflake": _("Frozen food"),
    "truck": _("Delivery"), "tag": _("Other goods"),
}  # fmt: skip


def number_or_none(value: Any) -> int | None:
    """What a select of row numbers holds; its first option, "", is none."""
    return int(value) if value not in (None, "", "None") else None


def warranty_fields(chosen: str | None) -> dict[str, Any]:
    """The columns of a product for what was chosen as its warranty: "" leaves it to the rules."""
    given = chosen not in ("", None, NEVER)
    return {"policy_id": int(chosen) if chosen and given else None, "unwarranted": chosen == NEVER}


def plain_sku(_form: Form, field: Any) -> None:
    """A product's code stands in addresses."""
    if set(field.data or "") & set("%/?#\\"):
        raise ValidationError(translate(_("Write it without % / ? # or \\.")))


class ProductForm(Form):
    version = version_field()
    sku = StringField(_("Product code (SKU)"), [Required(), AtMost(40), plain_sku])
    name = StringField(_("Name"), [Required(), AtMost(200)])
    brand = StringField(_("Brand"), [AtMost(80)])
    model = StringField(_("Model"), [AtMost(80)])
    barcode = StringField(_("Barcode"), [AtMost(32)])
    category = StringField(_("Category"), [Required(), AtMost(40)])
    sector = SelectField(_("Sector"), choices=lambda: choices(SECTORS))
    icon = SelectField(_("Picture"), choices=lambda: choices(ICONS))
    price = MoneyField(_("Price"))
    warranty = SelectField(_("Warranty policy"))
    return_policy_id = SelectField(_("Return policy"), coerce=number_or_none)
    serialised = BooleanField(_("Each piece has a serial number"))
    active = BooleanField(_("On sale now"), default=True)

    def __init__(self, *arguments: Any, options: tuple[dict[str, str], dict[str, str]], **values: Any):
        super().__init__(*arguments, **values)
        said = {"": translate(_("What the rules say")), NEVER: translate(_("No warranty"))}
        self.warranty.choices = said | options[0]
        self.return_policy_id.choices = {"": translate(_("No returns beyond the law"))} | options[1]


@bp.get("/desk/catalog")
@requires(Permission.CATALOG_VIEW)
def products() -> Response:
    words = request.args.get("q", "").strip()[:100]
    after = decode(request.args.get("after"), str, int)
    found = cut(queries.search_products(me(), words, after=after), lambda row: [row[0], row[1]])
    return _page(
        "products", "products.html", found=found, words=words, after=after,
        warranties=short_answers(found.rows), drafts=queries.count_drafts(me()),
    )  # fmt: skip


@bp.get("/desk/catalog/products/<sku>")
@requires(Permission.CATALOG_VIEW)
def product(sku: str) -> Response:
    found = _load(sku)
    today = day_in("Asia/Jakarta", clock.now())
    answers = answers_by_outlet(found)
    policy = next((answer.policy for answer in answers if answer.policy), None)
    layers = queries.layers(policy.version_id if policy else None)
    guides = db.session.execute(
        select(GuideVersion.number, GuideVersion.published_at)
        .where(GuideVersion.product_id == found.id)
        .order_by(GuideVersion.number.desc())
    ).all()
    return _page(
        "products", "product.html", product=found, guides=guides, sector=SECTORS[found.sector],
        clauses=clauses(Terms(today, layers), today), answers=answers, policy=policy,
    )  # fmt: skip


@bp.get("/desk/catalog/products/new")
@requires(Permission.CATALOG_EDIT)
def new_product() -> Response:
    return _form(None, ProductForm(options=_options()))


@bp.post("/desk/catalog/products/new")
@requires(Permission.CATALOG_EDIT)
def create_product() -> Response:
    return _save(None)


@bp.get("/desk/catalog/products/<sku>/edit")
@requires(Permission.CATALOG_EDIT)
def edit_product(sku: str) -> Response:
    found = _load(sku)
    return _form(found, _stored(found, _options()))


@bp.post("/desk/catalog/products/<sku>/edit")
@requires(Permission.CATALOG_EDIT)
def change_product(sku: str) -> Response:
    return _save(_load(sku))


def _save(found: Product | None) -> Response:
    options = _options()
    form = ProductForm(options=options)
    fields = {name: value for name, value in form.data.items() if name not in ("version", "warranty")}
    fields |= {"price": fields["price"] or 0, **warranty_fields(form.warranty.data)}
    saved, status = save(form, lambda: actions.save_product(found, form.version.data or 0, **fields))
    if saved is not None:
        return go_to(f"/desk/catalog/products/{quote(saved.sku)}", _("The product is saved."))
    conflict = stored_now(form, _stored(found, options, formdata=None)) if found and status == 409 else None
    return _form(found, form, status, conflict)


def _stored(found: Product, options: tuple[dict[str, str], dict[str, str]], **values: Any) -> ProductForm:
    warranty = NEVER if found.unwarranted else str(found.policy_id or "")
    return ProductForm(obj=found, options=options, warranty=warranty, **values)


def _form(found: Product | None, form: ProductForm, status: int = 200, conflict: Any = None) -> Response:
    categories = db.session.scalars(
        queries.limit_to(me(), select(Product.category).distinct().order_by(Product.category))
    ).all()
    return _page(
        "products",
        "product_form.html",
        status,
        product=found,
        form=form,
        conflict=conflict,
        categories=categories,
    )


def _options() -> tuple[dict[str, str], dict[str, str]]:
    """What can be chosen as (warranty policy, return policy)."""

    def named(kind: type[Policy] | type[ReturnPolicy]) -> dict[str, str]:
        rows = db.session.execute(queries.limit_to(me(), select(kind.id, kind.name).order_by(kind.name)))
        return {str(number): name for number, name in rows}

    return named(Policy), named(ReturnPolicy)


def _load(sku: str) -> Product:
    found: Product = one_or_404(
        queries.visible_to(me()).where(Product.sku == sku).options(joinedload(Product.return_policy))
    )
    return found


def _page(tab: str, template: str, status: int = 200, **values: Any) -> Response:
    return page(f"staff/catalog/{template}", status=status, nav_current="catalog", tab=tab, **values)
