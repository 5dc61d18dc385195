"""The page for whoever programs a till: from a key to a printed receipt."""

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from markupsafe import Markup
from pydantic import BaseModel
from werkzeug.wrappers import Response

from portal.adapters import qr
from portal.adapters.pos.registry import FORMATS
from portal.domain.catalog import queries as catalog
from portal.domain.purchases.rules import PurchaseKind
from portal.kernel import clock
from portal.kernel.text import Message, _
from portal.web import problems
from portal.web.access import public
from portal.web.api.describe import EXAMPLE
from portal.web.api.shapes import MOST_SALES, Line, SaleBody
from portal.web.printed import public_address
from portal.web.render import page

bp = Blueprint("api_guide", __name__)

KINDS: dict[str, Message] = {
    "string": _("text"),
    "integer": _("whole number"),
    "array": _("list"),
    "string integer": _("text or whole number"),
    "string number": _("amount"),
    "date-time": _("date and time"),
}


@bp.get("/api")
@public()
def guide() -> Response:
    outlets = catalog.outlets()
    outlet = (outlets[0].code, outlets[0].timezone) if outlets else ("PNK", "Asia/Jakarta")
    return page(
        "api/guide.html", area="public", nav_current="sign-in", samples=samples(*outlet), most=MOST_SALES,
        sale=fields(SaleBody), line=fields(Line), problems=problems.PROBLEMS,
        formats=[type(form).__name__ for form in FORMATS.values()],
        drawing=Markup(qr.svg(public_address("/api"))),  # noqa: S704  # nosec B704: our own SVG
    )  # fmt: skip


def fields(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The rows of the table of fields: name, kind, most signs, whether it is needed, what it is."""
    schema = model.model_json_schema()
    return [_row(name, spec, name in schema["required"]) for name, spec in schema["properties"].items()]


def _row(name: str, spec: dict[str, Any], needed: bool) -> dict[str, Any]:
    inner = next((part for part in spec.get("anyOf", ()) if part.get("type") != "null"), spec)
    if "$ref" in inner:
        kind: Message | str = " | ".join(PurchaseKind)
    else:
        told = inner["type"]
        kind = KINDS[inner.get("format") or (told if isinstance(told, str) else " ".join(told))]
    return {
        "name": name,
        "kind": kind,
        "most": inner.get("maxLength"),
        "needed": needed,
        "told": spec["description"],
    }


def samples(outlet: str, zone: str) -> dict[str, str]:
    """What to type, with this shop's address and an outlet of its own, so that it works as it stands."""
    here = public_address("/api/v1/purchases")
    sold = clock.now().astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    number = f"{outlet}-000123"
    sale = EXAMPLE | {"outlet": outlet, "number": number, "bought_at": sold}
    first, *others = EXAMPLE["lines"]
    named = {"outlet": outlet, "number": number}
    receipt = {"status": "created", "code": "7KQ2M4XP", **named, "url": public_address("/q/…")}
    wrong = {
        "title": "Not accepted", "status": 422,
        "detail": "There is no field “unit_prise” here. Is “unit_price” meant?",
        "errors": [{"pointer": "#/lines/0/unit_prise", "detail": "There is no field …"}],
    }  # fmt: skip
    head = '-H "Authorization: Bearer $PURNA_TOKEN"'
    return {
        "key": "export PURNA_TOKEN=purna_…",
        "first": f'curl "{here}?qr=svg" \\\n  {head} \\\n  -H "Content-Type: application/json" \\\n'
        f"  -d '{_json(sale)}'",
        "answer": _json(receipt | {"qr": {"svg": "<svg …"}}),
        "batch": '{ "purchases": [ {…}, {…}, {…} ] }',
        "results": _json({"results": [receipt, {"status": "refused", **named, "problem": wrong}]}),
        "again": f"Idempotency-Key: {number}-1",
        "returned": _json({**named, "…": "…", "lines": [first | {"returned": 1}, *others]}),
        "cancelled": _json(sale | {"lines": ["…"], "cancelled_at": sold}),
        "print": f'curl "{here}/7KQ2M4XP/qr.escpos?paper=58" \\\n  {head} > /dev/usb/lp0',
        "find": f'curl "{here}?outlet={outlet}&number={number}" \\\n  {head}',
        "wrong": _json({"type": public_address("/api#problem-422"), **wrong}),
    }


def _json(value: Any) -> str:
    """Indented, but a list of one text on one line."""
    return re.sub(r'\[\s+("[^"]*")\s+\]', r"[\1]", json.dumps(value, indent=2, ensure_ascii=False))
