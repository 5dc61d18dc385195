"""A point of sale that talks to the API."""

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.accounts import tokens
from portal.domain.accounts.models import ApiToken
from portal.domain.accounts.rules import SCOPES
from portal.kernel import clock
from tests import factories
from tests.browser import Client

PURCHASES = "/api/v1/purchases"


def sale(**fields: Any) -> dict[str, Any]:
    """A sale as JSON; a field that is None is left out."""
    told: dict[str, Any] = {
        "outlet": "PNK",
        "number": "N-1",
        "bought_at": "2026-01-20T14:05:00+07:00",
        "lines": [line()],
        "buyer_name": "Dewi Anggraini",
        "buyer_phone": "0812-1111-2222",
        **fields,
    }
    return {name: value for name, value in told.items() if value is not None}


def line(**fields: Any) -> dict[str, Any]:
    return {"description": "Televisi", "quantity": 1, "unit_price": "2499000", "sku": "TV-1", **fields}


class Till:
    """Has a token of its own; it keeps no cookies."""

    def __init__(self, app: Flask, *scopes: str):
        self.client = Client(app, app.response_class, use_cookies=False)
        self.row: ApiToken
        self.row, self.token = tokens.make(factories.SYSTEM, "Kasir 1", scopes or SCOPES, clock.now())
        db.session.commit()

    def ask(
        self, method: str, path: str, *, expect: int, token: str | None = "", **values: Any
    ) -> TestResponse:
        """`token` None sends none."""
        headers = dict(values.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token or self.token}"
        answer = self.client.open(
            path, method=method, base_url="http://127.0.0.1:8000", headers=headers, **values
        )
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code}\n{answer.text[:2000]}"
        assert "Set-Cookie" not in answer.headers
        return answer

    def get(self, path: str, *, expect: int = 200, **values: Any) -> TestResponse:
        return self.ask("GET", path, expect=expect, **values)

    def post(
        self, body: Any, path: str = PURCHASES, *, expect: int = 201, key: str | None = None, **values: Any
    ) -> TestResponse:
        """`body` is made JSON unless it is text or bytes already."""
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"Content-Type": "application/json", **values.pop("headers", {})}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.ask("POST", path, expect=expect, data=data, headers=headers, **values)

    def refused(self, body: Any, path: str = PURCHASES, **values: Any) -> dict[str, str]:
        """What is wrong with a body, by the pointer to it."""
        answer = self.post(body, path, expect=422, **values)
        assert answer.mimetype == "application/problem+json"
        return {error["pointer"]: error["detail"] for error in answer.json["errors"]}
