"""What the API takes and tells, as models: for checks, the OpenAPI document and the table of fields."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from portal.domain.purchases.rules import PurchaseKind
from portal.kernel.text import Message, _

MOST_SALES = 500
MOST_LINES = 500
CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"  # what a database can keep and a printer can print
MONEY = 10**12


def _field(told: Message, example: Any = None, *, needed: bool = False) -> Any:
    """A field with its description in English; the developers' page looks up the translation."""
    default = ... if needed else None
    return Field(default, description=told.id, examples=None if example is None else [example])


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _moment(value: Any) -> datetime:
    try:
        if isinstance(value, str) and len(value) > len("2031-02-03"):
            return datetime.fromisoformat(value.strip())
    except ValueError:
        pass
    raise PydanticCustomError("moment", "not a date with a time")


def _whole(value: Any) -> Any:
    if type(value) is bool:
        raise PydanticCustomError("int_type", "not a whole number")
    return value


def _text(most: int, least: int = 0) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most, pattern=CLEAN)


def _id_text(most: int, least: int = 0) -> tuple[Any, ...]:
    schema = {"type": ["string", "integer"], "maxLength": most} | ({"minLength": least} if least else {})
    return _text(most, least), BeforeValidator(_as_text), WithJsonSchema(schema)


Code = Annotated[str, _text(8, 1)]
Number = Annotated[str, *_id_text(40, 1)]
Id = Annotated[str, *_id_text(80)] | None
Price = Annotated[
    Decimal, Field(ge=-MONEY, le=MONEY, decimal_places=6), WithJsonSchema({"type": ["string", "number"]})
]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Shape(BaseModel):
    """What comes in. A name that is not known is refused: most often it is a slip that would cost data."""

    model_config = ConfigDict(extra="forbid")


class Line(Shape):
    """One line of a receipt."""

    description: Annotated[str, _text(200, 1)] = _field(
        _("What the receipt says."), "Televisi LED 32 inci", needed=True
    )
    quantity: Whole = _field(_("Pieces; negative where goods came back."), 1, needed=True)
    unit_price: Price = _field(_("Price of one piece, exact, as text or a number."), "2499000", needed=True)
    sku: Annotated[str, *_id_text(40)] | None = _field(
        _("Your number of the product. Leave it out for fees, shipping, tax and rounding."), "TV-32"
    )
    serials: Annotated[list[Annotated[str, *_id_text(60)]], Field(max_length=1000)] | None = _field(
        _("Serial numbers, one a piece."), ["SN20310001"]
    )
    discount: Price | None = _field(_("Taken off the whole line."), "100000")
    returned: Annotated[Whole, Field(ge=0)] | None = _field(_("How many pieces have come back."), 0)
    barcode: Annotated[str, *_id_text(32)] | None = _field(_("Barcode of the product."), "8991234567896")
    category: Annotated[str, _text(40)] | None = _field(_("Category of a product that is new here."), "tv")
    brand: Annotated[str, _text(80)] | None = _field(_("Brand of a product that is new here."), "Polytron")


class SaleBody(Shape):
    """One sale as the till knows it, whole. Sent again with other words it revises what was told before."""

    outlet: Code = _field(_("Code of the outlet, as in the catalogue."), "PNK", needed=True)
    number: Number = _field(
        _("Number of the receipt; with the outlet it names the sale for good."),
        "PNK-2025-000123",
        needed=True,
    )
    bought_at: Moment = _field(
        _("Date and time, ISO 8601; without an offset it is the outlet's time."),
        "2025-01-20T14:05:00+07:00",
        needed=True,
    )
    lines: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)] = _field(
        _("What was sold, fees and rounding included."), needed=True
    )
    buyer_name: Annotated[str, _text(120)] | None = _field(_("Name of the customer."), "Dewi Anggraini")
    buyer_phone: Annotated[str, _text(30)] | None = _field(
        _("Phone of the customer; its last four digits open the receipt."), "0812-1111-2222"
    )
    buyer_email: Annotated[str, _text(254)] | None = _field(
        _("E-mail address of the customer."), "dewi@pelanggan.example"
    )
    cashier: Annotated[str, _text(80)] | None = _field(_("Who sold it, as printed."), "Sari")
    kind: PurchaseKind | None = _field(
        _("Leave it out for a sale. A cancellation takes back another sale; an adjustment corrects figures."),
        "sale",
    )
    undoes: Annotated[str, *_id_text(40)] | None = _field(
        _("Number of the sale that this cancellation takes back.")
    )
    cancelled_at: Moment | None = _field(_("When this sale itself was cancelled; its warranties end."))
    currency: Annotated[str, _text(3)] | None = _field(
        _("To be sure: a sale in another currency than the outlet's is refused."), "IDR"
    )
    courier: Annotated[str, _text(40)] | None = _field(
        _("By whom the goods travel to the customer, who can follow them from then on."), "JNE"
    )
    waybill: Annotated[str, *_id_text(60)] | None = _field(
        _("Number on the parcel. Warranties that begin with the delivery begin when it arrives."),
        "0123082100003094",
    )
    external_id: Id = _field(_("Your own id of the sale; it can be looked up by it."), "9007199254740993")
    customer_ref: Id = _field(_("Your own id of the customer."), "4711")


class BatchBody(Shape):
    """Several sales in one request."""

    purchases: Annotated[list[SaleBody], Field(min_length=1, max_length=MOST_SALES)]


class Qr(BaseModel):
    """The QR code, in the forms that `?qr=` asked for."""

    svg: str = Field("", description="A drawing, as text.")
    png: str = Field("", description="A picture, in base64.")
    escpos: str = Field("", description="Bytes for a thermal printer, in base64.")


class Receipt(BaseModel):
    """What became of a sale that is in."""

    status: Literal["created", "changed", "unchanged"]
    code: str = Field(description="Code of the receipt, printed below its QR code.", examples=["7KQ2M4XP"])
    outlet: str
    number: str
    url: str | None = Field(
        description="What the QR code says; null once the shop has ended it. A secret: do not log it."
    )
    qr: Qr | None = None


class Problem(BaseModel):
    """Problem details as RFC 9457 describes them."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field("", description="Names the request in the log of the shop.")
    errors: list["FieldError"] = []


class FieldError(BaseModel):
    """One thing that is wrong in the body."""

    pointer: str = Field(description="Where, as a JSON pointer.", examples=["#/lines/0/unit_price"])
    detail: str


class Refusal(BaseModel):
    """A sale of a batch that was not let in; the others were."""

    status: Literal["refused"]
    outlet: str | None
    number: str | None
    problem: Problem


class Results(BaseModel):
    """One result for each sale, in their order."""

    results: list[Receipt | Refusal]


class KeptLine(BaseModel):
    """A line of a receipt that is in."""

    sku: str | None
    description: str
    quantity: int
    returned: int
    unit_price: str
    amount: str = Field(description="Of the line, after its discount.")


class Kept(BaseModel):
    """A receipt that is in. Who bought is not told: a till does not need it."""

    code: str
    outlet: str
    number: str
    kind: PurchaseKind
    bought_at: datetime
    currency: str
    total: str
    cancelled_at: datetime | None
    external_id: str | None
    url: str | None
    lines: list[KeptLine]
    qr: Qr | None = None
