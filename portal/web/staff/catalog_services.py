"""The desk's catalogue: the price list of services."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from portal.domain.accounts.rules import Permission
from portal.domain.catalog.rules import Sector
from portal.domain.requests import prices, queries
from portal.domain.requests.models import Service
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import SECTORS
from portal.web.fields import AtMost, Between, Form, MoneyField, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.words import translate

bp = Blueprint("staff_catalog_services", __name__)

HERE = "/desk/catalog/services"


class ServiceForm(Form):
    version = version_field()
    name_id = StringField(_("Name in Indonesian"), [Required(), AtMost(120)])
    name_en = StringField(_("Name in English"), [AtMost(120)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    sector = SelectField(_("Offered at"), default=Sector.GENERAL)
    price = MoneyField(_("Price"), [Optional()])
    days = NumberField(_("Days until it is done"), [Optional(), Between(0, 365)])
    at_home = BooleanField(_("Can be done at the customer's"))
    active = BooleanField(_("Customers can ask for it"), default=True)

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        names = {**SECTORS, Sector.GENERAL: _("Every outlet")}
        self.sector.choices = [(sector.value, translate(names[sector])) for sector in Sector]


@bp.get(HERE)
@requires(Permission.CATALOG_VIEW)
def services() -> Response:
    return page(
        "staff/catalog/services.html", nav_current="catalog", tab="services", services=queries.services(),
        sectors={**SECTORS, Sector.GENERAL: _("Every outlet")},
    )  # fmt: skip


@bp.get(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    return _form(None, ServiceForm())


@bp.post(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT)
def create() -> Response:
    return _save(None)


@bp.get(f"{HERE}/<code>")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, ServiceForm(obj=found))


@bp.post(f"{HERE}/<code>")
@requires(Permission.CATALOG_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


def _save(found: Service | None) -> Response:
    form = ServiceForm()
    fields = {name: value for name, value in form.data.items() if name != "version"}
    saved, status = save(form, lambda: prices.save_service(found, form.version.data or 0, **fields))
    if saved is not None:
        return go_to(HERE, _("The price list is saved."))
    conflict = stored_now(form, ServiceForm(formdata=None, obj=found)) if status == 409 else None
    return _form(found, form, status, conflict)


def _form(found: Service | None, form: ServiceForm, status: int = 200, conflict: Any = None) -> Response:
    return page(
        "staff/catalog/service_form.html", status=status, nav_current="catalog", service=found, form=form,
        conflict=conflict,
    )  # fmt: skip


def _load(code: str) -> Service:
    found: Service = one_or_404(select(Service).where(Service.code == code))
    return found
