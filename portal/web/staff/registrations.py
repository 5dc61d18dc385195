"""Registrations that customers sent: approve, or reject with a reason."""

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import Outlet, Product
from portal.domain.units import actions as units
from portal.domain.units import queries as unit_queries
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse

bp = Blueprint("registrations", __name__, url_prefix="/desk/registrations")
MOST = 200


class VerdictForm(Form):
    version = IntegerField(widget=HiddenInput())
    reason = TextAreaField(_("Reason, if you reject it"), [AtMost(1000)])


@bp.get("")
@requires(Permission.REGISTRATION_DECIDE)
def waiting() -> Response:
    """Those that wait, longest waiting first."""
    rows = db.session.execute(
        select(
            Unit.code,
            Unit.serial,
            Unit.bought_on,
            Unit.bought_at_shop,
            Unit.created_at,
            Product.name,
            Customer.name.label("customer"),
            Outlet.code.label("outlet"),
        )
        .join(Product, Product.id == Unit.product_id)
        .join(Customer, Customer.id == Unit.holder_id)
        .join(Outlet, Outlet.id == Unit.outlet_id)
        .where(Unit.registration == Registration.PENDING)
        .order_by(Unit.created_at, Unit.id)
        .limit(MOST)
    ).all()
    return page("staff/registrations/list.html", nav_current="registrations", rows=rows)


@bp.get("/<code>")
@requires(Permission.REGISTRATION_DECIDE)
def show(code: str) -> Response:
    unit = _load(code)
    return _page(unit, VerdictForm(formdata=None, version=unit.version))


@bp.post("/<code>")
@requires(Permission.REGISTRATION_DECIDE)
def decide(code: str) -> Response:
    unit, form = _load(code), VerdictForm()
    approve = request.form.get("verdict") == "approve"
    if not form.validate():
        return _page(unit, form, 422)
    try:
        units.decide_registration(
            signin.me(),
            unit,
            approve=approve,
            reason=form.reason.data or "",
            version=form.version.data or 0,
            now=clock.now(),
        )
    except Refused as refusal:
        refuse(form, refusal)
        return _page(unit, form, 422)
    except Stale:
        form.version.data = unit.version
        form.form_errors.append(
            words.translate(
                _("The customer changed it in the meantime; please look again. Your text is kept.")
            )
        )
        return _page(unit, form, 409)
    return go_to(
        "/desk/registrations",
        _("Approved.") if approve else _("Rejected; the customer can correct it and send it again."),
    )


def _load(code: str) -> Unit:
    unit: Unit = one_or_404(
        unit_queries.visible_to(signin.me()).where(Unit.code == code, Unit.purchase_id.is_(None))
    )
    return unit


def _page(unit: Unit, form: VerdictForm, status: int = 200) -> Response:
    return page(
        "staff/registrations/show.html",
        status=status,
        nav_current="registrations",
        unit=unit,
        form=form,
        photos=unit_queries.photo_codes(unit.id),
    )
