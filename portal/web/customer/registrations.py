"""Registering a product bought elsewhere or earlier, and sending a rejected registration again."""

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.applying import applied, covered_somewhere, load_rules
from portal.domain.catalog.models import Outlet, Product
from portal.domain.files import actions as files
from portal.domain.units import actions as units
from portal.domain.units import queries
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, DayField, Form, PhotosField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.words import translate

bp = Blueprint("customer_registrations", __name__)


class AgainForm(Form):
    serial = StringField(_("Serial number"), [AtMost(60)])
    bought_on = DayField(_("Date of purchase"), [Required(_("Write the date on the receipt."))])
    bought_at_shop = StringField(_("Name of the shop on the receipt"), [AtMost(120)])
    photos = PhotosField(_("Photos of the receipt"), [Required(_("Add a photo of the receipt."))])


class RegisterForm(AgainForm):
    outlet = SelectField(_("Which of our shops should handle it?"), [InputRequired()], coerce=str)


@bp.get("/units/register")
@requires(Permission.UNIT_REGISTER)
def start() -> Response:
    """Choose the product, then fill in the rest."""
    if signin.me().reach is not None:
        return go_to(
            "/account/everything",
            _("To register a product, show first that this account is yours."),
            "waiting",
        )
    sku = request.args.get("product")
    if sku:
        return _page(_product(sku), RegisterForm(formdata=None))
    words = request.args.get("q", "")[:80]
    found = catalog.registrable(words)
    return page("customer/units/choose.html", nav_current="units", found=found, words=words)


@bp.post("/units/register")
@requires(Permission.UNIT_REGISTER, photos=True)
def register() -> Response:
    actor, form = signin.me(), RegisterForm()
    product = _product(request.form.get("product", ""))
    places = {outlet.code: outlet for outlet in _outlets(product)}
    form.outlet.choices = _choices(list(places.values()))
    if form.validate() and form.bought_on.data:
        try:
            if actor.reach is not None:
                raise Refused(_("To register a product, show first that this account is yours."))
            unit = units.register(
                actor, product, places[form.outlet.data], serial=form.serial.data or "",
                bought_on=form.bought_on.data, bought_at_shop=form.bought_at_shop.data or "",
                photos=files.keep(actor, form.photos.data or []), now=clock.now(),
            )  # fmt: skip
            return go_to(
                f"/units/{unit.code}", _("Sent. The shop checks it and tells you; you need not do anything.")
            )
        except Refused as refusal:
            refuse(form, refusal)
    return _page(product, form, status=422)


@bp.get("/units/<code>/resend")
@requires(Permission.UNIT_REGISTER)
def correct(code: str) -> Response:
    unit = _rejected(code)
    form = AgainForm(formdata=None, obj=unit)
    form.photos.data = queries.photo_codes(unit.id)
    return page("customer/units/resend.html", nav_current="units", unit=unit, form=form, reason=unit.reason)


@bp.post("/units/<code>/resend")
@requires(Permission.UNIT_REGISTER, photos=True)
def resend(code: str) -> Response:
    actor, unit, form = signin.me(), _rejected(code), AgainForm()
    reason = unit.reason
    if form.validate() and form.bought_on.data:
        try:
            units.resend(
                actor, unit, serial=form.serial.data or "", bought_on=form.bought_on.data,
                bought_at_shop=form.bought_at_shop.data or "",
                photos=files.keep(actor, form.photos.data or [], held=queries.photo_codes(unit.id)),
                now=clock.now(),
            )  # fmt: skip
            return go_to(f"/units/{code}", _("Sent again. The shop checks it and tells you."))
        except Refused as refusal:
            refuse(form, refusal)
    return page(
        "customer/units/resend.html", nav_current="units", status=422, unit=unit, form=form, reason=reason
    )


def _rejected(code: str) -> Unit:
    found = queries.visible_to(signin.me()).where(Unit.code == code)
    unit: Unit = one_or_404(found.options(joinedload(Unit.product), joinedload(Unit.outlet)))
    if unit.registration != Registration.REJECTED:
        raise Refused(_("This registration needs nothing from you now. Its page shows how it stands."))
    return unit


def _product(sku: str) -> Product:
    found = select(Product).where(
        Product.sku == sku, Product.active, Product.draft.is_(False), covered_somewhere(load_rules())
    )
    product = db.session.scalar(found)
    if product is None:
        raise NotFound
    return product


def _outlets(product: Product) -> list[Outlet]:
    """Those where a policy applies, of the product's sector; of all sectors when there is none."""
    rules = load_rules()
    every = [o for o in catalog.outlets() if applied(product, o.code, rules).policy_id is not None]
    return [outlet for outlet in every if outlet.sector == product.sector] or every


def _choices(outlets: list[Outlet]) -> list[tuple[str, str]]:
    named = [(outlet.code, f"{outlet.name}, {outlet.city}") for outlet in outlets]
    return named if len(named) == 1 else [("", translate(_("Choose a shop"))), *named]


def _page(product: Product, form: RegisterForm, status: int = 200) -> Response:
    if form.outlet.choices is None:
        form.outlet.choices = _choices(_outlets(product))
    return page(
        "customer/units/register.html", nav_current="units", status=status, product=product, form=form
    )
