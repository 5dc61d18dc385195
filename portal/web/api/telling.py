"""What the API answers: what became of sales, with the addresses and QR codes of their receipts."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from flask import Response, request

from portal.adapters import escpos, qr
from portal.adapters.printed_receipts import Paper
from portal.db import db
from portal.domain.intake.rules import Brought, Fate
from portal.domain.links import actions as links
from portal.domain.purchases.models import ReceiptLink
from portal.domain.purchases.queries import alive_links
from portal.kernel.text import _
from portal.web import problems
from portal.web.api.reading import Read, quotable
from portal.web.printed import public_address
from portal.web.problems import Problem

STATUS = {Fate.CREATED: "created", Fate.CHANGED: "changed", Fate.SAME: "unchanged"}
ROLLS = (Paper.NARROW, Paper.WIDE)
# How a QR code is written into JSON, by what `?qr=` asks for
QR: dict[str, Callable[[str, Paper], str]] = {
    "svg": lambda address, paper: qr.svg_file(address),
    "png": lambda address, paper: b64encode(qr.png(address)).decode(),
    "escpos": lambda address, paper: b64encode(escpos.qr(address, paper)).decode(),
}


def forms_asked() -> tuple[list[str], Paper]:
    """What `?qr=` and `?paper=` ask for. Raises Problem for what is not made here."""
    forms = [form for form in request.args.get("qr", "").split(",") if form]
    if unknown := [form for form in forms if form not in QR]:
        names = ", ".join(QR)
        raise Problem(
            400, _("There is no QR code as “%(name)s”, only as %(names)s.", name=unknown[0], names=names)
        )
    return forms, paper_asked()


def paper_asked() -> Paper:
    """The roll that `?paper=` names. Raises Problem."""
    asked = request.args.get("paper", Paper.WIDE.value)
    if asked not in ROLLS:
        raise Problem(400, _("Paper is 58 or 80 millimetres wide."))
    return Paper(asked)


def entries(found: Read, brought: dict[int, Brought]) -> list[dict[str, Any]]:
    """What became of each sale of a request, in order: what may be kept, so without any secret address."""
    told: list[dict[str, Any]] = []
    for place, body in enumerate(found.bodies):
        fate = brought.get(place)
        if fate is not None and fate.problem is None:
            sale = found.sales[place]
            told.append(
                {"status": STATUS[fate.fate], "id": fate.purchase_id, "code": fate.code,
                 "outlet": sale.outlet_code, "number": sale.number}
            )  # fmt: skip
            continue
        if fate is not None and fate.problem is not None:
            found.refuse(place, fate.problem)
        told.append({"status": "refused", **_named(body), "problem": _problem(found.wrong[place])})
    return told


def answer(told: Sequence[dict[str, Any]], *, batch: bool, forms: list[str], paper: Paper) -> Response:
    """Codes are drawn while the answer is sent: nothing holds the database meanwhile."""
    addresses = addresses_of(entry["id"] for entry in told if "id" in entry)
    shown = [entry if "problem" in entry else _shown(entry, addresses.get(entry["id"])) for entry in told]

    def body() -> Iterator[str]:
        for entry in shown if forms else ():
            if entry.get("url"):
                entry["qr"] = {form: QR[form](entry["url"], paper) for form in forms}
        yield json.dumps({"results": shown} if batch else shown[0], ensure_ascii=False)

    status = 201 if not batch and told[0]["status"] == "created" else 200
    made = Response(body(), status, content_type="application/json")
    if status == 201:
        made.headers["Location"] = f"/api/v1/purchases/{told[0]['code']}"
    return made


def addresses_of(purchase_ids: Iterable[int]) -> dict[int, str]:
    """What the QR codes of receipts say; without those that were revoked, or made with a key that is gone."""
    found = {}
    for row in db.session.execute(alive_links(list(purchase_ids))):
        with suppress(LookupError):
            token = links.token(ReceiptLink, row.seed, row.token_hash)
            found[row.purchase_id] = public_address(f"/q/{token}")
    return found


def _shown(entry: dict[str, Any], address: str | None) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "id"} | {"url": address}


def _named(body: Any) -> dict[str, Any]:
    """How the sender finds the sale that was refused."""
    told = body if isinstance(body, dict) else {}
    return {
        name: quotable(told[name]) if told.get(name) is not None else None for name in ("outlet", "number")
    }


def _problem(errors: list[dict[str, str]]) -> dict[str, Any]:
    return problems.body(422, errors[0]["detail"], errors)
