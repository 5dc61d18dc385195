"""From the body of a request to sales, or to a list of what is wrong and where."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from portal.db import db
from portal.domain.catalog.models import Outlet
from portal.domain.purchases.rules import PurchaseKind, Sale, SaleLine
from portal.kernel import email, phone
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import words
from portal.web.api.shapes import MONEY, MOST_SALES, Line, SaleBody
from portal.web.bearer import LARGEST
from portal.web.problems import Problem

MOST_ERRORS = 10  # told of one sale
_SALES = TypeAdapter(list[SaleBody])
_AMOUNT = _("Write the amount with a point and without thousands separators, such as 12500 or 12.50.")
_CONTROL = _("This contains characters that cannot be stored. Please write it again.")
_TEXT = _("Write this as text.")
_WHOLE = _("Write a whole number.")
# What is wrong, by pydantic's name for it
SENTENCES: dict[str, Message] = {
    "missing": _("This field is needed."),
    "string_type": _TEXT,
    "string_too_short": _("This must not be empty."),
    "string_pattern_mismatch": _CONTROL,
    "string_unicode": _CONTROL,
    **dict.fromkeys(("decimal_type", "decimal_parsing", "decimal_max_places", "finite_number"), _AMOUNT),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    "moment": _("Write date and time as in 2025-01-20T14:05:00+07:00."),
    "list_type": _("Write a list in square brackets."),
    "model_type": _("Write an object in braces."),
    "phone": _("This is no phone number. Correct it, or leave it out."),
    "email": _("This is no e-mail address. Correct it, or leave it out."),
}


@dataclass
class Read:
    """`sales` by their place in the body; `wrong` tells of the others, as (pointer, detail)."""

    batch: bool
    bodies: Sequence[Any]
    sales: dict[int, Sale] = field(default_factory=dict)
    wrong: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def pointer(self, place: int, *path: Any) -> str:
        start = ("purchases", place) if self.batch else ()
        return "#" + "".join(
            "/" + str(part).replace("~", "~0").replace("/", "~1") for part in (*start, *path)
        )

    def blame(self, place: int, path: Iterable[Any], message: Message) -> None:
        detail = words.translate(message)
        self.wrong.setdefault(place, []).append({"pointer": self.pointer(place, *path), "detail": detail})

    def refuse(self, place: int, refused: Refused) -> None:
        """Note what the writer said of a sale; its names of fields are ours, but for the outlet's."""
        path = (refused.field or "").replace("outlet_code", "outlet")
        self.blame(place, path.split(".") if path else (), refused.message)


def read() -> tuple[bytes, Read]:
    """The body, and what it says. Raises Problem."""
    if not request.is_json:
        raise Problem(415, _("Send the header “Content-Type: application/json”."))
    raw = request.get_data()
    if request.content_length is None and len(raw) >= LARGEST:  # sent in pieces, and cut off there
        raise RequestEntityTooLarge
    found = _shape(parse(raw))
    try:
        good = dict(enumerate(_SALES.validate_python(found.bodies)))
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place, *path = one["loc"]
            if len(found.wrong.get(int(place), ())) < MOST_ERRORS:  # a sentence takes its time
                found.blame(int(place), path, _sentence(one))
        fit = [place for place in range(len(found.bodies)) if place not in found.wrong]
        good = dict(zip(fit, _SALES.validate_python([found.bodies[place] for place in fit]), strict=True))
    _understand(found, good)
    return raw, found


def parse(raw: bytes) -> Any:
    """JSON whose numbers stay exact. Raises Problem."""
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise Problem(
            400, _("This is not JSON: look at line %(line)s, column %(column)s.", **where)
        ) from error
    except RecursionError as error:
        raise Problem(400, _("The body is nested too deeply.")) from error
    except (ValueError, ArithmeticError) as error:  # not UTF-8, or a number beyond all measure
        raise Problem(400, _("The body is not JSON in UTF-8.")) from error


def quotable(value: Any) -> str:
    """What a sender wrote, short and without halves of signs, to be told back."""
    return str(value)[:80].encode("utf-8", "replace").decode()


def _no_number(name: str) -> None:
    raise ValueError(name)


