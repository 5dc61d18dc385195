"""A mailbox on an IMAP server: imaps://user:password@host/INBOX."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT = 20
LARGEST = 60_000_000  # bytes of one letter that are fetched at all
MOST = 50  # letters in one go


class Unreachable(Exception):
    """The mailbox cannot be read now; later it may be."""


class Mailbox:
    """Letters that nobody has read yet; each stays unread until it is `done`. A context manager."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username:
            raise ValueError("a mailbox is imaps://user:password@host/INBOX")
        self._host, self._secure = parts.hostname, parts.scheme == "imaps"
        self._port = parts.port or (993 if self._secure else 143)
        self._user, self._password = unquote(parts.username), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def __enter__(self) -> "Mailbox":
        try:
            if self._secure:
                self._server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    self._host, self._port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
                )
            else:
                self._server = imaplib.IMAP4(self._host, self._port, timeout=TIMEOUT)
            self._server.login(self._user, self._password)
            self._asked(self._server.select(f'"{self._folder}"'))
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unreachable(str(error)[:200]) from error
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()

    def unread(self) -> Iterator[tuple[bytes, bytes, bool]]:
        """(number, bytes, whether they are all) of each letter; of one too large only the beginning comes."""
        try:
            [found] = self._asked(self._server.uid("SEARCH", None, "UNSEEN"))  # type: ignore[arg-type]
            for number in (found or b"").split()[:MOST]:
                told = self._asked(self._server.uid("FETCH", number.decode(), "(RFC822.SIZE)"))
                size = re.search(
                    rb"RFC822\.SIZE (\d+)", b" ".join(part for part in told if isinstance(part, bytes))
                )
                whole = size is not None and int(size[1]) <= LARGEST
                wanted = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{LARGEST // 60}>)"
                for part in self._asked(self._server.uid("FETCH", number.decode(), wanted)):
                    if isinstance(part, tuple):
                        yield number, part[1], whole
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unreachable(str(error)[:200]) from error

    def done(self, number: bytes) -> None:
        """This letter is kept with us; it is not asked for again."""
        try:
            self._asked(self._server.uid("STORE", number.decode(), "+FLAGS", "(\\Seen)"))
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unreachable(str(error)[:200]) from error

    @staticmethod
    def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
        status, told = answer
        if status != "OK":
            raise imaplib.IMAP4.error(f"the mailbox says {status}")
        return told
