"""Ordering spare parts: for which item, how many, how they go out and how they are paid."""

from typing import Any

from flask import Blueprint, redirect, request
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Product
from portal.domain.parts import orders
from portal.domain.parts.models import Part
from portal.domain.parts.rules import MOST, PAYING, WAYS, Paying, Way
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.customer.parts import HERE, parts_asked, where
from portal.web.fields import AtMost, Between, Form, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_part_order", __name__)

ITEMS = 40  # to choose from
PAY_HOW = (Paying.COUNTER, Paying.DELIVERY)


class OrderForm(Form):
    item = SelectField(_("What is it for?"))
    model = StringField(_("Brand and model, if it is for something else"), [AtMost(80)])
    way = RadioField(_("How would you like to get it?"), [Required(_("Choose one of these."))])
    outlet = SelectField(_("Which shop?"), coerce=int)
    address = TextAreaField(_("Your address"), [AtMost(orders.ADDRESS)])
    paying = RadioField(_("How would you like to pay?"), [Required(_("Choose one of these."))])
    story = TextAreaField(_("Anything else?"), [AtMost(2000)])


@bp.get(f"{HERE}/order")
@requires(Permission.CLAIM_FILE)
def begin() -> Response:
    """`?part=` once for each part, `?unit=` for the item that they are for."""
    if not request.args.get("part"):
        unit = request.args.get("unit", "")
        return redirect(f"/units/{unit}/parts" if unit.isalnum() else HERE, 303)
    parts = parts_asked(request.args.getlist("part"))
    return _page(_form(parts), parts)


@bp.post(f"{HERE}/order")
@requires(Permission.CLAIM_FILE)
def send() -> Response:
    actor, now = signin.me(), clock.now()
    parts = parts_asked(request.args.getlist("part"))
    form = _form(parts)
    if form.validate():
        try:
            case = orders.order(
                actor, db.session.get_one(Customer, actor.id), _wish(form, parts), _unit(form["item"].data),
                next(outlet for outlet in catalog.outlets() if outlet.id == form["outlet"].data), now=now,
            )  # fmt: skip
            promise = words.moment(case.respond_by, case.outlet.timezone)
            return go_to(f"/cases/{case.code}", _("Ordered. The shop answers by %(moment)s.", moment=promise))
        except Refused as refusal:
            db.session.rollback()
            refuse(form, refusal)
    return _page(form, parts, 422)


def _wish(form: Form, parts: list[Part]) -> orders.Wish:
    lines = [(part, form[f"pieces_{part.code}"].data or 0) for part in parts]
    return orders.Wish(
        [line for line in lines if line[1]] or lines, form["way"].data, form["paying"].data,
        form["address"].data or "", form["story"].data or "", form["model"].data or "",
    )  # fmt: skip


def _form(parts: list[Part]) -> Form:
    """With a number for each part; `item` is one of the person's own or "" for another."""
    pieces: dict[str, Any] = {
        f"pieces_{part.code}": NumberField(_("Pieces"), [Between(0, MOST)], default=1) for part in parts
    }
    outlets = catalog.outlets()
    unit = request.args.get("unit", "")
    items = _items(unit)
    usual = items[0].outlet_id if items else None
    first = {"item": unit, "outlet": usual, "way": Way.COLLECT, "paying": Paying.COUNTER}
    form: Form = type("PartsForm", (OrderForm,), pieces)(**first)
    named = [(row.code, f"{row.name} ({row.serial})" if row.serial else row.name) for row in items]
    form["item"].choices = [*named, ("", gettext("Another item"))]
    form["outlet"].choices = [(outlet.id, f"{outlet.name}, {outlet.city}") for outlet in outlets]
    form["way"].choices = [(value, words.translate(said)) for value, said in WAYS.items()]
    form["paying"].choices = [(value.value, words.translate(PAYING[value])) for value in PAY_HOW]
    return form


def _items(chosen: str) -> list[Any]:
    """The person's items, the newest first; that in the address leads."""
    found = (
        select(Unit.code, Product.name, Unit.serial, Unit.outlet_id)
        .join(Product, Product.id == Unit.product_id)
        .order_by((Unit.code == chosen).desc(), Unit.id.desc())
        .limit(ITEMS)
    )
    return list(db.session.execute(units.limit_to(signin.me(), found)))


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    mine = units.visible_to(signin.me()).where(Unit.code == code)
    unit: Unit = one_or_404(mine.options(joinedload(Unit.product), joinedload(Unit.outlet)))
    return unit


def _page(form: Form, parts: list[Part], status: int = 200) -> Response:
    return page(
        "customer/parts/order.html", status=status, nav_current="cases", form=form, parts=parts,
        where=where(parts), query=request.query_string.decode(),
    )  # fmt: skip
