"""The form of a sale at the counter: its lines live in it until the sale is recorded."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField

from portal.domain.catalog.models import Outlet
from portal.domain.purchases.rules import Sale, SaleLine
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.errors import Refused
from portal.kernel.money import MINOR_DIGITS, minor
from portal.kernel.text import _
from portal.web.fields import (
    AtMost,
    Between,
    DayField,
    EmailAddressField,
    Form,
    MoneyField,
    NumberField,
    PhoneField,
    Required,
)
from portal.web.render import refuse
from portal.web.words import translate

MOST_LINES = 30
MOST_PIECES = 9999
MOST_PRICE = 10**12  # in minor units
FULL = _("A receipt holds %(most)s items. Record these, and the rest as another sale.", most=MOST_LINES)
OF_LINE = {"quantity": "quantity", "serials": "serial", "unit_price": "price", "description": "description"}


class LineForm(Form):
    sku = HiddenField(validators=[AtMost(40)])
    serialised = HiddenField()
    description = StringField(_("What it is"), [Required(_("Say what it is.")), AtMost(200)])
    quantity = NumberField(_("Pieces"), [Required(_("Say how many.")), Between(1, MOST_PIECES)])
    price = MoneyField(_("Price of one"), [Between(0, MOST_PRICE)])
    serial = StringField(_("Serial number"), [AtMost(60)])

    def is_possible(self) -> bool:
        return abs(self.quantity.data or 1) <= MOST_PIECES and abs(self.price.data or 0) <= MOST_PRICE

    def line(self, currency: str) -> SaleLine:
        """The line as typed; without a price it cost nothing."""
        price = Decimal(self.price.data or 0).scaleb(-MINOR_DIGITS.get(currency, 2))
        serials = (self.serial.data,) if self.serial.data else ()
        return SaleLine(
            self.description.data or "", self.quantity.data or 1, price, self.sku.data or None, serials
        )


class SellForm(Form):
    outlet = SelectField(_("Outlet"))
    lines = FieldList(FormField(LineForm), _("Items"), max_entries=MOST_LINES + 1)  # one too many is told
    phone = PhoneField(_("Customer's phone"))
    name = StringField(_("Customer's name"), [AtMost(120)])
    email = EmailAddressField(_("Customer's e-mail address"))
    send = BooleanField(_("Send the receipt to this address"), default=True)
    sticker = StringField(_("Code of the QR sticker on the goods"), [AtMost(20)])
    number = StringField(_("Number of the receipt"), [AtMost(40)])
    day = DayField(_("Day of the sale"))
    courier = StringField(_("Courier"), [AtMost(40)])
    waybill = StringField(_("Waybill number"), [AtMost(60)])

    def add(self, product: Any) -> None:
        """One more of a (sku, name, price, serialised); each with a serial number has a line of its own."""
        same = [entry.form for entry in self.lines if entry.form.sku.data == product.sku]
        if same and not product.serialised and same[0].quantity.data:
            quantity = same[0].quantity
            quantity.data, quantity.raw_data = quantity.data + 1, None
        else:
            self.add_line(product.sku, product.name, product.price or None, product.serialised)

    def add_line(
        self, sku: str = "", name: str = "", price: int | None = None, serialised: bool = False
    ) -> None:
        if not self.is_full():
            self.lines.append_entry({
                "sku": sku, "description": name, "quantity": 1, "price": price,
                "serialised": "1" if serialised else "",
            })  # fmt: skip

    def is_full(self) -> bool:
        return len(self.lines) >= MOST_LINES

    def wants_serial(self) -> bool:
        """Whether the newest line waits for its serial number."""
        last = self.lines.entries[-1].form if self.lines.entries else None
        return bool(last and last.serialised.data and not last.serial.data)

    def total(self, currency: str) -> int:
        """In minor units, of what can be read so far and can be meant."""
        lines = [entry.form.line(currency) for entry in self.lines if entry.form.is_possible()]
        return sum(minor(line.unit_price * line.quantity, currency) for line in lines)

    def sale(self, outlet: Outlet, cashier: str, now: datetime) -> Sale:
        """What was typed. Raises Refused for a day that is still to come."""
        at, zone, day = now, ZoneInfo(outlet.timezone), self.day.data
        if day and day != day_in(outlet.timezone, now):
            at = datetime.combine(day, time(12), zone)
            if at > now:
                raise Refused(_("The day of the sale cannot be in the future."), "day")
        lines = tuple(entry.form.line(outlet.currency) for entry in self.lines)
        return Sale(
            outlet.code, self.number.data or "", at, lines, self.name.data or "", self.phone.data,
            self.email.data, cashier=cashier[:80], courier=self.courier.data or "",
            waybill=self.waybill.data or "",
        )  # fmt: skip

    def sticker_code(self) -> str | None:
        return normalise(self.sticker.data) if self.sticker.data else None

    def refuse(self, refusal: Refused) -> None:
        """Beside the field that the refusal is about, also within a line."""
        where, _dot, rest = (refusal.field or "").partition(".")
        if where == "lines" and rest:
            place, _dot, name = rest.partition(".")
            line = self.lines[int(place)].form
            refuse(line, Refused(refusal.message, OF_LINE.get(name, "description")))
        else:
            refuse(self, Refused(refusal.message, {"bought_at": "day"}.get(where, where)))

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if not self.lines.entries:
            self.form_errors.append(gettext("Add at least one item."))
            good = False
        if len(self.lines) > MOST_LINES:
            self.form_errors.append(translate(FULL))
            good = False
        return good


def opened(outlets: list[Outlet], outlet: str | None, *, typed: bool) -> SellForm:
    """The form as typed, or empty: for the outlet that was chosen last, with the sticker that was scanned."""
    if typed:
        form = SellForm()
    else:
        known = outlet if outlet in {one.code for one in outlets} else None
        form = SellForm(formdata=None, outlet=known, sticker=request.args.get("sticker", "")[:20])
    form.outlet.choices = [(one.code, one.name) for one in outlets]
    return form
