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
from portal.web.render import page
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.editor import Editor
from portal.web.staff.saving import version_field
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


def _load(code: str) -> Service:
    found: Service = one_or_404(select(Service).where(Service.code == code))
    return found


Editor(
    HERE, "staff/catalog/service_form.html", ServiceForm, _load, prices.save_service,
    _("The price list is saved."),
).add_pages(bp)  # fmt: skip
