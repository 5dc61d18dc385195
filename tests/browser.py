"""A browser for tests: it sends what a form would send, and checks every page it gets."""

import contextvars
import hashlib
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Reach
from portal.kernel import clock
from tests.pages import check_page


class Client(FlaskClient):
    """Requests see what the test wrote so far, and run outside of the test's own context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if db.session.registry.has():
            db.session.commit()
        kwargs.setdefault("buffered", True)  # a file that is served is closed
        return contextvars.Context().run(super().open, *args, **kwargs)


class Browser:
    """Anonymous, or signed in as `person` by a real session; `actor` is that person for the domain's verbs.

    It reads English, so that tests find the sentences of the source; `lang="id"` reads Indonesian.
    `purchase` and `unit` are what the cast's owner bought.
    """

    purchase: Any
    unit: Any

    def __init__(
        self,
        app: Flask,
        person: Customer | Staff | None = None,
        *,
        reach: Reach | None = None,
        lang: str = "en",
    ):
        self.app = app
        self.client = Client(app, app.response_class, use_cookies=True)
        self.person: Any = person
        self._reach = reach
        with self.session() as session:
            session["lang"] = lang
        if person is not None:
            self.sign_in()

    def sign_in(self) -> None:
        """Open a session as the sign-in pages do."""
        now = clock.now()
        token = sessions.start(self.person, now, reach=self._reach)
        found = sessions.recognise(token, now)
        assert found is not None
        self.actor = found[0]
        db.session.commit()
        with self.session() as session:
            session["_user_id"], session["_fresh"], session.permanent = token, True, True

    def session(self) -> Any:
        """The cookie's content, to be read and changed in a `with` block."""
        return self.client.session_transaction(base_url=self._host())

    def csrf(self) -> str:
        """A token as the hidden field of any page of this browser holds it."""
        with self.session() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(secrets.token_bytes(64)).hexdigest())
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(raw))

    def get(self, path: str, *, expect: int = 200, htmx: bool = False, **headers: str) -> TestResponse:
        """Fetch and check a page. Headers are written as `Accept_Language="en"`."""
        return self._open("GET", path, expect, htmx, headers)

    def post(self, path: str, *, expect: int = 303, htmx: bool = False, **form: Any) -> TestResponse:
        """Send a form with its CSRF token; photos as `photos=[(BytesIO, "a.jpg")]`."""
        form = {name: value for name, value in form.items() if value is not None}
        form.setdefault("csrf_token", self.csrf())
        return self._open("POST", path, expect, htmx, {}, data=form)

    def follow(self, answer: TestResponse, *, expect: int = 200) -> TestResponse:
        """The page that a 303 leads to."""
        return self.get(answer.headers["Location"], expect=expect)

    def _host(self) -> str:
        url: str = self.app.extensions["settings"].public_url
        return url

    def _open(
        self, method: str, path: str, expect: int, htmx: bool, headers: dict[str, str], **values: Any
    ) -> TestResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if htmx:
            names["HX-Request"] = "true"
        answer = self.client.open(path, method=method, base_url=self._host(), headers=names, **values)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code}\n{answer.text[:2000]}"
        if answer.mimetype == "text/html" and answer.text and not 300 <= expect < 400:
            check_page(answer.text, f"{method} {path}", fragment=htmx)
        return answer
