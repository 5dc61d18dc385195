"""The portal as people meet it: served on a port of its own, its worker turned by hand."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from portal import jobs
from portal.adapters.mail import ReadLetter, read_folder
from portal.db import db
from portal.domain import news
from portal.kernel.text import Message
from portal.letters import PHONE_DOMAIN
from portal.web import words
from tests.conftest import close, portal_in


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """Say nothing; what goes wrong shows in the browser."""


class Portal:
    """A served portal below `folder`, its database a copy of `template`."""

    def __init__(self, folder: Path, template: Path):
        self.mail = folder / "mail"
        shutil.copy(template, folder / "purna.db")
        self._socket = create_server(("127.0.0.1", 0))
        host, port = self._socket.getsockname()
        self.url = f"http://{host}:{port}"
        self.app = portal_in(folder, public_url=self.url)
        self.app.testing = False  # a fault gives the page that people would see
        self._server = make_server(
            host, port, self._whole, threaded=True, request_handler=_Quiet, fd=self._socket.fileno()
        )
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _whole(self, environ: Any, start_response: Any) -> list[bytes]:
        """What was opened for an answer is closed, even when the browser leaves before it has all of it."""
        answer = self.app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            getattr(answer, "close", lambda: None)()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._socket.close()
        close(self.app)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Where factories and queries run; nothing holds the database afterwards."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.rollback()
                news.take()

    def delivers(self) -> None:
        """The worker's turn: every message owed is sent."""
        with self.inside():
            jobs.deliver_outbox()

    def letters_to(self, address: str) -> list[ReadLetter]:
        """What arrived at an e-mail address or a phone (+62…), newest first."""
        self.delivers()
        if address.startswith("+"):
            address = f"{address[1:]}@{PHONE_DOMAIN}"
        return [letter for letter in read_folder(self.mail, limit=500) if letter.to == address]

    def letter_to(self, address: str, template: str) -> ReadLetter:
        """The newest letter of one kind."""
        letters = self.letters_to(address)
        found = [letter for letter in letters if letter.key.startswith(f"{template}-")]
        assert found, f"no {template} to {address}, only {[letter.key for letter in letters]}"
        return found[0]

    def say(self, lang: str, message: Message | str, **values: Any) -> str:
        """A sentence as the portal says it in a language."""
        if isinstance(message, str):
            message = Message(message, values)
        with self.app.test_request_context(base_url=self.url):
            words.speak(lang)
            return words.translate(message)

    def moment(self, lang: str, at: datetime, zone: str = "Asia/Jakarta") -> str:
        with self.app.test_request_context(base_url=self.url):
            words.speak(lang)
            return words.moment(at, zone)