def _shape(told: Any) -> Read:
    if not isinstance(told, dict):
        raise Problem(422, _("Write one sale as an object in braces, or a list named “purchases”."), "#")
    if "purchases" not in told:
        return Read(False, [told])
    if other := [name for name in told if name != "purchases"]:
        name = quotable(other[0])
        raise Problem(422, _("There is no field “%(name)s” here.", name=name), f"#/{name}")
    bodies = told["purchases"]
    if not isinstance(bodies, list) or not 1 <= len(bodies) <= MOST_SALES:
        raise Problem(422, _("Write a list of 1 to %(most)s sales.", most=MOST_SALES), "#/purchases")
    return Read(True, bodies)


def _understand(found: Read, good: dict[int, SaleBody]) -> None:
    """Make sales of the bodies that have the right shape."""
    contacts = {place: _contact(found, place, body) for place, body in good.items()}
    zones = _zones(
        body.outlet for body in good.values() if _is_local(body.bought_at) or _is_local(body.cancelled_at)
    )
    for place, body in good.items():
        if place not in found.wrong:
            found.sales[place] = _sale(body, contacts[place], zones.get(body.outlet, _UTC))


def _contact(found: Read, place: int, body: SaleBody) -> dict[str, str | None]:
    """The buyer's phone and e-mail as they are stored."""
    contact: dict[str, str | None] = {}
    for name, understand in (("phone", phone.parse), ("email", email.parse)):
        typed = getattr(body, f"buyer_{name}")
        try:
            contact[name] = understand(typed) if typed else None
        except ValueError:
            found.blame(place, [f"buyer_{name}"], SENTENCES[name])
    return contact


_UTC = ZoneInfo("UTC")  # of an outlet that is not there; the writer refuses the sale


def _zones(outlets: Iterable[str]) -> dict[str, ZoneInfo]:
    """The zones of outlets whose times came without one."""
    codes = set(outlets)
    if not codes:
        return {}
    rows = db.session.execute(select(Outlet.code, Outlet.timezone).where(Outlet.code.in_(codes)))
    return {code: ZoneInfo(zone) for code, zone in rows}


def _sale(body: SaleBody, contact: dict[str, str | None], zone: ZoneInfo) -> Sale:
    return Sale(
        outlet_code=body.outlet,
        number=body.number,
        bought_at=_in(zone, body.bought_at),
        lines=tuple(_line(line) for line in body.lines),
        buyer_name=body.buyer_name or "",
        buyer_phone=contact["phone"],
        buyer_email=contact["email"],
        kind=body.kind or PurchaseKind.SALE,
        cashier=body.cashier or "",
        external_id=body.external_id or None,
        customer_ref=body.customer_ref or None,
        undoes=body.undoes or None,
        cancelled_at=_in(zone, body.cancelled_at) if body.cancelled_at else None,
        currency=body.currency or None,
        courier=body.courier or "",
        waybill=body.waybill or "",
    )


def _line(line: Line) -> SaleLine:
    return SaleLine(
        line.description, line.quantity, line.unit_price, line.sku or None, tuple(line.serials or ()),
        line.discount or Decimal(0), line.returned or 0, line.barcode or "", line.category or "",
        line.brand or "",
    )  # fmt: skip


def _is_local(at: datetime | None) -> bool:
    return at is not None and at.tzinfo is None


def _in(zone: ZoneInfo, at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _sentence(error: Any) -> Message:
    """What to do about an error of pydantic's."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), Line if "lines" in error["loc"] else SaleBody)
    if kind == "string_too_long":
        return _("At most %(most)s letters, digits and signs.", most=context["max_length"])
    if kind == "enum":
        return _("Write one of these: %(names)s.", names=", ".join(kind.value for kind in PurchaseKind))
    if kind in ("too_long", "too_short"):
        return _("Not fewer than one and not more than %(most)s.", most=context.get("max_length", "…"))
    if kind in ("less_than_equal", "greater_than_equal"):
        return _("Write a number from %(least)s to %(most)s.", least=context.get("ge", -MONEY), most=MONEY)
    return SENTENCES.get(kind) or Message(error["msg"])


def _unknown(name: str, shape: type[SaleBody] | type[Line]) -> Message:
    close = get_close_matches(name, shape.model_fields, 1)
    if close:
        return _("There is no field “%(name)s” here. Is “%(close)s” meant?", name=name, close=close[0])
    return _("There is no field “%(name)s” here.", name=name)
