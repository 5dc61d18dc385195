"""Letters by e-mail: composed once, sent over SMTP or laid into a folder for the demo."""

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from css_inline import CSSInliner

from portal.kernel import clock
from portal.kernel.codes import LETTER

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class Temporary(Exception):
    """Not sent, or perhaps sent; the same letter may be tried again, its Message-ID stays the same."""


class Permanent(Exception):
    """This letter will never be taken."""


@dataclass(frozen=True)
class Letter:
    """`key` is [A-Za-z0-9._-] and names the letter for ever; addresses are "a@b.id" or "Name <a@b.id>"."""

    key: str
    to: str
    sender: str
    subject: str
    text: str
    html: str | None
    language: str
    reply_to: str | None = None  # where answers go, and where the letter comes back to
    thread: str | None = None  # letters of the same thread stand together in a mail program


@dataclass(frozen=True)
class ReadLetter:
    """A letter as the demo's outbox page shows it; `at` is aware."""

    key: str
    to: str
    subject: str
    text: str
    html: str | None
    at: datetime


class Transport(Protocol):
    """Takes a letter to the outside."""

    def send(self, letter: Letter) -> None:
        """Returns when the letter has been taken; raises Temporary or Permanent."""


def compose(letter: Letter) -> EmailMessage:
    """The letter as a message. Raises Permanent when its key or an address is none."""
    if not LETTER.fullmatch(letter.key):
        raise Permanent("not a key")
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address(letter.sender)
    message["To"] = _address(letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = clock.now()
    domain = message["From"].addresses[0].domain
    message["Message-ID"] = f"<{letter.key}@{domain}>"
    if letter.thread:
        message["In-Reply-To"] = message["References"] = f"<{letter.thread}@{domain}>"
    message["X-Purna-Key"] = letter.key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html is not None:
        message.add_alternative(_inliner.inline(letter.html), subtype="html", cte="quoted-printable")
    message["Content-Language"] = _one_line(letter.language)  # last: it is of the whole, not of one part
    return message


class Smtp:
    """A mail server: smtp://user:pass@host:25, smtp+starttls://… (587) or smtps://… (465)."""

    PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

    def __init__(self, url: str, timeout: float = 10):
        parts = urlsplit(url)
        if parts.scheme not in self.PORTS or not parts.hostname:
            raise ValueError("a mail server is smtp://, smtps:// or smtp+starttls:// and a host")
        self.scheme, self.host = parts.scheme, parts.hostname
        self.port = parts.port or self.PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.timeout = timeout

    def send(self, letter: Letter) -> None:
        message = compose(letter)
        try:
            server = self._connect()
        except (OSError, SMTPException) as error:
            raise Temporary(_one_line(str(error))) from error
        try:
            back = message["Reply-To"] or message["From"]
            server.send_message(message, back.addresses[0].addr_spec, [message["To"].addresses[0].addr_spec])
        except SMTPNotSupportedError as error:
            raise Permanent("the mail server does not take this address") from error
        except SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise _refusal(code, reason) from error
        except SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, SMTPException) as error:
            raise Temporary(_one_line(str(error))) from error
        finally:
            _leave(server)

    def _connect(self) -> SMTP:
        """A session ready for letters. What fails here is about the server, never about the letter."""
        if self.scheme == "smtps":
            server: SMTP = SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        else:
            server = SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


class Folder:
    """A Maildir on this machine. The file's name is the letter's key, so that twice leaves one."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def send(self, letter: Letter) -> None:
        data = compose(letter).as_bytes()
        try:
            for name in ("tmp", "new", "cur"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
            if (self.path / "new" / letter.key).exists() or any((self.path / "cur").glob(f"{letter.key}:*")):
                return
            temporary = self.path / "tmp" / uuid4().hex
            temporary.write_bytes(data)
            temporary.rename(self.path / "new" / letter.key)
        except OSError as error:
            raise Temporary(str(error)) from error


def read_folder(path: str | Path, limit: int = 50) -> list[ReadLetter]:
    """The letters of a Folder, newest first."""
    files = [file for name in ("new", "cur") for file in Path(path, name).glob("*")]
    newest = sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)[:limit]
    return [_read(file.read_bytes()) for file in newest]


def open_transport(url: str) -> Transport:
    """The transport that `url` names: "smtp://…", "smtps://…", "smtp+starttls://…" or "folder:///path"."""
    parts = urlsplit(url)
    if parts.scheme == "folder" and parts.path:
        return Folder(unquote(parts.netloc + parts.path))
    return Smtp(url)


def _read(data: bytes) -> ReadLetter:
    message = message_from_bytes(data, policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return ReadLetter(
        key=message["X-Purna-Key"] or "",
        to=message["To"] or "",
        subject=message["Subject"] or "",
        text=_content(text) or "",
        html=_content(html),
        at=message["Date"].datetime,
    )


def _content(part: MIMEPart | None) -> str | None:
    return part.get_content().replace("\r\n", "\n") if part else None


def _one_line(text: str) -> str:
    return CONTROL.sub(" ", text).strip()


def _address(text: str) -> str:
    """`text` when it is exactly one address; raises Permanent otherwise."""
    probe = EmailMessage(policy=policy.SMTP)
    try:
        probe["To"] = text
        (address,) = probe["To"].addresses
    except (ValueError, IndexError) as error:
        raise Permanent("not an address") from error
    if CONTROL.search(text) or not address.username or "." not in address.domain:
        raise Permanent("not an address")
    return text


def _refusal(code: int, reason: bytes | str) -> Exception:
    words = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    kind = Permanent if 500 <= code < 600 else Temporary
    return kind(f"{code} {_one_line(words)}")


def _leave(server: SMTP) -> None:
    """Say goodbye without waiting for the answer: the letter's fate is already known."""
    with suppress(OSError, SMTPException):
        server.putcmd("quit")
    server.close()
