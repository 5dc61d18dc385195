"""The form in which a person says which column of a file is which."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import RadioField, SelectField

from portal.domain.intake import dates, imports, numbers
from portal.domain.intake.columns import Field
from portal.domain.intake.dates import DateStyle
from portal.domain.intake.models import Import
from portal.domain.intake.numbers import NumberStyle
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web.fields import Between, Form, NumberField, Required
from portal.web.render import refuse
from portal.web.words import clock as clock_of
from portal.web.words import day, gettext, translate

LABELS: dict[Field, Message] = {
    Field.NUMBER: _("Receipt number"), Field.DATE: _("Date"), Field.TIME: _("Time, if apart"),
    Field.OUTLET: _("Outlet"), Field.SKU: _("Product code (SKU)"), Field.BARCODE: _("Barcode"),
    Field.PRODUCT: _("Product"), Field.VARIANT: _("Variant"), Field.SERIAL: _("Serial number"),
    Field.CATEGORY: _("Category"), Field.BRAND: _("Brand"), Field.QUANTITY: _("Quantity"),
    Field.UNIT: _("Unit (kg, pcs …)"), Field.PRICE: _("Price of one"), Field.AMOUNT: _("Total of the line"),
    Field.DISCOUNT: _("Discount of the line"), Field.REFUND: _("Amount given back"),
    Field.CURRENCY: _("Currency"), Field.KIND: _("Sale, refund or cancelled"),
    Field.ORIGINAL: _("Number of the original sale"), Field.CUSTOMER: _("Customer's name"),
    Field.PHONE: _("Customer's phone"), Field.EMAIL: _("Customer's e-mail"),
    Field.CUSTOMER_REF: _("Customer's number at the till"), Field.CASHIER: _("Cashier"),
}  # fmt: skip
STYLES = ("numbers", "quantities", "dates")
FIRST = (
    Field.NUMBER, Field.DATE, Field.TIME, Field.PRODUCT, Field.SKU, Field.QUANTITY, Field.PRICE, Field.AMOUNT,
)  # fmt: skip
BUYER = (Field.CUSTOMER, Field.PHONE, Field.EMAIL, Field.CUSTOMER_REF)
NUMBERS = {NumberStyle.COMMA.value: "1.500.000,00", NumberStyle.DOT.value: "1,500,000.00"}
DATES: dict[DateStyle, Message] = {
    DateStyle.DMY: _("Day first: 31/12/2030"), DateStyle.MDY: _("Month first: 12/31/2030"),
}  # fmt: skip
SIGNS: dict[str, Message] = {
    "comma": _("Comma"), "semicolon": _("Semicolon"), "tab": _("Tab sign"), "bar": _("Vertical bar"),
}  # fmt: skip
_SIGNS = dict(zip(SIGNS, ",;\t|", strict=True))


class ColumnsForm(Form):
    """A select for each field, and how numbers and dates are written."""

    numbers = RadioField(_("How prices are written"), choices=dict(NUMBERS))
    quantities = RadioField(_("How quantities are written"), choices=dict(NUMBERS))
    dates = RadioField(_("How dates are written"))

    def __init__(self, job: Import, **values: Any):
        guess = job.guess
        chosen = job.options if "columns" in job.options else guess
        known = {name: str(n) for name, n in chosen["columns"].items()}
        super().__init__(
            data={**known, **{name: chosen[name] for name in ("numbers", "quantities", "dates")}}, **values
        )
        options = {"": translate(_("— not in this file —"))} | {
            str(n): _named(n, name, guess["samples"][n]) for n, name in enumerate(guess["header"])
        }
        for field in Field:
            self[field.value].choices = options
        self.dates.choices = {style.value: translate(said) for style, said in DATES.items()}
        self.first = [self[field.value] for field in FIRST]
        self.buyer = [self[field.value] for field in BUYER]
        self.more = [self[field.value] for field in Field if field not in FIRST + BUYER]
        self.read_as = _examples(
            guess, {Field(name): int(n) for name, n in known.items()}, job.outlet.timezone
        )
        styles = self.dates, self.numbers, self.quantities
        self.clear = [field for field in styles if len(set(self.read_as[field.name].values())) == 1]
        self.asked = [field for field in styles if field not in self.clear]

    def save(self, job: Import) -> bool:
        """Keep what was chosen; False when a rule says no, which then stands beside the field."""
        columns = {field: int(self[field.value].data) for field in Field if self[field.value].data}
        try:
            imports.confirm(
                job,
                columns,
                numbers=self.numbers.data,
                quantities=self.quantities.data,
                dates=self.dates.data,
            )
        except Refused as refusal:
            refuse(self, refusal)
            return False
        return True


for _field, _label in LABELS.items():
    setattr(ColumnsForm, _field.value, SelectField(_label))


class LookForm(Form):
    """How the file is cut into columns, where the guess is wrong."""

    delimiter = SelectField(_("Sign between the columns"))
    row = NumberField(_("Row with the names of the columns"), [Required(), Between(1, 30)])

    def __init__(self, job: Import, **values: Any):
        sign = next((name for name, sign in _SIGNS.items() if sign == job.guess["delimiter"]), "comma")
        super().__init__(data={"delimiter": sign, "row": job.guess["skip"] + 1}, prefix="look-", **values)
        self.delimiter.choices = {name: translate(said) for name, said in SIGNS.items()}

    def sign(self) -> str:
        return _SIGNS[self.delimiter.data]


def _named(n: int, name: str, sample: list[str]) -> str:
    """A column as a person recognises it: its name and first values."""
    said = name or gettext("Column %(number)s", number=n + 1)
    return f"{said}: {', '.join(sample[:2])}"[:80] if sample else said


def _examples(guess: dict[str, Any], columns: dict[Field, int], zone: str) -> dict[str, dict[str, str]]:
    """How the first values of the file are read in each style."""

    def first(*fields: Field) -> str:
        return next(
            (values[0] for f in fields if f in columns and (values := guess["samples"][columns[f]])), ""
        )

    price, pieces, at = first(Field.PRICE, Field.AMOUNT), first(Field.QUANTITY), first(Field.DATE)
    return {
        "numbers": {style: _number(price, style) for style in NumberStyle} if price else {},
        "quantities": {style: _number(pieces, style) for style in NumberStyle} if pieces else {},
        "dates": {style: _date(at, style, zone) for style in DateStyle} if at else {},
    }


def _number(typed: str, style: NumberStyle) -> str:
    with suppress(Refused):
        value = f"{numbers.parse(typed, style)[0]:,f}"
        shown = value.translate(str.maketrans(",.", ".,")) if gettext("Comma") != "Comma" else value
        return gettext("“%(typed)s” is read as %(value)s", typed=typed, value=shown)
    return gettext("“%(typed)s” cannot be read this way", typed=typed)


def _date(typed: str, style: DateStyle, zone: str) -> str:
    with suppress(Refused):
        at: datetime = dates.parse(typed, "", style, ZoneInfo(zone))
        shown = f"{day(at.astimezone(ZoneInfo(zone)).date())}, {clock_of(at, zone).partition(', ')[2]}"
        return gettext("“%(typed)s” is read as %(value)s", typed=typed, value=shown)
    return gettext("“%(typed)s” cannot be read this way", typed=typed)
