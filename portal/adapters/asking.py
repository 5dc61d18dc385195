"""Asking a company over https, that of a till or a courier: one host each, no redirects, little patience."""

import ipaddress
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from portal.adapters.vault import Secrets
from portal.domain.intake.tills import Ask
from portal.kernel.errors import Refused
from portal.kernel.text import _

SECONDS = 10
LARGEST = 2 * 1024 * 1024


TOO_OFTEN = 429


class Company(Protocol):
    """Whom a format asks, and how it shows who asks. The host "site" is the shop's own."""

    host: str

    def credentials(self, token: str) -> Mapping[str, str]: ...


class Silent(Exception):
    """No answer that can be used; the same question may be asked again. Its text holds nothing secret.

    `status` is what the company answered, 0 when it did not.
    """

    def __init__(self, said: str, status: int = 0):
        super().__init__(said)
        self.status = status


class Asker:
    """`instead` leads from a host to the address of something that answers in its place."""

    def __init__(self, instead: Mapping[str, str] | None = None):
        self._instead = dict(instead or {})

    def ask(self, form: Company, secrets: Secrets, question: Ask) -> bytes:
        """The body of the answer. Raises Silent."""
        host = secrets.site if form.host == "site" else form.host
        headers = {"Accept": "application/json", "User-Agent": "Purna", **form.credentials(secrets.token)}
        if question.body is not None:
            headers["Content-Type"] = "application/json"
        method = "GET" if question.body is None else "POST"
        try:
            line = self._line(host)
            try:
                line.request(method, question.path, question.body, headers)
                answer = line.getresponse()
                body = answer.read(LARGEST + 1)
            finally:
                line.close()
        except (OSError, HTTPException, ValueError) as error:
            raise Silent(type(error).__name__) from error
        if answer.status == 404 and question.optional:
            return b"{}"
        if answer.status != 200 or len(body) > LARGEST:
            raise Silent(f"HTTP {answer.status}", answer.status)
        return body

    def _line(self, host: str) -> HTTPConnection:
        if host in self._instead:
            return HTTPConnection(urlsplit(self._instead[host]).netloc, timeout=SECONDS)
        check_host(host)
        return HTTPSConnection(host, timeout=SECONDS)


def check_host(host: str) -> None:
    """Raises Refused unless this names a place in the open Internet."""
    try:
        found = {one[4][0] for one in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        found = set()
    if not found or any(not ipaddress.ip_address(one).is_global for one in found):
        raise Refused(_("This address cannot be reached. Write that of the shop, such as toko.id."), "site")
