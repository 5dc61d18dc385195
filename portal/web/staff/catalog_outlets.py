"""The desk's catalogue: outlets, where and when they are open."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, holidays, queries
from portal.domain.catalog.models import Outlet
from portal.domain.catalog.rules import DAYS, parse_hours
from portal.domain.workflows.calendar import calendar
from portal.kernel import clock
from portal.kernel.codes import ALPHABET
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import words
from portal.web.access import requires
from portal.web.catalog_words import SECTORS, WEEKDAYS, choices
from portal.web.fields import AtMost, EmailAddressField, Form, PhoneField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.transaction import drop

bp = Blueprint("staff_catalog_outlets", __name__)

CODE = set(ALPHABET + "ILOU-")


def upper(value: str | None) -> str | None:
    return value.upper() if value else value


def plain_code(_form: Form, field: Any) -> None:
    """A code that stands in addresses: letters, digits and hyphens."""
    if set(field.data or "") - CODE:
        raise ValidationError(gettext("Use letters, digits and hyphens only."))


def _span(_form: Form, field: Any) -> None:
    try:
        parse_hours(field.data or "")
    except Refused as refusal:
        raise ValidationError(words.translate(refusal.message)) from refusal


def _zones() -> dict[str, dict[str, str]]:
    """Time zones with those of Indonesia first."""
    ours = {zone: f"{zone.split('/')[1]} ({short})" for zone, short in words.ZONE_NAMES.items()}
    others = sorted(zone for zone in clock.zones() - set(words.ZONE_NAMES) if "/" in zone)
    return {
        gettext("Indonesia"): ours,
        gettext("Elsewhere"): {zone: zone.replace("_", " ") for zone in others},
    }


class OutletForm(Form):
    version = version_field()
    code = StringField(_("Code"), [Required(), AtMost(8), plain_code], filters=[upper])
    name = StringField(_("Name"), [Required(), AtMost(120)])
    sector = SelectField(_("Sector"), choices=lambda: choices(SECTORS))
    address = StringField(_("Address"), [AtMost(300)])
    city = StringField(_("City"), [Required(), AtMost(80)])
    postal_code = StringField(_("Postal code"), [AtMost(10)])
    timezone = SelectField(_("Time zone"), choices=_zones)
    phone = PhoneField(_("Phone"))
    email = EmailAddressField(_("E-mail address"))

    def hours(self) -> dict[str, str]:
        """mon … sun as typed."""
        return {name: self[name].data or "" for name in DAYS}


for _day in DAYS:
    setattr(OutletForm, _day, StringField(WEEKDAYS[_day], [AtMost(60), _span]))


@bp.get("/desk/catalog/outlets")
@requires(Permission.CATALOG_VIEW)
def outlets() -> Response:
    rows = [
        {
            "outlet": outlet,
            "sector": SECTORS[outlet.sector],
            "opening": _opening(outlet.hours, outlet.timezone, others),
        }
        for outlet, others in holidays.outlets()
    ]
    return page("staff/catalog/outlets.html", nav_current="catalog", tab="outlets", rows=rows, days=WEEKDAYS)


@bp.get("/desk/catalog/outlets/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    return _form(None, OutletForm(data={"timezone": "Asia/Jakarta"} | dict.fromkeys(DAYS[:6], "09:00-17:00")))


@bp.post("/desk/catalog/outlets/new")
@requires(Permission.CATALOG_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/desk/catalog/outlets/<code>")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, OutletForm(obj=found, data=found.hours))


@bp.post("/desk/catalog/outlets/<code>")
@requires(Permission.CATALOG_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


def _save(found: Outlet | None) -> Response:
    form = OutletForm()
    if _previewing():
        drop()
        good = all([form[name].validate(form) for name in (*DAYS, "timezone")])  # noqa: C419  # each day says what is wrong
        return _form(found, form, 200 if good else 422)
    fields = {name: value or "" for name, value in form.data.items() if name not in ("version", *DAYS)}
    fields["hours"] = form.hours()
    saved, status = save(form, lambda: actions.save_outlet(found, form.version.data or 0, **fields))
    if saved is not None:
        return go_to("/desk/catalog/outlets", _("The outlet is saved."))
    stored = OutletForm(formdata=None, obj=found, data=found.hours) if found and status == 409 else None
    return _form(found, form, status, stored_now(form, stored) if stored else None)


def _form(found: Outlet | None, form: OutletForm, status: int = 200, conflict: Any = None) -> Response:
    good = not any(form[name].errors for name in (*DAYS, "timezone"))
    return page(
        "staff/catalog/outlet_form.html", block="opening" if _previewing() else None, status=status,
        nav_current="catalog", outlet=found, form=form, conflict=conflict, days=[form[name] for name in DAYS],
        zone=form.timezone.data,
        opening=_opening(form.hours(), form.timezone.data, holidays.others(found)) if good else None,
    )  # fmt: skip


def _previewing() -> bool:
    return request.form.get("do") == "preview"


def _opening(hours: dict[str, str], zone: str, others: str | None) -> Any:
    return calendar(hours, zone, others).opening(clock.now())


def _load(code: str) -> Outlet:
    found: Outlet = one_or_404(queries.limit_to(me(), select(Outlet).where(Outlet.code == code)))
    return found
