"""The API as an OpenAPI 3.1 document, made from the models that check it."""

import json
from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic.json_schema import models_json_schema

from portal.domain.accounts.rules import SCOPES
from portal.domain.intake.answers import LONGEST_KEY
from portal.web import problems
from portal.web.access import public
from portal.web.api.shapes import BatchBody, Kept, Problem, Receipt, Results, SaleBody
from portal.web.printed import public_address

bp = Blueprint("api_describe", __name__)

VERSION = "1.0.0"
EXAMPLE: dict[str, Any] = {
    "outlet": "PNK",
    "number": "PNK-2025-000123",
    "bought_at": "2025-01-20T14:05:00+07:00",
    "lines": [
        {
            "sku": "TV-32",
            "description": "Televisi LED 32 inci",
            "quantity": 1,
            "unit_price": "2499000",
            "serials": ["SN20310001"],
        },
        {"description": "Ongkos kirim", "quantity": 1, "unit_price": "50000"},
    ],
    "buyer_name": "Dewi Anggraini",
    "buyer_phone": "0812-1111-2222",
}
_BODIES = (SaleBody, BatchBody)
_ANSWERS = (Receipt, Results, Kept, Problem)


@bp.get("/api/v1/openapi.json")
@public(cacheable=True)
def openapi() -> Response:
    answer = Response(
        json.dumps(document(public_address("/")), ensure_ascii=False), content_type="application/json"
    )
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@cache
def document(server: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Purna",
            "version": VERSION,
            "summary": "Sales in, receipts with their QR codes out.",
            "description": f"How to begin: {server}api",
        },
        "servers": [{"url": server.rstrip("/")}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made at the desk. Scopes: " + ", ".join(SCOPES) + ".",
                }
            },
            "parameters": _PARAMETERS,
            "responses": {
                str(status): {
                    "description": f"{title}. {hint}",
                    "content": _json("Problem", kind=problems.KIND),
                }
                for status, (title, hint) in problems.PROBLEMS.items()
            },
        },
    }


def schemas() -> dict[str, Any]:
    """The models as JSON Schema, by name."""
    pairs: list[Any] = [(model, "validation") for model in _BODIES]
    pairs += [(model, "serialization") for model in _ANSWERS]
    _names, found = models_json_schema(pairs, ref_template="#/components/schemas/{model}")
    made: dict[str, Any] = found["$defs"]
    made["SaleBody"]["examples"] = [EXAMPLE]
    return made


_PARAMETERS: dict[str, Any] = {
    "code": {
        "name": "code", "in": "path", "required": True, "description": "Code of the receipt.",
        "schema": {"type": "string"}, "example": "7KQ2M4XP",
    },
    "qr": {
        "name": "qr", "in": "query", "description": "Puts the QR code into the answer, in these forms.",
        "style": "form", "explode": False,
        "schema": {"type": "array", "items": {"enum": ["svg", "png", "escpos"]}},
    },
    "paper": {
        "name": "paper", "in": "query", "description": "Width of the roll for ESC/POS, in millimetres.",
        "schema": {"enum": ["58", "80"], "default": "80"},
    },
    "lang": {
        "name": "lang", "in": "query", "description": "The language of what is printed.",
        "schema": {"enum": ["id", "en"], "default": "id"},
    },
    "key": {
        "name": "Idempotency-Key", "in": "header",
        "description": "A random name of this request: sent again within 24 hours it gets the first answer. "
        "While the first one is under way it waits for that; after 5 to 15 seconds the answer is 409 or 503.",
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
    },
    "language": {
        "name": "Accept-Language", "in": "header", "description": "The language of sentences.",
        "schema": {"enum": ["en", "id"], "default": "en"},
    },
}  # fmt: skip


def _paths() -> dict[str, Any]:
    code = _ref("parameters", "code")
    return {
        "/api/v1/purchases": {
            "post": _operation(
                "record", "Record a sale, or up to 500",
                "A sale is known by outlet and number, or by external_id. Told again it changes nothing; told"
                " differently it revises the receipt: send it whole, with `returned` or `cancelled_at` where"
                " goods came back.",
                {
                    "201": _answer("The sale is new.", "Receipt"),
                    "200": _answer("Known before (Receipt), or a batch (Results).", "Receipt", "Results"),
                },
                "qr", "paper", "key",
                wrong=(400, 401, 403, 409, 413, 415, 422, 429, 503),
                body={"anyOf": [_ref("schemas", "SaleBody"), _ref("schemas", "BatchBody")]},
            ),
            "get": _operation(
                "find", "Find a receipt", "By external_id, or by outlet and number.",
                {"200": _answer("The receipt.", "Kept")}, "qr", "paper",
                more=[
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in ("external_id", "outlet", "number")
                ],
            ),
        },
        "/api/v1/purchases/{code}": {
            "parameters": [code],
            "get": _operation(
                "show", "A receipt", "As it is now.", {"200": _answer("The receipt.", "Kept")}, "qr", "paper"
            ),
        },
        "/api/v1/purchases/{code}/qr.svg": _file(code, "qr_svg", "The QR code as a drawing", "image/svg+xml"),
        "/api/v1/purchases/{code}/qr.png": _file(code, "qr_png", "The QR code as a picture", "image/png"),
        "/api/v1/purchases/{code}/qr.escpos": _file(
            code, "qr_escpos", "The QR code for a thermal printer", "application/octet-stream", "paper"
        ),
        "/api/v1/purchases/{code}/receipt.escpos": _file(
            code, "receipt_escpos", "The receipt for a thermal printer", "application/octet-stream",
            "paper", "lang",
        ),
    }  # fmt: skip


def _operation(
    name: str, summary: str, told: str, answers: dict[str, Any], *parameters: str,
    wrong: tuple[int, ...] = (400, 401, 403, 404, 429, 503), body: Any = None, more: Any = (),
) -> dict[str, Any]:  # fmt: skip
    """One method of one address; `parameters` are names of `_PARAMETERS`."""
    known = [_ref("parameters", parameter) for parameter in (*parameters, "language")]
    return {
        "operationId": name,
        "summary": summary,
        "description": told,
        "parameters": [*more, *known],
        **(
            {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
            if body
            else {}
        ),
        "responses": answers | {str(status): _ref("responses", str(status)) for status in wrong},
    }


def _file(code: Any, name: str, summary: str, kind: str, *parameters: str) -> dict[str, Any]:
    answer = {"200": {"description": "The file.", "content": {kind: {}}}}
    wrong = (401, 403, 404, 410, 429, 503)
    return {
        "parameters": [code],
        "get": _operation(name, summary, summary + ".", answer, *parameters, wrong=wrong),
    }


def _answer(told: str, *models: str) -> dict[str, Any]:
    return {"description": told, "content": _json(*models)}


def _json(*models: str, kind: str = "application/json") -> dict[str, Any]:
    refs = [_ref("schemas", model) for model in models]
    return {kind: {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}}


def _ref(part: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{part}/{name}"}
