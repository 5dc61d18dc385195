"""The desk's catalogue of spare parts: found, shown, kept."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Product
from portal.domain.parts import catalogue, genuine, queries
from portal.domain.parts.models import Part, PartFit
from portal.domain.suppliers import queries as suppliers
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import AtMost, Between, Form, MoneyField, NumberField, PhotosField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog import number_or_none
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.words import translate

bp = Blueprint("staff_parts", __name__)

HERE = "/desk/parts"
TEXTS = ("name_en", "brand", "component", "about_id", "about_en")  # that may be empty


class PartForm(Form):
    version = version_field()
    number = StringField(_("Part number"), [Required(), AtMost(60)])
    name_id = StringField(_("Name in Indonesian"), [Required(), AtMost(160)])
    name_en = StringField(_("Name in English"), [AtMost(160)])
    brand = StringField(_("Brand"), [AtMost(80)])
    component = StringField(_("Component"), [AtMost(24)])
    price = MoneyField(_("Price"))
    cost = MoneyField(_("Cost"), [Optional()])
    supplier_id = SelectField(_("Supplier"), coerce=number_or_none)
    lead_days = NumberField(_("Days until it comes"), [Optional(), Between(0, 365)])
    written = TextAreaField(_("It fits"), [AtMost(8000)])
    universal = BooleanField(_("It fits everything"))
    about_id = TextAreaField(_("What customers should know, in Indonesian"), [AtMost(2000)])
    about_en = TextAreaField(_("What customers should know, in English"), [AtMost(2000)])
    photos = PhotosField(_("Picture"))
    active = BooleanField(_("Customers can order it"), default=True)

    def __init__(self, *arguments: Any, **values: Any):
        super().__init__(*arguments, **values)
        self.supplier_id.choices = {"": translate(_("None"))} | suppliers.choices(me())


@bp.get(HERE)
@requires(Permission.CATALOG_VIEW)
def index() -> Response:
    words = request.args.get("q", "").strip()[:100]
    after = decode(request.args.get("after"), str, int)
    found = cut(queries.search(me(), words, after=after), lambda row: [row.name_id, row.id])
    return page(
        "staff/parts/index.html", nav_current="catalog", tab="parts", found=found, words=words, after=after,
        totals=queries.totals([row.id for row in found.rows]),
    )  # fmt: skip


@bp.get(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    """A new part; `?product=` is what it fits."""
    sku = request.args.get("product", "")
    known = sku and db.session.scalar(catalog.visible_to(me()).where(Product.sku == sku))
    return _form(None, PartForm(written=known.sku if known else None, brand=known.brand if known else None))


@bp.post(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT, photos=True)
def create() -> Response:
    return _save(None)


@bp.get(f"{HERE}/<code>")
@requires(Permission.CATALOG_VIEW)
def show(code: str) -> Response:
    part = load(code, joinedload(Part.supplier))
    return page(
        "staff/parts/show.html", nav_current="catalog", tab="parts", part=part,
        fits=queries.fit_names(part.id), levels=queries.levels(part.id), sheets=genuine.sheets(part.id),
        marks=None,
    )  # fmt: skip


@bp.get(f"{HERE}/<code>/edit")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    part = _whole(code)
    return _form(part, _stored(part))


@bp.post(f"{HERE}/<code>/edit")
@requires(Permission.CATALOG_EDIT, photos=True)
def change(code: str) -> Response:
    return _save(_whole(code))


def _save(part: Part | None) -> Response:
    form = PartForm()
    skipped = ("version", "photos", "written")
    fields = {name: value for name, value in form.data.items() if name not in skipped}
    fields |= {name: fields[name] or "" for name in TEXTS}
    fields |= {"price": fields["price"] or 0, "cost": fields["cost"] or 0}

    def act() -> Part:
        saved = catalogue.save(part, form.version.data or 0, written=form.written.data or "", **fields)
        catalogue.hang_picture(me(), saved, form.photos.data or [])
        return saved

    saved, status = save(form, act)
    if saved is not None:
        return go_to(f"{HERE}/{saved.code}", _("The part is saved."))
    conflict = stored_now(form, _stored(part, formdata=None)) if part and status == 409 else None
    return _form(part, form, status, conflict)


def _stored(part: Part, **values: Any) -> PartForm:
    return PartForm(obj=part, written=catalogue.written_fits(part), **values)


def _form(part: Part | None, form: PartForm, status: int = 200, conflict: Any = None) -> Response:
    components = select(Part.component).where(Part.component != "").distinct().order_by(Part.component)
    return page(
        "staff/parts/form.html", status=status, nav_current="catalog", part=part, form=form,
        conflict=conflict, components=db.session.scalars(queries.limit_to(me(), components)).all(),
    )  # fmt: skip


def load(code: str, *options: Any) -> Part:
    part: Part = one_or_404(queries.visible_to(me()).where(Part.code == code).options(*options))
    return part


def _whole(code: str) -> Part:
    return load(code, selectinload(Part.fits).joinedload(PartFit.product))
